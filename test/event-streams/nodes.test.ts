import { sql } from 'kysely';
import { LOGOUT } from '../accounts/account-calls.ts';
import { createNodes, NODES_TIMEOUT_MS, onNodes, type Node, type Nodes } from '../nodes/nodes.ts';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { startReceiver, type Receiver } from './receiver.ts';
import { createStream, listDeliveries, PRIVATE, SEND_TEST } from './stream-calls.ts';

onNodes(() => {
  let nodes: Nodes;
  let [first, second]: Node[] = [];
  let receiver: Receiver;
  let account: SeededAccount;
  let owner: SignedIn;
  let streamId: string;

  beforeAll(async () => {
    nodes = await createNodes(PRIVATE);
    [first, second] = [await nodes.start(), await nodes.start()];
    await Promise.all([first.ready(), second.ready()]);
  }, NODES_TIMEOUT_MS);
  beforeEach(async () => {
    receiver = await startReceiver();
    account = await nodes.seed.account();
    owner = await account.owner.login();
    streamId = (await createStream(owner, { url: receiver.url })).stream.id;
  });
  afterEach(() => receiver.close());
  afterAll(() => nodes.stop(), NODES_TIMEOUT_MS);

  const deliveredBy = async (node: Node): Promise<number> => {
    const text = await node.metrics();
    return Number(
      /^curfew_event_deliveries_total\{[^}]*outcome="delivered"[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0,
    );
  };

  test(
    'two nodes share the outbox: each event arrives once, and those of a session in order',
    async () => {
      const member = await account.addUser();
      const [before, beforeSecond] = [await deliveredBy(first!), await deliveredBy(second!)];
      receiver.answer((response) => setTimeout(() => response.writeHead(204).end(), 10));
      await Promise.all(
        Array.from({ length: 30 }, async (_, index) => {
          const session = await member.login();
          await (index % 2 ? first! : second!).gql(LOGOUT, {}, { token: session.accessToken });
        }),
      );
      await waitUntil(() => receiver.received.length >= 60, { what: '60 events', timeoutMs: 30_000 });
      await waitUntil(
        async () => (await listDeliveries(owner, streamId, { status: 'PENDING' })).length === 0,
      );
      expect(receiver.received).toHaveLength(60);
      expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(60);
      const seen = new Map<string, string[]>();
      for (const { type, data } of receiver.received)
        seen.set(data.session_id, [...(seen.get(data.session_id) ?? []), type]);
      expect(seen.size).toBe(30);
      for (const types of seen.values()) expect(types).toEqual(['session.started', 'session.ended']);
      const [byFirst, bySecond] = [
        (await deliveredBy(first!)) - before,
        (await deliveredBy(second!)) - beforeSecond,
      ];
      expect(byFirst + bySecond).toBe(60);
      expect([byFirst > 0, bySecond > 0]).toEqual([true, true]);
    },
    NODES_TIMEOUT_MS,
  );

  test(
    'what a node had in hand when it was killed arrives from the other one after the lease, with the same id',
    async () => {
      receiver.answer(() => {});
      // So that the second node takes it.
      first!.server.child.kill('SIGSTOP');
      const { data } = await second!.gql(SEND_TEST, { streamId }, { token: owner.accessToken });
      await waitUntil(() => receiver.received.length === 1, { what: 'the request', timeoutMs: 20_000 });
      second!.server.child.kill('SIGKILL');
      first!.server.child.kill('SIGCONT');
      receiver.answer(204);
      const kysely = nodes.database.em().getKysely();
      const { rows } = await sql<{ seconds: number }>`
        select extract(epoch from due_at - now())::float as seconds from event_deliveries
        where stream_id = ${streamId} and lease_id is not null`.execute(kysely);
      expect(rows).toHaveLength(1);
      expect(rows[0]!.seconds).toBeGreaterThan(5);
      expect(rows[0]!.seconds).toBeLessThanOrEqual(31);
      // The lease is over.
      await sql`update event_deliveries set due_at = now() where stream_id = ${streamId}`.execute(kysely);
      await waitUntil(() => receiver.received.length === 2, { what: 'the repeat', timeoutMs: 20_000 });
      const { id } = data.sendTestEvent;
      expect(receiver.received.map((event) => event.id)).toEqual([id, id]);
      await waitUntil(async () => (await listDeliveries(owner, streamId))[0].status === 'DELIVERED', {
        timeoutMs: 10_000,
      });
      expect((await listDeliveries(owner, streamId))[0]).toMatchObject({ id, attempts: 2 });
    },
    NODES_TIMEOUT_MS,
  );
});
