import { sql } from 'kysely';
import { SET_POLICY, TOUCH } from '../expiry/session-subscriptions.ts';
import { onPostgres } from '../databases.ts';
import { tryAgainInCi } from '../real-time.ts';
import { LOGIN, PASSWORD } from '../seed.ts';
import {
  createNodes,
  followAccountOn,
  followWarnedOn,
  nextEventOf,
  NODES_TIMEOUT_MS,
  timed,
  type Node,
  type Nodes,
} from './nodes.ts';
import { waitUntil } from '../wait-until.ts';

tryAgainInCi();

// Two nodes with nothing but PostgreSQL between them.

/** Without a message each node finds a change within two seconds: ten times below this is no chance. */
const QUICK_MS = 700;
const MAX_POLL_DELAY_MS = 5_000;
const PER_PAIR = 6;
const REVOKE = 'mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';
const REVOKE_ALL = 'mutation { revokeSessions(scope: ALL) { revokedCount } }';
const ME = '{ currentSession { id } }';

onPostgres(() => {
  let nodes: Nodes;
  let [a, b]: Node[] = [];
  beforeAll(async () => {
    nodes = await createNodes({
      REDIS_URL: '',
      TRUST_PROXY: 'true',
      LOGIN_FAILURES_PER_PAIR: String(PER_PAIR),
    });
    a = await nodes.start();
    b = await nodes.start();
    await untilUp();
  }, NODES_TIMEOUT_MS);
  afterAll(() => nodes?.stop(), NODES_TIMEOUT_MS);

  const isUp = async (node: Node) => /^curfew_notify_up 1$/m.test(await node.metrics());
  const untilUp = async () => {
    for (const node of [a!, b!]) await waitUntil(() => isUp(node));
  };
  const loginAt = async (node: Node, email: string) =>
    (await node.gql(LOGIN, { input: { email, password: PASSWORD } })).data.login;

  test('a revocation on one node reaches a subscriber on the other at once, every time', async () => {
    const { owner } = await nodes.seed.account();
    for (let round = 0; round < 10; round += 1) {
      const who = await owner.login();
      const expiry = await followWarnedOn(nodes, b!, who);
      const [{ value, ms }] = await Promise.all([timed(expiry.next()), who.gql(REVOKE_ALL)]);
      expect(value).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
      expect(ms).toBeLessThan(QUICK_MS);
      expect((await expiry.closed).code).toBe(4401);
    }
  });

  test('activity and an applied policy reach a subscriber on the other node', async () => {
    const { owner } = await nodes.seed.account();
    const who = await owner.login();
    const expiry = await followWarnedOn(nodes, b!, who);
    await who.gql(TOUCH);
    expect(await expiry.next()).toMatchObject({ kind: 'EXTENDED', reason: 'IDLE' });
    const again = await followWarnedOn(nodes, b!, who);
    await who.gql(SET_POLICY, { input: { idleMinutes: 59, apply: 'ACTIVE_SESSIONS' } });
    expect(await again.next()).toMatchObject({ kind: 'SHORTENED', reason: 'IDLE' });
    await Promise.all([expiry.stop(), again.stop()]);
  });

  test('the feed of an account on one node reports sign-ins and ends on the other', async () => {
    const account = await nodes.seed.account();
    const { accessToken } = await account.owner.login();
    const feed = await followAccountOn(b!, { accessToken }, () => loginAt(b!, account.owner.email));
    // STARTED comes by a message or not at all.
    const who = await loginAt(a!, account.owner.email);
    await nextEventOf(feed, 'STARTED', who.session.id);
    await a!.gql('mutation { logout { ended } }', {}, { token: who.accessToken });
    expect(await nextEventOf(feed, 'ENDED', who.session.id)).toMatchObject({
      session: { endReason: 'LOGOUT' },
    });
    await feed.stop();
  });

  test('failed sign-ins are counted across nodes, and a success on one clears the pair on the other', async () => {
    const { owner } = await nodes.seed.account();
    const attempt = (node: Node, password: string) =>
      node.gql(
        LOGIN,
        { input: { email: owner.email, password } },
        { headers: { 'x-forwarded-for': '198.51.100.7' } },
      );
    const fail = async (times: number) => {
      for (let n = 0; n < times; n += 1)
        expect((await attempt([a!, b!][n % 2]!, 'wrong password')).code).toBe('INVALID_CREDENTIALS');
    };
    await fail(PER_PAIR - 1);
    expect((await attempt(b!, PASSWORD)).errors).toBeUndefined();
    await fail(PER_PAIR);
    for (const node of [a!, b!]) {
      const { code, extensions } = await attempt(node, PASSWORD);
      expect(code).toBe('RATE_LIMITED');
      expect(extensions.retryAfterSeconds).toBeGreaterThan(800);
    }
  });

  test(
    'a node whose connection for events was ended sends every end within seconds, and at once again later',
    async () => {
      const { owner } = await nodes.seed.account();
      const listening = await owner.login();
      const who = await owner.login();
      const expiry = await followWarnedOn(nodes, b!, who);
      const cutOff = () =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'curfew events'`.execute(
          nodes.database.em().getKysely(),
        );
      await cutOff();
      const keepingItCutOff = setInterval(() => void cutOff(), 20);
      await waitUntil(async () => (await b!.readyz()).body.events === 'down');
      const [{ value, ms }] = await Promise.all([
        timed(expiry.next()),
        listening.gql(REVOKE, { id: who.sessionId }),
      ]);
      expect(value).toMatchObject({ kind: 'REVOKED' });
      expect(ms).toBeLessThan(MAX_POLL_DELAY_MS);
      expect((await b!.gql(ME, {}, { token: who.accessToken })).code).toBe('UNAUTHENTICATED');
      expect((await b!.readyz()).status).toBe(200);
      clearInterval(keepingItCutOff);

      await untilUp();
      for (let round = 0; round < 10; round += 1) {
        const next = await owner.login();
        const following = await followWarnedOn(nodes, b!, next);
        const [quick] = await Promise.all([
          timed(following.next()),
          listening.gql(REVOKE, { id: next.sessionId }),
        ]);
        expect(quick.value).toMatchObject({ kind: 'REVOKED' });
        expect(quick.ms).toBeLessThan(QUICK_MS);
      }
      expect(await b!.readyz()).toEqual({ status: 200, body: { status: 'ready', database: 'up' } });
    },
    NODES_TIMEOUT_MS,
  );
});
