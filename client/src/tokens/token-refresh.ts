import { type BrowserEnv } from '../browser/browser-env.ts';
import { RefusedError } from '../core/errors.ts';
import { type Occurrence } from '../core/events.ts';
import { createStoredValue } from '../runtime/stored-value.ts';
import { type TokenSource } from './token-source.ts';

/**
 * Carries out refreshes, one tab at a time. The token stays in its tab, because any script of the origin can read the
 * messages between tabs.
 */
export interface TokenRefresh {
  start(request: { id: number; userActive: boolean }): void;
  /** Ignores the refresh in flight, and stops waiting for other tabs. */
  drop(options: { forgetsRequest: boolean }): void;
}

/** A tab that holds the lock for longer hangs. The server can cope with two refreshes at once. */
const LOCK_TIMEOUT_MS = 20_000;

export function createTokenRefresh(dependencies: {
  env: Pick<BrowserEnv, 'localStorage' | 'locks' | 'setTimeout' | 'clearTimeout' | 'randomBytes'>;
  source: TokenSource;
  /** Prefix of the names that the tabs share. */
  name: string;
  dispatch(occurrence: Occurrence): void;
}): TokenRefresh {
  const { env, source, name, dispatch } = dependencies;
  const requestId = createStoredValue(source.isRotating ? env.localStorage : null, `${name}:request`);
  let current = new AbortController();

  /** Runs the task with the lock, or without it after the timeout. */
  async function exclusively(dropped: AbortSignal, task: () => Promise<void>): Promise<void> {
    const { locks } = env;
    if (!locks) return task();
    const waiting = new AbortController();
    const stopWaiting = (): void => waiting.abort();
    dropped.addEventListener('abort', stopWaiting);
    const timer = env.setTimeout(stopWaiting, LOCK_TIMEOUT_MS);
    let hasBegun = false;
    try {
      // Earlier versions of the kit in other tabs use this name.
      // eslint-disable-next-line curfew/retired-words
      await locks.request(`${name}:renewal`, { signal: waiting.signal }, () => {
        hasBegun = true;
        env.clearTimeout(timer);
        return task();
      });
    } catch (error) {
      if (hasBegun) throw error;
      await task();
    } finally {
      env.clearTimeout(timer);
    }
  }

  async function refresh(id: number, userActive: boolean, dropped: AbortSignal): Promise<void> {
    if (dropped.aborted) return;
    // An id that is stored already belongs to a tab that closed before its answer came. Asked again under this id, the
    // server repeats the answer in place of taking the token for a stolen one.
    const left = requestId.read();
    const sent = left ?? hex(env.randomBytes(16));
    requestId.write(sent);
    const clear = (): void => {
      if (requestId.read() === sent) requestId.clear();
    };
    try {
      const { data, sentAt, receivedAt } = await source.refresh({ userActive, requestId: sent });
      if (dropped.aborted) return;
      dispatch({ type: 'refreshed', id, tokens: data, isReplay: left !== null, sentAt, receivedAt });
      clear();
    } catch (error) {
      if (dropped.aborted) return;
      // A refusal is an answer, too; only without one the request has to be repeated.
      if (error instanceof RefusedError) clear();
      dispatch({ type: 'refresh-failed', id, error });
    }
  }

  return {
    start({ id, userActive }) {
      current = new AbortController();
      const { signal } = current;
      void exclusively(signal, () => refresh(id, userActive, signal));
    },
    drop({ forgetsRequest }) {
      current.abort();
      if (forgetsRequest) requestId.clear();
    },
  };
}

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
