import { type BrowserEnv } from '../browser/browser-env.ts';
import { type Effect } from '../core/effects.ts';
import { type Occurrence } from '../core/events.ts';
import { type TabMessage } from '../core/tab-event.ts';
import { type Reauthentication } from '../tokens/reauthentication.ts';
import { type TokenRefresh } from '../tokens/token-refresh.ts';
import { type TokenSource } from '../tokens/token-source.ts';
import { type DismissalStore } from './dismissal-store.ts';
import { type PendingCalls } from './pending-calls.ts';
import { readSession, touchSession } from './session-calls.ts';
import { createSocket } from './socket.ts';
import { openTabChannel, type TabChannel } from './tab-channel.ts';
import { createTimers } from './timers.ts';
import { type Transport } from './transport.ts';

/** Carries out effects and dispatches their results. Decides nothing. */
export function createEffectRunner(dependencies: {
  env: BrowserEnv;
  /** Names the channel between tabs. */
  name: string;
  socketUrl: string;
  transport: Transport;
  source: TokenSource;
  refresh: TokenRefresh;
  reauthentication: Reauthentication;
  calls: PendingCalls;
  dismissals: DismissalStore;
  dispatch(occurrence: Occurrence): void;
  onMessage(message: TabMessage): void;
  onSignOut(): void | Promise<void>;
  onOtherUser(): void;
}): (effect: Effect) => void {
  const { env, name, transport, source, refresh, reauthentication } = dependencies;
  const { calls, dismissals, dispatch } = dependencies;
  const timers = createTimers(env, (timer) => dispatch({ type: 'timer', timer }));
  const socket = createSocket({ env, url: dependencies.socketUrl, calls, dispatch });
  let tabs: TabChannel | null = null;
  let stopListening: (() => void)[] = [];

  function attach(): void {
    tabs = openTabChannel(env, name, (event) => dispatch({ type: 'tab-received', event }));
    stopListening = [
      env.page.onReturn(() => dispatch({ type: 'page-returned' })),
      env.page.onActivity((type) => dispatch({ type })),
    ];
  }

  function detach(): void {
    timers.clearAll();
    socket.close();
    transport.abort();
    for (const stop of stopListening) stop();
    stopListening = [];
    tabs?.close();
    tabs = null;
  }

  async function read({ id, token }: Effect & { type: 'read-session' }): Promise<void> {
    try {
      const { data, sentAt, receivedAt } = await readSession(transport, token);
      const { currentSession: session, serverTime } = data;
      dispatch({ type: 'session-read', id, session, serverTime, sentAt, receivedAt });
    } catch (error) {
      dispatch({ type: 'session-read-failed', id, error });
    }
  }

  async function touch({ purpose, id, token }: Effect & { type: 'touch-session' }): Promise<void> {
    try {
      dispatch({ type: 'touched', purpose, id, session: await touchSession(transport, token) });
    } catch (error) {
      dispatch({ type: 'touch-failed', purpose, id, error });
    }
  }

  async function signOut(token: string | undefined): Promise<void> {
    try {
      await source.signOut(token);
      dispatch({ type: 'signed-out' });
    } catch (error) {
      dispatch({ type: 'sign-out-failed', error });
    }
  }

  async function signOutApplication(): Promise<void> {
    try {
      await transport.call(dependencies.onSignOut);
      dispatch({ type: 'application-signed-out' });
    } catch (error) {
      dispatch({ type: 'application-sign-out-failed', error });
    }
  }

  return (effect) => {
    switch (effect.type) {
      case 'attach':
        return attach();
      case 'detach':
        return detach();
      case 'set-timer':
        return timers.set(effect.timer, effect.minMs, effect.maxMs);
      case 'clear-timer':
        return timers.clear(effect.timer);
      case 'open-socket':
        return socket.open();
      case 'close-socket':
        return socket.close();
      case 'refresh':
        return refresh.start(effect);
      case 'drop-refresh':
        return refresh.drop(effect);
      case 'reauthenticate':
        return reauthentication.start(effect);
      case 'drop-reauthentication':
        return reauthentication.drop();
      case 'read-session':
        return void read(effect);
      case 'touch-session':
        return void touch(effect);
      case 'sign-out':
        return void signOut(effect.token);
      case 'sign-out-application':
        return void signOutApplication();
      case 'abort-requests':
        return transport.abort();
      case 'post':
        return tabs?.post(effect.event);
      case 'deliver':
        return dependencies.onMessage(effect.message);
      case 'store-dismissal':
        return dismissals.write(effect.dismissal);
      case 'resolve':
        return calls.resolve(effect.call, effect.value);
      case 'reject':
        return calls.reject(effect.call, effect.failure);
      case 'replace-page':
        return dependencies.onOtherUser();
      default:
        return effect satisfies never;
    }
  };
}
