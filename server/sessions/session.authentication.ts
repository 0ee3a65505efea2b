import { unauthenticated, type Caller, type ServiceCaller, type Viewer } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { CONFINED_SCOPE, type AccessTokens } from '../tokens/access-token.ts';
import type { SessionReader } from './session.reader.ts';
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
  /** The caller behind a service key. */
  identifyServiceKey(key: string): Promise<ServiceOrRefused>;
  /** The caller behind an `Authorization` header. */
  identify(authorization: string | undefined): Promise<Caller>;
}

export type ServiceOrRefused = Extract<Caller, { kind: 'service' | 'refused' }>;

/** What this needs to know of service keys. */
export interface ServiceKeyCheck {
  looksLikeOne(text: string): boolean;
  /** @throws UNAUTHENTICATED */
  identify(key: string): Promise<ServiceCaller>;
}

const BEARER = /^Bearer +(\S+) *$/i;

export function createSessionAuthentication(dependencies: {
  sessionReader: SessionReader;
  accessTokens: AccessTokens;
  serviceKeys: ServiceKeyCheck;
  clock: Clock;
}): SessionAuthentication {
  const { sessionReader, accessTokens, serviceKeys, clock } = dependencies;

  async function checkSession(sessionId: string): Promise<AccessCheck> {
    const found = await sessionReader.find(sessionId);
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
        isConfined: false,
      },
    };
  }

  async function check(accessToken: string): Promise<AccessCheck> {
    const token = accessTokens.check(accessToken, clock.now());
    if (token.state === 'invalid') return { state: 'bad', error: unauthenticated() };
    const found = await checkSession(token.claims.sid);
    if (found.state !== 'good') return found;
    if (found.viewer.userId !== token.claims.sub) return { state: 'bad', error: unauthenticated() };
    if (token.state === 'expired') return { state: 'stale', error: unauthenticated() };
    const isConfined = token.claims.scope === CONFINED_SCOPE;
    return { state: 'good', viewer: { ...found.viewer, isConfined } };
  }

  async function identifyServiceKey(key: string): Promise<ServiceOrRefused> {
    try {
      return { kind: 'service', service: await serviceKeys.identify(key) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'UNAUTHENTICATED') return { kind: 'refused', error };
      throw error;
    }
  }

  return {
    check,
    checkSession,
    identifyServiceKey,
    async identify(authorization) {
      if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
      const token = BEARER.exec(authorization)?.[1];
      if (token === undefined) return { kind: 'refused', error: unauthenticated() };
      if (serviceKeys.looksLikeOne(token)) return identifyServiceKey(token);
      const result = await check(token);
      return result.state === 'good'
        ? { kind: 'user', viewer: result.viewer }
        : { kind: 'refused', error: result.error };
    },
  };
}
