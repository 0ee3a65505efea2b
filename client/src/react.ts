'use client';

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
  version,
  type Context,
  type FunctionComponent,
  type HTMLAttributes,
  type ReactNode,
  type RefAttributes,
} from 'react';
import { type SessionState } from './core/session-state.ts';
import { type NoticeTexts } from './notice/messages/texts.ts';
import { isCountingDown, readSessionExpiry, type SessionExpiry } from './session-expiry.ts';
import { createSessionWatcher } from './session-watcher.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

export { type SessionExpiry };

declare module 'react' {
  // Where React looks for custom elements.
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace JSX {
    interface IntrinsicElements {
      /** Defined by `@curfew/client/notice`, or by `/notice.js` of Curfew. */
      'curfew-notice': CurfewNoticeProps;
    }
  }
}

/** The attributes of `<curfew-notice>`, and its properties, which React 19 sets. */
export interface CurfewNoticeProps extends HTMLAttributes<HTMLElement>, RefAttributes<HTMLElement> {
  /** In React 18, which passes `className` to a custom element as it is. */
  class?: string | undefined;
  watcher?: SessionWatcher | null | undefined;
  messages?: Partial<NoticeTexts> | undefined;
  'curfew-url'?: string | undefined;
  'token-url'?: string | undefined;
  'reauthentication-url'?: string | undefined;
  'sign-out-url'?: string | undefined;
  'sign-in-url'?: string | undefined;
  'hour-cycle'?: string | undefined;
  'keep-title'?: boolean | '' | undefined;
}

/**
 * One for all copies of this kit that share a React: an application may load it both as ES modules and as CommonJS, and the
 * hooks of one have to find the provider of the other.
 */
const KEY = Symbol.for(`@curfew/client/react with React ${version}`);
const shared = globalThis as { [KEY]?: Context<SessionWatcher | null> };
const WatcherContext = (shared[KEY] ??= createContext<SessionWatcher | null>(null));

/** Either a watcher that the application starts and stops itself, or the options for a watcher of the provider. */
export type CurfewProviderProps = ({ watcher: SessionWatcher } | WatcherOptions) & { children?: ReactNode };

/**
 * Provides the watcher to the hooks below. With options, it creates one, starts it on mount and stops it on unmount.
 * Functions may change between renders; the other options are those of the first render. On a server it starts nothing, so
 * `url` may be relative.
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
  const isTicking = isCountingDown(useWatchedState(watcher));
  const [, tick] = useReducer((count: number) => count + 1, 0);

  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [isTicking]);

  return readSessionExpiry(watcher);
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
