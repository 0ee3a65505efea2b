import { browserDefaults } from './browser/browser-defaults.ts';
import { type BrowserEnv } from './browser/browser-env.ts';
import { toLocalTime, toServerTime } from './core/server-clock.ts';
import { initialState } from './core/state.ts';
import { type TabMessage } from './core/tab-event.ts';
import { createPendingCalls } from './runtime/pending-calls.ts';
import { createStore, type Store } from './runtime/store.ts';
import { type Credentials } from './tokens/token-source.ts';
import { createWatcherRuntime, type WatcherRuntime } from './watcher-runtime.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

/** Watches the session of this browser. Connects the reducer, which decides, to the browser and the server. */
export function createSessionWatcher(options: WatcherOptions): SessionWatcher {
  const env: BrowserEnv = { ...browserDefaults(), ...options.env };
  const { onSignOut, getSessionAccessToken, onReauthenticate } = options;
  const calls = createPendingCalls();
  const messageListeners = new Set<(message: TabMessage) => void>();
  const onMessage = (message: TabMessage): void => messageListeners.forEach((listener) => listener(message));

  const store: Store = createStore({
    initial: initialState({
      isRotating: getSessionAccessToken === undefined,
      hasApplicationSignOut: onSignOut !== undefined,
      reauthenticatesAt: !getSessionAccessToken ? 'curfew' : onReauthenticate ? 'application' : 'nowhere',
    }),
    env,
    run: (effect) => runtime().run(effect),
  });
  const { getState, dispatch, subscribe } = store;

  let created: WatcherRuntime | undefined;
  /** On first use: a server that renders the page has no address against which to resolve a path. */
  const runtime = (): WatcherRuntime =>
    (created ??= createWatcherRuntime({ options, env, store, calls, onMessage }));

  async function reauthenticate(credentials: Credentials): Promise<void> {
    const { reauthentication } = runtime();
    let held = 0;
    try {
      await calls.create((call) => {
        held = call;
        reauthentication.hold(call, credentials);
        dispatch({ type: 'reauthentication-requested', call });
      });
    } finally {
      reauthentication.release(held);
    }
  }

  function expectSignOut(): () => void {
    const sessionId = getState().session?.id;
    if (sessionId === undefined) return () => {};
    dispatch({ type: 'sign-out-expected', sessionId, isExpected: true });
    return () => dispatch({ type: 'sign-out-expected', sessionId, isExpected: false });
  }
  const confirmSignOut = (): void => dispatch({ type: 'sign-out-confirmed' });

  return {
    getState: () => getState().view,
    subscribe,
    now: () => toServerTime(getState().clock, env.now()),
    toLocal: (serverMs) => new Date(toLocalTime(getState().clock, serverMs)),
    start: () => dispatch({ type: 'start', dismissal: runtime().dismissals.read() }),
    begin: (tokens) =>
      dispatch({ type: 'sign-in', tokens: tokens ?? null, dismissal: runtime().dismissals.read() }),
    getAccessToken: ({ refused } = {}) =>
      calls.create<string>((call) => dispatch({ type: 'token-requested', call, refused })),
    stay: () => calls.create((call) => dispatch({ type: 'stay-requested', call })),
    check: () => calls.create((call) => dispatch({ type: 'check-requested', call })),
    reauthenticate,
    signOut: () => calls.create((call) => dispatch({ type: 'sign-out-requested', call })),
    active: () => dispatch({ type: 'user-active' }),
    dismiss: () => dispatch({ type: 'warning-dismissed' }),
    expectSignOut,
    confirmSignOut,
    leaving: expectSignOut,
    leave: confirmSignOut,
    announce: (message) => dispatch({ type: 'message-announced', message }),
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    stop: () => dispatch({ type: 'stop' }),
  };
}
