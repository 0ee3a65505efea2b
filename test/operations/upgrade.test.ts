import { sql } from 'kysely';
import { findFreePort } from '../../server/http/free-port.ts';
import type { Database } from '../../server/database/database.ts';
import { REVOKE_SESSION } from '../accounts/account-calls.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';
import { hasRedisServer, startRedis, type RedisServer } from '../nodes/redis-server.ts';
import { LOGIN, REFRESH, SESSION_EXPIRY } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { runOnce, secrets, startServer, type Server } from './processes.ts';
import { startSeededServer } from './seeded-server.ts';
import { unpackVersionBefore } from './version-before.ts';

const CURRENT_SESSION = `{ currentSession { id } }`;
const TOUCH = `mutation { touchSession { id } }`;
const LIST = `{ sessions(first: 5) { totalCount edges { node { id user { email } } } } sessionPolicy { version } viewer { email } }`;
const REVOKE_OTHERS = `mutation { revokeSessions(scope: OTHERS) { revokedCount } }`;
const SET_POLICY = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
/** More than one transaction of a node writes. */
const VERY_MANY = 10_050;

onPostgres(() => {
  let before: ReturnType<typeof unpackVersionBefore>;
  let testDatabase: TestDatabase;
  let database: Database;
  let redis: RedisServer | undefined;
  let env: Record<string, string>;
  let old: Server;
  let current: Server;
  let signIns: Record<'owner' | 'member', { email: string; password: string }>;
  const clients = {} as Record<'old' | 'current', GraphQLClient>;

  beforeAll(async () => {
    before = unpackVersionBefore();
    testDatabase = await createTestDatabase('postgresql');
    database = await testDatabase.open();
    await run(`drop schema public cascade; create schema public`);
    redis = hasRedisServer ? await startRedis() : undefined;
    const [port, otherPort] = [await findFreePort(), await findFreePort()];
    env = {
      ...secrets(),
      DATABASE_URL: testDatabase.url!,
      DATA_DIR: `/tmp/curfew-upgrade-${port}`,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...(redis ? { REDIS_URL: redis.url } : {}),
    };
    // Its migrations, its demo account: the database of an installation that has run it for a while.
    old = await startOld(port);
    const signInOf = (role: string) => {
      const [, email, password] = new RegExp(`${role} (\\S+) / (\\S+)`).exec(old.stdout)!;
      return { email: email!, password: password! };
    };
    signIns = { owner: signInOf('owner'), member: signInOf('member') };
    clients.old = createGraphQLClient(`http://127.0.0.1:${port}`);
    clients.current = createGraphQLClient(`http://127.0.0.1:${otherPort}`);
    // Statements are prepared before the database changes under them.
    await useEverything('old', 20);

    const migrated = await runOnce('server/cli/migrate.ts', [], env);
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
    expect(migrated.stdout).toMatch(/^Applied: 20261128110000-recent-rotations, /);
    current = await startServer({ ...env, PORT: String(otherPort) });
  }, 120_000);
  afterAll(async () => {
    await old?.stop();
    await current?.stop();
    await redis?.stop();
    await database?.close();
    await testDatabase?.drop();
    before?.remove();
  });

  const startOld = (port: number) => startServer({ ...env, PORT: String(port), DEMO: 'true' }, before.server);
  const run = (text: string) => sql.raw(text).execute(database.em().getKysely());

  interface Tokens {
    accessToken: string;
    refreshToken: string;
    session: { id: string };
  }
  type Node = keyof typeof clients;

  async function signIn(node: Node, role: 'owner' | 'member' = 'member'): Promise<Tokens> {
    const { data, errors } = await clients[node].gql(LOGIN, { input: signIns[role] });
    expect(errors).toBeUndefined();
    return data.login;
  }
  async function refresh(node: Node, { refreshToken }: Tokens): Promise<Tokens> {
    const { data, errors } = await clients[node].gql(REFRESH, { input: { refreshToken } });
    expect(errors).toBeUndefined();
    return data.refreshSession;
  }
  const call = (node: Node, query: string, { accessToken }: Tokens, variables = {}) =>
    clients[node].gql(query, variables, { token: accessToken });
  async function succeed(node: Node, query: string, tokens: Tokens, variables = {}): Promise<any> {
    const { data, errors } = await call(node, query, tokens, variables);
    expect(errors).toBeUndefined();
    return data;
  }
  /** Often enough that a connection plans its prepared statements once for all. */
  async function useEverything(node: Node, rounds = 1): Promise<void> {
    let tokens = await signIn(node, 'owner');
    for (let round = 0; round < rounds; round += 1) {
      for (const query of [CURRENT_SESSION, TOUCH, LIST]) await succeed(node, query, tokens);
      tokens = await refresh(node, tokens);
    }
    await succeed(node, 'mutation { logout { ended } }', tokens);
  }
  const follow = async (node: Node, { accessToken }: Tokens) => {
    const socket = clients[node].subscribe(SESSION_EXPIRY, { accessToken });
    await socket.connected;
    return socket;
  };
  const directions: [Node, Node][] = [
    ['old', 'current'],
    ['current', 'old'],
  ];

  test('the node of the version before goes on when the database is migrated under it', async () => {
    await useEverything('old', 20);
  });

  test.each(directions)(
    'what the %s node signed is good at the %s one, and refreshes there',
    async (here, there) => {
      const tokens = await signIn(here);
      await succeed(there, CURRENT_SESSION, tokens);
      await succeed(there, TOUCH, tokens);
      const next = await refresh(here, await refresh(there, await refresh(there, tokens)));
      await succeed(there, CURRENT_SESSION, next);
    },
  );

  test.each(directions)(
    'a session that the %s node ends is over at the %s one, and its socket closes',
    async (here, there) => {
      const [owner, member] = [await signIn(here, 'owner'), await signIn(here)];
      const socket = await follow(there, member);
      await succeed(here, REVOKE_SESSION, owner, { sessionId: member.session.id });
      expect((await call(there, CURRENT_SESSION, member)).code).toBe('UNAUTHENTICATED');
      expect(await socket.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_OWNER' });
    },
  );

  test.each(directions)('a policy that the %s node applies is told at the %s one', async (here, there) => {
    const [owner, member] = [await signIn(here, 'owner'), await signIn(there)];
    const socket = await follow(there, member);
    const idleMinutes = here === 'old' ? 45 : 40;
    const input = { idleMinutes, absoluteMinutes: 700 - idleMinutes, apply: 'ACTIVE_SESSIONS' };
    await succeed(here, SET_POLICY, owner, { input });
    expect(await socket.next()).toMatchObject({ kind: 'SHORTENED' });
    await socket.stop();
    const { session } = await signIn(there);
    const { rows } =
      await sql<object>`select idle_seconds, absolute_seconds from sessions where id = ${session.id}`.execute(
        database.em().getKysely(),
      );
    expect(rows).toEqual([{ idle_seconds: idleMinutes * 60, absolute_seconds: (700 - idleMinutes) * 60 }]);
    // Also the version that a node saves which knows nothing of versions.
    const versions = await sql<object>`
      select idle_minutes, absolute_minutes, effective_idle_minutes, apply, v.created_by_id = u.id as by_owner
      from session_policy_versions v join users u on u.sign_in_email = ${signIns.owner.email}
      where v.account_id = u.account_id order by version desc limit 1`.execute(database.em().getKysely());
    expect(versions.rows).toEqual([
      {
        idle_minutes: idleMinutes,
        absolute_minutes: 700 - idleMinutes,
        effective_idle_minutes: idleMinutes,
        // The old node does not record it.
        apply: here === 'old' ? 'NEXT_LOGIN' : 'ACTIVE_SESSIONS',
        by_owner: true,
      },
    ]);
  });

  test.each(directions)(
    'very many sessions that the %s node ends at once are over at the %s one, and those of after are not',
    async (here, there) => {
      const [owner, member] = [await signIn(here, 'owner'), await signIn(there)];
      await sql`
        insert into sessions select (jsonb_populate_record(s, jsonb_build_object('id', ${here}::text || '-' || n))).*
        from sessions s, generate_series(1, ${VERY_MANY}::int) n where s.id = ${member.session.id}`.execute(
        database.em().getKysely(),
      );
      const { revokeSessions } = await succeed(here, REVOKE_OTHERS, owner);
      expect(revokeSessions.revokedCount).toBeGreaterThan(VERY_MANY);
      expect((await call(there, CURRENT_SESSION, member)).code).toBe('UNAUTHENTICATED');
      for (const node of [here, there]) {
        const later = await signIn(node);
        for (const each of [here, there]) await succeed(each, CURRENT_SESSION, later);
      }
      await waitUntil(async () => {
        const { rows } = await sql`select from account_revocations`.execute(database.em().getKysely());
        return rows.length === 0;
      });
      const { rows } = await sql<{ live: number }>`
        select count(*)::int as live from sessions where ended_at is null and id like ${`${here}-%`}`.execute(
        database.em().getKysely(),
      );
      expect(rows).toEqual([{ live: 0 }]);
    },
    120_000,
  );

  test('a refresh cookie until the browser is closed lasts only from an old node to the next refresh', async () => {
    const input = { ...signIns.member, transport: 'COOKIE', persistent: false };
    const login = await clients.current.gql(LOGIN, { input });
    const next = async (node: Node, { cookie }: { cookie: string | null }) => {
      const answer = await clients[node].gql(REFRESH, {}, { cookie: cookie! });
      expect(answer.errors).toBeUndefined();
      return answer;
    };
    const atOld = await next('old', login);
    const back = await next('current', atOld);
    const isLasting = [login, atOld, back].map(({ setCookie }) => setCookie!.includes('Max-Age'));
    expect(isLasting).toEqual([false, true, false]);
  });

  test('the version before starts again on the migrated database, so there is a way back', async () => {
    const port = Number(new URL(env.PUBLIC_URL!).port);
    await old.stop();
    old = await startOld(port);
    await useEverything('old');
    await useEverything('current');
  }, 120_000);
});

onPostgres(() => {
  test('a node of this version goes on when the next one adds columns and tables', async () => {
    const seeded = await startSeededServer();
    try {
      const { seed } = seeded;
      const account = await seed.account();
      const member = await account.addUser();
      const useAll = async () => {
        const owner = await account.owner.login();
        const other = await member.login();
        for (const answer of [
          await owner.gql(LIST),
          await owner.gql(TOUCH),
          await other.refresh(),
          await owner.gql(SET_POLICY, {
            input: { idleMinutes: 60, absoluteMinutes: 600, apply: 'ACTIVE_SESSIONS' },
          }),
          await owner.gql(REVOKE_SESSION, { sessionId: other.sessionId }),
          await owner.gql(`{ auditEvents(first: 3) { edges { node { id } } } }`),
          await owner.gql('mutation { logout { ended } }'),
        ])
          expect(answer.errors).toBeUndefined();
      };
      for (let round = 0; round < 7; round += 1) await useAll();
      const run = (text: string) => sql.raw(text).execute(seeded.database.em().getKysely());
      for (const table of ['accounts', 'users', 'sessions', 'password_links', 'audit_events', 'service_keys'])
        await run(
          `alter table ${table} add column of_the_next_version text, add column next_number int not null default 0`,
        );
      await run(
        `create table of_the_next_version (id uuid primary key, account_id uuid references accounts)`,
      );
      await run(
        `insert into curfew_migrations (name, executed_at) values ('20990101000000-of-the-next-version', now())`,
      );
      for (let round = 0; round < 7; round += 1) await useAll();
      // It also starts on that database: a node that restarts while others are upgraded.
      expect(await runOnce('server/cli/migrate.ts', [], seeded.env)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('a newer Curfew has migrated this database'),
      });
    } finally {
      await seeded.stop();
    }
  }, 120_000);
});
