import { badInput } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import { OWN_AUDIENCE, type AccessTokens } from '../tokens/access-token.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import type { RenewableSession, Session } from './session.ts';

/** What a sign-in or a refresh hands to the client. */
export interface Grant {
  accessToken: string;
  accessTokenExpiresAt: Date;
  refreshToken: string;
  session: Session;
  serverTime: Date;
}

export interface Grants {
  /** @throws BAD_USER_INPUT for an audience that is not configured */
  requireAudience(audience: string | null | undefined): string;
  issue(session: RenewableSession, role: Role, audience: string, now: Date): Grant;
}

export function createGrants(tokens: {
  access: AccessTokens;
  refresh: RefreshTokens;
  audiences: readonly string[];
}): Grants {
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
        serverTime: now,
      };
    },
  };
}
