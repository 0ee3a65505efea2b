import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../server/database/migrate.ts';
import { openDatabase } from '../server/database/orm.ts';
import { createLogger } from '../server/logger.ts';
import { TEMPLATE } from '../test/databases.ts';
import { buildWebIfChanged } from './build-web.ts';
import { startEmbeddedPostgres } from './embedded-postgres.ts';

// Prepares what the tests share - the built pages, a migrated image of the embedded database, a migrated template on
// a PostgreSQL - and runs Jest. The last line counts; in CI a skipped test is a failure.

const isCi = process.env.CI === 'true';
const logger = createLogger('warn');
const nodeEnv = process.env.NODE_ENV;
const scratch = await mkdtemp(join(tmpdir(), 'curfew-tests-'));
// As root the server runs as another user, who has to get at its folder.
await chmod(scratch, 0o755);
const cleanups: (() => Promise<unknown>)[] = [() => rm(scratch, { recursive: true, force: true })];

let exitCode = 1;
try {
  await buildWebIfChanged();
  const image = join(scratch, 'image.tar');
  await createImage(image);
  const postgres = await preparePostgres();
  exitCode = await runJest(image, postgres);
} catch (error) {
  console.error(error);
} finally {
  for (const cleanup of cleanups.reverse()) await cleanup();
  // Said outright: a library's exit handler turns a mere `process.exitCode` into 0.
  process.exit(exitCode);
}

async function createImage(path: string): Promise<void> {
  const database = await openDatabase({ url: null, dataDir: join(scratch, 'image') }, logger);
  await migrate(database);
  const pglite = (await database.orm.em.getConnection().getNativeClient()) as unknown as {
    dumpDataDir(compression: 'none'): Promise<Blob>;
  };
  await writeFile(path, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await database.close();
}

/** The URL of a server with a migrated template database; null where none can be had. */
async function preparePostgres(): Promise<string | null> {
  const url = process.env.TEST_DATABASE_URL ?? (await startOwnPostgres());
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

async function startOwnPostgres(): Promise<string | null> {
  try {
    const server = await startEmbeddedPostgres(join(scratch, 'postgres'));
    cleanups.push(() => server.stop());
    return server.url;
  } catch (error) {
    console.error('No PostgreSQL could be started here; its half of the tests is left out.', error);
    return null;
  }
}

/** What Jest reports, as far as it is read here. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { assertionResults: { status: string; fullName: string; invocations?: number }[] }[];
}

async function runJest(image: string, postgres: string | null): Promise<number> {
  const results = join(scratch, 'results.json');
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '..', 'node_modules', 'jest', 'bin', 'jest.js'),
      '--json',
      `--outputFile=${results}`,
      ...process.argv.slice(2),
    ],
    {
      // Jest prints the JSON on stdout and its report on stderr.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        NODE_ENV: nodeEnv ?? 'test',
        CURFEW_TEST_IMAGE: image,
        ...(postgres === null ? {} : { CURFEW_TEST_POSTGRES: postgres }),
      },
    },
  );
  const status = await new Promise<number>((done) => jest.on('close', (code) => done(code ?? 1)));
  const report = JSON.parse(await readFile(results, 'utf8')) as Report;
  const passed = report.numPassedTests;
  // A file that could not even be loaded counts as a failure.
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  for (const { assertionResults } of report.testResults)
    for (const { status, invocations, fullName } of assertionResults)
      if (status === 'passed' && (invocations ?? 1) > 1)
        console.log(`Passed only when it was tried again: ${fullName}`);
  if (postgres === null)
    console.log('Left out: the tests on PostgreSQL, because none could be started (see above).');
  if (isCi && skipped > 0) console.log('In CI nothing may be skipped.');
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return status !== 0 || (isCi && skipped > 0) || passed === 0 ? 1 : 0;
}
