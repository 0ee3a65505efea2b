import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { tryAgainInCi } from '../real-time.ts';
import { LOGIN, PASSWORD } from '../seed.ts';
import {
  createNodes,
  followAccountOn,
  followWarnedOn,
  nextEventOf,
  onNodes,
  NODES_TIMEOUT_MS,
  REDIS_URL,
  timed,
  type Node,
  type Nodes,
} from './nodes.ts';
import { waitUntil } from '../wait-until.ts';

tryAgainInCi();

const MAX_POLL_DELAY_MS = 5_000;
const QUICK_MS = 1_000;
const REVOKE_ALL = 'mutation { revokeSessions(scope: ALL) { revokedCount } }';

onNodes(() => {
  let nodes: Nodes;
  let [a, b]: Node[] = [];
  let proxy: TcpProxy;
  beforeAll(async () => {
    const { hostname, port } = new URL(REDIS_URL);
    proxy = await startTcpProxy({ host: hostname, port: Number(port || 6379) });
    nodes = await createNodes({
      REDIS_URL: `redis://127.0.0.1:${proxy.port}`,
      TRUST_PROXY: 'true',
      LOGIN_FAILURES_PER_PAIR: '3',
    });
    proxy.cut();
    a = await nodes.start();
    b = await nodes.start();
  }, NODES_TIMEOUT_MS);
  beforeEach(async () => {
    await proxy.restore();
    await Promise.all([a!.ready(), b!.ready()]);
  });
  afterAll(async () => {
    await nodes?.stop();
    await proxy?.close();
  }, NODES_TIMEOUT_MS);

  async function untilDown(): Promise<void> {
    for (const node of [a!, b!]) await waitUntil(async () => (await node.readyz()).status !== 200);
  }

  const loginAt = async (node: Node, email: string) => {
    const { data } = await node.gql(LOGIN, { input: { email, password: PASSWORD } });
    return data.login;
  };

  test('nodes start without Redis and report its state in /readyz and /metrics', async () => {
    expect(a!.server.stdout + a!.server.stderr).toContain('Redis cannot be reached');
    expect(await a!.readyz()).toEqual({
      status: 200,
      body: { status: 'ready', database: 'up', redis: 'up' },
    });
    expect(await a!.metrics()).toMatch(/^curfew_redis_up 1$/m);
    proxy.cut();
    await untilDown();
    expect(await a!.readyz()).toEqual({
      status: 503,
      body: { status: 'unavailable', database: 'up', redis: 'down' },
    });
    expect(await a!.readyz('?redis=optional')).toEqual({
      status: 200,
      body: { status: 'ready', database: 'up', redis: 'down' },
    });
    expect(await a!.metrics()).toMatch(/^curfew_redis_up 0$/m);
  });

  describe.each([
    ['is gone', () => proxy.cut()],
    ['swallows everything', () => proxy.hang()],
  ])('while Redis %s', (_, interrupt) => {
    test(
      'every end is sent within five seconds, and at once when Redis is back',
      async () => {
        const account = await nodes.seed.account();
        const { owner } = account;
        const listening = await owner.login();
        const feed = await followAccountOn(b!, { accessToken: listening.accessToken }, () =>
          loginAt(b!, owner.email),
        );
        const who = await owner.login();
        const victim = await owner.login();
        const expiry = await followWarnedOn(nodes, b!, who);
        interrupt();

        const revoke = 'mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';
        const heard = Promise.all([timed(expiry.next()), timed(nextEventOf(feed, 'ENDED', who.sessionId))]);
        for (const id of [who.sessionId, victim.sessionId]) {
          const { value, ms } = await timed(listening.gql(revoke, { id }));
          expect(value.data.revokeSession.revokedCount).toBe(1);
          expect(ms).toBeLessThan(QUICK_MS);
        }
        // An ended session is refused there without any message.
        expect((await b!.gql('{ currentSession { id } }', {}, { token: victim.accessToken })).code).toBe(
          'UNAUTHENTICATED',
        );
        const [first, second] = await heard;
        expect(first.value).toMatchObject({ kind: 'REVOKED' });
        expect(first.ms).toBeLessThan(MAX_POLL_DELAY_MS);
        expect(second.ms).toBeLessThan(MAX_POLL_DELAY_MS);

        // Also when nothing was closed.
        await untilDown();
        await proxy.restore();
        await Promise.all([a!.ready(), b!.ready()]);
        const again = await owner.login();
        await nextEventOf(feed, 'STARTED', again.sessionId);
        const ofEnds = feed.events.filter(({ kind }) => kind === 'ENDED').map(({ session }) => session.id);
        expect(ofEnds.toSorted()).toEqual([who.sessionId, victim.sessionId].toSorted());
        const next = await followWarnedOn(nodes, b!, again);
        const [quick] = await Promise.all([timed(next.next()), listening.gql(REVOKE_ALL)]);
        expect(quick.value).toMatchObject({ kind: 'REVOKED' });
        expect(quick.ms).toBeLessThan(QUICK_MS);
      },
      NODES_TIMEOUT_MS,
    );

    test('each node counts failed sign-ins by itself without delay', async () => {
      const { owner } = await nodes.seed.account();
      const attempt = (node: Node) =>
        timed(
          node.gql(
            LOGIN,
            { input: { email: owner.email, password: 'wrong password' } },
            { headers: { 'x-forwarded-for': '198.51.100.9' } },
          ),
        );
      interrupt();
      for (const node of [a!, b!]) {
        for (let n = 0; n < 3; n += 1) {
          const { value, ms } = await attempt(node);
          expect(value.code).toBe('INVALID_CREDENTIALS');
          expect(ms).toBeLessThan(1_500);
        }
        expect((await attempt(node)).value.code).toBe('RATE_LIMITED');
      }
    });
  });
});
