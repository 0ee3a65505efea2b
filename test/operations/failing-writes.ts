import { sql } from 'kysely';
import type { Database } from '../../server/database/database.ts';

const TABLES = ['sessions', 'audit_events', 'users', 'accounts'];

const execute = (database: Database, statement: string) =>
  sql.raw(statement).execute(database.em().getKysely());

/** Makes every write fail with that SQLSTATE, as seen by the application. */
export async function failWrites(database: Database, code: string): Promise<void> {
  await execute(
    database,
    `create or replace function fail_writes() returns trigger language plpgsql as $$
      begin raise exception 'could not write' using errcode = '${code}'; end $$`,
  );
  for (const table of TABLES)
    await execute(
      database,
      `create trigger a_fail before insert or update on ${table} for each row execute function fail_writes()`,
    );
}

export async function restoreWrites(database: Database): Promise<void> {
  for (const table of TABLES) await execute(database, `drop trigger if exists a_fail on ${table}`);
}
