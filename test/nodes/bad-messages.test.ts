import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { tryAgainInCi } from '../real-time.ts';
import { PASSWORD } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import {
  createNodes,
  followAccountOn,
  followWarnedOn,
  nextEventOf,
  onNodes,
  NODES_TIMEOUT_MS,
  REDIS_URL,
  type Node,
  type Nodes,
} from './nodes.ts';

tryAgainInCi();

const ME = '{ currentSession { id } }';
const KINDS = ['STARTED', 'ENDED', 'ACCOUNT_REVOKED', 'SHORTENED', 'EXTENDED', 'ROLES', 'NEW_DEVICE'];

// Messages on the channel may be forged, doubled, or old.
onNodes(() => {
  let nodes: Nodes;
  let [a, b]: Node[] = [];
  let redis: Redis;
  let listener: Redis;
  let channel: string;

  beforeAll(async () => {
    nodes = await createNodes();
    a = await nodes.start();
    b = await nodes.start();
    await Promise.all([a.ready(), b.ready()]);
    channel = `curfew:${nodes.publicUrl}`;
    redis = new Redis(REDIS_URL);
    listener = new Redis(REDIS_URL);
  }, NODES_TIMEOUT_MS);
  afterAll(async () => {
    listener?.disconnect();
    redis?.disconnect();
    await nodes?.stop();
  }, NODES_TIMEOUT_MS);

  const publish = (message: unknown) => redis.publish(channel, JSON.stringify(message));
  const forge = (message: object) => publish({ v: 1, from: randomUUID(), ...message });

  async function stage() {
    const account = await nodes.seed.account();
    const owner = await account.owner.login();
    const signInAt = async (node: Node) => {
      const { data } = await node.gql(
        'mutation($input: LoginInput!) { login(input: $input) { accessToken session { id } } }',
        { input: { email: account.owner.email, password: PASSWORD } },
      );
      return data.login as { accessToken: string; session: { id: string } };
    };
    const feed = await followAccountOn(b!, { accessToken: owner.accessToken }, () => signInAt(b!));
    return { account, owner, feed, signInAt };
  }

  test('a forged message ends no session and sends no event', async () => {
    const { account, owner, feed, signInAt } = await stage();
    const expiry = await followWarnedOn(nodes, b!, owner);
    const stranger = await (await nodes.seed.account()).owner.login();
    for (const kind of KINDS) {
      await forge({ accountId: account.id, kind, sessionIds: [owner.sessionId, stranger.sessionId, 'none'] });
      await forge({ accountId: randomUUID(), kind, sessionIds: [owner.sessionId] });
    }
    const later = await signInAt(a!);
    await nextEventOf(feed, 'STARTED', later.session.id);

    const told = feed.events.map(({ kind, session }) => [kind, session.id]);
    expect(told.filter(([, id]) => id === stranger.sessionId)).toEqual([]);
    expect(told.filter(([kind]) => kind === 'ENDED')).toEqual([]);
    for (const node of [a!, b!])
      expect((await node.gql(ME, {}, { token: owner.accessToken })).errors).toBeUndefined();
    expect(expiry.events.map(({ kind }) => kind)).toEqual(['WARNING']);
    await Promise.all([feed.stop(), expiry.stop()]);
  });

  test('a duplicate message sends one event', async () => {
    const { feed, signInAt } = await stage();
    const seen: any[] = [];
    listener.on('message', (_, text: string) => seen.push(JSON.parse(text)));
    await listener.subscribe(channel);
    const who = await signInAt(a!);
    await nextEventOf(feed, 'STARTED', who.session.id);
    await a!.gql('mutation { logout { ended } }', {}, { token: who.accessToken });
    await nextEventOf(feed, 'ENDED', who.session.id);
    await listener.unsubscribe(channel);
    const about = seen.filter(({ sessionIds }) => sessionIds.includes(who.session.id));
    expect(about.map(({ kind }) => kind)).toEqual(['STARTED', 'ENDED']);
    for (let again = 0; again < 3; again += 1)
      for (const message of about) await publish({ ...message, from: randomUUID() });
    const later = await signInAt(a!);
    await nextEventOf(feed, 'STARTED', later.session.id);
    const told = feed.events.filter(({ session }) => session.id === who.session.id);
    expect(told.map(({ kind }) => kind)).toEqual(['STARTED', 'ENDED']);
    await feed.stop();
  });

  test(
    'an invalid message, one of another version or an oversized one is skipped and takes no memory',
    async () => {
      const { account, owner, feed, signInAt } = await stage();
      const who = await signInAt(b!);
      const resident = async () =>
        Number(/^process_resident_memory_bytes (\S+)/m.exec(await b!.metrics())![1]) / 1e6;
      const good = { v: 1, from: randomUUID(), accountId: account.id, kind: 'STARTED' };
      const million = Array.from({ length: 1_000_000 }, (_, index) => String(index));
      const before = await resident();
      for (const text of ['', 'x', 'null', '[]', '{}', '"\\u0000"', '{"v":1}', 'x'.repeat(10_000_000)])
        await redis.publish(channel, text);
      await redis.publish(channel, Buffer.from([0xff, 0xfe, 0x00, 0x80]));
      await publish({ ...good, v: 2, sessionIds: [randomUUID()] });
      await publish({ ...good, kind: 'FORGOTTEN', sessionIds: [] });
      await publish({ ...good, accountId: "' or true --", sessionIds: [] });
      await publish({ ...good, sessionIds: ['\0', 'x'.repeat(201), 7, null, {}] });
      await publish({ ...good, sessionIds: { length: 1e9 } });
      // Redis itself disconnects a subscriber with more than 32 MB of unread messages.
      for (let round = 0; round < 5; round += 1) {
        await publish({ ...good, sessionIds: million });
        await Promise.all([a!.ready(), b!.ready()]);
      }
      for (let round = 0; round < 300; round += 1)
        await publish({ ...good, sessionIds: Array.from({ length: 1_000 }, () => randomUUID()) });

      await a!.gql('mutation { logout { ended } }', {}, { token: who.accessToken });
      // On a busy machine the 300,000 ids before it take longer than an event may take otherwise.
      await waitUntil(() =>
        feed.events.some(({ kind, session }) => kind === 'ENDED' && session.id === who.session.id),
      );
      expect(feed.events.filter(({ kind }) => kind === 'ENDED')).toHaveLength(1);
      // Uncollected garbage comes to some 250 MB; kept messages would come to over a thousand.
      expect((await resident()) - before).toBeLessThan(500);
      for (const node of [a!, b!]) {
        expect(node.server.child.exitCode).toBeNull();
        await node.ready();
        const expiry = await followWarnedOn(nodes, node, owner);
        await expiry.stop();
      }
      await feed.stop();
    },
    NODES_TIMEOUT_MS,
  );
});
