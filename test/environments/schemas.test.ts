import { sql } from 'kysely';
import pg from 'pg';
import { rowsOf } from '../../server/database/rows.ts';
import type { Database } from '../../server/database/database.ts';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { newFolder, secrets, startServer } from '../operations/processes.ts';
import { createScratchDatabase, PASSWORD, withParameters, type ScratchDatabase } from './scratch-database.ts';
import { openMigrated, startOn } from './start-on.ts';

onPostgres(() => {
  let scratch: ScratchDatabase;
  const closing: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    scratch = await createScratchDatabase();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
    await scratch.drop();
  });

  async function open(options: Parameters<typeof openMigrated>[0]) {
    const opened = await openMigrated(options);
    closing.push(() => opened.database.close());
    return opened;
  }

  async function start(options: Parameters<typeof startOn>[0]): Promise<TestApp> {
    const app = await startOn(options);
    closing.push(() => app.close());
    return app;
  }

  const tablesIn = async (schema: string): Promise<number> => {
    const [row] = await scratch.run<{ count: number }>(
      `select count(*)::int as count from pg_class where relnamespace = '${schema}'::regnamespace and relkind = 'r'`,
    );
    return row!.count;
  };

  describe.each([
    ['the role', () => [`alter role ${scratch.role} set search_path = own, public`], 'own', {}],
    ['the database', () => [`alter database ${scratch.name} set search_path = own, public`], 'own', {}],
    ['options in the URL', () => [], 'own', { options: '-c search_path=own' }],
    ['the name of the role', () => [], '"$user"', {}],
  ] as const)('tables where %s puts them', (_, prepare, schema, parameters) => {
    test('on the first start and on every later one', async () => {
      const named = schema === 'own' ? 'own' : scratch.role;
      await scratch.run(`create schema ${named} authorization ${scratch.role}`, ...prepare());
      const url = withParameters(scratch.url, parameters);
      const { database, applied } = await openMigrated({ url });
      await database.close();
      expect(applied).not.toEqual([]);
      expect((await open({ url })).applied).toEqual([]);
      expect(await tablesIn(named)).toBeGreaterThan(10);
      expect(await tablesIn('public')).toBe(0);
    });
  });

  test('a server starts there twice, and signs in', async () => {
    await scratch.run(
      `create schema own authorization ${scratch.role}`,
      `alter role ${scratch.role} set search_path = own`,
    );
    const folder = await newFolder({ isEmpty: true });
    closing.push(() => folder.remove());
    const env = { DATABASE_URL: scratch.url, DATA_DIR: folder.path, ...secrets() };
    const first = await startServer({ ...env, DEMO: 'true' });
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    expect(await first.stop()).toBe(0);
    const second = await startServer(env);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(await second.stop()).toBe(0);
  }, 120_000);

  test('DATABASE_SCHEMA counts before the search_path', async () => {
    await scratch.run(`create schema chosen authorization ${scratch.role}`);
    const app = await start({ url: scratch.url, schema: 'chosen' });
    const { owner } = await app.seed.account();
    expect((await (await owner.login()).refresh()).errors).toBeUndefined();
    expect(await tablesIn('public')).toBe(0);
    expect((await open({ url: scratch.url, schema: 'chosen' })).applied).toEqual([]);
  });

  test('a role that owns nothing serves what another role migrated', async () => {
    await scratch.run(`create schema own authorization ${scratch.role}`);
    await (await open({ url: scratch.url, schema: 'own' })).database.close();
    closing.pop();
    const user = `${scratch.role}_server`;
    await scratch.run(
      `create role ${user} login password '${PASSWORD}'`,
      `grant usage on schema own to ${user}`,
      `grant select, insert, update, delete on all tables in schema own to ${user}`,
    );
    closing.push(() => scratch.run(`drop owned by ${user}`, `drop role ${user}`));
    const url = new URL(scratch.url);
    url.username = user;
    const app = await start({ url: url.href, schema: 'own' });
    const { owner } = await app.seed.account();
    expect((await (await owner.login()).refresh()).errors).toBeUndefined();
  });

  test('DATABASE_SCHEMA that does not exist is named, with the statement that creates it', async () => {
    await expect(openMigrated({ url: scratch.url, schema: 'missing' })).rejects.toThrow(
      `The schema of DATABASE_SCHEMA does not exist in the database "${scratch.name}"; create it with: ` +
        `create schema missing authorization ${scratch.role}`,
    );
    await scratch.run(`create schema missing authorization ${scratch.role}`);
    expect((await open({ url: scratch.url, schema: 'missing' })).applied).not.toEqual([]);
  });

  test('a search_path without a schema is a sentence', async () => {
    await scratch.run(`alter role ${scratch.role} set search_path = nowhere`);
    await expect(openMigrated({ url: scratch.url })).rejects.toThrow(
      `DATABASE_URL: the search_path of the role "${scratch.role}" (nowhere) names no schema that exists`,
    );
  });

  test('a database that is missing is not created', async () => {
    const url = new URL(scratch.url);
    url.pathname = '/curfew_scratch_missing';
    await expect(openMigrated({ url: url.href })).rejects.toThrow(
      `there is no database ${url.pathname.slice(1)}`,
    );
    const rows = await scratch.run(`select from pg_database where datname = 'curfew_scratch_missing'`);
    expect(rows).toEqual([]);
  });

  test('an encoding other than UTF-8 is a sentence', async () => {
    const latin = await createScratchDatabase(`encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`);
    try {
      await expect(openMigrated({ url: latin.url })).rejects.toThrow(
        `The database "${latin.name}" of DATABASE_URL has the encoding LATIN1; create one with: ` +
          `create database ${latin.name} encoding 'UTF8' template template0`,
      );
    } finally {
      await latin.drop();
    }
  });

  describe('two installations in one database', () => {
    beforeEach(() =>
      scratch.run(
        `create schema one authorization ${scratch.role}`,
        `create schema two authorization ${scratch.role}`,
      ),
    );
    const sessionsOf = async (database: Database): Promise<string[]> => {
      const rows = await rowsOf(database.em(), sql<{ id: string }>`select id from live_sessions(now())`);
      return rows.map(({ id }) => id);
    };

    test('migrate at the same time, and have their own sessions, users and functions', async () => {
      const [one, two] = await Promise.all([
        start({ url: scratch.url, schema: 'one' }),
        start({ url: scratch.url, schema: 'two' }),
      ]);
      const { owner } = await one.seed.account();
      const { sessionId } = await owner.login();
      expect(await sessionsOf(one.database)).toEqual([sessionId]);
      expect(await sessionsOf(two.database)).toEqual([]);
      await one.database.orm.migrator.down({ to: 0 });
      await expect(sessionsOf(two.database)).resolves.toEqual([]);
    });

    test('one that migrates does not wait for the other', async () => {
      const holder = new pg.Client({ connectionString: scratch.url });
      await holder.connect();
      closing.push(() => holder.end());
      await holder.query(`begin; select pg_advisory_xact_lock(287339, hashtext('one'))`);
      expect((await open({ url: scratch.url, schema: 'two' })).applied).not.toEqual([]);
    });
  });
});
