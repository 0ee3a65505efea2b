import { sql } from 'kysely';
import { onEachDatabase } from '../databases.ts';
import type { TestApp } from '../harness.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { idsOf, readPages, SESSIONS } from './lists.ts';
import { dataOf, MINUTE, startPolicyApp } from './policy-calls.ts';

// Beyond a thousand live sessions a page of active users uses another query than below.
const USERS = 120;
const SESSIONS_EACH = 15;

const ACTIVE_USERS = `query ActiveUsers($first: Int, $after: ID, $search: String) { sessionPolicy {
  activeUserCount(search: $search)
  activeUsers(first: $first, after: $after, search: $search) { userId name lastLoginAt sessionCount isViewer } } }`;

onEachDatabase((database) => {
  let app: TestApp;
  let account: SeededAccount;
  let viewer: SignedIn;

  /**
   * User n signed in n milliseconds before the owner, but three at a time share a moment, every tenth has no recorded
   * sign-in, and every fourth has only ended sessions: recorded, or (every eighth) expired without a record.
   */
  beforeAll(async () => {
    app = await startPolicyApp(database, { SESSION_SWEEP_SECONDS: '86400' });
    account = await app.seed.account();
    const neighbour = await app.seed.account();
    await neighbour.owner.login();
    viewer = await account.owner.login();
    await sql`
      insert into users (id, account_id, name, email, role, last_login_at, created_at)
      select gen_random_uuid(), ${account.id}, 'Person ' || n, 'person-' || n || '@large.test', 'MEMBER',
        case when n % 10 <> 0 then ${app.clock.now()}::timestamptz - interval '1 millisecond' * (n / 3 + 1) end, now()
      from generate_series(1, ${USERS}::int) n`.execute(app.database.em().getKysely());
    await sql`
      insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
        idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_secret, next_check_at, ended_at, end_reason)
      select gen_random_uuid()::text, account_id, id, 'TENANT_APP', since, since, 3600, 36000,
        case when n % 8 = 0 then now else now + interval '1 hour' end, now + interval '10 hours', since, now, '\\x00',
        case when n % 8 = 0 then now else now + interval '1 hour' end,
        case when n % 8 = 4 then now end, case when n % 8 = 4 then 'LOGOUT' end
      from (
        select u.id, u.account_id, n, now, now - interval '1 millisecond' * (n * ${SESSIONS_EACH}::int + turn) as since
        from (select *, substr(name, 8)::int as n, ${app.clock.now()}::timestamptz as now from users) u,
          generate_series(1, ${SESSIONS_EACH}::int) turn
        where u.account_id = ${account.id} and u.name like 'Person %') s`.execute(
      app.database.em().getKysely(),
    );
  });
  afterAll(() => app.close());

  interface Row {
    userId: string;
    name: string;
    lastLoginAt: string | null;
    sessionCount: number;
  }
  async function readUsers(variables: Record<string, unknown>): Promise<{ users: Row[]; count: number }> {
    const { activeUsers, activeUserCount } = dataOf(await viewer.gql(ACTIVE_USERS, variables)).sessionPolicy;
    return { users: activeUsers, count: activeUserCount };
  }
  async function readAllUsers(variables: Record<string, unknown>): Promise<Row[]> {
    const all: Row[] = [];
    for (;;) {
      const { users } = await readUsers({ ...variables, after: all.at(-1)?.userId });
      all.push(...users);
      if (users.length === 0) return all;
    }
  }
  const isActive = (n: number): boolean => n % 4 !== 0;
  const numbers = Array.from({ length: USERS }, (_, index) => index + 1);
  const inOrder = (one: Row, other: Row): number =>
    (other.lastLoginAt ?? '').localeCompare(one.lastLoginAt ?? '') || (one.userId < other.userId ? -1 : 1);

  test.each([3, 7, 100])(
    'pages of %i active users are consecutive without gap or repeat, in their order',
    async (first) => {
      const all = await readAllUsers({ first });
      expect(all.map(({ name }) => name).toSorted()).toEqual(
        [all[0]!.name, ...numbers.filter(isActive).map((n) => `Person ${n}`)].toSorted(),
      );
      expect(all[0]).toMatchObject({ userId: account.owner.id, sessionCount: 1, isViewer: true });
      expect(all.slice(1).every(({ sessionCount }) => sessionCount === SESSIONS_EACH)).toBe(true);
      expect(all).toEqual(all.toSorted(inOrder));
      expect(all.filter(({ lastLoginAt }) => lastLoginAt === null)).toHaveLength(
        numbers.filter((n) => isActive(n) && n % 10 === 0).length,
      );
      expect((await readUsers({ first })).count).toBe(all.length);
    },
  );

  test('a search covers all of them, page by page', async () => {
    const found = numbers.filter((n) => isActive(n) && String(n).startsWith('1')).map((n) => `Person ${n}`);
    const all = await readAllUsers({ first: 5, search: 'person 1' });
    expect(all.map(({ name }) => name).toSorted()).toEqual(found.toSorted());
    expect((await readUsers({ first: 5, search: 'person 1' })).count).toBe(found.length);
  });

  test('recorded and unrecorded ends are one list, latest sign-in first', async () => {
    const isOver = numbers.filter((n) => !isActive(n)).length * SESSIONS_EACH;
    const pages = await readPages(viewer, SESSIONS, { first: 90, status: 'ENDED' });
    const nodes = pages.flatMap(({ edges }) => edges.map(({ node }) => node));
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(isOver);
    expect(nodes).toHaveLength(isOver);
    expect(pages.map(({ totalCount }) => totalCount)).toEqual(pages.map(() => isOver));
    const order = nodes.map(({ authenticatedAt, id }) => `${authenticatedAt} ${id}`);
    expect(order).toEqual(order.toSorted().toReversed());
    expect(new Set(nodes.map(({ endReason }) => endReason))).toEqual(new Set(['LOGOUT', 'IDLE_TIMEOUT']));
    const ofOne = await readPages(viewer, SESSIONS, { first: 4, status: 'ENDED', userId: nodes[0].user.id });
    expect(ofOne.flatMap(idsOf)).toEqual(
      nodes.filter(({ user }) => user.id === nodes[0].user.id).map(({ id }) => id),
    );
  });

  test('sessions that expire while a page is open are in the list of ended ones at once', async () => {
    const another = await app.seed.account();
    const owner = await another.owner.login();
    const member = await another.addUser();
    const { sessionId } = await member.login();
    await sql`
      update sessions set idle_expires_at = ${new Date(app.clock.now().getTime() + MINUTE)},
        next_check_at = ${new Date(app.clock.now().getTime() + MINUTE)} where id = ${sessionId}`.execute(
      app.database.em().getKysely(),
    );
    const ended = async () => (await readPages(owner, SESSIONS, { status: 'ENDED' })).flatMap(idsOf);
    app.clock.advance(MINUTE - 1);
    expect(await ended()).toEqual([]);
    app.clock.advance(1);
    expect(await ended()).toEqual([sessionId]);
  });

  test('simultaneous identical expensive reads share one query, different ones do not', async () => {
    const run = (statement: string) => sql.raw(statement).execute(app.database.em().getKysely());
    await run('create sequence reads');
    // Each read takes so long that all of them are under way at once.
    await run(`create or replace function live_sessions(moment timestamptz) returns setof sessions language sql volatile as $$
      select nextval('reads'); select pg_sleep(0.5); select s.* from sessions s where session_is_live(s, moment) $$`);
    const { a, b, c, d, e, f } = dataOf(
      await viewer.gql(`{
        a: sessionPolicyImpact(input: { idleMinutes: 10 }) { endWithinHour }
        b: sessionPolicyImpact(input: { idleMinutes: 10 }) { endWithinHour }
        c: sessionPolicyImpact(input: { idleMinutes: 4320 }) { endWithinHour }
        d: sessionExpiryForecast(hours: 1) { endsAt idle }
        e: sessionExpiryForecast(hours: 1) { endsAt idle }
        f: sessionExpiryForecast(hours: 2) { endsAt idle }
      }`),
    );
    expect([a, d]).toEqual([b, e]);
    expect(a).not.toEqual(c);
    expect(d).not.toEqual(f);
    const { rows } = await sql<{ reads: number }>`select last_value::int as reads from reads`.execute(
      app.database.em().getKysely(),
    );
    expect(rows[0]!.reads).toBe(4);
  });
});
