import { setTimeout as pause } from 'node:timers/promises';
import { followSessionExpiry, type SessionOver } from '../../client/src/follow-session-expiry.ts';
import { connectKit } from '../client/server-kit.ts';
import { onPostgres } from '../databases.ts';
import type { Collector } from '../graphql-client.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { tryAgainInCi } from '../real-time.ts';
import { ACCOUNT_SESSIONS, SESSION_EXPIRY } from '../seed.ts';
import { createNodes, followWarnedOn, NODES_TIMEOUT_MS, timed, type Node, type Nodes } from './nodes.ts';
import { waitUntil } from '../wait-until.ts';

tryAgainInCi();

// One node without a database, beside a healthy one. Real processes, because the network fails.

const MAX_UNREADY_DELAY_MS = 5_500;
const MAX_CLOSE_DELAY_MS = 7_000;
/** The kit trusts a proof for five seconds. */
const BELIEVED_MS = 5_000;
const MAX_RECOVERY_MS = 10_000;
/** Shutdown time of a process. */
const MAX_SHUTDOWN_MS = 10_000;
const REVOKE = 'mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';

onPostgres(() => {
  let nodes: Nodes;
  let healthy: Node;
  let cutOff: Node;
  let proxy: TcpProxy;
  let env: Record<string, string>;
  beforeAll(async () => {
    nodes = await createNodes({ REDIS_URL: '' });
    const url = new URL(nodes.databaseUrl);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    env = { DATABASE_URL: url.href };
    healthy = await nodes.start();
    cutOff = await nodes.start(env);
  }, NODES_TIMEOUT_MS);
  afterAll(async () => {
    await proxy?.restore();
    await nodes?.stop();
    await proxy?.close();
  }, NODES_TIMEOUT_MS);

  /** What the kit says. The pause lets everything else run, because the kit answers from memory, without I/O. */
  async function stateIn(curfew: ReturnType<typeof connectKit>['curfew'], accessToken: string) {
    await pause(20);
    return (await curfew.check(accessToken)).state;
  }

  /** The next event of a session that is not a warning or an extension. */
  async function endOf(expiry: Collector): Promise<any> {
    for (;;) {
      const event = await expiry.next();
      if (event === undefined || event.kind === 'REVOKED') return event;
    }
  }

  describe.each([
    ['is gone', () => proxy.cut()],
    ['swallows everything for a while', () => proxy.hang()],
    ['has forgotten every connection', () => proxy.silence()],
  ])('when the network to the database %s', (_, interrupt) => {
    test(
      'the node becomes unready, disconnects its clients, is not trusted, and serves again afterwards',
      async () => {
        const { owner, addUser, id: accountId } = await nodes.seed.account();
        const boss = await owner.login();
        const person = await addUser();
        const [revoked, kept] = [await person.login(), await person.login()];
        const { key } = await nodes.seed.serviceKey(accountId);
        const { curfew } = connectKit({
          url: cutOff.url,
          issuer: nodes.publicUrl,
          serviceKey: key,
          timing: { pingMs: 1_000, leaseMs: BELIEVED_MS },
        });
        const kit = () => stateIn(curfew, revoked.accessToken);
        const over = Promise.withResolvers<SessionOver>();
        const connections: boolean[] = [];
        const follow = () =>
          followSessionExpiry({
            url: `${cutOff.url.replace('http', 'ws')}/graphql`,
            getAccessToken: () => revoked.accessToken,
            onEvent: () => {},
            onOver: over.resolve,
            onConnection: (isConnected) => connections.push(isConnected),
          });
        try {
          await curfew.following();
          expect(await kit()).toBe('live');
          const sockets = [
            await followWarnedOn(nodes, cutOff, revoked),
            await followWarnedOn(nodes, cutOff, kept),
            cutOff.subscribe(ACCOUNT_SESSIONS, { accessToken: boss.accessToken }),
            cutOff.subscribe(ACCOUNT_SESSIONS, { serviceKey: key }),
          ];
          follow();
          await waitUntil(() => connections.includes(true));
          interrupt();
          const since = performance.now();
          const elapsed = (): number => performance.now() - since;
          const unready = (async () => {
            while ((await cutOff.readyz()).status === 200);
            const ms = elapsed();
            while ((await cutOff.readyz()).body.watch !== 'down');
            return ms;
          })();
          const closed = sockets.map(async (socket) => ({ ...(await socket.closed), ms: elapsed() }));
          const beliefs = (async () => {
            const late: string[] = [];
            while (elapsed() < BELIEVED_MS + 2_000) {
              const begun = elapsed();
              const state = await kit();
              if (begun > BELIEVED_MS) late.push(state);
            }
            return new Set(late);
          })();
          const { data } = await boss.gql(REVOKE, { id: revoked.sessionId });
          expect(data.revokeSession.revokedCount).toBe(1);

          expect(await unready).toBeLessThan(MAX_UNREADY_DELAY_MS);
          expect((await cutOff.readyz()).status).toBe(503);
          expect((await healthy.readyz()).status).toBe(200);
          for (const { code, ms } of await Promise.all(closed)) {
            expect(code).toBe(1013);
            expect(ms).toBeLessThan(MAX_CLOSE_DELAY_MS);
          }
          expect((await beliefs).has('live')).toBe(false);
          const turnedAway = cutOff.subscribe(SESSION_EXPIRY, { accessToken: kept.accessToken });
          expect((await turnedAway.closed).code).toBe(1013);
          // The other node delivers it at once.
          const elsewhere = healthy.subscribe(SESSION_EXPIRY, { accessToken: revoked.accessToken });
          expect((await elsewhere.closed).code).toBe(4401);
          expect(connections.at(-1)).toBe(false);
        } finally {
          await proxy.restore();
        }

        const [ready, told] = await Promise.all([timed(cutOff.ready()), timed(over.promise)]);
        expect(ready.ms).toBeLessThan(MAX_RECOVERY_MS);
        expect(told.ms).toBeLessThan(MAX_RECOVERY_MS);
        expect(told.value).toEqual({ reason: 'REVOKED_BY_OWNER' });
        const again = await followWarnedOn(nodes, cutOff, kept);
        await boss.gql(REVOKE, { id: kept.sessionId });
        const heard = await timed(endOf(again));
        expect(heard.value).toMatchObject({ kind: 'REVOKED', endReason: 'REVOKED_BY_OWNER' });
        expect(heard.ms).toBeLessThan(MAX_CLOSE_DELAY_MS);
        expect((await again.closed).code).toBe(4401);
        await waitUntil(async () => (await kit()) !== 'unavailable');
        expect(await kit()).toBe('refused');
        curfew.close();
      },
      NODES_TIMEOUT_MS,
    );

    test(
      'a node shuts down in order while it cannot see the database',
      async () => {
        const doomed = await nodes.start(env);
        const { owner } = await nodes.seed.account();
        const who = await owner.login();
        const expiry = await followWarnedOn(nodes, doomed, who);
        interrupt();
        try {
          expect((await expiry.closed).code).toBe(1013);
          const { value: code, ms } = await timed(doomed.server.stop('SIGTERM'));
          expect(code).toBe(0);
          expect(ms).toBeLessThan(MAX_SHUTDOWN_MS);
        } finally {
          await proxy.restore();
          await cutOff.ready();
        }
      },
      NODES_TIMEOUT_MS,
    );
  });

  test(
    'a paused node is not trusted, and reports the end when it resumes',
    async () => {
      const still = await nodes.start();
      const { owner, addUser, id: accountId } = await nodes.seed.account();
      const [boss, who] = [await owner.login(), await (await addUser()).login()];
      const { key } = await nodes.seed.serviceKey(accountId);
      const { curfew } = connectKit({
        url: still.url,
        issuer: nodes.publicUrl,
        serviceKey: key,
        timing: { pingMs: 1_000, leaseMs: BELIEVED_MS },
      });
      await curfew.following();
      const state = () => stateIn(curfew, who.accessToken);
      expect(await state()).toBe('live');
      const expiry = await followWarnedOn(nodes, still, who);
      still.server.child.kill('SIGSTOP');
      try {
        const since = performance.now();
        await boss.gql(REVOKE, { id: who.sessionId });
        while ((await state()) === 'live') expect(performance.now() - since).toBeLessThan(BELIEVED_MS);
        while (performance.now() - since < BELIEVED_MS + 1_000) expect(await state()).not.toBe('live');
      } finally {
        still.server.child.kill('SIGCONT');
      }
      const heard = await timed(endOf(expiry));
      expect(heard.value).toMatchObject({ kind: 'REVOKED' });
      expect(heard.ms).toBeLessThan(MAX_CLOSE_DELAY_MS);
      await waitUntil(async () => (await state()) !== 'unavailable');
      expect(await state()).toBe('refused');
      curfew.close();
    },
    NODES_TIMEOUT_MS,
  );
});
