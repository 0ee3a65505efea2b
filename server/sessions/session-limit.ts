import { AppError } from '../errors.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import type { AccountPolicy } from '../rules/account-policy.ts';
import { decideLimit, type SessionLimit } from '../rules/session-limit.ts';
import { expireSessionsOf } from './expire.sql.ts';
import {
  countSessionsOf,
  findLeastActive,
  lockOpenSessions,
  type LiveSession,
  type UserScope,
} from './session-limit.sql.ts';
import { findSessions } from './session-queries.ts';
import type { RevokedBy, SessionRevoker } from './revoke.ts';
import { deviceName } from './user-agent.ts';

/** A sign-in that may be one too many. */
export interface LimitedSignIn {
  scope: UserScope;
  policy: Pick<AccountPolicy, 'maxSessionsPerUser' | 'sessionLimitAction'>;
  /** The sessions that the person has chosen to end. Null: no one can be asked. */
  isChosen: ((sessionId: string) => boolean) | null;
  by: RevokedBy;
}

/** A session that ended when another began. */
export interface EndedSession {
  id: string;
  accountId: string;
  endReason: SessionEndReason;
}

/** Of the list that a refusal carries. */
const MAX_LISTED = 100;

/**
 * Keeps a user's live sessions within the account's maximum when one more begins, in the transaction of that sign-in,
 * which has locked the account and the user: sign-ins of one user come one after the other. Ends the sessions that have
 * to make room, each with its audit row, and stores the end of those that have expired: activity from just before their
 * deadline could otherwise still reach them. Returns all that it ended, to be published after the commit.
 * @throws SESSION_LIMIT_REACHED with `limit`, and under ASK with `sessions`
 */
export async function requireRoom(
  em: EntityManager,
  signIn: LimitedSignIn,
  { revoker, clock }: { revoker: SessionRevoker; clock: Clock },
): Promise<EndedSession[]> {
  const { maxSessionsPerUser: max, sessionLimitAction: action } = signIn.policy;
  if (max === null) return [];
  const { scope, isChosen, by } = signIn;
  // The time after the wait for the user's lock: a session that has expired until then does not count.
  const { live: count, hasExpired } = await countSessionsOf(em, scope, max, clock.now());
  if (count < max && !hasExpired) return [];
  const limit: SessionLimit = { max, action };
  const canEnd = action === 'END_OLDEST' || (action === 'ASK' && isChosen !== null);
  if (count >= max && !canEnd) throw limitReached(scope, limit, null);

  await lockOpenSessions(em, scope);
  const expired = await expireSessionsOf(em, scope, clock.now());
  const live = await findLeastActive(em, scope, clock.now());
  const decision = decideLimit(limit, live, isChosen && (({ id }) => isChosen(id)));
  if (decision.action === 'refuse') throw limitReached(scope, limit, canEnd ? live : null);
  const sessions = await findSessions(
    em,
    decision.ended.map(({ id }) => id),
  );
  const selected = sessions.map((session) => ({ session, reason: 'SESSION_LIMIT' as const }));
  const ended = await revoker.revokeSelected(em, scope.accountId, selected, by);
  return [
    ...expired,
    ...ended.map(({ session: { id, accountId }, reason }) => ({ id, accountId, endReason: reason })),
  ];
}

function limitReached(
  { accountId, userId }: UserScope,
  { max, action }: SessionLimit,
  live: readonly LiveSession[] | null,
): AppError {
  const message =
    max === 1
      ? 'This user has a session already, and may have no other.'
      : `This user has ${max} sessions already, and may have no more.`;
  return new AppError(
    'SESSION_LIMIT_REACHED',
    message,
    { limit: max, sessions: live?.slice(0, MAX_LISTED).map(toListed) },
    undefined,
    { accountId, userId, reason: action },
  );
}

const toListed = ({ id, appType, userAgent, lastActivityAt }: LiveSession) => ({
  id,
  device: deviceName(userAgent),
  appType,
  lastActivityAt: lastActivityAt.toISOString(),
});
