import type { Clock } from '../clock.ts';
import type { Role } from '../generated/schema.ts';
import type { SessionAuthentication } from '../sessions/caller-authentication.ts';
import { decideRefresh } from '../sessions/refresh-decision.ts';
import type { SessionWithUser } from '../sessions/user-row.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import type { ActivityBuffer } from '../service-api/activity-buffer.ts';
import type { PresentedTokens } from '../service-api/presented-token.ts';
import { looksLikeSessionToken, type SessionTokens } from '../service-api/session-tokens.ts';
import type { ForwardAuthCredential } from './forward-auth-credential.ts';

/** A live session of an active user. */
export interface VerifiedSession {
  session: Session;
  role: Role;
}

export interface ForwardAuthDependencies {
  clock: Clock;
  authentication: SessionAuthentication;
  sessionTokens: SessionTokens;
  presentedTokens: PresentedTokens;
  activity: ActivityBuffer;
  /** How long a rotated refresh token still passes: the browser may not have its successor yet. */
  graceSeconds: number;
}

/** Finds the live session of a credential, and touches it if `isActivity`. Null: refused. */
export type VerifyCredential = (
  credential: ForwardAuthCredential,
  isActivity: boolean,
) => Promise<VerifiedSession | null>;

export function createForwardAuthVerification(dependencies: ForwardAuthDependencies): VerifyCredential {
  const { clock, authentication, sessionTokens, presentedTokens, activity, graceSeconds } = dependencies;

  async function find(credential: ForwardAuthCredential): Promise<VerifiedSession | null> {
    switch (credential.kind) {
      case 'bearer':
        return looksLikeSessionToken(credential.token)
          ? bySessionToken(credential.token)
          : byAccessToken(credential.token);
      case 'session-token':
        return bySessionToken(credential.token);
      case 'cookie':
        return byRefreshToken(credential.token);
      case 'unusable':
      case 'none':
        return null;
      default:
        return credential satisfies never;
    }
  }

  async function byAccessToken(token: string): Promise<VerifiedSession | null> {
    const check = await authentication.check(token);
    // A session-scoped token follows the end of its session. It gives no access to an application.
    return check.state === 'good' && !check.viewer.isSessionScoped ? check.viewer : null;
  }

  const bySessionToken = async (token: string): Promise<VerifiedSession | null> =>
    requireLive(await sessionTokens.find(token));

  async function byRefreshToken(token: string): Promise<VerifiedSession | null> {
    const presented = await presentedTokens.findRefreshToken(token);
    if (!presented) return null;
    const now = clock.now();
    const request = { claims: presented.claims, requestHash: null, presentedAt: now, now, graceSeconds };
    const { action } = decideRefresh(presented.session, request);
    return action === 'rotate' || action === 'replay' ? requireLive(presented) : null;
  }

  /** Evaluates the session at a time after the read, so that a deadline which passed during the read counts. */
  const requireLive = (found: SessionWithUser | null): VerifiedSession | null =>
    found && found.user.isActive && endOfSession(found.session, clock.now()) === null
      ? { session: found.session, role: found.user.role }
      : null;

  return async (credential, isActivity) => {
    const found = await find(credential);
    if (!found) return null;
    if (!isActivity) return { ...found, session: activity.applyTo(found.session) };
    const session = await activity.touch(found.session, clock.now());
    return endOfSession(session, clock.now()) === null ? { ...found, session } : null;
  };
}
