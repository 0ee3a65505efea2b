import { ServiceKey } from '../../server/service-api/service-key.entity.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { LOGIN } from '../seed.ts';
import { SET_PASSWORD, tokenOf } from '../accounts/account-calls.ts';
import { newFolder, runOnce, secrets, startServer, type Server } from '../operations/processes.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { basic, call, postForm, type EndpointAnswer } from './endpoint-calls.ts';

/** The contract's two seconds, plus the delay of a busy machine. */
const MAX_ANSWER_MS = 4_000;
const PASSWORD = 'correct horse battery staple';
const EMAIL = 'owner@example.test';

onPostgres(() => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: Server;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let tokens: { accessToken: string; refreshToken: string; sessionToken: string };
  let cookie: string;
  let key: string;
  let keyId: string;

  beforeAll(async () => {
    database = await createTestDatabase('postgresql');
    const url = new URL(database.url!);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    folder = await newFolder();
    const env = { DATABASE_URL: url.href, DATA_DIR: folder.path };
    const admin = await runOnce(
      'server/cli/admin.ts',
      ['create-account', '--name', 'A', '--owner-email', EMAIL],
      env,
    );
    const created = await runOnce(
      'server/cli/admin.ts',
      ['create-service-key', '--all-accounts', '--name', 'gateway'],
      env,
    );
    key = /cfk_[\w-]+/.exec(created.stdout)![0];
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    server = await startServer({ DATABASE_URL: url.href, DATA_DIR: folder.path, ...secrets() });
    const client = createGraphQLClient(server.url);
    const token = tokenOf(/https?:\S+/.exec(admin.stdout)![0]);
    const { data } = await client.gql(SET_PASSWORD, { input: { token, newPassword: PASSWORD } });
    const { accessToken, refreshToken, user } = data.setPassword;
    const viewer = await client.gql('{ viewer { account { id } } }', {}, { token: accessToken });
    const opened = await client.gql(
      `mutation($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`,
      { input: { userId: user.id, accountId: viewer.data.viewer.account.id } },
      { token: key },
    );
    tokens = { accessToken, refreshToken, sessionToken: opened.data.createSession.sessionToken };
    const input = { email: EMAIL, password: PASSWORD, transport: 'COOKIE' };
    cookie = (await client.gql(LOGIN, { input })).cookie!;
    keyId = await idOfOnlyKey(database);
  });
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await database?.drop();
    await folder?.remove();
  });

  const verify = (headers: Record<string, string>, query = ''): Promise<EndpointAnswer> =>
    call(server, `/auth/verify${query}`, { headers });
  const checks = (): Record<string, () => Promise<EndpointAnswer>> => ({
    ...Object.fromEntries(
      Object.entries(tokens).map(([name, token]) => [
        `introspection of ${name}`,
        () => postForm(server, '/oauth/introspect', key, { token }),
      ]),
    ),
    'introspection by HTTP Basic': () =>
      postForm(server, '/oauth/introspect', key, { token: 'x' }, { authorization: basic(keyId, key) }),
    'verify by access token': () => verify({ authorization: `Bearer ${tokens.accessToken}` }),
    'verify by session token': () => verify({ 'x-session-token': tokens.sessionToken }),
    'verify by cookie': () => verify({ cookie }),
    'verify with touch': () => verify({ authorization: `Bearer ${tokens.accessToken}` }, '?touch=true'),
    'verify under a path': () =>
      call(server, '/auth/verify/x', { headers: { authorization: `Bearer ${tokens.accessToken}` } }),
  });
  const revocation = () => postForm(server, '/oauth/revoke', key, { token: 'x'.repeat(43) });

  test.each(['cut', 'hang'] as const)(
    'a database that is gone (%s): 503 in time from every endpoint, never a yes, then all is served again',
    async (fault) => {
      const all = Object.entries({ ...checks(), revocation });
      for (const [name, check] of all) expect([name, (await check()).status < 300]).toEqual([name, true]);
      proxy[fault]();
      try {
        const answers = await Promise.all(
          all.map(async ([name, check]) => {
            const started = performance.now();
            const { status, body } = await check();
            return {
              name,
              status,
              error: body.error,
              isInTime: performance.now() - started < MAX_ANSWER_MS,
            };
          }),
        );
        const isOAuth = (name: string) => /^(introspection|revocation)/.test(name);
        expect(answers).toEqual(
          all.map(([name]) => ({
            name,
            status: 503,
            error: isOAuth(name) ? 'temporarily_unavailable' : undefined,
            isInTime: true,
          })),
        );
      } finally {
        await proxy.restore();
      }
      for (const [, check] of all) {
        const timeout = AbortSignal.timeout(10_000);
        for (;;) {
          const { status } = await check();
          if (status < 300) break;
          expect([status, timeout.aborted]).toEqual([503, false]);
        }
      }
    },
  );

  test('the log holds no token', () => {
    const log = server.stdout + server.stderr;
    expect(log).toContain('a dependency is unavailable');
    for (const secret of [...Object.values(tokens), key]) expect(log).not.toContain(secret);
    expect(log).not.toContain('unexpected error');
  });
});

async function idOfOnlyKey(database: TestDatabase): Promise<string> {
  const opened = await database.open();
  const [key] = await opened.em().find(ServiceKey, {});
  await opened.close();
  return key!.id;
}
