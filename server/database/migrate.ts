import { sql } from 'kysely';
import { AppError } from '../errors.ts';
import { isDeadlock, isTimeout } from './database-errors.ts';
import type { Database, EntityManager } from './database.ts';
import { rowsOf } from './rows.ts';
import { COMMAND_TIMEOUT_MS } from './timeouts.ts';

/** An arbitrary constant that every Curfew process uses ("curfew" on a telephone keypad). */
const ADVISORY_LOCK = 287339;

const ADVISORY_LOCK_TIMEOUT_MS = 30_000;
/** Short: while a migration waits for a table, every later statement on it waits too. */
const TABLE_LOCK_TIMEOUT_MS = 4_000;

/**
 * Applies pending migrations, all or none, and returns their names. Nodes that start together wait for an advisory lock
 * of the migrating transaction, so a process that is stopped or lost releases it like every other lock.
 * @throws UNAVAILABLE when another process holds that lock for 30 seconds, or a table to be changed for 4
 */
export async function migrate(database: Database): Promise<string[]> {
  const { migrator } = database.orm;
  // The embedded database belongs to one process.
  if (database.kind === 'embedded') return namesOf(await migrator.up());
  return database.longTransaction(COMMAND_TIMEOUT_MS, async (em) => {
    await takeAdvisoryLock(em, database.schema);
    await setLockTimeout(em, TABLE_LOCK_TIMEOUT_MS);
    try {
      return namesOf(await migrator.up({ transaction: em.getTransactionContext()! }));
    } catch (error) {
      const isBusy = isTimeout(error) || isDeadlock(error);
      throw isBusy ? new AppError('UNAVAILABLE', TABLE_IS_BUSY, {}, error) : error;
    }
  });
}

/** One for each schema: installations in one database do not wait for each other. In `public` as before schemas. */
async function takeAdvisoryLock(em: EntityManager, schema: string): Promise<void> {
  await setLockTimeout(em, ADVISORY_LOCK_TIMEOUT_MS);
  const keys =
    schema === 'public' ? sql`${ADVISORY_LOCK}::bigint` : sql`${ADVISORY_LOCK}::int, hashtext(${schema})`;
  try {
    await rowsOf(em, sql`select pg_advisory_xact_lock(${keys})`);
  } catch (error) {
    throw isTimeout(error) ? new AppError('UNAVAILABLE', LOCK_IS_TAKEN, {}, error) : error;
  }
}

const setLockTimeout = (em: EntityManager, timeoutMs: number) =>
  rowsOf(em, sql`select set_config('lock_timeout', ${String(timeoutMs)}, true)`);

const namesOf = (migrations: { name: string }[]): string[] => migrations.map(({ name }) => name);

const LOCK_IS_TAKEN = `Another process has been migrating for ${ADVISORY_LOCK_TIMEOUT_MS / 1000} seconds. Try again when it is done, or stop it.`;
const TABLE_IS_BUSY = `A migration waited ${TABLE_LOCK_TIMEOUT_MS / 1000} seconds for a table that another transaction uses. Try again.`;
