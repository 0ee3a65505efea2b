import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../server/database/migrate.ts';
import { openDatabase } from '../server/open-database.ts';
import { createLogger } from '../server/logger.ts';
import { TEMPLATE } from '../test/databases.ts';
import { buildWebIfChanged } from './build-web.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

/** Shared by all tests: the built pages and migrated databases. */
export interface TestSetting {
  /** The file with a migrated image of the embedded database. */
  readonly image: string;
  /** The URL of a PostgreSQL with a migrated template database. Null when none could be started. */
  readonly postgres: string | null;
  /** The name of that template database. */
  readonly template: string;
}

const logger = createLogger('warn');

/** Prepares the setting, runs `work` in it, and removes everything afterwards. */
export async function inTestSetting<T>(work: (setting: TestSetting) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'curfew-tests-'));
  const cleanups: (() => Promise<unknown>)[] = [() => rm(scratch, { recursive: true, force: true })];
  try {
    await buildWebIfChanged();
    const image = join(scratch, 'image.tar');
    await createImage(image, join(scratch, 'image'));
    const postgres = await preparePostgres(scratch, cleanups);
    return await work({ image, postgres, template: TEMPLATE });
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

async function createImage(path: string, dataDir: string): Promise<void> {
  const database = await openDatabase({ url: null, dataDir }, logger);
  await migrate(database);
  const pglite = (await database.orm.em.getConnection().getNativeClient()) as unknown as {
    dumpDataDir(compression: 'none'): Promise<Blob>;
  };
  await writeFile(path, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await database.close();
}

async function preparePostgres(
  scratch: string,
  cleanups: (() => Promise<unknown>)[],
): Promise<string | null> {
  const url = process.env.TEST_DATABASE_URL ?? (await startOwnPostgres(scratch, cleanups));
  if (url === null) return null;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`drop database if exists ${TEMPLATE} with (force)`);
  await admin.query(`create database ${TEMPLATE}`);
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  const database = await openDatabase({ url: template.href, dataDir: '' }, logger);
  await migrate(database);
  await database.close();
  cleanups.push(async () => {
    await admin.query(`drop database if exists ${TEMPLATE} with (force)`);
    await admin.end();
  });
  return url;
}

async function startOwnPostgres(
  scratch: string,
  cleanups: (() => Promise<unknown>)[],
): Promise<string | null> {
  try {
    const server = await startEmbeddedPostgres(join(scratch, 'postgres'));
    cleanups.push(() => server.stop());
    return server.url;
  } catch (error) {
    console.error('No PostgreSQL could be started. Its half of the tests is left out.', error);
    return null;
  }
}
