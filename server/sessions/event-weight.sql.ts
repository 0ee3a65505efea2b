import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

/**
 * The rows that the end of one session writes: its own, and a delivery for each event stream of the account, by a trigger.
 * With twenty streams, ten thousand ends would take longer than a request may.
 */
export async function rowsOfOneEnd(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ streams: number }>`
    select count(*)::int as streams from event_streams where account_id = ${accountId} and status <> 'DISABLED'`,
  );
  return 1 + row!.streams;
}
