import { sql } from 'kysely';
import { shareAccount } from '../accounts/account.lock.ts';
import type { EntityManager } from '../database/orm.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import type { EffectivePolicy } from '../policies/policy.ts';
import { at, isEnding, isLive, toSession, type SessionRow } from './session.row.ts';
import type { Session } from './session.ts';

/** An end that somebody decided; a timeout is stamped with its deadline instead. */
export type DecidedEnd = Exclude<SessionEndReason, 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT'>;

/**
 * Ends one live session, in a transaction. Null when it was over already: nothing is stamped twice. The account is held
 * first, so that this comes wholly before an end of the whole account, and is not counted there, or wholly after it.
 */
export async function endSession(
  em: EntityManager,
  { id, accountId }: Pick<Session, 'id' | 'accountId'>,
  reason: DecidedEnd,
  now: Date,
): Promise<Session | null> {
  await shareAccount(em, accountId);
  const { rows } = await sql<SessionRow>`
    update sessions s set ended_at = ${now}, end_reason = ${reason}
    where s.id = ${id} and ${isLive(at(now))}
    returning s.*`.execute(em.getKysely());
  return rows[0] ? toSession(rows[0]) : null;
}

/** Which live sessions a bulk end is about. */
export interface BulkScope {
  accountId: string;
  userId?: string;
  /** Keeps every session of this user. */
  exceptUserId?: string;
  exceptSessionId?: string;
}

/**
 * Ends every live session in scope and returns their ids; in a transaction that holds the account. Rows are locked in id order, as by every
 * other batch, and then written as they lie: one statement for both would go through the table in id order twice.
 */
export async function endSessions(
  em: EntityManager,
  scope: BulkScope,
  reason: DecidedEnd,
  now: Date,
): Promise<string[]> {
  const conditions = [sql`s.account_id = ${scope.accountId}`, isLive(at(now))];
  if (scope.userId !== undefined) conditions.push(sql`s.user_id = ${scope.userId}`);
  if (scope.exceptUserId !== undefined) conditions.push(sql`s.user_id <> ${scope.exceptUserId}`);
  if (scope.exceptSessionId !== undefined) conditions.push(sql`s.id <> ${scope.exceptSessionId}`);
  const inScope = sql.join(conditions, sql` and `);
  await sql`
    select count(*) from (select from sessions s where ${inScope} order by s.id for no key update) held`.execute(
    em.getKysely(),
  );
  const { rows } = await sql<{ id: string }>`
    update sessions s set ended_at = ${now}, end_reason = ${reason} where ${inScope} returning s.id`.execute(
    em.getKysely(),
  );
  return rows.map(({ id }) => id);
}

/**
 * Where a stricter policy puts a session's deadlines: the least of old and new, so nothing is lengthened, and no
 * idle deadline beyond the absolute one. Both the change and its preview are made of this.
 */
function shortened(policy: EffectivePolicy) {
  const idleSeconds = policy.idleMinutes * 60;
  const absoluteSeconds = policy.absoluteMinutes * 60;
  const absolute = sql`least(s.absolute_expires_at, s.authenticated_at + ${absoluteSeconds}::int * interval '1 second')`;
  const idle = sql`least(s.idle_expires_at, s.last_activity_at + ${idleSeconds}::int * interval '1 second', ${absolute})`;
  return { idleSeconds, absoluteSeconds, absolute, idle };
}

export interface PolicyApplied {
  endedIds: string[];
  shortenedIds: string[];
}

/** Brings every live session of the account under `policy`; those already past it end with POLICY_CHANGED. */
export async function applyPolicy(
  em: EntityManager,
  accountId: string,
  policy: EffectivePolicy,
  now: Date,
): Promise<PolicyApplied> {
  const { idleSeconds, absoluteSeconds, absolute, idle } = shortened(policy);
  // An imported session has no snapshot to shorten (null) until its one rotation, but its deadlines obey.
  const { rows } = await sql<{ id: string; is_over: boolean; is_shorter: boolean }>`
    with affected as (
      select s.id, ${idle} as idle_at, ${absolute} as absolute_at, ${idle} <= ${at(now)} as is_over,
        ${idle} < s.idle_expires_at or ${absolute} < s.absolute_expires_at as is_shorter
      from sessions s where s.account_id = ${accountId} and ${isLive(at(now))} order by s.id for update)
    update sessions s set
      idle_expires_at = case when a.is_over then s.idle_expires_at else a.idle_at end,
      absolute_expires_at = case when a.is_over then s.absolute_expires_at else a.absolute_at end,
      idle_seconds = case when s.idle_seconds is null then null else least(s.idle_seconds, ${idleSeconds}::int) end,
      absolute_seconds = case when s.absolute_seconds is null then null else least(s.absolute_seconds, ${absoluteSeconds}::int) end,
      next_check_at = least(s.next_check_at, a.idle_at),
      ended_at = case when a.is_over then ${at(now)} end,
      end_reason = case when a.is_over then 'POLICY_CHANGED' end
    from affected a where s.id = a.id and (a.is_over or a.is_shorter or s.idle_seconds > ${idleSeconds} or s.absolute_seconds > ${absoluteSeconds})
    returning s.id, a.is_over, a.is_shorter`.execute(em.getKysely());
  return {
    endedIds: rows.filter((row) => row.is_over).map((row) => row.id),
    shortenedIds: rows.filter((row) => row.is_shorter && !row.is_over).map((row) => row.id),
  };
}

export interface PolicyImpact {
  activeSessions: number;
  endNow: number;
  endWithinHour: number;
  shortened: number;
  endsSession: boolean;
}

/** Counts what `applyPolicy` would do at this moment. `endsSession`: whether `sessionId` would end. */
export async function previewPolicy(
  em: EntityManager,
  accountId: string,
  sessionId: string,
  policy: EffectivePolicy,
  now: Date,
): Promise<PolicyImpact> {
  const { absolute, idle } = shortened(policy);
  const { rows } = await sql<Record<keyof PolicyImpact, number> & { endsSession: boolean }>`
    select count(*)::int as "activeSessions",
      count(*) filter (where idle_at <= ${at(now)})::int as "endNow",
      count(*) filter (where idle_at > ${at(now)} and idle_at <= ${at(now)} + interval '1 hour')::int as "endWithinHour",
      count(*) filter (where idle_at > ${at(now)} and is_shorter)::int as "shortened",
      coalesce(bool_or(id = ${sessionId} and idle_at <= ${at(now)}), false) as "endsSession"
    from (select s.id, ${idle} as idle_at, ${idle} < s.idle_expires_at or ${absolute} < s.absolute_expires_at as is_shorter
      from live_sessions(${at(now)}) s where s.account_id = ${accountId}) s`.execute(em.getKysely());
  return rows[0]!;
}

export interface ExpiredSession {
  id: string;
  accountId: string;
  endReason: 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT';
}

/** A deadline that has passed is stamped as the moment and the cause of the end; both past is ABSOLUTE. */
const passedDeadline = (now: Date) =>
  sql`case when s.absolute_expires_at <= ${at(now)} then s.absolute_expires_at else s.idle_expires_at end`;
const passedReason = (now: Date) =>
  sql`case when s.absolute_expires_at <= ${at(now)} then 'ABSOLUTE_TIMEOUT' else 'IDLE_TIMEOUT' end`;

const expiredColumns = sql`s.id, s.account_id as "accountId", s.end_reason as "endReason"`;

/**
 * Marks those of `ids` whose deadline has passed, in a transaction; returns the ones that this call marked. Left for
 * another time are those of an account that somebody holds: they may be counted there as ended.
 */
export async function endExpired(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<ExpiredSession[]> {
  const { rows: held } = await sql<{ id: string }>`
    select id from accounts where id in (select account_id from sessions where id = any(${ids}::text[]))
    for share skip locked`.execute(em.getKysely());
  const { rows } = await sql<ExpiredSession>`
    with due as (
      select s.id from sessions s
      where s.id = any(${ids}::text[]) and s.account_id = any(${held.map(({ id }) => id)}::uuid[])
        and s.ended_at is null and not session_is_live(s, ${at(now)}) and not ${isEnding}
      order by s.id for update)
    update sessions s set ended_at = ${passedDeadline(now)}, end_reason = ${passedReason(now)} from due where s.id = due.id
    returning ${expiredColumns}`.execute(em.getKysely());
  return rows;
}

/**
 * One batch of the sweep. `next_check_at` lags behind the deadlines on purpose: activity does not move it, the sweep
 * does, when it finds a session alive. Rows that another node works on are left to it, and so are accounts that somebody
 * holds or that have a pending ending: it may be about what is due. Conditions on the account's row are asked again when
 * it has changed, a sub-select is not.
 */
export async function sweepSessions(
  em: EntityManager,
  now: Date,
  limit: number,
): Promise<{ checked: number; expired: ExpiredSession[] }> {
  const { rows } = await sql<ExpiredSession & { isOver: boolean }>`
    with due as (
      select s.id, not session_is_live(s, ${at(now)}) as is_over
      from sessions s join accounts a on a.id = s.account_id and a.endings_marked = a.endings
      where s.ended_at is null and s.next_check_at <= ${at(now)}
      order by s.next_check_at limit ${limit} for update of s skip locked for share of a skip locked)
    update sessions s set
      next_check_at = s.idle_expires_at,
      ended_at = case when due.is_over then ${passedDeadline(now)} end,
      end_reason = case when due.is_over then ${passedReason(now)} end
    from due where s.id = due.id
    returning ${expiredColumns}, due.is_over as "isOver"`.execute(em.getKysely());
  return { checked: rows.length, expired: rows.filter((row) => row.isOver) };
}

/** Deletes a batch of sessions that ended before `before`; their audit rows stay. */
export async function forgetSessions(em: EntityManager, before: Date, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from sessions where id in (
      select id from sessions where ended_at is not null and ended_at < ${at(before)} order by ended_at limit ${limit} for update skip locked)
    returning id`.execute(em.getKysely());
  return rows.length;
}
