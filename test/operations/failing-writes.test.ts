import { sql } from 'kysely';
import pg from 'pg';
import { LOGOUT } from '../accounts/account-calls.ts';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import type { Answer } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { Person, SeededAccount, SignedIn } from '../seed.ts';
import { openServiceSession, postForm, type ServiceSession } from '../service-api/endpoint-calls.ts';
import { CREATE_SESSION, END_SESSION } from '../service-api/service-calls.ts';
import { failWrites as makeWritesFail, restoreWrites } from './failing-writes.ts';
import { waitUntil } from '../wait-until.ts';

const MAX_RECOVERY_MS = 10_000;
const TEST_TIMEOUT_MS = 120_000;
const TOUCH = `mutation { touchSession { id } }`;

const execute = (app: TestApp, statement: string) =>
  sql.raw(statement).execute(app.database.em().getKysely());

/** Every write fails with that code until the returned function is called. */
async function failWrites(app: TestApp, code: string): Promise<() => Promise<void>> {
  await makeWritesFail(app.database, code);
  return () => restoreWrites(app.database);
}

const readiness = async (app: TestApp): Promise<number> => (await fetch(`${app.url}/readyz`)).status;

const until = (what: string, isSo: () => Promise<boolean>): Promise<void> =>
  waitUntil(isSo, { what, timeoutMs: MAX_RECOVERY_MS });

const untilReady = (app: TestApp): Promise<void> =>
  until('ready', async () => (await readiness(app)) === 200);

onUsualDatabase((kind) => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;
  let other: Person;
  let service: ServiceSession;
  beforeAll(async () => {
    app = await startApp({ database: kind, clock: 'real' });
    account = await app.seed.account();
    owner = await account.owner.login();
    other = await account.addUser();
    service = await openServiceSession(app, account);
  });
  afterAll(() => app.close());

  const mutations = (): Record<string, () => Promise<Answer>> => ({
    login: () => other.tryLogin(),
    refreshSession: () => owner.refresh(),
    touchSession: () => owner.gql(TOUCH),
    revokeSessions: () => owner.gql(`mutation { revokeSessions { revokedCount } }`),
    logout: () => owner.gql(LOGOUT),
    createSession: () => app.gql(CREATE_SESSION, { input: { userId: other.id } }, { token: service.key }),
    endSession: () =>
      app.gql(END_SESSION, { input: { sessionToken: service.sessionToken } }, { token: service.key }),
  });

  test.each([
    ['is read-only', '25006', 503],
    ['has no disk left', '53100', 503],
    ['has no memory left', '53200', 503],
    ['cannot write to its disk', '58030', 503],
    ['shuts down', '57P01', 200],
    ['crashes', '57P02', 200],
    ['does not take connections yet', '57P03', 200],
    ['has given up a statement', '57014', 200],
    ['has given up a lock', '55P03', 200],
    ['finds conflicts for ever', '40001', 200],
    ['finds deadlocks for ever', '40P01', 200],
  ])(
    'a database that %s (%s) is UNAVAILABLE for every writer, changes nothing, and becomes ready again by itself',
    async (_, code, expected) => {
      const restore = await failWrites(app, code);
      try {
        for (const [name, mutate] of Object.entries(mutations()))
          expect({ name, code: (await mutate()).code }).toEqual({ name, code: 'UNAVAILABLE' });
        const revocation = await postForm(app, '/oauth/revoke', service.key, { token: service.sessionToken });
        expect(revocation.status).toBe(503);
        expect(await readiness(app)).toBe(expected);
        expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
      } finally {
        await restore();
      }
      await untilReady(app);
      const { data } = await owner.gql(TOUCH);
      expect(data.touchSession.id).toBe(owner.sessionId);
      expect((await other.tryLogin()).code).toBeUndefined();
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'it stays unready while writes fail, also without traffic',
    async () => {
      const restore = await failWrites(app, '53100');
      try {
        expect((await owner.gql(TOUCH)).code).toBe('UNAVAILABLE');
        for (const started = performance.now(); performance.now() - started < 5_000;)
          expect(await readiness(app)).toBe(503);
      } finally {
        await restore();
      }
      await untilReady(app);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'a trial write leaves no row behind',
    async () => {
      const counts = async () =>
        (
          await execute(
            app,
            `select (select count(*) from sessions)::int s, (select count(*) from audit_events)::int a`,
          )
        ).rows;
      const before = await counts();
      const restore = await failWrites(app, '53100');
      expect((await owner.gql(TOUCH)).code).toBe('UNAVAILABLE');
      await restore();
      await untilReady(app);
      expect(await counts()).toEqual(before);
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'acknowledged activity is written when the database accepts writes again',
    async () => {
      const activityOf = async (): Promise<string> =>
        (
          await execute(
            app,
            `select to_char(last_activity_at, 'YYYY-MM-DD HH24:MI:SS.MS') at from sessions where token_hash is not null and ended_at is null`,
          )
        ).rows
          .map((row) => (row as { at: string }).at)
          .join();
      const verify = (query: string) =>
        fetch(`${app.url}/auth/verify${query}`, { headers: { 'x-session-token': service.sessionToken } });
      const restore = await failWrites(app, '53100');
      const before = await activityOf();
      let isAcknowledged = false;
      try {
        // Buffered at first; after a failed flush nothing is acknowledged before it is written.
        await until('refused', async () => {
          const { status } = await verify('?touch=true');
          if (status === 503) return true;
          expect(status).toBe(204);
          isAcknowledged = true;
          return false;
        });
        expect((await verify('')).status).toBe(204);
        expect(await activityOf()).toBe(before);
      } finally {
        await restore();
      }
      expect(isAcknowledged).toBe(true);
      await until('written', async () => (await activityOf()) !== before);
      await untilReady(app);
    },
    TEST_TIMEOUT_MS,
  );
});

onPostgres(() => {
  let app: TestApp;
  let owner: SignedIn;
  beforeEach(async () => {
    app = await startApp({ database: 'postgresql', clock: 'real' });
    owner = await (await app.seed.account()).owner.login();
  });
  afterEach(() => app.close());

  /** As an administrator, on a separate connection. */
  async function administer(...statements: string[]): Promise<void> {
    await administerIn(app.testDatabase.url!, ['set default_transaction_read_only = off', ...statements]);
  }
  async function administerIn(connectionString: string, statements: string[]): Promise<void> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }
  const name = (): string => new URL(app.testDatabase.url!).pathname.slice(1);

  test('a database that comes back read-only serves no request, and all again once it accepts writes', async () => {
    await administer(
      `alter database ${name()} set default_transaction_read_only = on`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    expect((await owner.gql(TOUCH)).code).toBe('UNAVAILABLE');
    expect((await owner.gql(LOGOUT)).code).toBe('UNAVAILABLE');
    expect(await readiness(app)).toBe(503);
    await administer(`alter database ${name()} reset default_transaction_read_only`);
    await untilReady(app);
    expect((await owner.gql(TOUCH)).code).toBeUndefined();
  });

  test('a database that refuses connections is UNAVAILABLE, and everything is served once it accepts them', async () => {
    const elsewhere = new URL(app.testDatabase.url!);
    elsewhere.pathname = '/postgres';
    await administerIn(elsewhere.href, [
      `alter database ${name()} allow_connections false`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name()}'`,
    ]);
    // The first finds its connection lost, the others get none.
    for (let turn = 0; turn < 3; turn += 1) {
      expect((await owner.gql(TOUCH)).code).toBe('UNAVAILABLE');
      expect(await readiness(app)).toBe(503);
    }
    const verified = await fetch(`${app.url}/auth/verify`, {
      headers: { authorization: `Bearer ${owner.accessToken}` },
    });
    expect(verified.status).toBe(503);
    await administerIn(elsewhere.href, [`alter database ${name()} allow_connections true`]);
    await untilReady(app);
    expect((await owner.gql(TOUCH)).code).toBeUndefined();
  });

  test('connections that have become read-only are dropped at the first write, and the next is served', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () => execute(app, 'set default_transaction_read_only = on')),
    );
    let refused = 0;
    await until('served', async () => {
      const isServed = (await owner.gql(TOUCH)).code === undefined;
      if (!isServed) refused += 1;
      return isServed;
    });
    expect(refused).toBeLessThanOrEqual(2);
    expect((await owner.gql(TOUCH)).code).toBeUndefined();
    await untilReady(app);
  });

  test('a readiness check notices connections that have become read-only', async () => {
    await execute(app, 'set default_transaction_read_only = on');
    expect(await readiness(app)).toBe(503);
    expect(await readiness(app)).toBe(200);
  });
});
