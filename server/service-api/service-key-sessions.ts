import { sql } from 'kysely';
import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';

/** A count is exact up to this number, and beyond it this number: a page of keys reads no more rows than it needs. */
const MAX_SESSIONS_COUNTED = 1_000;

/** Counts the live sessions that a key opened. Concurrent calls, such as those of a page of keys, share one statement. */
export type CountSessionsOfKey = (keyId: string) => Promise<number>;

export function createSessionCountOfKeys(dependencies: {
  database: Database;
  clock: Clock;
}): CountSessionsOfKey {
  const { database, clock } = dependencies;
  const find = createBatchedRead<string, number>(async (keyIds) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<{ id: string; count: number }>`
        select k.id, (
          select count(*)::int from (
            select from live_sessions(${at(clock.now())}) s
            where s.service_key_id = k.id and s.ended_at is null limit ${MAX_SESSIONS_COUNTED}) s) as count
        from unnest(${[...keyIds]}::uuid[]) k (id)`,
      ),
    );
    return new Map(rows.map(({ id, count }) => [id, count]));
  });
  return async (keyId) => (await find(keyId)) ?? 0;
}
