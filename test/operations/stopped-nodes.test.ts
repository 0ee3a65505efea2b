import { findFreePort } from '../../server/http/free-port.ts';
import { sql } from 'kysely';
import type { App } from '../../server/app.ts';
import type { Database } from '../../server/database/database.ts';
import { LOGOUT } from '../accounts/account-calls.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type Answer, type GraphQLClient } from '../graphql-client.ts';
import { createSeed, type Person, type Seed, type SeededAccount, type SignedIn } from '../seed.ts';
import { holdLock, waitForBlockedStatement, type HeldLock } from '../row-locks.ts';
import { newFolder, run, runOnce, secrets, startServer, type Server } from './processes.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { waitUntil } from '../wait-until.ts';

/** The lock timeout, plus the delay of a busy machine. */
const MAX_REFUSAL_MS = 5_000;
const MAX_RECOVERY_MS = 10_000;
const TEST_TIMEOUT_MS = 120_000;

const REVOKE_ALL = `mutation { revokeSessions(scope: OTHERS) { revokedCount } }`;
const REVOKE = `mutation Revoke($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`;
const TOUCH = `mutation { touchSession { id } }`;
const SET_ROLE = `mutation Role($id: ID!) { setUserRole(userId: $id, role: OWNER) { id } }`;

async function timed<T>(call: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await call();
  return { value, ms: performance.now() - started };
}

onPostgres(() => {
  let testDatabase: TestDatabase;
  let database: Database;
  let proxy: TcpProxy;
  /** Reaches the database through the proxy; the faults happen to this node. */
  let faulty: Server;
  let healthy: Server;
  let client: GraphQLClient;
  let seed: Seed;

  /** The address for requests to the faulty node; it prints the public one. */
  let faultyClient: GraphQLClient;
  const environment = { ...secrets(), DATA_DIR: '/nonexistent' };

  /** Waits for half a minute, in which the other tests run. */
  let refusedStart: ReturnType<typeof startWhileMigrating>;

  beforeAll(async () => {
    refusedStart = startWhileMigrating(environment);
    // A failure is that of its test.
    refusedStart.catch(() => {});
    testDatabase = await createTestDatabase('postgresql');
    database = await testDatabase.open();
    const url = new URL(testDatabase.url!);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    const [port, faultyPort] = [await findFreePort(), await findFreePort()];
    const publicUrl = `http://127.0.0.1:${port}`;
    const common = { ...environment, PUBLIC_URL: publicUrl };
    healthy = await startServer({ ...common, DATABASE_URL: testDatabase.url!, PORT: String(port) });
    faulty = await startServer({ ...common, DATABASE_URL: url.href, PORT: String(faultyPort) });
    faultyClient = createGraphQLClient(`http://127.0.0.1:${faultyPort}`);
    client = createGraphQLClient(publicUrl);
    const clock = { now: () => new Date(), after: () => () => {} };
    seed = createSeed({
      app: { database, clock, url: publicUrl } as Pick<App, 'database' | 'clock' | 'url'> as App,
      client,
    });
  }, TEST_TIMEOUT_MS);
  afterAll(async () => {
    await refusedStart?.catch(() => {});
    await faulty?.stop();
    await healthy?.stop();
    await proxy?.close();
    await database?.close();
    await testDatabase?.drop();
  });

  const readiness = async (): Promise<number> => (await fetch(`${healthy.url}/readyz`)).status;

  /** All operations of another account, on the healthy node. */
  async function expectServed(owner: Person): Promise<void> {
    const [mine, other] = [await owner.login(), await owner.login()];
    const calls: Record<string, () => Promise<Answer>> = {
      touch: () => mine.gql(TOUCH),
      refresh: () => mine.refresh(),
      revoke: () => mine.gql(REVOKE, { id: other.sessionId }),
      revokeAll: () => mine.gql(REVOKE_ALL),
      logout: () => mine.gql(LOGOUT),
    };
    for (const [name, call] of Object.entries(calls)) {
      const { value, ms } = await timed(call);
      expect(ms).toBeLessThan(MAX_REFUSAL_MS);
      expect({ name, code: value.code }).toEqual({ name, code: undefined });
    }
    expect(await readiness()).toBe(200);
  }

  describe('while another transaction holds a row', () => {
    let stuck: SeededAccount;
    let other: SeededAccount;
    let owner: SignedIn;
    let user: Person;
    let session: SignedIn;
    let lock: HeldLock;

    beforeEach(async () => {
      stuck = await seed.account();
      other = await seed.account();
      owner = await stuck.owner.login();
      user = await stuck.addUser();
      session = await user.login();
    });
    afterEach(() => lock?.release());

    const rows: Record<string, () => [string, string]> = {
      'of an account, to change it': () => ['update accounts set name = name where id = $1', stuck.id],
      'of an account, exclusively': () => ['select from accounts where id = $1 for update', stuck.id],
      'of a user': () => ['select from users where id = $1 for update', user.id],
      'of a session': () => ['update sessions set id = id where id = $1', session.sessionId],
    };

    test.each(Object.keys(rows))(
      '%s, requests for it are refused in time and those for other accounts are served',
      async (row) => {
        const revoked = row === 'of a session' ? session : await user.login();
        const [statement, id] = rows[row]!();
        lock = await holdLock(testDatabase.url!, statement, [id]);
        const requests = [
          () => session.gql(TOUCH),
          () => session.refresh(),
          () => owner.gql(REVOKE, { id: revoked.sessionId }),
          () => owner.gql(SET_ROLE, { id: user.id }),
          () => user.tryLogin(),
        ];
        const crowd = Array.from({ length: 200 }, (_, n) =>
          timed(requests[n % (n < 120 ? requests.length : requests.length - 1)]!),
        );
        // Any: what the crowd calls is all that can wait here.
        await waitForBlockedStatement(testDatabase.url!, '');
        await expectServed(other.owner);
        await expectServed(other.owner);
        const answers = await Promise.all(crowd);
        const codes = new Set(answers.map(({ value }) => value.code));
        expect([...codes].filter((code) => code !== undefined)).toEqual(['UNAVAILABLE']);

        // One after the other, too: no request waits longer than its lock timeout.
        for (const request of requests) expect((await timed(request)).ms).toBeLessThan(MAX_REFUSAL_MS);
        await lock.release();
        expect((await owner.gql(REVOKE, { id: session.sessionId })).code).toBeUndefined();
        expect((await user.tryLogin()).code).toBeUndefined();
      },
      TEST_TIMEOUT_MS,
    );

    test(
      'of a session, other sessions in the same statement are served',
      async () => {
        lock = await holdLock(testDatabase.url!, 'update sessions set id = id where id = $1', [
          session.sessionId,
        ]);
        const neighbours = await Promise.all(Array.from({ length: 5 }, () => stuck.owner.login()));
        const refused = session.refresh();
        expect(await Promise.all(neighbours.map(async (each) => (await each.refresh()).code))).toEqual(
          neighbours.map(() => undefined),
        );
        expect((await refused).code).toBe('UNAVAILABLE');
      },
      TEST_TIMEOUT_MS,
    );
  });

  const faults: Record<string, { begin(): void; end(): Promise<void> }> = {
    'is stopped': {
      begin: () => faulty.child.kill('SIGSTOP'),
      end: async () => void faulty.child.kill('SIGCONT'),
    },
    'is lost, with its host': { begin: () => proxy.hang(), end: () => proxy.restore() },
  };

  test.each(Object.keys(faults))(
    'a node that %s in the middle of a transaction: others are served, that account within ten seconds',
    async (fault) => {
      const [stuck, other] = [await seed.account(), await seed.account()];
      const [owner, user] = [await stuck.owner.login(), await stuck.addUser()];
      const session = await user.login();

      // The node holds the account lock and waits for the user lock, which it gets once it is stopped.
      const lock = await holdLock(testDatabase.url!, 'select from users where id = $1 for update', [user.id]);
      const change = faultyClient.gql(SET_ROLE, { id: user.id }, { token: owner.accessToken });
      await waitForBlockedStatement(
        testDatabase.url!,
        'from users where id = $1 and account_id = $2 for no key update',
      );
      faults[fault]!.begin();
      const began = performance.now();
      await lock.release();
      try {
        const waiting = Array.from({ length: 40 }, () => owner.gql(REVOKE, { id: session.sessionId }));
        await expectServed(other.owner);
        for (const answer of await Promise.all(waiting))
          expect(['UNAVAILABLE', undefined]).toContain(answer.code);
        await waitUntil(
          async () => (await owner.gql(REVOKE, { id: session.sessionId })).code !== 'UNAVAILABLE',
        );
        expect((await user.tryLogin()).code).toBeUndefined();
        expect(performance.now() - began).toBeLessThan(MAX_RECOVERY_MS);
      } finally {
        await faults[fault]!.end();
      }
      expect((await change).code).toBe('UNAVAILABLE');
      const { rows } = await sql<{ role: string }>`select role from users where id = ${user.id}`.execute(
        database.em().getKysely(),
      );
      expect(rows).toEqual([{ role: 'MEMBER' }]);
      // It resumes in order.
      await waitUntil(
        async () => (await faultyClient.gql(TOUCH, {}, { token: owner.accessToken })).code !== 'UNAVAILABLE',
      );
      expect(faulty.child.exitCode).toBeNull();
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'a process stopped during a migration does not block the start of others',
    async () => {
      const folder = await newFolder();
      const env = { DATABASE_URL: testDatabase.url!, DATA_DIR: folder.path };
      const lock = await holdLock(testDatabase.url!, 'lock table curfew_migrations in access exclusive mode');
      const stopped = run('server/cli/migrate.ts', [], env);
      await waitForBlockedStatement(testDatabase.url!, '"curfew_migrations"');
      stopped.child.kill('SIGSTOP');
      await lock.release();
      try {
        const started = performance.now();
        expect(await runOnce('server/cli/migrate.ts', [], env)).toMatchObject({ code: 0, stderr: '' });
        expect(performance.now() - started).toBeLessThan(2 * MAX_RECOVERY_MS);
      } finally {
        stopped.child.kill('SIGCONT');
        await stopped.stop('SIGKILL');
        await folder.remove();
      }
    },
    TEST_TIMEOUT_MS,
  );

  test(
    'a process that cannot migrate because another one does reports it and exits',
    async () => {
      const { code, stderr } = await refusedStart;
      expect(code).toBe(1);
      expect(stderr.trim().split('\n')).toEqual([
        expect.stringContaining('Another process has been migrating for 30 seconds.'),
      ]);
    },
    TEST_TIMEOUT_MS,
  );
});

/** Starts a server on a database of its own, in which a migration is under way. */
async function startWhileMigrating(
  env: Record<string, string>,
): Promise<{ code: number | null; stderr: string }> {
  const database = await createTestDatabase('postgresql');
  const folder = await newFolder();
  const lock = await holdLock(database.url!, 'select pg_advisory_xact_lock(287339)');
  try {
    return await runOnce('server/main.ts', [], {
      ...env,
      PORT: String(await findFreePort()),
      DATABASE_URL: database.url!,
      DATA_DIR: folder.path,
    });
  } finally {
    await lock.release();
    await folder.remove();
    await database.drop();
  }
}
