import { toNumericDate } from '../clock.ts';
import type { Role } from '../generated/schema.ts';
import { judgeRefresh } from '../sessions/session.refresh.ts';
import { nearerDeadline, verdict } from '../sessions/session.ts';
import type { PresentedToken } from './presented-token.ts';

/** RFC 7662, section 2.2. Times are seconds since the epoch, rounded down. */
export type Introspection =
  | { active: false }
  | {
      active: true;
      token_type: PresentedToken['type'];
      sub: string;
      sid: string;
      account_id: string;
      /** As the user's row says now; the token may have been issued before it changed. */
      role: Role;
      auth_time: number;
      iat: number;
      /** The end of this very token: of a refresh token the idle deadline, of a session token the nearer deadline. */
      exp: number;
      iss: string;
      /** The nearer deadline of the session. */
      session_expires_at: number;
      aud?: string;
      scope?: string;
    };

export const INACTIVE: Introspection = { active: false };

/** What a trusted back end is told of a token at `now`. Telling it uses nothing up and ends nothing. */
export function introspect(presented: PresentedToken, issuer: string, now: Date): Introspection {
  const { session, user } = presented;
  const state = verdict(session, now);
  const times = timesOf(presented, now);
  if (state.state !== 'live' || !user.isActive || times === null) return INACTIVE;
  return {
    active: true,
    token_type: presented.type,
    sub: session.userId,
    sid: session.id,
    account_id: session.accountId,
    role: user.role,
    auth_time: toNumericDate(session.authenticatedAt),
    ...times,
    iss: issuer,
    session_expires_at: toNumericDate(state.expiresAt),
    ...(presented.type === 'access_token' ? audienceOf(presented.claims) : {}),
  };
}

const audienceOf = ({ aud, scope }: { aud: string; scope?: string }) =>
  scope === undefined ? { aud } : { aud, scope };

/** When the token was issued and when it ends; null where it is over, though its session may live. */
function timesOf(presented: PresentedToken, now: Date): { iat: number; exp: number } | null {
  switch (presented.type) {
    case 'access_token': {
      const { iat, exp } = presented.claims;
      return exp * 1000 > now.getTime() ? { iat, exp } : null;
    }
    case 'refresh_token': {
      const question = { claims: presented.claims, requestHash: null, now, graceSeconds: 0 };
      // Only the live generation could be exchanged: a replayed parent gets its successor, but is used up.
      const { session } = presented;
      if (judgeRefresh(session, question).action !== 'rotate') return null;
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
