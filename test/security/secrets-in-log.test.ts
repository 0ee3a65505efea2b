import pg from 'pg';
import {
  CHANGE_PASSWORD,
  INVITE,
  LOGOUT,
  RESET_PASSWORD,
  SET_ACTIVE,
  SET_PASSWORD,
  tokenOf,
  VIEWER,
} from '../accounts/account-calls.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type Answer } from '../graphql-client.ts';
import { newFolder, runOnce, secrets, startServer, type Server } from '../operations/processes.ts';
import { LOGIN, REFRESH, SESSION_EXPIRY } from '../seed.ts';

// A real process with its most verbose log, as an operator's log collector gets it.

const PASSWORDS = [
  'first of the passwords',
  'second of the passwords',
  'wrong one of the passwords',
  'short-pw-7',
];

onPostgres(() => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof newFolder>>;
  let server: Server;
  beforeAll(async () => {
    [database, folder] = [await createTestDatabase('postgresql'), await newFolder({ isEmpty: true })];
  });
  afterAll(async () => {
    await server?.stop('SIGKILL');
    await database.drop();
    await folder.remove();
  });

  test('after a tour of all operations and faults, neither the log nor the trail holds a password, a token or a key', async () => {
    const keys = secrets();
    const env = {
      DATABASE_URL: database.url!,
      DATA_DIR: folder.path,
      METRICS_TOKEN: 'metrics-token-of-ours',
      ...keys,
    };
    const args = ['create-account', '--name', 'A', '--owner-email', 'owner@example.test'];
    const admin = await runOnce('server/cli/admin.ts', args, env);
    server = await startServer({ ...env, LOG_LEVEL: 'trace' });
    const client = createGraphQLClient(server.url);
    const [first, second, wrong, short] = PASSWORDS as [string, string, string, string];
    const forbidden = new Set([
      ...PASSWORDS,
      'metrics-token-of-ours',
      keys.REFRESH_TOKEN_SECRET!,
      'PRIVATE KEY',
      '$argon2id',
    ]);
    const remember = (value: unknown): void => {
      if (typeof value === 'object' && value !== null) return Object.values(value).forEach(remember);
      if (typeof value !== 'string') return;
      if (value.startsWith('ey')) forbidden.add(value).add(value.split('.')[2]!);
      if (value.includes('#token=')) forbidden.add(tokenOf(value));
    };
    const call = async (query: string, variables = {}, options = {}): Promise<Answer> => {
      const answer = await client.gql(query, variables, options);
      remember(answer.data);
      remember(answer.cookie?.split('=')[1]);
      return answer;
    };
    const login = (password: unknown, transport = 'BODY') =>
      call(LOGIN, { input: { email: 'owner@example.test', password, transport } });

    const link = /https?:\S+/.exec(admin.stdout)![0];
    remember(link);
    await call(SET_PASSWORD, { input: { token: tokenOf(link), newPassword: short } });
    const set = await call(SET_PASSWORD, { input: { token: tokenOf(link), newPassword: first } });
    let token = set.data.setPassword.accessToken;
    const { refreshToken } = set.data.setPassword;
    await login(wrong);
    await login({ password: wrong });
    const { cookie } = await login(first, 'COOKIE');
    await call(REFRESH, { input: { refreshToken } });
    await call(REFRESH, {}, { cookie });
    await call(REFRESH, { input: { refreshToken: `${refreshToken}x` } });
    await call(VIEWER, {}, { token: `${token}x` });
    await call(CHANGE_PASSWORD, { input: { currentPassword: wrong, newPassword: second } }, { token });
    await call(CHANGE_PASSWORD, { input: { currentPassword: first, newPassword: second } }, { token });
    const invited = await call(INVITE, { input: { email: 'guest@example.test', name: 'Gus' } }, { token });
    const userId = invited.data.inviteUser.user.id;
    await call(RESET_PASSWORD, { userId }, { token });
    await call(SET_ACTIVE, { userId, isActive: false }, { token });
    const socket = client.subscribe(SESSION_EXPIRY, { accessToken: token });
    await socket.connected;
    const bad = client.subscribe(SESSION_EXPIRY, { accessToken: `${token}x` });
    await bad.closed;
    await fetch(`${server.url}/metrics`, { headers: { authorization: 'Bearer metrics-token-of-ours' } });
    await fetch(`${server.url}/set-password?token=${tokenOf(link)}`);

    // Every statement that writes fails now, in the middle of its transaction.
    const direct = new pg.Client({ connectionString: database.url! });
    await direct.connect();
    await direct.query(
      `create function broken() returns trigger language plpgsql as $$ begin raise 'broken on purpose'; end $$`,
    );
    for (const table of ['audit_events', 'password_links'])
      await direct.query(
        `create trigger broken before insert on ${table} for each row execute function broken()`,
      );
    await direct.query(`alter table users add constraint broken check (password_version < 1) not valid`);
    const faults = [
      await login(second),
      await call(INVITE, { input: { email: 'other@example.test', name: 'Olga' } }, { token }),
      await call(RESET_PASSWORD, { userId }, { token }),
      await call(CHANGE_PASSWORD, { input: { currentPassword: second, newPassword: first } }, { token }),
      await call(LOGOUT, {}, { token }),
    ];
    for (const { code } of faults) expect(code).toBe('INTERNAL_SERVER_ERROR');
    await direct.query('alter table users drop constraint broken');
    for (const table of ['audit_events', 'password_links'])
      await direct.query(`drop trigger broken on ${table}`);
    ({
      data: {
        login: { accessToken: token },
      },
    } = await login(second));
    await call(LOGOUT, {}, { token });
    const { rows } = await direct.query(`select to_jsonb(e)::text as line from audit_events e`);
    await direct.end();
    await socket.stop();
    await server.stop();

    const log = server.stdout + server.stderr;
    expect(log.match(/broken on purpose|violates check constraint/g)!.length).toBeGreaterThanOrEqual(
      faults.length,
    );
    const trail = rows.map(({ line }) => line).join('\n');
    expect(forbidden.size).toBeGreaterThan(15);
    for (const secret of forbidden) {
      expect({ secret, isInLog: log.includes(secret) }).toEqual({ secret, isInLog: false });
      expect({ secret, isInTrail: trail.includes(secret) }).toEqual({ secret, isInTrail: false });
    }
  });
});
