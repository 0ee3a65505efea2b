import { CloseButton, Portal } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { Notice, type Tone } from './notice.tsx';
import classes from './toasts.module.css';

interface Toast {
  id: number;
  tone: Tone;
  text: string;
}

/** Says that something has been done. It goes after eight seconds, or when it is closed. */
type Tell = (text: string, tone?: Tone) => void;

const SHOWN_MS = 8000;
const TellContext = createContext<Tell>(() => {});

export const useTell = (): Tell => useContext(TellContext);

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const tell = useCallback<Tell>(
    (text, tone = 'emerald') => {
      const id = ++lastId.current;
      setToasts((all) => [...all.slice(-2), { id, tone, text }]);
      setTimeout(() => close(id), SHOWN_MS);
    },
    [close],
  );
  return (
    <TellContext value={useMemo(() => tell, [tell])}>
      {children}
      <Portal>
        {/* There before the first message: a live region that is born full is not read. */}
        <div className={classes.toasts} role="status" aria-live="polite">
          {toasts.map(({ id, tone, text }) => (
            <Notice
              key={id}
              tone={tone}
              actions={<CloseButton size="sm" aria-label="Close" onClick={() => close(id)} />}
            >
              {text}
            </Notice>
          ))}
        </div>
      </Portal>
    </TellContext>
  );
}
