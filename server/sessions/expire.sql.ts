import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at, hasPendingPolicy, hasPendingRevocation } from './session-row.ts';

export interface ExpiredSession {
  id: string;
  accountId: string;
  endReason: 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT';
}

/** An expiry is stored with its deadline as the time of the end. Where both deadlines have passed, it is ABSOLUTE. */
export const passedDeadline = (now: Date) =>
  sql`case when s.absolute_expires_at <= ${at(now)} then s.absolute_expires_at else s.idle_expires_at end`;
const passedReason = (now: Date) =>
  sql`case when s.absolute_expires_at <= ${at(now)} then 'ABSOLUTE_TIMEOUT' else 'IDLE_TIMEOUT' end`;

const expiredColumns = sql`s.id, s.account_id as "accountId", s.end_reason as "endReason"`;

/**
 * Stores the end of those sessions of `ids` whose deadline has passed, in a transaction, and returns the sessions that
 * this call ended. Skips sessions of a locked account, whose transaction may be revoking and counting them, and locked
 * sessions, so that the rest need not wait.
 */
export async function expireSessions(
  em: EntityManager,
  ids: readonly string[],
  now: Date,
): Promise<ExpiredSession[]> {
  const lockedAccounts = await rowsOf(
    em,
    sql<{ id: string }>`
    select id from accounts where id in (select account_id from sessions where id = any(${ids}::text[]))
    for share skip locked`,
  );
  const rows = await rowsOf(
    em,
    sql<ExpiredSession>`
    with due as (
      select s.id from sessions s
      where s.id = any(${ids}::text[]) and s.account_id = any(${lockedAccounts.map(({ id }) => id)}::uuid[])
        and s.ended_at is null and not session_is_live(s, ${at(now)}) and not ${hasPendingRevocation} and not ${hasPendingPolicy}
      order by s.id for update skip locked)
    update sessions s set ended_at = ${passedDeadline(now)}, end_reason = ${passedReason(now)} from due where s.id = due.id
    returning ${expiredColumns}`,
  );
  return rows;
}

/**
 * Stores the end of the sessions of a user whose deadline has passed, in a transaction that has locked the account and
 * those sessions, and returns them.
 */
export const expireSessionsOf = (
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string },
  now: Date,
): Promise<ExpiredSession[]> =>
  rowsOf(
    em,
    sql<ExpiredSession>`
    update sessions s set ended_at = ${passedDeadline(now)}, end_reason = ${passedReason(now)}
    where s.account_id = ${accountId} and s.user_id = ${userId}
      and s.ended_at is null and not session_is_live(s, ${at(now)}) and not ${hasPendingRevocation} and not ${hasPendingPolicy}
    returning ${expiredColumns}`,
  );

/**
 * Runs one batch of the sweep. `next_check_at` lags behind the deadlines on purpose: activity does not move it; the
 * sweep does, when it finds a session still live. Skips rows locked by another node, and accounts that are locked or
 * have a pending change, which may end the same sessions. The account is joined, because PostgreSQL checks a join
 * condition again after a concurrent change of the row, but not a sub-select.
 */
export async function expireDueSessions(
  em: EntityManager,
  now: Date,
  limit: number,
): Promise<{ checked: number; expired: ExpiredSession[] }> {
  const rows = await rowsOf(
    em,
    sql<ExpiredSession & { isExpired: boolean }>`
    with due as (
      select s.id, not session_is_live(s, ${at(now)}) as is_expired
      from sessions s join accounts a on a.id = s.account_id and a.applied_revocation_epoch = a.revocation_epoch
      where s.ended_at is null and s.next_check_at <= ${at(now)}
      order by s.next_check_at limit ${limit} for update of s skip locked for share of a skip locked)
    update sessions s set
      next_check_at = s.idle_expires_at,
      ended_at = case when due.is_expired then ${passedDeadline(now)} end,
      end_reason = case when due.is_expired then ${passedReason(now)} end
    from due where s.id = due.id
    returning ${expiredColumns}, due.is_expired as "isExpired"`,
  );
  return { checked: rows.length, expired: rows.filter((row) => row.isExpired) };
}

/** Deletes a batch of sessions that ended before `before` and returns their number. Their audit rows stay. */
export async function purgeSessions(em: EntityManager, before: Date, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    delete from sessions where id in (
      select id from sessions where ended_at is not null and ended_at < ${at(before)} order by ended_at limit ${limit} for update skip locked)
    returning id`,
  );
  return rows.length;
}
