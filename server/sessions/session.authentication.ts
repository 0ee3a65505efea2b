import { unauthenticated, type Caller, type Viewer } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { AppError } from '../errors.ts';
import type { AccessTokens } from '../tokens/access-token.ts';
import { findSessionOfUser } from './session.reads.ts';
import { endOf } from './session.ts';

export type AccessCheck =
  | { state: 'good'; viewer: Viewer }
  /** The token has expired and its session lives on: a fresh token will do. */
  | { state: 'stale'; error: AppError }
  /** Only a new sign-in helps. */
  | { state: 'bad'; error: AppError };

export interface SessionAuthentication {
  /** Every check reads the row, so nothing is accepted after the end of its session is committed. */
  check(accessToken: string): Promise<AccessCheck>;
  /** The same for whoever has proved the session before, such as an open socket. */
  checkSession(sessionId: string): Promise<AccessCheck>;
  /** The caller behind an `Authorization` header. */
  identify(authorization: string | undefined): Promise<Caller>;
}

const BEARER = /^Bearer +(\S+) *$/i;

export function createSessionAuthentication(dependencies: {
  database: Database;
  accessTokens: AccessTokens;
  clock: Clock;
}): SessionAuthentication {
  const { database, accessTokens, clock } = dependencies;

  async function checkSession(sessionId: string): Promise<AccessCheck> {
    const found = await database.inTime(findSessionOfUser(database.em(), sessionId));
    if (!found) return { state: 'bad', error: unauthenticated() };
    const { session, user } = found;
    // Judged by the time after the read: a deadline that passed meanwhile has passed.
    const end = endOf(session, clock.now());
    if (end) return { state: 'bad', error: unauthenticated(end) };
    if (!user.isActive) return { state: 'bad', error: unauthenticated() };
    return {
      state: 'good',
      viewer: {
        userId: session.userId,
        accountId: session.accountId,
        name: user.name,
        role: user.role,
        session,
      },
    };
  }

  async function check(accessToken: string): Promise<AccessCheck> {
    const token = accessTokens.check(accessToken, clock.now());
    if (token.state === 'invalid') return { state: 'bad', error: unauthenticated() };
    const found = await checkSession(token.claims.sid);
    if (found.state !== 'good') return found;
    if (found.viewer.userId !== token.claims.sub) return { state: 'bad', error: unauthenticated() };
    return token.state === 'expired' ? { state: 'stale', error: unauthenticated() } : found;
  }

  return {
    check,
    checkSession,
    async identify(authorization) {
      if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) return { kind: 'refused', error: unauthenticated() };
      const result = await check(token);
      return result.state === 'good'
        ? { kind: 'user', viewer: result.viewer }
        : { kind: 'refused', error: result.error };
    },
  };
}
