import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useSession } from '@curfew/client/react';

const NowContext = createContext<Date>(new Date(0));

/** Provides the server time to the whole page. Ticks every 15 seconds, often enough for "5 minutes ago". */
export function NowProvider({ children }: { children: ReactNode }) {
  const { watcher, status } = useSession();
  const [now, setNow] = useState(() => new Date(watcher.now()));
  useEffect(() => {
    const tick = () => setNow(new Date(watcher.now()));
    tick();
    const timer = setInterval(tick, 15_000);
    return () => clearInterval(timer);
  }, [watcher, status]);
  return <NowContext value={now}>{children}</NowContext>;
}

export const useNow = (): Date => useContext(NowContext);
