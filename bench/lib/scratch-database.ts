import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../server/database/migrate.ts';
import { openDatabase } from '../../server/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { DATABASE_CALM_SAMPLES } from './settings.ts';

export interface ScratchDatabase {
  url: string;
  /** Runs SQL on its own connection. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Returns a physical copy. No other connection to this database may be open. */
  copy(): Promise<ScratchDatabase>;
  /** Resolves when the database was idle for a while, by default over a second: after delayed writes of activity and vacuums. */
  quiet(): Promise<void>;
  /** Returns the version and the settings that affect the results. */
  describe(): Promise<Record<string, string>>;
  drop(): Promise<void>;
}

/** Uses `BENCH_DATABASE_URL` or `TEST_DATABASE_URL`, else starts a PostgreSQL for this run. */
export async function openPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env.BENCH_DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  if (url !== undefined) return { url, stop: async () => {} };
  const scratch = await mkdtemp(join(tmpdir(), 'curfew-bench-'));
  const server = await startEmbeddedPostgres(join(scratch, 'postgres'));
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

/** Creates a migrated database on the server. */
export async function createScratchDatabase(serverUrl: string): Promise<ScratchDatabase> {
  const scratch = await createDatabase(serverUrl, 'template1');
  const database = await openDatabase({ url: scratch.url, dataDir: '' }, createLogger('warn'));
  await migrate(database);
  await database.close();
  return scratch;
}

async function createDatabase(serverUrl: string, template: string): Promise<ScratchDatabase> {
  const name = `curfew_bench_${randomBytes(4).toString('hex')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;

  async function onServer(statement: string): Promise<void> {
    const admin = new pg.Client({ connectionString: serverUrl });
    await admin.connect();
    await admin.query(statement).finally(() => admin.end());
  }
  await onServer(`create database ${name} template ${template}`);

  let connection: Promise<pg.Client> | null = null;
  const connect = (): Promise<pg.Client> =>
    (connection ??= (async () => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      return client;
    })());
  async function disconnect(): Promise<void> {
    const open = connection;
    connection = null;
    await (await open)?.end();
  }

  const self: ScratchDatabase = {
    url: url.href,
    query: async (text, values) => (await (await connect()).query(text, values)).rows,
    async copy() {
      await disconnect();
      const copy = await createDatabase(serverUrl, name);
      // The first writes after a checkpoint log whole pages, so every copy is measured after one.
      await copy.query('checkpoint');
      return copy;
    },
    async quiet() {
      for (let calm = 0; calm < DATABASE_CALM_SAMPLES;) {
        await setTimeout(100);
        const busy = await self.query(
          `select from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
        );
        calm = busy.length === 0 ? calm + 1 : 0;
      }
    },
    async describe() {
      const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers'];
      const rows = await self.query<{ name: string; value: string }>(
        `select name, current_setting(name) as value from unnest($1::text[]) name`,
        [names],
      );
      return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
    },
    async drop() {
      await disconnect();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
  return self;
}
