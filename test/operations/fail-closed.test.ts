import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type Answer, type GraphQLClient } from '../graphql-client.ts';
import {
  CURRENT_SESSION,
  INVITE,
  LOGOUT,
  RESET_PASSWORD,
  SET_PASSWORD,
  tokenOf,
  VIEWER,
} from '../accounts/account-calls.ts';
import { LOGIN, REFRESH, SESSION_EXPIRY } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { newFolder, runOnce, secrets, startServer, type Server } from './processes.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

// A real process, to show that it survives.

/** The contract's two seconds, plus the delay of a busy machine. */
const MAX_ANSWER_MS = 4_000;
const MAX_RECOVERY_MS = 10_000;
const PASSWORD = 'correct horse battery staple';

onPostgres(() => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: Server;
  let client: GraphQLClient;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let email: string;
  let me: { accessToken: string; refreshToken: string };
  let cookie: string;
  let guestLink: string;
  let guestId: string;

  beforeAll(async () => {
    database = await createTestDatabase('postgresql');
    const url = new URL(database.url!);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    folder = await newFolder();
    email = 'owner@example.test';
    const admin = await runOnce(
      'server/cli/admin.ts',
      ['create-account', '--name', 'A', '--owner-email', email],
      {
        DATABASE_URL: url.href,
        DATA_DIR: folder.path,
      },
    );
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    server = await startServer({ DATABASE_URL: url.href, DATA_DIR: folder.path, ...secrets() });
    client = createGraphQLClient(server.url);
    const token = tokenOf(/https?:\S+/.exec(admin.stdout)![0]);
    const { data } = await client.gql(SET_PASSWORD, { input: { token, newPassword: PASSWORD } });
    me = data.setPassword;
  });
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await database?.drop();
    await folder?.remove();
  });

  beforeEach(async () => {
    const signedIn = await client.gql(LOGIN, { input: { email, password: PASSWORD, transport: 'COOKIE' } });
    cookie = signedIn.cookie!;
    if (!guestId) {
      const input = { email: 'guest@example.test', name: 'Gus Guest' };
      guestId = (await client.gql(INVITE, { input }, { token: me.accessToken })).data.inviteUser.user.id;
    }
    const reset = await client.gql(RESET_PASSWORD, { userId: guestId }, { token: me.accessToken });
    guestLink = reset.data.resetUserPassword.setPasswordUrl;
  });

  const operations = (): Record<string, () => Promise<Answer>> => ({
    viewer: () => client.gql(VIEWER, {}, { token: me.accessToken }),
    currentSession: () => client.gql(CURRENT_SESSION, {}, { token: me.accessToken }),
    sessions: () => client.gql(`{ sessions { totalCount } }`, {}, { token: me.accessToken }),
    touchSession: () => client.gql(`mutation { touchSession { id } }`, {}, { token: me.accessToken }),
    revokeSessions: () =>
      client.gql(`mutation { revokeSessions { revokedCount } }`, {}, { token: me.accessToken }),
    refreshSession: () => client.gql(REFRESH, { input: { refreshToken: me.refreshToken } }),
    login: () => client.gql(LOGIN, { input: { email, password: PASSWORD } }),
    'login as nobody': () =>
      client.gql(LOGIN, { input: { email: 'nobody@example.test', password: PASSWORD } }),
    setPassword: () =>
      client.gql(SET_PASSWORD, { input: { token: tokenOf(guestLink), newPassword: PASSWORD } }),
    'logout by cookie': () => client.gql(LOGOUT, {}, { cookie }),
  });

  async function timed(
    call: () => Promise<Answer>,
  ): Promise<{ code: string | undefined; isInTime: boolean }> {
    const started = performance.now();
    const late = new Promise<null>((done) => setTimeout(done, MAX_ANSWER_MS, null).unref());
    const answer = await Promise.race([call(), late]);
    return {
      code: answer?.code,
      isInTime: answer !== null && performance.now() - started < MAX_ANSWER_MS,
    };
  }

  const readiness = async () => (await fetch(`${server.url}/readyz`)).status;

  async function servedAgain(): Promise<void> {
    const started = performance.now();
    const isLate = () => performance.now() - started > MAX_RECOVERY_MS;
    const checks = [
      () => client.gql(CURRENT_SESSION, {}, { token: me.accessToken }),
      () => client.gql(LOGIN, { input: { email, password: PASSWORD } }),
      () => client.gql(`mutation { touchSession { id } }`, {}, { token: me.accessToken }),
    ];
    for (const check of checks) {
      for (;;) {
        if (isLate()) throw new Error('Not served again in time.');
        const { errors, code } = await check();
        if (!errors) break;
        expect(code).toBe('UNAVAILABLE');
      }
    }
    // It is asked less often than the calls are made.
    await waitUntil(async () => isLate() || (await readiness()) === 200);
    expect(await readiness()).toBe(200);
  }

  test.each(['cut', 'hang'] as const)(
    'a database that is gone (%s): UNAVAILABLE in time for everything, no decision, then all is served again',
    async (fault) => {
      expect(await readiness()).toBe(200);
      proxy[fault]();
      try {
        // Alone first: its statement would otherwise go to an idle connection that is dead now.
        expect(await timed(operations().setPassword!)).toEqual({ code: 'UNAVAILABLE', isInTime: true });
        const answers = await Promise.all(
          Object.entries(operations()).map(async ([name, call]) => ({ name, ...(await timed(call)) })),
        );
        expect(answers).toEqual(
          Object.keys(operations()).map((name) => ({ name, code: 'UNAVAILABLE', isInTime: true })),
        );
        const socket = client.subscribe(SESSION_EXPIRY, { accessToken: me.accessToken });
        expect((await socket.closed).code).toBe(1013);
        expect(await readiness()).toBe(503);
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
        expect((await fetch(`${server.url}/.well-known/jwks.json`)).status).toBe(200);
      } finally {
        await proxy.restore();
      }
      await servedAgain();
      expect(server.child.exitCode).toBeNull();
    },
  );

  test('a sign-in that failed because of the database is not a failed attempt', async () => {
    proxy.cut();
    try {
      for (let n = 0; n < 12; n += 1)
        expect((await client.gql(LOGIN, { input: { email, password: 'wrong password' } })).code).toBe(
          'UNAVAILABLE',
        );
    } finally {
      await proxy.restore();
    }
    await servedAgain();
  });

  test('the log reports it without the address of the database', () => {
    const log = server.stdout + server.stderr;
    expect(log).toContain('a dependency is unavailable');
    expect(log).not.toMatch(/postgres(ql)?:\/\//);
    expect(log).not.toContain('unexpected error');
  });
});
