import { badInput } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import { OWN_AUDIENCE, type AccessTokens } from '../tokens/access-token.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import type { SessionWithRefreshState, Session } from '../rules/session.ts';

/** Tokens of a sign-in or a refresh, with their session. */
export interface TokenSet {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  session: Session;
  /** False: a browser keeps the refresh token only until it is closed. */
  isPersistent: boolean;
  serverTime: Date;
}

export interface TokenIssuer {
  /** @throws BAD_USER_INPUT for an audience that is not configured */
  requireAudience(audience: string | null | undefined): string;
  /** Mints an access token and the refresh token of the session's current generation. */
  issue(session: SessionWithRefreshState, role: Role, audience: string, now: Date): TokenSet;
}

export function createTokenIssuer(tokens: {
  access: AccessTokens;
  refresh: RefreshTokens;
  audiences: readonly string[];
}): TokenIssuer {
  return {
    requireAudience(audience) {
      if (audience == null) return OWN_AUDIENCE;
      if (audience === OWN_AUDIENCE || tokens.audiences.includes(audience)) return audience;
      throw badInput('audience', 'This audience is not configured.', { reason: 'UNKNOWN_AUDIENCE' });
    },
    issue(session, role, audience, now) {
      const access = tokens.access.mint({ ...session, sessionId: session.id, role }, audience, now);
      return {
        accessToken: access.token,
        accessTokenExpiresAt: access.expiresAt,
        refreshToken: tokens.refresh.mint(session),
        session,
        isPersistent: session.isPersistent,
        serverTime: now,
      };
    },
  };
}
