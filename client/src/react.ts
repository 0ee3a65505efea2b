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
import { type SessionState } from './core/session-state.ts';
import { createSessionWatcher } from './session-watcher.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

export interface SessionExpiry extends Pick<
  SessionState,
  'warning' | 'reason' | 'expiresAt' | 'canExtend' | 'isDismissed' | 'extending' | 'reauthentication'
> {
  /** The deadline on this computer's clock, for display. */
  localExpiresAt: Date | null;
  /** Counts down once a second while a warning is shown; null otherwise. */
  secondsRemaining: number | null;
  stay: SessionWatcher['stay'];
  dismiss: SessionWatcher['dismiss'];
}

const WatcherContext = createContext<SessionWatcher | null>(null);

/** Either a watcher that the application starts and stops itself, or the options for a watcher of the provider. */
export type CurfewProviderProps = ({ watcher: SessionWatcher } | WatcherOptions) & { children?: ReactNode };

/**
 * Provides the watcher to the hooks below. With options, it creates one, starts it on mount and stops it on unmount.
 * Functions may change between renders; the other options are those of the first render. On a server `url` has to be
 * absolute.
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
  const [watcher] = useState(() => createSessionWatcher(callingLatest(options, latest)));

  useEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    watcher.start();
    return () => watcher.stop();
  }, [watcher]);

  return createElement(WatcherContext.Provider, { value: watcher }, children);
};

/** Calls the functions of the latest render: inline functions are new in each. */
function callingLatest(first: WatcherOptions, latest: { current: WatcherOptions }): WatcherOptions {
  const { getSessionAccessToken, onReauthenticate, onSignOut, onOtherUser } = first;
  return {
    ...first,
    getSessionAccessToken:
      getSessionAccessToken &&
      ((state) => (latest.current.getSessionAccessToken ?? getSessionAccessToken)(state)),
    onReauthenticate:
      onReauthenticate &&
      ((credentials, options) => (latest.current.onReauthenticate ?? onReauthenticate)(credentials, options)),
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

/** Returns the state of the session. Renders again when it changes. */
export function useSession(): SessionState & { watcher: SessionWatcher } {
  const watcher = useWatcher();
  const state = useWatchedState(watcher);
  return useMemo(() => ({ ...state, watcher }), [state, watcher]);
}

/** Returns the data of an expiry notice. Renders again every second while a warning is shown, and only then. */
export function useSessionExpiry(): SessionExpiry {
  const watcher = useWatcher();
  const { warning, reason, expiresAt, canExtend, isDismissed, extending, reauthentication } =
    useWatchedState(watcher);
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
    reauthentication,
    localExpiresAt: expiresAt === null ? null : watcher.toLocal(expiresAt),
    secondsRemaining: isTicking ? Math.max(0, Math.ceil((expiresAt - watcher.now()) / 1000)) : null,
    stay: watcher.stay,
    dismiss: watcher.dismiss,
  };
}

export interface Reauthentication {
  state: SessionState['reauthentication'];
  /** Whether the user can authenticate again in this session; also true while they do. */
  isPossible: boolean;
  isPending: boolean;
  reauthenticate: SessionWatcher['reauthenticate'];
}

/** Returns what a form needs that asks for the password again. Renders again when the state of it changes. */
export function useReauthentication(): Reauthentication {
  const watcher = useWatcher();
  const state = useSyncExternalStore(
    watcher.subscribe,
    () => watcher.getState().reauthentication,
    () => watcher.getState().reauthentication,
  );
  const { reauthenticate } = watcher;
  return useMemo(
    () => ({ state, isPossible: state !== 'impossible', isPending: state === 'pending', reauthenticate }),
    [state, reauthenticate],
  );
}
