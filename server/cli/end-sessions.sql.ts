import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';

export interface LiveCount {
  accountId: string;
  /** Live sessions of sign-ins at `since` or before it; all of them without it. */
  old: number;
  /** The others. */
  young: number;
}

/** Counts the live sessions of each account that has any. */
export async function countLiveByAccount(
  em: EntityManager,
  { accountId, userId, since }: { accountId?: string; userId?: string; since: Date | null },
  now: Date,
): Promise<LiveCount[]> {
  const isYoung = since === null ? sql`false` : sql`s.authenticated_at > ${at(since)}`;
  return rowsOf(
    em,
    sql<LiveCount>`
    select s.account_id as "accountId", (count(*) filter (where not ${isYoung}))::int as old,
      (count(*) filter (where ${isYoung}))::int as young
    from live_sessions(${at(now)}) s
    where ${accountId === undefined ? sql`true` : sql`s.account_id = ${accountId}`}
      and ${userId === undefined ? sql`true` : sql`s.user_id = ${userId}`}
    group by s.account_id order by s.account_id`,
  );
}

/**
 * Returns the time by which the oldest `limit` live sessions of the account had signed in, at most `since`. Null: none is
 * as old as that.
 */
export async function findBatchEnd(
  em: EntityManager,
  { accountId, since, limit }: { accountId: string; since: Date; limit: number },
  now: Date,
): Promise<Date | null> {
  const rows = await rowsOf(
    em,
    sql<{ end: string | null }>`
    select max(authenticated_at) as end from (
      select s.authenticated_at from live_sessions(${at(now)}) s
      where s.account_id = ${accountId} and s.authenticated_at <= ${at(since)}
      order by s.authenticated_at, s.id limit ${limit}) s`,
  );
  return instantOrNull(rows[0]!.end);
}
