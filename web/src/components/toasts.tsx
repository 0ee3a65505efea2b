import { useLingui } from '@lingui/react/macro';
import { CloseButton, Portal } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from 'react';
import { Notice, type Tone } from './notice.tsx';
import classes from './toasts.module.css';

interface Toast {
  id: number;
  tone: Tone;
  text: string;
}

/** Shows a message that disappears after eight seconds or when it is closed. */
type ShowToast = (text: string, tone?: Tone) => void;

const TOAST_MS = 8000;
const ToastContext = createContext<ShowToast>(() => {});

export const useToast = (): ShowToast => useContext(ToastContext);

export function Toasts({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const lastId = useRef(0);
  const { t } = useLingui();
  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const showToast = useCallback<ShowToast>(
    (text, tone = 'emerald') => {
      const id = ++lastId.current;
      setToasts((all) => [...all.slice(-2), { id, tone, text }]);
      setTimeout(() => close(id), TOAST_MS);
    },
    [close],
  );
  return (
    <ToastContext value={useMemo(() => showToast, [showToast])}>
      {children}
      <Portal>
        {/* Exists before the first message: screen readers ignore a live region that is inserted with text. */}
        <div className={classes.toasts} role="status" aria-live="polite">
          {toasts.map(({ id, tone, text }) => (
            <Notice
              key={id}
              tone={tone}
              actions={<CloseButton size="sm" aria-label={t`Close`} onClick={() => close(id)} />}
            >
              {text}
            </Notice>
          ))}
        </div>
      </Portal>
    </ToastContext>
  );
}
