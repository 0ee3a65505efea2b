import { sql } from 'kysely';
import { onPostgres } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { idsOf, readPages } from './lists.ts';
import { startPolicyApp } from './policy-calls.ts';

// A search looks at the latest 2,000 sessions, then at 20,000, then at all: matches are in each of them, and around their
// ends.

const SEARCH = `query Search($first: Int, $after: String, $status: SessionStatus, $search: String, $orderBy: SessionOrder) {
  sessions(first: $first, after: $after, status: $status, search: $search, orderBy: $orderBy) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id } } } }`;
const LATEST = 21_000;
/** How many sessions are later. Each is found by its device or by its user. */
const MATCHES = [3, 1_997, 1_998, 1_999, 2_000, 2_001, 2_002, 19_998, 19_999, 20_000, 20_001, 20_997];
/** Past their deadline without a record of it, so not in the stored part of the list. */
const EXPIRED = [1, 5_000, 20_500];

// On PostgreSQL only: the rule is one of SQL, and the embedded database takes minutes for so many rows.
onPostgres(() => {
  let app: TestApp;
  let account: SeededAccount;
  let owner: SignedIn;

  beforeAll(async () => {
    app = await startPolicyApp('postgresql', { SESSION_SWEEP_SECONDS: '86400' });
    account = await app.seed.account();
    const neighbour = await app.seed.account();
    const [bulk, named] = [await account.addUser(), await account.addUser()];
    const em = app.database.em().getKysely();
    await sql`update users set name = 'Noor Named' where id = ${named.id}`.execute(em);
    for (const [accountId, isEnded] of [
      [account.id, false],
      [account.id, true],
      [neighbour.id, false],
    ] as const)
      await sql`
        insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds,
          absolute_seconds, idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_secret, next_check_at,
          user_agent, device, ended_at, end_reason)
        select ${isEnded ? 'ended' : accountId} || '-' || n, ${accountId}, case
            when ${accountId} <> ${account.id} then ${neighbour.owner.id}
            when n = any(${MATCHES}::int[]) and n % 2 = 0 then ${named.id} else ${bulk.id} end::uuid,
          'TENANT_APP', since, since, 3600, 360000, until, until + interval '100 hours', since, now, '\\x00', until,
          case when n = any(${MATCHES}::int[]) and n % 2 = 1 or n = any(${EXPIRED}::int[]) then 'Noorphone/1.0' else 'Other/1.0' end,
          '', case when ${isEnded} and not n = any(${EXPIRED}::int[]) then since end,
          case when ${isEnded} and not n = any(${EXPIRED}::int[]) then 'LOGOUT' end
        from (
          select n, now, now - interval '1 second' * (n + 1) as since,
            case when ${isEnded} and n = any(${EXPIRED}::int[]) then now - interval '1 second' * (n + 1) else now + interval '1 hour' end as until
          from generate_series(0, ${LATEST - 1}::int) n, (select ${app.clock.now()}::timestamptz as now) t
          where ${isEnded} or not n = any(${EXPIRED}::int[])) s`.execute(em);
    await sql.raw('analyze').execute(em);
    app.clock.advance(1);
    owner = await account.owner.login();
  });
  afterAll(() => app.close());

  const inOrder = (numbers: number[]) => numbers.toSorted((one, other) => one - other);

  test.each([
    ['ACTIVE', 'SIGN_IN', MATCHES],
    ['ENDED', 'SIGN_IN', [...MATCHES, ...EXPIRED]],
    ['ENDED', 'ENDED_AT', [...MATCHES, ...EXPIRED]],
  ])('pages of %s sessions by %s have every match, in order', async (status, orderBy, expected) => {
    const prefix = status === 'ACTIVE' ? account.id : 'ended';
    const ids = inOrder(expected).map((n) => `${prefix}-${n}`);
    for (const first of [2, 7]) {
      const pages = await readPages(owner, SEARCH, { status, orderBy, first, search: 'noor' });
      expect(pages.flatMap(idsOf)).toEqual(ids);
      expect([...new Set(pages.map(({ totalCount }) => totalCount))]).toEqual([ids.length]);
    }
  });

  test('a word of everyone fills each page, and one of no one gives none', async () => {
    for (const status of ['ACTIVE', 'ENDED']) {
      const answer = await owner.gql(SEARCH, { status, first: 100, search: 'other/1.0' });
      expect([answer.data.sessions.edges.length, answer.data.sessions.totalCount]).toEqual([100, 10_000]);
      const none = await owner.gql(SEARCH, { status, first: 100, search: 'noor other-word' });
      expect(none.data.sessions).toMatchObject({ edges: [], totalCount: 0 });
    }
  });
});
