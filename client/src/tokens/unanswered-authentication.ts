import { type BrowserEnv } from '../browser/browser-env.ts';
import { createStoredValue } from '../runtime/stored-value.ts';
import { type Authentication } from './authentication-check.ts';
import { randomId } from './random-id.ts';

/** A request to authenticate again whose answer has not come, and how things stood before it. */
export interface UnansweredAuthentication extends Authentication {
  requestId: string;
}

/** Shared by all tabs, and kept over a reload. Holds no credentials. */
export interface UnansweredAuthentications {
  read(): UnansweredAuthentication | null;
  /** The id to send: that of a request of this session without an answer, which is repeated, or a new one. */
  begin(before: Authentication): { requestId: string; isRepeat: boolean };
  /** Forgets the request with this id, or any. */
  forget(requestId?: string): void;
}

export function createUnansweredAuthentications(
  env: Pick<BrowserEnv, 'localStorage' | 'randomBytes'>,
  name: string,
): UnansweredAuthentications {
  const stored = createStoredValue(env.localStorage, `${name}:reauthentication`);

  function read(): UnansweredAuthentication | null {
    const [requestId, authenticatedAt, sessionId] = stored.read()?.split(' ') ?? [];
    if (requestId === undefined || sessionId === undefined) return null;
    return { requestId, sessionId, authenticatedAt: Number(authenticatedAt) };
  }

  return {
    read,
    begin({ sessionId, authenticatedAt }) {
      const left = read();
      if (left?.sessionId === sessionId) return { requestId: left.requestId, isRepeat: true };
      const requestId = randomId(env);
      stored.write(`${requestId} ${authenticatedAt} ${sessionId}`);
      return { requestId, isRepeat: false };
    },
    forget(requestId) {
      if (requestId === undefined || read()?.requestId === requestId) stored.clear();
    },
  };
}
