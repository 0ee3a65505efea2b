import { unauthenticated, type Caller, type ServiceCaller, type Viewer } from '../rules/caller.ts';
import { readBearer } from '../bearer.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { SESSION_SCOPE, type AccessTokens } from '../tokens/access-token.ts';
import type { SessionReader } from './session-reader.ts';
import { endOfSession } from '../rules/session.ts';

export type AccessCheck =
  | { state: 'good'; viewer: Viewer }
  /** The token has expired, its session is live: the client must refresh. */
  | { state: 'stale'; error: AppError }
  /** The client must sign in again. */
  | { state: 'bad'; error: AppError };

export interface SessionAuthentication {
  /** Checks an access token. Reads the session's row, so a token is refused once the end of its session is committed. */
  check(accessToken: string): Promise<AccessCheck>;
  /** Checks the session of a caller authenticated before, such as an open socket. */
  checkSession(sessionId: string): Promise<AccessCheck>;
  /** Returns the caller of a service key. */
  identifyServiceKey(key: string): Promise<ServiceOrRefused>;
  /** Returns the caller of an `Authorization` header. */
  identify(authorization: string | undefined): Promise<Caller>;
}

export type ServiceOrRefused = Extract<Caller, { kind: 'service' | 'refused' }>;

/** The checks of service keys, which belong to a higher room. */
export interface ServiceKeyCheck {
  looksLikeOne(text: string): boolean;
  /** @throws UNAUTHENTICATED; FORBIDDEN for a key that is limited to a scope */
  identify(key: string): Promise<ServiceCaller>;
}

export function createSessionAuthentication(dependencies: {
  sessionReader: SessionReader;
  accessTokens: AccessTokens;
  serviceKeys: ServiceKeyCheck;
  clock: Clock;
}): SessionAuthentication {
  const { sessionReader, accessTokens, serviceKeys, clock } = dependencies;

  async function checkSession(sessionId: string): Promise<AccessCheck> {
    const current = await sessionReader.find(sessionId);
    if (!current) return { state: 'bad', error: unauthenticated({}, { reason: 'SESSION_UNKNOWN' }) };
    const { session, user } = current;
    const evidence = { sessionId: session.id, userId: session.userId, accountId: session.accountId };
    // The time after the read: a deadline that passed during it counts.
    const end = endOfSession(session, clock.now());
    if (end) return { state: 'bad', error: unauthenticated(end, evidence) };
    if (!user.isActive)
      return { state: 'bad', error: unauthenticated({}, { ...evidence, reason: 'USER_INACTIVE' }) };
    return {
      state: 'good',
      viewer: {
        userId: session.userId,
        accountId: session.accountId,
        name: user.name,
        role: user.role,
        session,
        isSessionScoped: false,
      },
    };
  }

  async function check(accessToken: string): Promise<AccessCheck> {
    const token = accessTokens.check(accessToken, clock.now());
    if (token.state === 'invalid')
      return { state: 'bad', error: unauthenticated({}, { reason: 'TOKEN_INVALID' }) };
    const checked = await checkSession(token.claims.sid);
    if (checked.state !== 'good') return checked;
    const { userId, accountId, session } = checked.viewer;
    const evidence = { userId, accountId, sessionId: session.id };
    if (userId !== token.claims.sub)
      return { state: 'bad', error: unauthenticated({}, { ...evidence, reason: 'SUBJECT_MISMATCH' }) };
    if (token.state === 'expired')
      return { state: 'stale', error: unauthenticated({}, { ...evidence, reason: 'TOKEN_EXPIRED' }) };
    const isSessionScoped = token.claims.scope === SESSION_SCOPE;
    return { state: 'good', viewer: { ...checked.viewer, isSessionScoped } };
  }

  async function identifyServiceKey(key: string): Promise<ServiceOrRefused> {
    try {
      return { kind: 'service', service: await serviceKeys.identify(key) };
    } catch (error) {
      if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN'))
        return { kind: 'refused', error };
      throw error;
    }
  }

  return {
    check,
    checkSession,
    identifyServiceKey,
    async identify(authorization) {
      if (authorization === undefined || authorization === '') return { kind: 'anonymous' };
      const token = readBearer(authorization);
      if (token === null)
        return { kind: 'refused', error: unauthenticated({}, { reason: 'SCHEME_UNKNOWN' }) };
      if (serviceKeys.looksLikeOne(token)) return identifyServiceKey(token);
      const checked = await check(token);
      return checked.state === 'good'
        ? { kind: 'user', viewer: checked.viewer }
        : { kind: 'refused', error: checked.error };
    },
  };
}
