import pg from 'pg';
import { sql } from 'kysely';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD, type SignedIn } from '../seed.ts';
import { expectOnly, query, startRacingApp, inParallel, RACE_TIMEOUT_MS } from './race-app.ts';

const UPDATE = `mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const REVOKE = `mutation ($sessionId: ID!) { revokeSession(sessionId: $sessionId) { revokedCount } }`;

onPostgres(() => {
  let app: TestApp;
  let testDatabase: TestDatabase;
  beforeAll(async () => {
    testDatabase = await createTestDatabase('postgresql');
    app = await startRacingApp({}, testDatabase);
  });
  afterAll(() => testDatabase.drop());

  /** PostgreSQL's counters for the test's database, once the application has disconnected. */
  async function countDeadlocks(): Promise<number> {
    const url = new URL(testDatabase.url!);
    const name = url.pathname.slice(1);
    url.pathname = '/postgres';
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      // A connection reports its counters when it ends.
      for (;;) {
        const open = await client.query('select 1 from pg_stat_activity where datname = $1', [name]);
        if (open.rowCount === 0) break;
      }
      const { rows } = await client.query('select deadlocks::int from pg_stat_database where datname = $1', [
        name,
      ]);
      return rows[0].deadlocks;
    } finally {
      await client.end();
    }
  }

  test(
    'all writers at once on one account neither fail nor deadlock',
    async () => {
      const account = await app.seed.account();
      const members = await inParallel(3, () => account.addUser());
      const coOwner = await account.addUser('OWNER');
      const codes = [
        'UNAUTHENTICATED',
        'INVALID_REFRESH_TOKEN',
        'INVALID_CREDENTIALS',
        'FORBIDDEN',
        'NOT_FOUND',
      ];
      const member = (turn: number) => members[turn % members.length]!;
      let someone: SignedIn = await member(0).login();

      const writers: ((boss: SignedIn, turn: number) => Promise<unknown>)[] = [
        async (_, turn) => {
          const answer = await member(turn).tryLogin();
          expectOnly([answer], ...codes);
          if (answer.data?.login) {
            const { accessToken, refreshToken, session } = answer.data.login;
            someone = { ...someone, accessToken, refreshToken, sessionId: session.id };
          }
        },
        async () => {
          const { refreshToken } = someone;
          const input = { input: { refreshToken } };
          const mutation =
            'mutation ($input: RefreshSessionInput) { refreshSession(input: $input) { serverTime } }';
          expectOnly([await app.gql(mutation, input)], ...codes);
        },
        async () =>
          expectOnly(
            [await app.gql('mutation { touchSession { id } }', {}, { token: someone.accessToken })],
            ...codes,
          ),
        async (boss) => expectOnly([await boss.gql(REVOKE, { sessionId: someone.sessionId })], ...codes),
        async (boss) =>
          expectOnly(
            [await boss.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }')],
            ...codes,
          ),
        async (boss, turn) => {
          const input = {
            idleMinutes: 10 + (turn % 90),
            absoluteMinutes: 100 + turn,
            apply: 'ACTIVE_SESSIONS',
          };
          expectOnly([await boss.gql(UPDATE, { input })], ...codes);
        },
        async (boss, turn) => {
          const active = `mutation ($userId: ID!, $isActive: Boolean!) { setUserActive(userId: $userId, isActive: $isActive) { id } }`;
          expectOnly(
            [await boss.gql(active, { userId: member(turn).id, isActive: turn % 2 === 0 })],
            ...codes,
          );
        },
        async (boss, turn) => {
          const role = `mutation ($userId: ID!, $role: Role!) { setUserRole(userId: $userId, role: $role) { id } }`;
          const variables = { userId: member(turn).id, role: turn % 2 === 0 ? 'OWNER' : 'MEMBER' };
          expectOnly([await boss.gql(role, variables)], ...codes);
        },
        async (boss, turn) => {
          const reset = `mutation ($userId: ID!) { resetUserPassword(userId: $userId) { setPasswordUrl } }`;
          const link = await boss.gql(reset, { userId: member(turn).id });
          expectOnly([link], ...codes);
          const token = link.data?.resetUserPassword?.setPasswordUrl.split('#token=')[1] ?? 'none';
          const set = `mutation ($input: SetPasswordInput!) { setPassword(input: $input) { serverTime } }`;
          const input = { token, newPassword: PASSWORD };
          expectOnly([await app.gql(set, { input })], ...codes);
        },
        async () =>
          expectOnly([await app.gql('mutation { logout { ended } }', {}, { token: someone.accessToken })]),
      ];
      const bosses = [await account.owner.login(), await coOwner.login()];
      await Promise.all(
        writers.map(async (write, kind) => {
          for (let turn = 0; turn < 40; turn += 1) {
            const index = (kind + turn) % bosses.length;
            await write(bosses[index]!, turn);
            // The "everyone" of another owner may have signed this owner out.
            const isOut = (await bosses[index]!.gql('{ viewer { id } }')).code === 'UNAUTHENTICATED';
            if (isOut) bosses[index] = await (index === 0 ? account.owner : coOwner).login();
          }
        }),
      );
      expect(
        await query(
          app,
          sql`select id from sessions s where account_id = ${account.id} and ended_at is null
          and not exists (select 1 from users u where u.id = s.user_id and u.is_active)`,
        ),
      ).toEqual([]);

      await app.close();
      expect(await countDeadlocks()).toBe(0);
    },
    RACE_TIMEOUT_MS,
  );
});
