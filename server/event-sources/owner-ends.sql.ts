import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { MAX_OWNER_ENDS, OWNER_ENDS_PERIOD_SECONDS } from './source-limits.ts';

/**
 * From when on event sources may sign this user out again. Null: now. Others than owners have no such limit: they cannot
 * delete a source. Counted in the rows of the sessions that ended: exact in a transaction that has locked the account.
 */
export async function ownerEndsAllowedFrom(
  em: EntityManager,
  userId: string,
  now: Date,
): Promise<Date | null> {
  const since = addSeconds(now, -OWNER_ENDS_PERIOD_SECONDS);
  const ends = await rowsOf(
    em,
    sql<{ endedAt: string }>`
    select s.ended_at as "endedAt" from sessions s join users u on u.id = s.user_id and u.role = 'OWNER'
    where s.user_id = ${userId} and s.ended_at > ${since} and s.end_reason = 'SECURITY_EVENT'
    group by s.ended_at order by s.ended_at desc limit ${MAX_OWNER_ENDS}`,
  );
  const earliest = ends[MAX_OWNER_ENDS - 1];
  return earliest ? addSeconds(instant(earliest.endedAt), OWNER_ENDS_PERIOD_SECONDS) : null;
}
