import { sql } from 'kysely';
import type { Pool } from 'pg';
import { errorChain } from '../error-chain.ts';
import type { Logger } from '../logger.ts';
import { StartError } from '../start-error.ts';
import { migrations } from '../../migrations/index.ts';
import { messageOf, toConnectProblem, type Target } from './connect-problem.ts';
import type { Database } from './database.ts';
import { isWriteFailure, NoConnectionError } from './database-errors.ts';
import { migrate } from './migrate.ts';
import { madeByNewer, requireRights } from './rights.ts';
import { rowsOf } from './rows.ts';

/**
 * Makes a database that has just been opened ready for use: applies the pending migrations, and checks
 * the rights of the role. Returns the names of the migrations that it applied.
 * @throws StartError with a sentence for the operator, UNAVAILABLE as `migrate` does
 */
export async function prepareDatabase(database: Database, logger: Logger): Promise<string[]> {
  const applied = await applyMigrations(database);
  const unknown = await readUnknownMigrations(database);
  if (unknown.length > 0)
    logger.warn(
      { migrations: unknown },
      'a newer Curfew has migrated this database: update this node too when its upgrade is done',
    );
  if (database.kind === 'postgresql') await requireRights(database.em(), unknown);
  return applied;
}

async function applyMigrations(database: Database): Promise<string[]> {
  try {
    return await migrate(database);
  } catch (error) {
    const codes = [...errorChain(error)].map(({ code }) => code);
    if (codes.includes('42501') || error instanceof NoConnectionError) throw await explain(error, database);
    if (isWriteFailure(error) || !codes.some(isSchemaFault)) throw error;
    const unknown = await readUnknownMigrations(database).catch(() => []);
    const why = messageOf(error);
    throw unknown.length > 0
      ? madeByNewer(unknown, why, error)
      : new StartError(
          `DATABASE_URL: the schema has something else where Curfew's tables go (${why}): give Curfew a database, or a schema in search_path, of its own.`,
          error,
        );
  }
}

/** A name that is taken (42P07, 42710, 42723), or a table or column that is not what it should be. */
const isSchemaFault = (code: unknown): boolean =>
  typeof code === 'string' &&
  /^(?:42P07|42710|42723|42P01|42703|42704|42804|42809|42701|42P16|42830)$/.test(code);

/** Migrations in the table that this version does not have. Rolling upgrades restart nodes of the version before. */
async function readUnknownMigrations(database: Database): Promise<string[]> {
  const known = migrations.map(({ name }) => name);
  const rows = await rowsOf(
    database.em(),
    sql<{ name: string }>`select name from curfew_migrations where name <> all(${known}::text[]) order by id`,
  );
  return rows.map(({ name }) => name);
}

async function explain(error: unknown, database: Database): Promise<StartError> {
  const pool = (await database.orm.driver.getConnection().getNativeClient()) as Pool & {
    Client: new (options: unknown) => Target;
  };
  // The driver reads URL and PG* variables; the client that is made here does not connect.
  const { host, port, user, database: name } = new pool.Client(pool.options);
  return toConnectProblem(error, { host, port, user, database: name });
}
