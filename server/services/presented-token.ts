import type { Clock } from '../clock.ts';
import type { SessionReader } from '../sessions/session.reader.ts';
import type { SessionOfUser } from '../sessions/session.reads.ts';
import type { AccessTokenClaims, AccessTokens } from '../tokens/access-token.ts';
import type { RenewableSession } from '../sessions/session.ts';
import { belongsTo, type RefreshTokenClaims, type RefreshTokens } from '../tokens/refresh-token.ts';
import { looksLikeSessionToken, type SessionTokens } from './session-tokens.ts';

/** A genuine token of ours with the session that it stands for. Whether either still lives is not judged here. */
export type PresentedToken = PresentedRefreshToken | PresentedOther;

export interface PresentedRefreshToken extends SessionOfUser<RenewableSession> {
  type: 'refresh_token';
  claims: RefreshTokenClaims;
}

type PresentedOther = SessionOfUser &
  ({ type: 'access_token'; claims: AccessTokenClaims } | { type: 'session_token' });

export interface PresentedTokens {
  /** Null for anything that is no token of ours. Looking at a token uses nothing up and ends nothing. */
  find(token: string): Promise<PresentedToken | null>;
  /** The same for refresh tokens alone. */
  findRefreshToken(token: string): Promise<PresentedRefreshToken | null>;
}

/** Ours have some 700 characters; whoever sends a megabyte has none of them. */
const LONGEST = 8_192;

export function createPresentedTokens(dependencies: {
  sessionReader: SessionReader;
  clock: Clock;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokens;
  sessionTokens: SessionTokens;
}): PresentedTokens {
  const { sessionReader, clock, accessTokens, refreshTokens, sessionTokens } = dependencies;

  async function findRefreshToken(token: string): Promise<PresentedRefreshToken | null> {
    const claims = token.length > LONGEST ? null : refreshTokens.read(token);
    const found = claims && (await sessionReader.findRenewable(claims.sessionId));
    return found && belongsTo(claims, found.session) ? { type: 'refresh_token', claims, ...found } : null;
  }

  return {
    findRefreshToken,

    async find(token) {
      if (token.length > LONGEST) return null;
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
