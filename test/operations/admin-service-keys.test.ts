import { sql } from 'kysely';
import { UsageError } from '../../server/cli/arguments.ts';
import { auditRows } from '../accounts/account-calls.ts';
import { onUsualDatabase, onPostgres } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { prepareCommand, runCommand } from './admin-commands.ts';
import { createDatabase } from './data-locations.ts';
import { runOnce, startServer } from './processes.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const DAY = 86_400_000;

const idIn = (printed: string): string => /^key id: ([0-9a-f-]{36})$/m.exec(printed)![1]!;
const keyIn = (printed: string): string => /^service key: (cfk_[\w-]{43})$/m.exec(printed)![1]!;

/** FORBIDDEN: a valid key, which is not a user. */
const statusOf = async (url: string, key: string): Promise<string | undefined> =>
  (await createGraphQLClient(url).gql('{ currentSession { id } }', {}, { token: key })).code;

onUsualDatabase((kind) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database: kind });
  });
  afterAll(() => app.close());
  const admin = (...args: string[]) => runCommand(app, ...args);

  test('with --json every command prints one document', async () => {
    const { id: accountId } = await app.seed.account();
    const created = JSON.parse(
      await admin('create-service-key', '--account', accountId, '--name', 'J', '--json'),
    );
    expect(created).toEqual({ id: expect.any(String), key: expect.stringMatching(/^cfk_/), expiresAt: null });
    const list = await admin('list-service-keys', '--json');
    expect(list).not.toContain(created.key);
    expect(JSON.parse(list).serviceKeys).toContainEqual(
      expect.objectContaining({ id: created.id, name: 'J', state: 'active' }),
    );
    for (const wasRevokedBefore of [false, true])
      expect(JSON.parse(await admin('revoke-service-key', '--id', created.id, '--json'))).toEqual({
        id: created.id,
        name: 'J',
        revokedAt: expect.any(String),
        wasRevokedBefore,
      });
    const email = `json-${accountId}@example.test`;
    const account = JSON.parse(
      await admin('create-account', '--name', 'J', '--owner-email', email, '--json'),
    );
    expect(account).toEqual({
      accountId: expect.any(String),
      setPasswordUrl: expect.stringMatching(/^http/),
    });
    expect(JSON.parse(await admin('reset-password', '--email', email, '--json'))).toEqual({
      setPasswordUrl: expect.stringMatching(/^http/),
    });
    await sql`delete from service_keys where id = ${created.id}`.execute(app.database.em().getKysely());
  });

  test('a key is shown once, works, is listed without its secret, and can be revoked', async () => {
    expect(await admin('list-service-keys')).toBe('There are no service keys.');
    const account = await app.seed.account();
    const ofAccount = await admin('create-service-key', '--account', account.id, '--name', ' Billing ');
    app.clock.advance(1);
    const forAll = await admin(
      'create-service-key',
      '--all-accounts',
      '--name',
      'Gateway',
      '--expires',
      '30',
    );
    const keys = [keyIn(ofAccount), keyIn(forAll)] as const;
    for (const key of keys) expect(await statusOf(app.url, key)).toBe('FORBIDDEN');

    app.clock.advance(1);
    expect(await admin('revoke-service-key', '--id', idIn(ofAccount))).toMatch(/ is revoked\.$/);
    expect(await statusOf(app.url, keys[0])).toBe('UNAUTHENTICATED');
    app.clock.advance(DAY);
    const again = await admin('revoke-service-key', '--id', idIn(ofAccount));
    expect(again).toMatch(/ was already revoked at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.$/);

    const list = await admin('list-service-keys');
    const [head, line, first, second, ...rest] = list.split('\n');
    expect(head).toMatch(/^id +name +reach +scope +created +expires +last used +state$/);
    expect(line).toMatch(/^[- ]+$/);
    const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC';
    const reach = `Account \\w+ \\(${account.id}\\)`;
    expect(first).toMatch(
      new RegExp(`^${idIn(ofAccount)}  Billing  ${reach}  all +${time}  never +${time}  revoked$`),
    );
    expect(second).toMatch(new RegExp(`^${idIn(forAll)}  Gateway  all accounts +all +(${time}  ){3}active$`));
    expect(rest).toEqual([]);
    for (const key of keys) expect(list).not.toContain(key.slice(4));

    const { rows } = await sql<{ row: object }>`select to_jsonb(k) as row from service_keys k`.execute(
      app.database.em().getKysely(),
    );
    for (const key of keys) expect(JSON.stringify(rows)).not.toContain(key.slice(4));
    const row = { actor_id: null, actor_name: 'system', resource_type: 'service_key', ip_address: null };
    const trail = (await auditRows(app, account.id)).filter(({ action }) => action.startsWith('service_key'));
    expect(trail).toEqual([
      {
        ...row,
        action: 'service_key.created',
        resource_id: idIn(ofAccount),
        details: { name: 'Billing', expires_at: null },
      },
      { ...row, action: 'service_key.revoked', resource_id: idIn(ofAccount), details: { name: 'Billing' } },
    ]);
  });

  test('a key works for its given days and is then listed as expired', async () => {
    const printed = await admin('create-service-key', '--all-accounts', '--name', 'A', '--expires', '1');
    app.clock.advance(DAY - 1);
    expect(await statusOf(app.url, keyIn(printed))).toBe('FORBIDDEN');
    expect(await admin('list-service-keys')).toMatch(/  active$/);
    app.clock.advance(1);
    expect(await statusOf(app.url, keyIn(printed))).toBe('UNAUTHENTICATED');
    expect(await admin('list-service-keys')).toMatch(/  expired$/);
  });

  test.each([
    ['NOT_FOUND', ['create-service-key', '--account', UNKNOWN, '--name', 'A']],
    ['NOT_FOUND', ['create-service-key', '--account', "x' or '", '--name', 'A']],
    ['BAD_USER_INPUT', ['create-service-key', '--all-accounts', '--name', 'a\u0007b']],
    ['BAD_USER_INPUT', ['create-service-key', '--all-accounts', '--name', 'x'.repeat(201)]],
    ['NOT_FOUND', ['revoke-service-key', '--id', UNKNOWN]],
    ['NOT_FOUND', ['revoke-service-key', '--id', 'billing']],
  ])('%s, and writes nothing: %j', async (code, args) => {
    const before = await admin('list-service-keys');
    await expect(admin(...args)).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining('\n'),
    });
    expect(await admin('list-service-keys')).toBe(before);
  });
});

test.each([
  ['create-service-key', '--name', 'A'],
  ['create-service-key', '--all-accounts'],
  ['create-service-key', '--all-accounts', '--account', UNKNOWN, '--name', 'A'],
  ['create-service-key', '--account', '', '--name', 'A'],
  ['create-service-key', '--account', UNKNOWN, '--name', ''],
  ['create-service-key', '--all-accounts=yes', '--name', 'A'],
  ...['0', '-1', '3651', '1.5', '1e2', ' 1', 'a week'].map((days) => [
    ...['create-service-key', '--all-accounts', '--name', 'A', '--expires'],
    days,
  ]),
  ['list-service-keys', 'all'],
  ['revoke-service-key'],
  ['revoke-service-key', UNKNOWN],
  ['import-tokens'],
  ['import-tokens', ''],
  ['import-tokens', 'one.csv', 'two.csv'],
  ['import-tokens', 'one.csv', '--skip'],
])('wrong usage is refused before a database is opened: %s %s %s %s %s %s', (...args) => {
  expect(() => prepareCommand(args)).toThrow(UsageError);
});

onPostgres(() => {
  test('a running server accepts a new key at once and refuses it once it is revoked', async () => {
    const location = await createDatabase();
    const server = await startServer(location.env);
    try {
      const args = ['create-service-key', '--all-accounts', '--name', 'Gateway'];
      const env = { ...location.env, LOG_LEVEL: 'info' };
      const { stdout, stderr, code } = await runOnce('server/cli/admin.ts', args, env);
      expect(code).toBe(0);
      // Scripts read standard output.
      expect(stdout).not.toContain('{');
      const logged = stderr.split('\n').find((line) => line.startsWith('{'))!;
      expect(JSON.parse(logged)).toMatchObject({ keyId: idIn(stdout), name: 'Gateway', expires_at: null });
      expect(logged).not.toContain(keyIn(stdout).slice(4));
      expect(await statusOf(server.url, keyIn(stdout))).toBe('FORBIDDEN');
      const revoke = ['revoke-service-key', '--id', idIn(stdout)];
      expect((await runOnce('server/cli/admin.ts', revoke, location.env)).code).toBe(0);
      expect(await statusOf(server.url, keyIn(stdout))).toBe('UNAUTHENTICATED');
    } finally {
      await server.stop();
      await location.remove();
    }
  }, 120_000);
});
