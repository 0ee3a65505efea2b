import { absoluteUrl, reloadPage } from './browser/browser-defaults.ts';
import { type BrowserEnv } from './browser/browser-env.ts';
import { type Effect } from './core/effects.ts';
import { type TabMessage } from './core/tab-event.ts';
import { createDismissalStore, type DismissalStore } from './runtime/dismissal-store.ts';
import { createEffectRunner } from './runtime/effect-runner.ts';
import { type PendingCalls } from './runtime/pending-calls.ts';
import { type Store } from './runtime/store.ts';
import { createAuthenticationCheck } from './tokens/authentication-check.ts';
import { createExclusiveTask } from './tokens/exclusive-task.ts';
import { createReauthentication, type Reauthentication } from './tokens/reauthentication.ts';
import { chooseSource } from './tokens/source-choice.ts';
import { createTokenRefresh } from './tokens/token-refresh.ts';
import { createUnansweredAuthentications } from './tokens/unanswered-authentication.ts';
import { type WatcherOptions } from './watcher.ts';

/** The parts of a watcher that need Curfew's address. */
export interface WatcherRuntime {
  run(effect: Effect): void;
  dismissals: DismissalStore;
  reauthentication: Pick<Reauthentication, 'hold' | 'release'>;
}

/** @throws TypeError for a `url` that is invalid, or a path where there is no page */
export function createWatcherRuntime(dependencies: {
  options: WatcherOptions;
  env: BrowserEnv;
  store: Pick<Store, 'getState' | 'dispatch'>;
  calls: PendingCalls;
  onMessage(message: TabMessage): void;
}): WatcherRuntime {
  const { options, env, store, calls, onMessage } = dependencies;
  const { getState, dispatch } = store;
  const url = absoluteUrl(options.url);
  const name = `curfew:${url.href}`;
  const dismissals = createDismissalStore(env, name);
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
    onMessage,
    onSignOut: () => options.onSignOut?.(),
    onOtherUser: () => (options.onOtherUser ?? reloadPage)(),
  });
  return { run, dismissals, reauthentication };
}
