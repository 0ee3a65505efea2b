import { migrate } from '../../server/database/migrate.ts';
import type { Database, DatabaseOptions } from '../../server/database/database.ts';
import { openDatabase } from '../../server/open-database.ts';
import { createLogger, type Logger } from '../../server/logger.ts';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';

/** A busy machine is no database that hangs. */
const TIMEOUT_MS = { answer: 30_000, connection: 30_000 };

/** As a start does: opens and migrates. */
export async function openMigrated(
  options: Partial<DatabaseOptions> & { url: string },
  logger: Logger = createLogger('silent'),
): Promise<{ database: Database; applied: string[] }> {
  const database = await openDatabase({ dataDir: '', timeoutsMs: TIMEOUT_MS, ...options }, logger);
  try {
    return { database, applied: await migrate(database) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Opens, migrates, and starts a complete Curfew on it, with the real clock. */
export async function startOn(
  options: Partial<DatabaseOptions> & { url: string },
  { logger, ...rest }: Pick<StartOptions, 'env' | 'logger'> = {},
): Promise<TestApp> {
  const { database } = await openMigrated(options, logger);
  return startApp({
    ...rest,
    logger,
    database: 'postgresql',
    clock: 'real',
    sharedDatabase: { url: options.url, open: async () => database, drop: async () => {} },
  });
}
