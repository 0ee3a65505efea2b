import type { ExpiryReason, SessionEndReason } from '../generated/schema.ts';
import { inWords, sourceInWords } from '../rules/explained-words.ts';
import type { LimitStep } from '../rules/limit-history.ts';
import type { Session } from '../rules/session.ts';
import type { SessionOrigin, StoryEvent } from './session-story.sql.ts';

/** What the sentences about a session need. */
export interface ExplainedSession {
  session: Session;
  /** Of its user. */
  userName: string;
  origin: SessionOrigin;
  /** The step that gave its limits. Null: no policy did, so far. */
  decisive: LimitStep | null;
  /** Whether an absolute deadline that is earlier than the limit was asked for. */
  isCapped: boolean;
  wasReauthenticated: boolean;
}

/** Why a session ends at a deadline, or has ended at it. */
export function deadlineInWords(
  explained: ExplainedSession,
  reason: ExpiryReason,
  hasEnded: boolean,
): string {
  const { session, decisive, origin, isCapped, wasReauthenticated } = explained;
  const ends = hasEnded ? 'It ended' : 'It ends';
  if (session.idleSeconds === null || session.absoluteSeconds === null || decisive === null)
    return `${ends} with the token that it was imported from: no policy has taken its place yet.`;
  const source = sourceInWords(decisive.version, decisive.rule);
  const [idle, absolute] = [inWords(session.idleSeconds / 60), inWords(session.absoluteSeconds / 60)];
  const start = wasReauthenticated ? 'the latest authentication' : 'the sign-in';
  if (reason === 'IDLE') return `${ends} after ${idle} without activity: the idle limit of ${source}.`;
  if (isCapped) {
    const who = origin.serviceKeyName === null ? 'the identity provider' : 'the application';
    return `${ends} at the moment that ${who} set for it, before the absolute limit of ${absolute} (${source}).`;
  }
  return `${ends} ${absolute} after ${start}, also with activity: the absolute limit of ${source}.`;
}

/** Why a session was ended before its deadline. */
export function revocationInWords(
  { userName, decisive }: ExplainedSession,
  reason: Exclude<SessionEndReason, 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT'>,
  /** What the trail has of the moment of the end. */
  atEnd: readonly StoryEvent[],
): string {
  const actorOf = (...actions: string[]): string | null =>
    atEnd.find(({ action }) => actions.includes(action))?.actorName ?? null;
  const by = actorOf('session.ended', 'user.sessions_revoked');
  switch (reason) {
    case 'LOGOUT':
      return `${by ?? userName} signed out.`;
    case 'REVOKED_BY_USER':
      return `${by ?? userName} ended it from another session.`;
    case 'REVOKED_BY_OWNER': {
      const forAll = actorOf('account.sessions_revoked_bulk');
      if (by !== null) return `${by}, an owner, ended it.`;
      return forAll === null ? 'An owner ended it.' : `${forAll}, an owner, signed out the account.`;
    }
    case 'REVOKED_BY_SERVICE':
      return by === null ? 'An application ended it.' : `The application ${by} ended it.`;
    case 'PASSWORD_CHANGED':
      return `${actorOf('user.password_changed') ?? userName} changed the password of ${userName}.`;
    case 'USER_DEACTIVATED': {
      const actor = actorOf('user.deactivated', 'user.deleted', 'account.deleted') ?? by;
      return actor === null
        ? `${userName} may no longer sign in.`
        : `${actor} decided that ${userName} may no longer sign in.`;
    }
    case 'POLICY_CHANGED': {
      const actor = actorOf('account.session_policy_update', 'user.role_changed');
      const limits =
        decisive === null
          ? 'the new limits'
          : `the limits of ${sourceInWords(decisive.version, decisive.rule)}: ${inWords(decisive.limits.idleMinutes)} without activity, ${inWords(decisive.limits.absoluteMinutes)} at most`;
      const change = decisive?.cause === 'ROLE' ? 'a new role' : 'a new policy';
      return `${actor ?? 'An owner'} applied ${change}, and it was already past ${limits}.`;
    }
    case 'REFRESH_TOKEN_REUSED':
      return 'Curfew ended it: a refresh token that had been replaced was used again, so someone may have a copy.';
    case 'REPLACED':
      return `${by ?? userName} signed in again in the same browser.`;
    case 'SESSION_LIMIT':
      return `${by ?? userName} signed in elsewhere, and the policy allows no more sessions at once.`;
    case 'SECURITY_EVENT':
      return `Curfew ended it because of a security event about ${userName}.`;
    default:
      return reason satisfies never;
  }
}
