import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useSyncExternalStore,
  type FunctionComponent,
  type ReactNode,
} from 'react';
import { type SessionState } from './session-state.ts';
import { type SessionWatcher } from './watcher.ts';

export interface SessionExpiry extends Pick<
  SessionState,
  'warning' | 'reason' | 'expiresAt' | 'canExtend' | 'isDismissed' | 'extending'
> {
  /** The deadline on this computer's clock: what to show. */
  localExpiresAt: Date | null;
  /** Counts down once a second while a warning is up; null otherwise. */
  secondsRemaining: number | null;
  stay: SessionWatcher['stay'];
  dismiss: SessionWatcher['dismiss'];
}

const WatcherContext = createContext<SessionWatcher | null>(null);

export const CurfewProvider: FunctionComponent<{ watcher: SessionWatcher; children?: ReactNode }> = ({
  watcher,
  children,
}) => createElement(WatcherContext.Provider, { value: watcher }, children);

function useWatcher(): SessionWatcher {
  const watcher = useContext(WatcherContext);
  if (!watcher) throw new Error('Wrap the application in <CurfewProvider>.');
  return watcher;
}

const useWatchedState = (watcher: SessionWatcher): SessionState =>
  useSyncExternalStore(watcher.subscribe, watcher.getState, watcher.getState);

/** The session as it is now; renders again when it changes. */
export function useSession(): SessionState & { watcher: SessionWatcher } {
  const watcher = useWatcher();
  const state = useWatchedState(watcher);
  return useMemo(() => ({ ...state, watcher }), [state, watcher]);
}

/** What an expiry notice needs; renders again every second while a warning is up, and only then. */
export function useSessionExpiry(): SessionExpiry {
  const watcher = useWatcher();
  const { warning, reason, expiresAt, canExtend, isDismissed, extending } = useWatchedState(watcher);
  const [, tick] = useReducer((count: number) => count + 1, 0);
  const isTicking = warning !== 'none' && expiresAt !== null;

  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [isTicking]);

  return {
    warning,
    reason,
    expiresAt,
    canExtend,
    isDismissed,
    extending,
    localExpiresAt: expiresAt === null ? null : watcher.toLocal(expiresAt),
    secondsRemaining: isTicking ? Math.max(0, Math.ceil((expiresAt - watcher.now()) / 1000)) : null,
    stay: watcher.stay,
    dismiss: watcher.dismiss,
  };
}
