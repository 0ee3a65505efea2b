import { sql } from 'kysely';
import { rowsOf } from '../../server/database/rows.ts';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { waitUntil } from '../wait-until.ts';
import { AUDIT_EVENTS, SESSIONS } from '../policy/lists.ts';
import { createScratchDatabase, type ScratchDatabase } from './scratch-database.ts';
import { startOn } from './start-on.ts';

const HOSTILE = {
  DateStyle: 'SQL, DMY',
  TimeZone: 'Asia/Kolkata',
  IntervalStyle: 'iso_8601',
  default_transaction_isolation: 'serializable',
  default_transaction_deferrable: 'on',
  statement_timeout: '1ms',
  lock_timeout: '1ms',
  idle_in_transaction_session_timeout: '1ms',
  idle_session_timeout: '2s',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  client_encoding: 'LATIN1',
  row_security: 'off',
  jit: 'on',
  search_path: 'hostile, public',
};

onPostgres(() => {
  let scratch: ScratchDatabase;
  let app: TestApp | undefined;
  beforeEach(async () => {
    scratch = await createScratchDatabase();
    await scratch.run(`grant create on schema public to ${scratch.role}`);
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
    await scratch.drop();
  });

  test.each(['role', 'database'])('settings of the %s change nothing', async (place) => {
    const target = place === 'role' ? scratch.role : scratch.name;
    await scratch.run(
      ...Object.entries(HOSTILE).map(([name, value]) =>
        name === 'search_path'
          ? `alter ${place} ${target} set search_path = ${value}`
          : `alter ${place} ${target} set ${name} = '${value}'`,
      ),
    );
    app = await startOn({ url: scratch.url });
    const { owner } = await app.seed.account();
    const signedIn = await owner.login();
    const { idleExpiresAt, serverTime } = signedIn.payload;
    const minutes = (Date.parse(idleExpiresAt) - Date.parse(serverTime)) / 60_000;
    expect(minutes).toBeCloseTo(app.config.policy.idle.default, 0);
    expect((await signedIn.refresh()).errors).toBeUndefined();
    const [row] = await rowsOf(
      app.database.em(),
      sql<Record<string, string>>`select current_setting('transaction_isolation') as isolation,
        current_setting('search_path') as path, current_setting('TimeZone') as zone,
        current_setting('statement_timeout') as timeout, current_setting('client_encoding') as encoding`,
    );
    expect(row).toEqual({
      isolation: 'read committed',
      path: '"public"',
      zone: 'UTC',
      timeout: '30s',
      encoding: 'UTF8',
    });
    expect((await fetch(`${app.url}/readyz`)).status).toBe(200);
  });

  test('a database that is read-only by setting answers UNAVAILABLE, and /readyz is 503', async () => {
    app = await startOn({ url: scratch.url });
    const { owner } = await app.seed.account();
    await scratch.run(
      `alter role ${scratch.role} set default_transaction_read_only = on`,
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${scratch.role}'`,
    );
    const answer = await owner.tryLogin();
    expect(answer.errors?.[0]?.extensions?.code).toBe('UNAVAILABLE');
    expect((await fetch(`${app.url}/readyz`)).status).toBe(503);
    await scratch.run(`alter role ${scratch.role} reset default_transaction_read_only`);
    await expect(owner.tryLogin()).resolves.toMatchObject({ data: expect.anything() });
  });

  test('a role with three connections serves many requests at once', async () => {
    await scratch.run(`alter role ${scratch.role} connection limit 3`);
    app = await startOn({ url: scratch.url });
    const { owner } = await app.seed.account();
    const answers = await Promise.all(Array.from({ length: 40 }, () => owner.tryLogin()));
    expect(answers.filter(({ errors }) => errors)).toEqual([]);
    // The connection for events gets its place too.
    await waitUntil(async () => {
      const [used] = await scratch.run<{ events: number }>(
        `select count(*)::int as events from pg_stat_activity
           where usename = '${scratch.role}' and application_name = 'curfew events'`,
      );
      return used!.events === 1;
    });
    expect((await owner.tryLogin()).errors).toBeUndefined();
  });

  test('DATABASE_POOL_MAX bounds the connections', async () => {
    app = await startOn({ url: scratch.url, poolMax: 2 });
    const { owner } = await app.seed.account();
    const answers = await Promise.all(Array.from({ length: 20 }, () => owner.tryLogin()));
    expect(answers.filter(({ errors }) => errors)).toEqual([]);
    const [used] = await scratch.run<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where usename = '${scratch.role}' and application_name = 'curfew'`,
    );
    expect(used!.count).toBe(2);
  });

  test('a column added to each table while a node runs changes no answer', async () => {
    app = await startOn({ url: scratch.url });
    const { owner } = await app.seed.account();
    const signedIn = await owner.login();
    const key = await app.seed.serviceKey(null);
    const ask = async (): Promise<unknown[]> => {
      const again = await owner.login();
      const answers = await Promise.all([
        signedIn.gql('{ viewer { id name } currentSession { id } sessionPolicy { version } }'),
        signedIn.gql(SESSIONS, { status: 'ACTIVE' }),
        signedIn.gql(SESSIONS, { status: 'ENDED' }),
        signedIn.gql(AUDIT_EVENTS),
        signedIn.gql('mutation { touchSession { id } }'),
        again.refresh(),
        app!.gql('{ account { id } }', {}, { token: key.key }),
      ]);
      await again.gql('mutation { logout { ended } }');
      return answers.map(({ errors }) => errors?.map(({ message }) => message) ?? null);
    };
    const before = await ask();
    const tables = await scratch.run<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    for (const { name } of tables) {
      await scratch.run(`alter table ${name} add column added_later text`);
      expect(await ask()).toEqual(before);
    }
  });
});
