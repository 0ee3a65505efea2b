import type { Clock } from '../clock.ts';
import type { SessionReader } from '../sessions/session-reader.ts';
import type { SessionWithUser } from '../sessions/user-row.ts';
import type { AccessTokenClaims, AccessTokens } from '../tokens/access-token.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { belongsTo, type RefreshTokenClaims, type RefreshTokens } from '../tokens/refresh-token.ts';
import { looksLikeSessionToken, type SessionTokens } from './session-tokens.ts';

/** A genuine Curfew token with its session. Says nothing about whether either is still valid. */
export type PresentedToken = PresentedRefreshToken | PresentedOther;

export interface PresentedRefreshToken extends SessionWithUser<SessionWithRefreshState> {
  type: 'refresh_token';
  claims: RefreshTokenClaims;
}

type PresentedOther = SessionWithUser &
  ({ type: 'access_token'; claims: AccessTokenClaims } | { type: 'session_token' });

export interface PresentedTokens {
  /** Null for anything that is no Curfew token. Consumes no token and ends no session. */
  find(token: string): Promise<PresentedToken | null>;
  /** Finds refresh tokens only. */
  findRefreshToken(token: string): Promise<PresentedRefreshToken | null>;
}

/** Curfew's tokens have about 700 characters; longer text is refused unread. */
const MAX_TOKEN_LENGTH = 8_192;

export function createPresentedTokens(dependencies: {
  sessionReader: SessionReader;
  clock: Clock;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  sessionTokens: SessionTokens;
}): PresentedTokens {
  const { sessionReader, clock, accessTokens, refreshTokens, sessionTokens } = dependencies;

  async function findRefreshToken(token: string): Promise<PresentedRefreshToken | null> {
    const claims = token.length > MAX_TOKEN_LENGTH ? null : refreshTokens.read(token, clock.now());
    const found = claims && (await sessionReader.findWithRefreshState(claims.sessionId));
    return found && belongsTo(claims, found.session) ? { type: 'refresh_token', claims, ...found } : null;
  }

  return {
    findRefreshToken,

    async find(token) {
      if (token.length > MAX_TOKEN_LENGTH) return null;
      if (looksLikeSessionToken(token)) {
        const found = await sessionTokens.find(token);
        return found && { type: 'session_token', ...found };
      }
      const access = accessTokens.checkOfAnyAudience(token, clock.now());
      if (access.state === 'invalid') return findRefreshToken(token);
      const found = await sessionReader.find(access.claims.sid);
      return found?.session.userId === access.claims.sub
        ? { type: 'access_token', claims: access.claims, ...found }
        : null;
    },
  };
}
