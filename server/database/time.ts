import { sql } from 'kysely';
import type { Database } from './orm.ts';

/** The clock that all nodes follow. */
export async function readDatabaseTime(database: Database): Promise<Date> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(
    database.em().getKysely(),
  );
  return new Date(rows[0]!.now);
}
