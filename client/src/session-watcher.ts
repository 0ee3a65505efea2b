import { type BrowserEnv } from './browser/browser-env.ts';
import { absoluteUrl, browserDefaults, reloadPage } from './browser/browser-defaults.ts';
import { toLocalTime, toServerTime } from './core/server-clock.ts';
import { initialState } from './core/state.ts';
import { type TabMessage } from './core/tab-event.ts';
import { createDismissalStore } from './runtime/dismissal-store.ts';
import { createEffectRunner } from './runtime/effect-runner.ts';
import { createPendingCalls } from './runtime/pending-calls.ts';
import { createStore, type Store } from './runtime/store.ts';
import { createAuthenticationCheck } from './tokens/authentication-check.ts';
import { createExclusiveTask } from './tokens/exclusive-task.ts';
import { createReauthentication } from './tokens/reauthentication.ts';
import { chooseSource } from './tokens/source-choice.ts';
import { createTokenRefresh } from './tokens/token-refresh.ts';
import { type Credentials } from './tokens/token-source.ts';
import { createUnansweredAuthentications } from './tokens/unanswered-authentication.ts';
import { type SessionWatcher, type WatcherOptions } from './watcher.ts';

/** Watches the session of this browser. Connects the reducer, which decides, to the browser and the server. */
export function createSessionWatcher(options: WatcherOptions): SessionWatcher {
  const env: BrowserEnv = { ...browserDefaults(), ...options.env };
  const url = absoluteUrl(options.url);
  const name = `curfew:${url.href}`;
  const { onSignOut, getSessionAccessToken, onReauthenticate } = options;
  const calls = createPendingCalls();
  const dismissals = createDismissalStore(env, name);
  const messageListeners = new Set<(message: TabMessage) => void>();

  const store: Store = createStore({
    initial: initialState({
      isRotating: getSessionAccessToken === undefined,
      hasApplicationSignOut: onSignOut !== undefined,
      reauthenticatesAt: !getSessionAccessToken ? 'curfew' : onReauthenticate ? 'application' : 'nowhere',
    }),
    env,
    run: (effect) => run(effect),
  });
  const { getState, dispatch, subscribe } = store;
  const { transport, source } = chooseSource({ options, url: url.href, env, getState, dispatch });
  const exclusively = createExclusiveTask(env, name);
  const unanswered = createUnansweredAuthentications(env, name);
  const check = createAuthenticationCheck(transport, getState);
  const shared = { source, exclusively, unanswered, check, dispatch };
  const reauthentication = createReauthentication(shared);
  const run = createEffectRunner({
    env,
    name,
    socketUrl: options.socketUrl ?? url.href.replace(/^http/, 'ws'),
    transport,
    source,
    refresh: createTokenRefresh({ ...shared, env, name }),
    reauthentication,
    calls,
    dismissals,
    dispatch,
    onMessage: (message) => messageListeners.forEach((listener) => listener(message)),
    onSignOut: () => onSignOut?.(),
    onOtherUser: () => (options.onOtherUser ?? reloadPage)(),
  });

  async function reauthenticate(credentials: Credentials): Promise<void> {
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
    start: () => dispatch({ type: 'start', dismissal: dismissals.read() }),
    begin: (tokens) => dispatch({ type: 'sign-in', tokens: tokens ?? null, dismissal: dismissals.read() }),
    getAccessToken: ({ refused } = {}) =>
      calls.create<string>((call) => dispatch({ type: 'token-requested', call, refused })),
    stay: () => calls.create((call) => dispatch({ type: 'stay-requested', call })),
    check: () => calls.create((call) => dispatch({ type: 'check-requested', call })),
    reauthenticate,
    signOut: () => calls.create((call) => dispatch({ type: 'sign-out-requested', call })),
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
