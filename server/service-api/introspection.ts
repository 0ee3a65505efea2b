import { toNumericDate } from '../clock.ts';
import type { Role } from '../generated/schema.ts';
import { decideRefresh } from '../sessions/refresh-decision.ts';
import { nearerDeadline, evaluateSession } from '../rules/session.ts';
import { SESSION_SCOPE } from '../tokens/access-token.ts';
import type { PresentedToken } from './presented-token.ts';

/** RFC 7662, section 2.2. Times are seconds since the epoch, rounded down. */
export type Introspection =
  | { active: false }
  | {
      active: true;
      token_type: PresentedToken['type'];
      sub: string;
      sid: string;
      /** Absent for a session-scoped token, which carries no rights: see `scope`. */
      account_id?: string;
      /** The user's current role, which may have changed since the token was issued. */
      role?: Role;
      auth_time?: number;
      iat: number;
      /** When this token expires: a refresh token at the idle deadline, a session token at the nearer deadline. */
      exp: number;
      iss: string;
      /** The nearer deadline of the session. */
      session_expires_at: number;
      aud?: string;
      scope?: string;
    };

export const INACTIVE: Introspection = { active: false };

/** Describes a token at `now` to a trusted back end. Consumes no token and ends no session. */
export function introspect(presented: PresentedToken, issuer: string, now: Date): Introspection {
  const { session, user } = presented;
  const state = evaluateSession(session, now);
  const times = timesOf(presented, now);
  if (state.state !== 'live' || !user.isActive || times === null) return INACTIVE;
  return {
    active: true,
    token_type: presented.type,
    sub: session.userId,
    sid: session.id,
    ...rightsOf(presented),
    ...times,
    iss: issuer,
    session_expires_at: toNumericDate(state.expiresAt),
    ...(presented.type === 'access_token' ? { aud: presented.claims.aud } : {}),
  };
}

/** A session-scoped token gets no role, so an API that checks only the role refuses it. */
function rightsOf(presented: PresentedToken): Partial<Introspection> {
  const { session, user } = presented;
  return presented.type === 'access_token' && presented.claims.scope === SESSION_SCOPE
    ? { scope: SESSION_SCOPE }
    : {
        account_id: session.accountId,
        role: user.role,
        auth_time: toNumericDate(session.authenticatedAt),
      };
}

/** When the token was issued and expires. Null for an expired or replaced token, even if its session is live. */
function timesOf(presented: PresentedToken, now: Date): { iat: number; exp: number } | null {
  switch (presented.type) {
    case 'access_token': {
      const { iat, exp } = presented.claims;
      return exp * 1000 > now.getTime() ? { iat, exp } : null;
    }
    case 'refresh_token': {
      const { claims } = presented;
      const input = { claims, requestHash: null, presentedAt: now, now, graceSeconds: 0 };
      // Only the current token can be rotated. A replay of its parent returns the successor, but the parent is used up.
      const { session } = presented;
      if (decideRefresh(session, input).action !== 'rotate') return null;
      return { iat: toNumericDate(session.rotatedAt), exp: toNumericDate(session.idleExpiresAt) };
    }
    case 'session_token':
      return {
        iat: toNumericDate(presented.session.authenticatedAt),
        exp: toNumericDate(nearerDeadline(presented.session).expiresAt),
      };
    default:
      return presented satisfies never;
  }
}
