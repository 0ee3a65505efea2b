import { randomUUID } from 'node:crypto';
import { createServiceKey } from '../../server/service-api/service-keys.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type Answer, type GraphQLClient } from '../graphql-client.ts';
import { newFolder, secrets, startServer, type Server } from '../operations/processes.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import {
  CREATE_ACCOUNT,
  CREATE_SESSION,
  END_SESSION,
  END_USER_SESSIONS,
  ISSUE_TOKEN,
  stranger,
  USER_SESSIONS,
  VALIDATE,
  VALIDATE_MANY,
} from './service-calls.ts';

// A real process, to show that it survives.

/** The contract's two seconds, plus the delay of a busy machine. */
const MAX_ANSWER_MS = 4_000;
const MAX_RECOVERY_MS = 10_000;

onPostgres(() => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let server: Server;
  let client: GraphQLClient;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let key: string;

  beforeAll(async () => {
    database = await createTestDatabase('postgresql');
    const url = new URL(database.url!);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    folder = await newFolder();
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    server = await startServer({ DATABASE_URL: url.href, DATA_DIR: folder.path, ...secrets() });
    client = createGraphQLClient(server.url);
    const direct = await database.open();
    ({ key } = await createServiceKey(
      direct.em(),
      { accountId: null, name: 'platform', expiresAt: null },
      new Date(),
    ));
    await direct.close();
  });
  afterAll(async () => {
    await server?.stop();
    await proxy?.close();
    await database?.drop();
    await folder?.remove();
  });

  const gql = (document: string, variables: Record<string, unknown>) =>
    client.gql(document, variables, { token: key });

  test.each(['cut', 'hang'] as const)(
    'a database that is gone (%s): UNAVAILABLE in time for everything, never "valid", then all is served again',
    async (fault) => {
      const tenant = { name: 'Tenant', externalId: randomUUID() };
      await gql(CREATE_ACCOUNT, { input: tenant });
      const who = { ...stranger(), accountExternalId: tenant.externalId };
      const { sessionToken } = (await gql(CREATE_SESSION, { input: who })).data.createSession;
      const naming = { externalId: who.externalId, accountExternalId: tenant.externalId };
      const calls: Record<string, () => Promise<Answer>> = {
        createAccount: () => gql(CREATE_ACCOUNT, { input: tenant }),
        createSession: () => gql(CREATE_SESSION, { input: who }),
        validateSession: () => gql(VALIDATE, { input: { sessionToken } }),
        'validateSession, a look': () => gql(VALIDATE, { input: { sessionToken, touch: false } }),
        'validateSessions, a large body': () =>
          gql(VALIDATE_MANY, {
            input: Array.from({ length: 1_000 }, () => ({ sessionToken, touch: false })),
            padding: 'x'.repeat(50_000),
          }),
        endSession: () => gql(END_SESSION, { input: { sessionToken } }),
        userSessions: () => gql(USER_SESSIONS, naming),
        endUserSessions: () => gql(END_USER_SESSIONS, { input: naming }),
        issueSessionAccessToken: () => gql(ISSUE_TOKEN, { sessionToken }),
      };
      // Activity that is buffered when the database disappears.
      expect((await calls.validateSession!()).data.validateSession.valid).toBe(true);

      proxy[fault]();
      try {
        const answers = await Promise.all(
          Object.entries(calls).map(async ([name, call]) => {
            const started = performance.now();
            const { code, data } = await call();
            return {
              name,
              code,
              data: data ?? null,
              isInTime: performance.now() - started < MAX_ANSWER_MS,
            };
          }),
        );
        expect(answers).toEqual(
          Object.keys(calls).map((name) => ({ name, code: 'UNAVAILABLE', data: null, isInTime: true })),
        );
      } finally {
        await proxy.restore();
      }

      const started = performance.now();
      for (;;) {
        const { code, data } = await calls.validateSession!();
        if (data?.validateSession.valid) break;
        expect(code).toBe('UNAVAILABLE');
        if (performance.now() - started > MAX_RECOVERY_MS) throw new Error('Not served again in time.');
      }
      expect((await calls.endUserSessions!()).data.endUserSessions.revokedCount).toBeGreaterThanOrEqual(1);
      expect((await calls.validateSession!()).data.validateSession).toMatchObject({
        valid: false,
        reason: 'REVOKED',
      });
      expect(server.child.exitCode).toBeNull();
    },
  );

  test('neither key nor session token reaches the log', () => {
    expect(server.stdout + server.stderr).not.toContain(key);
    expect(server.stdout + server.stderr).not.toContain('unexpected error');
  });
});
