import {
  createContext,
  createElement,
  useContext,
  useEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  useSyncExternalStore,
  type FunctionComponent,
  type ReactNode,
} from 'react';
import { type SessionState } from './session-state.ts';
import { createSessionWatcher } from './session-watcher.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

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

/** Either a watcher that the application has made, and starts and stops, or the options for one that lives as long. */
export type CurfewProviderProps = ({ watcher: SessionWatcher } | WatcherOptions) & { children?: ReactNode };

/**
 * Hands the watcher to the hooks below. Given options, it starts one and stops it when it goes. Functions may change
 * from one render to the next; the other options are those of the first. On a server `url` has to be absolute.
 */
export const CurfewProvider: FunctionComponent<CurfewProviderProps> = ({ children, ...props }) =>
  'watcher' in props
    ? createElement(WatcherContext.Provider, { value: props.watcher }, children)
    : createElement(OwnWatcher, props, children);

const OwnWatcher: FunctionComponent<WatcherOptions & { children?: ReactNode }> = ({
  children,
  ...options
}) => {
  const latest = useRef<WatcherOptions>(options);
  const [watcher] = useState(() => createSessionWatcher(followingLatest(options, latest)));

  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    watcher.start();
    return () => watcher.stop();
  }, [watcher]);

  return createElement(WatcherContext.Provider, { value: watcher }, children);
};

/** Functions written into the markup are new in every render; the latest ones are called. */
function followingLatest(first: WatcherOptions, latest: { current: WatcherOptions }): WatcherOptions {
  const { getSessionAccessToken, onSignOut, onOtherUser } = first;
  return {
    ...first,
    getSessionAccessToken:
      getSessionAccessToken &&
      ((state) => (latest.current.getSessionAccessToken ?? getSessionAccessToken)(state)),
    onSignOut: onSignOut && (() => (latest.current.onSignOut ?? onSignOut)()),
    onOtherUser: onOtherUser && (() => (latest.current.onOtherUser ?? onOtherUser)()),
  };
}

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
