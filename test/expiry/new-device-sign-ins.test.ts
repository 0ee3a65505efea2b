import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { by, FIREFOX_WINDOWS, newAddress } from '../accounts/devices.ts';
import { LOGOUT } from '../accounts/account-calls.ts';
import { onUsualDatabase } from '../databases.ts';
import type { Collector, GraphQLClient } from '../graphql-client.ts';
import type { TestApp } from '../harness.ts';
import { createNodes, NODES_TIMEOUT_MS, onNodes, REDIS_URL, type Node, type Nodes } from '../nodes/nodes.ts';
import { tryAgainInCi } from '../real-time.ts';
import { LOGIN, PASSWORD, type Person, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { waitUntil } from '../wait-until.ts';
import { openGreetedSocket, subscribeMessage } from './raw-socket.ts';
import { sessionRow, startShort } from './session-subscriptions.ts';

const NEW_DEVICE_SIGN_INS = `subscription { newDeviceSignIns {
  id isNewDevice isCurrent device ipAddress user { id email } } }`;

const follow = (client: GraphQLClient, { accessToken }: Pick<SignedIn, 'accessToken'>) =>
  client.subscribe(NEW_DEVICE_SIGN_INS, { accessToken });

/** Signs in from a new device, at the seed's node, and returns the session's id. */
const signIn = async (person: Person, address = newAddress()): Promise<string> =>
  (await person.login({}, by(FIREFOX_WINDOWS, address))).sessionId;

/** Resolves once a subscription has begun: it tells a sign-in then. */
async function begun(notices: Collector, signIn: () => Promise<unknown>): Promise<Collector> {
  while (notices.events.length === 0) {
    await signIn();
    await pause(50);
  }
  // Nothing about these sign-ins comes later.
  await pause(200);
  return notices;
}

/** The first notice that a subscription tells after `act`. */
async function toldAfter(notices: Collector, act: () => Promise<unknown>): Promise<any> {
  const before = notices.events.length;
  await act();
  await toldMore(notices, before);
  return notices.events[before];
}
const toldMore = ({ events }: Collector, than: number) =>
  waitUntil(() => events.length > than, { what: 'a notice', timeoutMs: 20_000 });

onUsualDatabase((database) => {
  let app: TestApp;
  let person: Person;
  beforeAll(async () => {
    app = await startShort(database, { env: { TRUST_PROXY: 'true' } });
  });
  beforeEach(async () => {
    person = await (await app.seed.account()).addUser();
  });
  afterAll(() => app.close());

  const followed = async (who: SignedIn, of = person) => begun(follow(app, who), () => signIn(of));

  test('a sign-in from a new device is told to the other sessions of its user', async () => {
    const [here, there] = [await person.login(), await person.login()];
    const [one, other] = [await followed(here), await followed(there)];
    const address = newAddress();
    const [told, before] = [one.events.length, other.events.length];
    const id = await signIn(person, address);
    await Promise.all([toldMore(one, told), toldMore(other, before)]);
    for (const event of [one.events[told], other.events[before]])
      expect(event).toEqual({
        id,
        isNewDevice: true,
        isCurrent: false,
        device: 'Firefox on Windows',
        ipAddress: address,
        user: { id: person.id, email: person.email },
      });
    await Promise.all([one.stop(), other.stop()]);
  });

  test('a service session with a new device is told, too', async () => {
    const notices = await followed(await person.login());
    const { key } = await app.seed.serviceKey(person.accountId);
    const browser = { ipAddress: newAddress(), userAgent: FIREFOX_WINDOWS };
    let created: any;
    const notice = await toldAfter(notices, async () => {
      created = await backEnd(app, key).create({ userId: person.id, ...browser });
    });
    expect(notice.id).toBe(created.session.id);
    await notices.stop();
  });

  test('neither a known device nor the sign-in of a colleague is told', async () => {
    const account = await app.seed.account();
    const me = await account.addUser();
    const notices = await followed(await me.login(), me);
    const ownerNotices = await followed(await account.owner.login(), account.owner);
    const [before, ownersBefore] = [notices.events.length, ownerNotices.events.length];
    const address = newAddress();
    const first = await signIn(me, address);
    await toldMore(notices, before);
    await signIn(me, address);
    await pause(200);
    const last = await signIn(me);
    await toldMore(notices, before + 1);
    expect(notices.events.slice(before).map(({ id }) => id)).toEqual([first, last]);
    expect(ownerNotices.events).toHaveLength(ownersBefore);
    await Promise.all([notices.stop(), ownerNotices.stop()]);
  });

  test('it completes and its socket closes with the session', async () => {
    const who = await person.login();
    const notices = await followed(who);
    await who.gql(LOGOUT);
    await notices.completed;
    expect(await notices.closed).toEqual({ code: 4401, reason: 'LOGOUT' });
  });

  test('nothing is told to a session that has ended, even if this node has not been told of its end', async () => {
    const [ended, live] = [await person.login(), await person.login()];
    const notices = await followed(ended);
    const control = await followed(live);
    const before = notices.events.length;
    await sql`update sessions set ended_at = ${app.clock.now()}, end_reason = 'LOGOUT' where id = ${ended.sessionId}`.execute(
      app.database.em().getKysely(),
    );
    await toldAfter(control, () => signIn(person));
    await pause(200);
    expect(notices.events).toHaveLength(before);
    await Promise.all([notices.stop(), control.stop()]);
  });

  test('it is no activity', async () => {
    const who = await person.login();
    const before = await sessionRow(app, who.sessionId);
    app.clock.advance(60_000);
    const notices = await followed(who);
    const { last_activity_at, idle_expires_at } = await sessionRow(app, who.sessionId);
    expect({ last_activity_at, idle_expires_at }).toEqual({
      last_activity_at: before.last_activity_at,
      idle_expires_at: before.idle_expires_at,
    });
    await notices.stop();
  });

  test('it is for users: a session-scoped token and a service key are forbidden', async () => {
    const { key } = await app.seed.serviceKey(person.accountId);
    const shop = backEnd(app, key);
    const scoped = await shop.issue((await shop.create({ userId: person.id })).sessionToken);
    for (const connectionParams of [{ accessToken: scoped }, { serviceKey: key }]) {
      const notices = app.subscribe(NEW_DEVICE_SIGN_INS, connectionParams);
      expect((await notices.next()).errors[0].extensions).toMatchObject({ code: 'FORBIDDEN' });
      await notices.completed;
      await notices.stop();
    }
    const none = app.subscribe(NEW_DEVICE_SIGN_INS, {});
    expect((await none.closed).code).toBe(4401);
  });

  test('it counts among the ten subscriptions of a socket', async () => {
    const { accessToken } = await person.login();
    const socket = await openGreetedSocket(app, accessToken);
    for (let n = 1; n <= 11; n += 1) socket.send(subscribeMessage(String(n), NEW_DEVICE_SIGN_INS));
    const refused = await socket.next(({ type }) => type === 'error');
    expect(refused).toMatchObject({ id: '11', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    socket.socket.close();
  });

  test('a socket that is closed leaves nothing behind', async () => {
    const who = await person.login();
    const notices = await followed(who);
    await notices.stop();
    const gauge = async (name: string) =>
      Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await (await fetch(`${app.url}/metrics`)).text())?.[1]);
    await waitUntil(async () => (await gauge('curfew_watched_sessions')) === 0);
  });
});

tryAgainInCi();

const buses: [name: string, env: Record<string, string>][] = [
  ['Redis', {}],
  ['PostgreSQL', { REDIS_URL: '' }],
];

onNodes(() => {
  describe.each(buses)('with messages over %s', (bus, env) => {
    let nodes: Nodes;
    let [a, b]: Node[] = [];
    beforeAll(async () => {
      nodes = await createNodes({ TRUST_PROXY: 'true', ...env });
      a = await nodes.start();
      b = await nodes.start();
      await Promise.all([a.ready(), b.ready()]);
    }, NODES_TIMEOUT_MS);
    afterAll(() => nodes?.stop(), NODES_TIMEOUT_MS);

    const signInAt = async (node: Node, { email }: Person, address = newAddress()): Promise<SignedIn> => {
      const { data } = await node.gql(
        LOGIN,
        { input: { email, password: PASSWORD } },
        by(FIREFOX_WINDOWS, address),
      );
      return { ...data.login, sessionId: data.login.session.id };
    };

    test('a sign-in at one node is told to a session that is connected to another', async () => {
      const { owner } = await nodes.seed.account();
      const notices = await begun(follow(b!, await owner.login()), () => signInAt(b!, owner));
      let sessionId = '';
      const notice = await toldAfter(notices, async () => ({ sessionId } = await signInAt(a!, owner)));
      expect(notice).toMatchObject({ id: sessionId, device: 'Firefox on Windows' });
      await notices.stop();
    });

    if (bus !== 'Redis') return;
    test('a forged message tells no one anything but what the rows say, and that once', async () => {
      const redis = new Redis(REDIS_URL);
      const account = await nodes.seed.account();
      const { owner } = account;
      const other = await account.addUser();
      const [known, mine, strange] = [
        await owner.login(),
        await signInAt(a!, owner),
        await signInAt(a!, other),
      ];
      const notices = await begun(follow(b!, known), () => signInAt(b!, owner));
      const own = await begun(follow(b!, mine), () => signInAt(b!, owner));
      const before = [notices.events.length, own.events.length];
      const forge = (sessionId: string, userId: unknown = owner.id) =>
        redis.publish(
          `curfew:${nodes.publicUrl}`,
          JSON.stringify({
            v: 1,
            from: randomUUID(),
            accountId: account.id,
            kind: 'NEW_DEVICE',
            userId,
            sessionIds: [sessionId],
          }),
        );
      for (const userId of [null, 7, 'x', '\0', randomUUID()]) await forge(mine.sessionId, userId);
      // Another user's session, one from a known device, one that does not exist.
      for (const id of [strange.sessionId, known.sessionId, 'none']) {
        await forge(id);
        await pause(50);
      }
      // A late message does not reach the session that it is about, and a duplicate no one.
      await forge(mine.sessionId);
      await pause(50);
      await forge(mine.sessionId);
      await toldMore(notices, before[0]!);
      const { sessionId } = await signInAt(a!, owner);
      await Promise.all([toldMore(notices, before[0]! + 1), toldMore(own, before[1]!)]);
      const told = [notices, own].map(({ events }, index) => events.slice(before[index]).map(({ id }) => id));
      expect(told).toEqual([[mine.sessionId, sessionId], [sessionId]]);
      redis.disconnect();
      await Promise.all([notices.stop(), own.stop()]);
    });
  });
});
