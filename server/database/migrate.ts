import { sql } from 'kysely';
import type { Database } from './orm.ts';

/** Any constant does, as long as every Curfew process uses the same one ("curfew" on a telephone keypad). */
const ADVISORY_LOCK = 287339;

/** Applies pending migrations, all or none. Nodes that start together queue behind an advisory lock. */
export async function migrate(database: Database): Promise<string[]> {
  const apply = async (): Promise<string[]> => (await database.orm.migrator.up()).map(({ name }) => name);
  // The embedded database has one connection and one process: nobody to queue with, and no second connection to hold a lock.
  if (database.kind === 'embedded') return apply();
  return database.transaction(async (em) => {
    await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(em.getKysely());
    return apply();
  });
}
