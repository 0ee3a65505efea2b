import { type BrowserEnv } from '../browser/browser-env.ts';
import { RefusedError, UnreachableError } from '../core/errors.ts';
import { type Occurrence } from '../core/events.ts';
import { isBareRefusal } from '../core/session-end.ts';
import { createStoredValue } from '../runtime/stored-value.ts';
import { type AuthenticationCheck } from './authentication-check.ts';
import { type ExclusiveTask } from './exclusive-task.ts';
import { randomId } from './random-id.ts';
import { type TokenSource } from './token-source.ts';
import { type UnansweredAuthentications } from './unanswered-authentication.ts';

/**
 * Carries out refreshes, one tab at a time. The token stays in its tab, because any script of the origin can read the
 * messages between tabs.
 */
export interface TokenRefresh {
  start(request: { id: number; userActive: boolean }): void;
  /** Ignores the refresh in flight, and stops waiting for other tabs. */
  drop(options: { forgetsRequest: boolean }): void;
}

export function createTokenRefresh(dependencies: {
  env: Pick<BrowserEnv, 'localStorage' | 'randomBytes'>;
  source: TokenSource;
  exclusively: ExclusiveTask;
  unanswered: UnansweredAuthentications;
  check: AuthenticationCheck;
  /** Prefix of the names that the tabs share. */
  name: string;
  dispatch(occurrence: Occurrence): void;
}): TokenRefresh {
  const { env, source, exclusively, unanswered, check, name, dispatch } = dependencies;
  const requestId = createStoredValue(source.isRotating ? env.localStorage : null, `${name}:request`);
  let current = new AbortController();

  async function ask(id: number, userActive: boolean, dropped: AbortSignal): Promise<void> {
    // An id that is stored already belongs to a tab that closed before its answer came. Asked again under this id, the
    // server repeats the answer in place of taking the token for a stolen one.
    const left = requestId.read();
    const sent = left ?? randomId(env);
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
      // A refusal is an answer, too; only without one the request has to be repeated.
      if (!dropped.aborted && error instanceof RefusedError) clear();
      throw error;
    }
  }

  /** A refusal without a reason may mean that the user authenticated again at this moment, which replaced the cookie. */
  async function askAgainIfReplaced(...asked: Parameters<typeof ask>): Promise<void> {
    const known = check.known();
    try {
      return await ask(...asked);
    } catch (error) {
      if (!isBareRefusal(error) || !known || !(await check.isOutdated(known))) throw error;
    }
    try {
      return await ask(...asked);
    } catch (error) {
      // The new cookie is still on its way to this browser.
      if (isBareRefusal(error))
        throw new UnreachableError('The session has another cookie.', { cause: error });
      throw error;
    }
  }

  /**
   * Does not present a cookie that a new authentication has replaced whose answer was lost: the server would take it for
   * stolen. Only the same user's credentials get its successor.
   */
  async function refresh(id: number, userActive: boolean, dropped: AbortSignal): Promise<void> {
    if (dropped.aborted) return;
    try {
      const left = unanswered.read();
      if (left && (await check.isOutdated(left)))
        throw new UnreachableError('The answer to a new authentication was lost: authenticate again.');
      await askAgainIfReplaced(id, userActive, dropped);
      if (left) unanswered.forget(left.requestId);
    } catch (error) {
      if (!dropped.aborted) dispatch({ type: 'refresh-failed', id, error });
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
      if (!forgetsRequest) return;
      requestId.clear();
      unanswered.forget();
    },
  };
}
