import type { ExpiryReason, SessionEndReason } from '../generated/schema.ts';
import { inWords, limitsInWords, sourceInWords } from '../rules/explained-words.ts';
import type { LimitStep } from '../rules/limit-history.ts';
import type { Session } from '../rules/session.ts';
import type { SessionOrigin, StoryActor, StoryEvent } from './session-story.sql.ts';

/** What the sentences about a session need. */
export interface ExplainedSession {
  session: Session;
  /** Of its user. */
  userName: string;
  origin: SessionOrigin;
  /** The step that gave its limits. Null: no policy did, so far. */
  decisive: LimitStep | null;
  /** The steps that each limit is from. Null where the decisive one is. */
  idleStep: LimitStep | null;
  absoluteStep: LimitStep | null;
  /** Whether an absolute deadline that is earlier than the limit was asked for. */
  isCapped: boolean;
  wasReauthenticated: boolean;
  /** How many sessions the policy allowed at once when it ended. Null: any number, or not known. */
  maxSessionsAtEnd: number | null;
}

/** Why a session ends at a deadline, or has ended at it. */
export function deadlineInWords(
  explained: ExplainedSession,
  reason: ExpiryReason,
  hasEnded: boolean,
): string {
  const { session, idleStep, absoluteStep, origin, isCapped, wasReauthenticated } = explained;
  const ends = hasEnded ? 'It ended' : 'It ends';
  const step = reason === 'IDLE' ? idleStep : absoluteStep;
  if (step === null)
    return `${ends} with the token that it was imported from: no policy has taken its place yet.`;
  const source = sourceInWords(step.version, step.rule);
  // Those of the session: a version comes to others once the configuration has changed.
  const idle = inWords(minutesOf(session.idleSeconds) ?? step.limits.idleMinutes);
  const absolute = inWords(minutesOf(session.absoluteSeconds) ?? step.limits.absoluteMinutes);
  const start = wasReauthenticated ? 'the latest authentication' : 'the sign-in';
  if (reason === 'IDLE') return `${ends} after ${idle} without activity: the idle limit of ${source}.`;
  if (isCapped) {
    const who = origin.isOfService ? 'the application' : 'the identity provider';
    return `${ends} at the moment that ${who} set for it, before the absolute limit of ${absolute} (${source}).`;
  }
  return `${ends} ${absolute} after ${start}, also with activity: the absolute limit of ${source}.`;
}

const minutesOf = (seconds: number | null): number | null => (seconds === null ? null : seconds / 60);

/** Why a session was ended before its deadline. */
export function revocationInWords(
  explained: ExplainedSession,
  reason: Exclude<SessionEndReason, 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT'>,
  /** What the trail has of the moment of the end. */
  atEnd: readonly StoryEvent[],
): string {
  const { session, userName } = explained;
  const actorOf = (...actions: string[]): StoryActor | null =>
    atEnd.find(({ action }) => actions.includes(action))?.actor ?? null;
  const by = actorOf('session.ended', 'user.sessions_revoked');
  const isByUser = by?.kind === 'PERSON' && by.id === session.userId;
  /** What someone else said that the user did. */
  const toldBy = by === null || by.kind === 'PERSON' ? '' : `${actorInWords(by)} ended it: `;
  switch (reason) {
    case 'LOGOUT':
      return `${toldBy}${userName} signed out.`;
    case 'REVOKED_BY_USER':
      return `${userName} ended it from another session.`;
    case 'REVOKED_BY_OWNER': {
      const forAll = actorOf('account.sessions_revoked_bulk');
      if (forAll !== null && by === null) return `${ownerInWords(forAll)} signed out the account.`;
      return `${ownerInWords(by)} ended it.`;
    }
    case 'REVOKED_BY_SERVICE': {
      const who = by ?? actorOf('account.sessions_revoked_bulk');
      return who === null ? 'An application ended it.' : `${actorInWords(who)} ended it.`;
    }
    case 'PASSWORD_CHANGED':
      return `${toldBy}${userName} changed their password.`;
    case 'USER_DEACTIVATED': {
      const actor = actorOf('user.deactivated', 'user.deleted', 'account.deleted') ?? by;
      return actor === null
        ? `${userName} may no longer sign in.`
        : `${actorInWords(actor)} decided that ${userName} may no longer sign in.`;
    }
    case 'POLICY_CHANGED':
      return policyChangeInWords(explained, actorOf('account.session_policy_update', 'user.role_changed'));
    case 'REFRESH_TOKEN_REUSED':
      return 'Curfew ended it: a refresh token that had been replaced was used again, so someone may have a copy.';
    case 'REPLACED':
      return isByUser || by?.kind !== 'PERSON'
        ? `${userName} signed in again in the same browser.`
        : `${by.name} signed in in the same browser, in place of ${userName}.`;
    case 'SESSION_LIMIT': {
      const how =
        by?.kind === 'APPLICATION'
          ? `The application ${by.name} created another session of ${userName}`
          : `${userName} signed in elsewhere`;
      return `${how}, and the policy allows ${atOnceInWords(explained.maxSessionsAtEnd)}.`;
    }
    case 'SECURITY_EVENT': {
      // The trail names the issuer where it names an application.
      const source = by ?? actorOf('user.deactivated');
      const from = source?.kind === 'APPLICATION' ? ` from ${source.name}` : '';
      return `Curfew ended it because of a security event${from} about ${userName}.`;
    }
    default:
      return reason satisfies never;
  }
}

function policyChangeInWords({ decisive }: ExplainedSession, actor: StoryActor | null): string {
  const who = actor === null ? 'An owner' : actorInWords(actor);
  const change = decisive?.cause === 'ROLE' ? 'a new role' : 'a new policy';
  if (decisive === null) return `${who} applied ${change}, and it was already past the new limits.`;
  const { version, rule, offered } = decisive;
  return `${who} applied ${change}, and it was already past the limits of ${sourceInWords(version, rule)}: ${limitsInWords(offered)}.`;
}

const atOnceInWords = (count: number | null): string => {
  if (count === null) return 'no more sessions at once';
  return count === 1 ? 'one session at once' : `${count} sessions at once`;
};

function ownerInWords(actor: StoryActor | null): string {
  if (actor === null) return 'An owner';
  if (actor.kind === 'PERSON' && actor.name !== null) return `${actor.name}, an owner,`;
  return actorInWords(actor);
}

/** At the start of a sentence. */
function actorInWords(actor: StoryActor): string {
  switch (actor.kind) {
    case 'PERSON':
      return actor.name ?? 'An owner';
    case 'APPLICATION':
      return `The application ${actor.name}`;
    case 'SYSTEM':
      return 'An operator of this server';
    default:
      return actor satisfies never;
  }
}
