import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from './session-row.ts';

/** Of the whole installation. */
export interface SessionCounts {
  live: number;
  /** How long the session that waits longest for the sweep has been due. 0: none is due. */
  sweepLagSeconds: number;
}

/**
 * Counts every live session. Only accounts with a pending change, few and for seconds, need more than the row itself to
 * tell (`live_sessions`): looking for such a change at each of a million rows would take three times as long.
 */
export async function countSessionsOfAll(em: EntityManager, now: Date): Promise<SessionCounts> {
  const changing = sql`(select account_id from account_revocations union select account_id from policy_applications)`;
  const [row] = await rowsOf(
    em,
    sql<{ live: number; lag: number | null }>`
      select
        (select count(*) from sessions s where session_is_live(s, ${at(now)}) and s.account_id not in ${changing})::int
        + (select count(*) from live_sessions(${at(now)}) s where s.account_id in ${changing})::int as live,
        extract(epoch from ${at(now)} - (
          select next_check_at from sessions where ended_at is null order by next_check_at limit 1))::float8 as lag`,
  );
  return { live: row!.live, sweepLagSeconds: Math.max(0, row!.lag ?? 0) };
}
