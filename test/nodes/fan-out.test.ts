import { sql } from 'kysely';
import { SET_POLICY, TOUCH } from '../expiry/session-subscriptions.ts';
import { tryAgainInCi } from '../real-time.ts';
import { LOGIN, PASSWORD, REFRESH } from '../seed.ts';
import { CREATE_SESSION, stranger, VALIDATE } from '../service-api/service-calls.ts';
import {
  createNodes,
  followAccountOn,
  followWarnedOn,
  nextEventOf,
  onNodes,
  NODES_TIMEOUT_MS,
  timed,
  type Node,
  type Nodes,
} from './nodes.ts';
import { waitUntil } from '../wait-until.ts';

tryAgainInCi();

const MAX_DELAY_MS = 1_000;
const REVOKE_ALL = 'mutation { revokeSessions(scope: ALL) { revokedCount } }';
const REVOKE_OTHERS = 'mutation { revokeSessions(scope: OTHERS) { revokedCount } }';
const ME = '{ currentSession { id } }';

onNodes(() => {
  let nodes: Nodes;
  let [a, b, c]: Node[] = [];
  beforeAll(async () => {
    nodes = await createNodes({
      TRUST_PROXY: 'true',
      LOGIN_FAILURES_PER_PAIR: '6',
      SESSION_SWEEP_SECONDS: '1',
    });
    a = await nodes.start();
    [b, c] = await Promise.all([nodes.start(), nodes.start()]);
    await Promise.all([a, b, c].map((node) => node!.ready()));
  }, NODES_TIMEOUT_MS);
  afterAll(() => nodes?.stop(), NODES_TIMEOUT_MS);

  const login = async (node: Node, email: string) => {
    const answer = await node.gql(LOGIN, { input: { email, password: PASSWORD } });
    expect(answer.errors).toBeUndefined();
    return answer.data.login;
  };

  test('activity on one node reaches a subscriber on another as EXTENDED', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const expiry = await followWarnedOn(nodes, b!, who);
    const [{ value, ms }] = await Promise.all([timed(expiry.next()), who.gql(TOUCH)]);
    expect(value).toMatchObject({ kind: 'EXTENDED', reason: 'IDLE' });
    expect(ms).toBeLessThan(MAX_DELAY_MS);
    await expiry.stop();
  });

  test('a revocation on one node reaches subscribers on the others within a second, every time', async () => {
    const account = await nodes.seed.account();
    for (let round = 0; round < 5; round += 1) {
      const who = await account.owner.login();
      const expiries = await Promise.all([b!, c!].map((node) => followWarnedOn(nodes, node, who)));
      const heard = Promise.all(expiries.map((expiry) => timed(expiry.next())));
      await who.gql(REVOKE_ALL);
      for (const { value, ms } of await heard) {
        expect(value).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
        expect(ms).toBeLessThan(MAX_DELAY_MS);
      }
      for (const expiry of expiries) expect((await expiry.closed).code).toBe(4401);
    }
  });

  test('a policy that is applied on one node reaches a subscriber on another as SHORTENED', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const expiry = await followWarnedOn(nodes, b!, who);
    const [{ value, ms }] = await Promise.all([
      timed(expiry.next()),
      who.gql(SET_POLICY, { input: { idleMinutes: 59, apply: 'ACTIVE_SESSIONS' } }),
    ]);
    expect(value).toMatchObject({ kind: 'SHORTENED', reason: 'IDLE' });
    expect(ms).toBeLessThan(MAX_DELAY_MS);
    expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE' });
    await expiry.stop();
  });

  test('the feed of an account on one node reports changes on the others', async () => {
    const account = await nodes.seed.account();
    const { accessToken } = await account.owner.login();
    const feed = await followAccountOn(b!, { accessToken }, () => login(b!, account.owner.email));
    const who = await login(c!, account.owner.email);
    const { id } = who.session;
    await nextEventOf(feed, 'STARTED', id);
    await a!.gql('mutation { logout { ended } }', {}, { token: who.accessToken });
    expect(await nextEventOf(feed, 'ENDED', id)).toMatchObject({ session: { endReason: 'LOGOUT' } });
    await feed.stop();
  });

  test('an owner demoted on one node loses the feed on another', async () => {
    const account = await nodes.seed.account();
    const { accessToken } = await account.owner.login();
    const feed = await followAccountOn(b!, { accessToken }, () => login(b!, account.owner.email));
    const second = await (await account.addUser('OWNER')).login();
    const role = 'mutation($id: ID!) { setUserRole(userId: $id, role: MEMBER) { id } }';
    expect((await second.gql(role, { id: account.owner.id })).errors).toBeUndefined();
    await feed.completed;
  });

  test('a revoked service key loses its socket on every node', async () => {
    const account = await nodes.seed.account();
    const { key, id } = await nodes.seed.serviceKey(account.id);
    const feed = await followAccountOn(b!, { serviceKey: key }, () => login(b!, account.owner.email));
    await sql`update service_keys set revoked_at = now() where id = ${id}`.execute(
      nodes.database.em().getKysely(),
    );
    expect((await feed.closed).code).toBe(4401);
    expect((await c!.gql(VALIDATE, { input: { sessionToken: 'x' } }, { token: key })).code).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('an ended session is refused on the other nodes at once', async () => {
    const account = await nodes.seed.account();
    const owner = await account.owner.login();
    const { key } = await nodes.seed.serviceKey(account.id);
    for (let round = 0; round < 20; round += 1) {
      const who = await login(b!, account.owner.email);
      const created = await c!.gql(CREATE_SESSION, { input: stranger() }, { token: key });
      const { sessionToken } = created.data.createSession;
      expect((await c!.gql(ME, {}, { token: who.accessToken })).errors).toBeUndefined();

      expect((await owner.gql(REVOKE_OTHERS)).errors).toBeUndefined();
      const revoke = 'mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';
      expect((await owner.gql(revoke, { id: who.session.id })).errors).toBeUndefined();
      const [access, refresh, service] = await Promise.all([
        c!.gql(ME, {}, { token: who.accessToken }),
        c!.gql(REFRESH, { input: { refreshToken: who.refreshToken } }),
        b!.gql(VALIDATE, { input: { sessionToken } }, { token: key }),
      ]);
      expect(access.code).toBe('UNAUTHENTICATED');
      expect(refresh.code).toBe('INVALID_REFRESH_TOKEN');
      expect(service.data.validateSession).toMatchObject({ valid: false, reason: 'REVOKED' });
    }
  });

  test('a client whose requests rotate among nodes notices nothing', async () => {
    const account = await nodes.seed.account();
    const { key } = await nodes.seed.serviceKey(account.id);
    const all = [a!, b!, c!];
    let turn = 0;
    const next = () => all[(turn += 1) % all.length]!;
    let { accessToken, refreshToken, session } = await login(next(), account.owner.email);
    const created = await next().gql(CREATE_SESSION, { input: stranger() }, { token: key });
    const { sessionToken } = created.data.createSession;
    for (let round = 0; round < 10; round += 1) {
      const refreshed = await next().gql(REFRESH, { input: { refreshToken } });
      expect(refreshed.errors).toBeUndefined();
      ({ accessToken, refreshToken, session } = refreshed.data.refreshSession);
      expect((await next().gql(TOUCH, {}, { token: accessToken })).errors).toBeUndefined();
      const current = await next().gql(ME, {}, { token: accessToken });
      expect(current.data.currentSession.id).toBe(session.id);
      const answer = await next().gql(VALIDATE, { input: { sessionToken } }, { token: key });
      expect(answer.data.validateSession.valid).toBe(true);
    }
    expect((await next().gql(REVOKE_ALL, {}, { token: accessToken })).data.revokeSessions).toEqual({
      revokedCount: 2,
    });
    for (const node of all)
      expect((await node.gql(ME, {}, { token: accessToken })).code).toBe('UNAUTHENTICATED');
  });

  test('failed sign-ins are counted across nodes', async () => {
    const { owner } = await nodes.seed.account();
    const all = [a!, b!, c!];
    const attempt = (node: Node, password: string) =>
      node.gql(
        LOGIN,
        { input: { email: owner.email, password } },
        { headers: { 'x-forwarded-for': '198.51.100.7' } },
      );
    for (let n = 0; n < 6; n += 1)
      expect((await attempt(all[n % 3]!, 'wrong password')).code).toBe('INVALID_CREDENTIALS');
    for (const node of all) {
      const { code, extensions } = await attempt(node, PASSWORD);
      expect(code).toBe('RATE_LIMITED');
      expect(extensions.retryAfterSeconds).toBeGreaterThan(800);
    }
  });

  test(
    'killing a node loses nothing',
    async () => {
      const account = await nodes.seed.account();
      const doomed = await nodes.start();
      await doomed.ready();
      const who = await login(doomed, account.owner.email);
      const other = await account.owner.login();
      const expiry = await followWarnedOn(nodes, b!, other);
      await doomed.server.stop('SIGKILL');
      expect((await a!.gql(TOUCH, {}, { token: who.accessToken })).errors).toBeUndefined();
      const [{ value, ms }] = await Promise.all([
        timed(expiry.next()),
        a!.gql(REVOKE_ALL, {}, { token: who.accessToken }),
      ]);
      expect(value).toMatchObject({ kind: 'REVOKED' });
      expect(ms).toBeLessThan(MAX_DELAY_MS);
    },
    NODES_TIMEOUT_MS,
  );

  test(
    'a node killed during a large revocation leaves it in effect, sent at once, and applied by the others',
    async () => {
      const account = await nodes.seed.account();
      const doomed = await nodes.start();
      await doomed.ready();
      const [who, followed] = [await account.owner.login(), await account.owner.login()];
      const expiry = await followWarnedOn(nodes, b!, followed);
      const run = async (statement: ReturnType<typeof sql<any>>) =>
        (await statement.execute(nodes.database.em().getKysely())).rows;
      // One more than a batch, besides the two.
      await run(sql`
        insert into sessions (id, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds, absolute_seconds,
          idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_secret, next_check_at)
        select gen_random_uuid()::text, account_id, user_id, app_type, authenticated_at, last_activity_at, idle_seconds,
          absolute_seconds, idle_expires_at, absolute_expires_at, rotated_at, token_expires_at, token_secret, next_check_at
        from sessions, generate_series(1, 9999) where id = ${who.sessionId}`);
      const progress = async () =>
        (
          await run(sql`select count(*)::int as sessions, count(ended_at)::int as marked, count(distinct ended_at)::int as moments,
          (select count(*)::int from account_revocations where account_id = ${account.id}) as pending,
          (select count(*)::int from audit_events where account_id = ${account.id} and action = 'account.sessions_revoked_bulk') as audited
          from sessions where account_id = ${account.id}`)
        )[0];

      await nodes.database.transaction(async (em) => {
        await sql`select from sessions where account_id = ${account.id} for update`.execute(em.getKysely());
        const [{ value, ms }, revoked] = await Promise.all([
          timed(expiry.next()),
          doomed.gql(REVOKE_ALL, {}, { token: who.accessToken }),
        ]);
        expect(revoked.data.revokeSessions).toEqual({ revokedCount: 10_001 });
        expect(value).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
        expect(ms).toBeLessThan(MAX_DELAY_MS);
        await doomed.server.stop('SIGKILL');
        expect((await c!.gql(ME, {}, { token: who.accessToken })).code).toBe('UNAUTHENTICATED');
        expect(await progress()).toMatchObject({ sessions: 10_001, marked: 0, pending: 1 });
      });
      await waitUntil(async () => (await progress()).pending === 0);
      expect(await progress()).toEqual({
        sessions: 10_001,
        marked: 10_001,
        moments: 1,
        pending: 0,
        audited: 1,
      });
    },
    NODES_TIMEOUT_MS,
  );
});
