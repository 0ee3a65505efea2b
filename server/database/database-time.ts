import { sql } from 'kysely';
import type { Database } from './database.ts';
import { rowsOf } from './rows.ts';

/** Reads the database's clock, which all nodes follow. @throws UNAVAILABLE */
export async function readDatabaseTime(database: Database): Promise<Date> {
  const rows = await database.withTimeout(
    rowsOf(database.em(), sql<{ now: string }>`select clock_timestamp() as now`),
  );
  return new Date(rows[0]!.now);
}
