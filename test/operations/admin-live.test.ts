import { startRedis, hasRedisServer, type RedisServer } from '../nodes/redis-server.ts';
import { onPostgres } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { createFolder, type DataLocation } from './data-locations.ts';
import { runOnce, startServer, type Server } from './processes.ts';
import { startSeededServer, type SeededServer } from './seeded-server.ts';

/** The interval of the search for changed sessions, with room for a busy machine. */
const MAX_DELAY_MS = 5_000;

onPostgres(() => {
  let redis: RedisServer | undefined;
  let seeded: SeededServer | undefined;
  afterEach(async () => {
    await seeded?.stop();
    await redis?.stop();
    seeded = redis = undefined;
  });

  async function expectTold(more: Record<string, string>, commandEnv: Record<string, string>): Promise<void> {
    seeded = await startSeededServer(more);
    const { seed, env } = seeded;
    const account = await seed.account();
    const member = await account.addUser();
    const signedIn = await member.login();
    const socket = signedIn.expiry();
    await socket.connected;
    const command = await runOnce(
      'server/cli/admin.ts',
      ['end-sessions', '--email', member.email, '--json'],
      {
        ...env,
        ...commandEnv,
      },
    );
    const endedAt = performance.now();
    expect(command).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(command.stdout)).toMatchObject({ plan: false, endedSessions: 1 });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_SERVICE' });
    expect(performance.now() - endedAt).toBeLessThan(MAX_DELAY_MS);
    expect(socket.events.at(-1)).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_SERVICE' });
    expect((await signedIn.gql('{ currentSession { id } }')).code).toBe('UNAUTHENTICATED');
  }

  test(
    'a running node closes the socket of a session that a command ended',
    () => expectTold({}, {}),
    120_000,
  );

  test(
    'also when the command has another PUBLIC_URL, and its message goes elsewhere',
    () => expectTold({}, { PUBLIC_URL: 'http://elsewhere.test' }),
    120_000,
  );

  (hasRedisServer ? test : test.skip)(
    'over Redis likewise',
    async () => {
      redis = await startRedis();
      await expectTold({ REDIS_URL: redis.url }, { REDIS_URL: redis.url });
    },
    120_000,
  );

  test('set-policy shortens what a running node warns of', async () => {
    seeded = await startSeededServer();
    const { seed, env } = seeded;
    const account = await seed.account();
    const signedIn = await account.owner.login();
    const socket = signedIn.expiry();
    await socket.connected;
    const { code } = await runOnce(
      'server/cli/admin.ts',
      [
        'set-policy',
        '--account',
        account.id,
        '--idle-minutes',
        '30',
        '--absolute-minutes',
        '60',
        '--apply',
        'active-sessions',
      ],
      env,
    );
    expect(code).toBe(0);
    expect(await socket.next()).toMatchObject({ kind: 'SHORTENED' });
    await socket.stop();
  }, 120_000);
});

describe('on a folder', () => {
  let location: DataLocation;
  let server: Server | undefined;
  beforeEach(async () => (location = await createFolder()));
  afterEach(async () => {
    await server?.stop();
    await location.remove();
  });
  const admin = (...args: string[]) => runOnce('server/cli/admin.ts', args, location.env);

  test('the commands are refused while a server holds it, and work when it has stopped', async () => {
    server = await startServer({ ...location.env, DEMO: 'true' });
    const [, email, password] = /owner (\S+) \/ (\S+)/.exec(server.stdout)!;
    const login = 'mutation($input: LoginInput!) { login(input: $input) { accessToken } }';
    const token = async () =>
      (await createGraphQLClient(server!.url).gql(login, { input: { email, password } })).data.login
        .accessToken as string;
    const first = await token();
    const refused = await admin('end-sessions', '--all');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr.trim().split('\n')).toEqual([expect.stringContaining(location.env.DATA_DIR!)]);

    await server.stop();
    const ended = await admin('end-sessions', '--email', email!, '--json');
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ended.stdout)).toMatchObject({ accounts: 1 });
    server = await startServer({ ...location.env, DEMO: 'true', PORT: new URL(server.url).port });
    const client = createGraphQLClient(server.url);
    expect((await client.gql('{ currentSession { id } }', {}, { token: first })).code).toBe(
      'UNAUTHENTICATED',
    );
    expect(
      (await client.gql('{ currentSession { id } }', {}, { token: await token() })).code,
    ).toBeUndefined();
  }, 120_000);
});
