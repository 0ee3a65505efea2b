import { sql } from 'kysely';
import { advanceUntilSettled, nextEventOf, waitForFeed } from '../expiry/feed-events.ts';
import { openGreetedSocket, openSocket, subscribeMessage, type RawSocket } from '../expiry/raw-socket.ts';
import type { Collector } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS, SESSION_EXPIRY } from '../seed.ts';
import { sessionScopedTokenOf, openServiceSession } from './endpoint-calls.ts';

const OF_ACCOUNT = `subscription($accountId: ID) { accountSessions(accountId: $accountId) {
  kind session { id endReason isCurrent user { id email account { id } } } } }`;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const revoke = (keyId: string) =>
  sql`update service_keys set revoked_at = ${app.clock.now()} where id = ${keyId}`.execute(
    app.database.em().getKysely(),
  );

const follow = (serviceKey: string, accountId?: string | null): Collector =>
  app.subscribe(OF_ACCOUNT, { serviceKey }, accountId === undefined ? {} : { accountId });

async function openForKey(serviceKey: unknown, more: Record<string, unknown> = {}): Promise<RawSocket> {
  const socket = openSocket(app);
  await socket.opened;
  socket.send({ type: 'connection_init', payload: { serviceKey, ...more } });
  return socket;
}

async function openGreeted(serviceKey: string): Promise<RawSocket> {
  const socket = await openForKey(serviceKey);
  await socket.next(({ type }) => type === 'connection_ack');
  return socket;
}

describe('events for a key', () => {
  test('a key of one account gets events of its account, with the users, and of no other', async () => {
    const [mine, other] = [await app.seed.account(), await app.seed.account()];
    const { key } = await app.seed.serviceKey(mine.id);
    const feed = follow(key);
    await waitForFeed(app, feed, mine.owner);
    const stranger = await other.owner.login();
    const { sessionId, gql } = await mine.owner.login();
    expect(await nextEventOf(app, feed, sessionId)).toEqual({
      kind: 'STARTED',
      session: {
        id: sessionId,
        endReason: null,
        isCurrent: false,
        user: { id: mine.owner.id, email: mine.owner.email, account: { id: mine.id } },
      },
    });
    await gql('mutation { logout { ended } }');
    expect(await nextEventOf(app, feed, sessionId)).toMatchObject({
      kind: 'ENDED',
      session: { endReason: 'LOGOUT' },
    });
    expect(feed.events.filter(({ session }) => session.id === stranger.sessionId)).toEqual([]);
    await feed.stop();
  });

  test('a key for all accounts gets events of every account, and with an accountId of that one', async () => {
    const [one, other] = [await app.seed.account(), await app.seed.account()];
    const { key } = await app.seed.serviceKey(null);
    const [all, ofOne] = [follow(key), follow(key, one.id)];
    await waitForFeed(app, all, one.owner);
    await waitForFeed(app, ofOne, one.owner);
    const elsewhere = await other.owner.login();
    const here = await one.owner.login();
    expect(await nextEventOf(app, all, elsewhere.sessionId)).toMatchObject({ kind: 'STARTED' });
    expect(await nextEventOf(app, all, here.sessionId)).toMatchObject({ kind: 'STARTED' });
    expect(await nextEventOf(app, ofOne, here.sessionId)).toMatchObject({ kind: 'STARTED' });
    expect(ofOne.events.filter(({ session }) => session.user.account.id !== one.id)).toEqual([]);
    await Promise.all([all.stop(), ofOne.stop()]);
  });

  test('a null accountId counts as absent', async () => {
    const account = await app.seed.account();
    const { key } = await app.seed.serviceKey(account.id);
    const feed = follow(key, null);
    await waitForFeed(app, feed, account.owner);
    await feed.stop();
  });
});

describe('the account argument', () => {
  const refusalOf = async (feed: Collector) => {
    const { errors } = await feed.next();
    await feed.stop();
    const { requestId, ...extensions } = errors[0].extensions;
    expect(requestId).toEqual(expect.any(String));
    return extensions;
  };

  test.each(['another account', 'none at all', 'no id', 'an id with a NUL'])(
    '%s is not found',
    async (which) => {
      const [mine, other] = [await app.seed.account(), await app.seed.account()];
      const ids: Record<string, string> = {
        'another account': other.id,
        'none at all': UNKNOWN_ID,
        'no id': 'x',
        'an id with a NUL': 'a\0b',
      };
      const accountId = ids[which]!;
      const ofOne = await app.seed.serviceKey(mine.id);
      expect(await refusalOf(follow(ofOne.key, accountId))).toEqual({ code: 'NOT_FOUND' });
      const { accessToken } = await mine.owner.login();
      const asOwner = app.subscribe(OF_ACCOUNT, { accessToken }, { accountId });
      expect(await refusalOf(asOwner)).toEqual({ code: 'NOT_FOUND' });
      if (which === 'another account') return;
      const forAll = await app.seed.serviceKey(null);
      expect(await refusalOf(follow(forAll.key, accountId))).toEqual({ code: 'NOT_FOUND' });
    },
  );

  test('an owner and a key may name their own account', async () => {
    const account = await app.seed.account();
    const { key } = await app.seed.serviceKey(account.id);
    const { accessToken } = await account.owner.login();
    const feeds = [
      follow(key, account.id),
      app.subscribe(OF_ACCOUNT, { accessToken }, { accountId: account.id }),
    ];
    for (const feed of feeds) {
      await waitForFeed(app, feed, account.owner);
      await feed.stop();
    }
  });

  test('a member is refused with any account', async () => {
    const account = await app.seed.account();
    const { accessToken } = await (await account.addUser()).login();
    for (const accountId of [account.id, UNKNOWN_ID]) {
      const feed = app.subscribe(OF_ACCOUNT, { accessToken }, { accountId });
      expect(await refusalOf(feed)).toEqual({ code: 'FORBIDDEN' });
    }
  });
});

test('a key cannot follow a session: sessionExpiry is for users, and a query belongs to HTTP', async () => {
  const { key } = await app.seed.serviceKey(null);
  const feed = app.subscribe(SESSION_EXPIRY, { serviceKey: key });
  expect((await feed.next()).errors[0].extensions).toEqual({
    code: 'FORBIDDEN',
    requestId: expect.any(String),
  });
  await feed.stop();
  const socket = await openGreeted(key);
  socket.send(subscribeMessage('1', '{ viewer { id } }'));
  const { payload } = await socket.next(({ type }) => type === 'error');
  expect(payload[0].extensions.code).toBe('BAD_USER_INPUT');
  socket.socket.close();
});

describe('opening a socket', () => {
  test.each<[string, () => Promise<[unknown, Record<string, unknown>?]>]>([
    ['an unknown key', async () => [`cfk_${'x'.repeat(43)}`]],
    ['an empty one', async () => ['']],
    ['something that is not text', async () => [{ toString: 'x' }]],
    ['null', async () => [null]],
    ['a long one', async () => [`cfk_${'x'.repeat(60_000)}`]],
    ['one with a NUL', async () => ['cfk_\0']],
    [
      'an access token in its place',
      async () => [(await (await app.seed.account()).owner.login()).accessToken],
    ],
    [
      'a good key beside an access token',
      async () => {
        const account = await app.seed.account();
        const { accessToken } = await account.owner.login();
        return [(await app.seed.serviceKey(account.id)).key, { accessToken }];
      },
    ],
    [
      'a revoked key',
      async () => {
        const { id, key } = await app.seed.serviceKey(null);
        await revoke(id);
        return [key];
      },
    ],
    [
      'a key whose day has come',
      async () => [(await app.seed.serviceKey(null, { expiresAt: app.clock.now() })).key],
    ],
  ])('%s is refused with 4401', async (_, make) => {
    const socket = await openForKey(...(await make()));
    expect(await socket.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test('a service key as accessToken is refused', async () => {
    const { key } = await app.seed.serviceKey(null);
    const { closed } = app.subscribe(ACCOUNT_SESSIONS, { accessToken: key });
    expect(await closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });
});

test('a session-scoped token follows its own session, however often it subscribes, and no account', async () => {
  const account = await app.seed.account();
  const service = await openServiceSession(app, account);
  const accessToken = await sessionScopedTokenOf(app, service);
  const socket = await openGreetedSocket(app, accessToken);
  for (const id of ['1', '2']) {
    socket.send(subscribeMessage(id, ACCOUNT_SESSIONS));
    const { payload } = await socket.next((message) => message.id === id && message.type === 'next');
    expect(payload.errors[0].extensions).toEqual({ code: 'FORBIDDEN', requestId: expect.any(String) });
  }
  socket.send(subscribeMessage('3'), subscribeMessage('4', '{ viewer { id } }'));
  const { payload } = await socket.next(({ id }) => id === '4');
  expect(payload[0].extensions.code).toBe('BAD_USER_INPUT');
  await app.gql(
    'mutation($input: EndSessionInput!) { endSession(input: $input) }',
    { input: { sessionToken: service.sessionToken } },
    { token: service.key },
  );
  expect(
    (await socket.next(({ id, type }) => id === '3' && type === 'next')).payload.data.sessionExpiry,
  ).toMatchObject({
    kind: 'REVOKED',
    endReason: 'LOGOUT',
  });
  expect(await socket.closed).toEqual({ code: 4401, reason: 'LOGOUT' });
});

describe('the end of a key', () => {
  test('a revoked key: the feed completes, then the socket closes with 4401', async () => {
    const account = await app.seed.account();
    const { id, key } = await app.seed.serviceKey(account.id);
    const feed = follow(key);
    await waitForFeed(app, feed, account.owner);
    await revoke(id);
    await advanceUntilSettled(app, feed.completed);
    expect(await advanceUntilSettled(app, feed.closed)).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test('later events are not sent', async () => {
    const account = await app.seed.account();
    const { id, key } = await app.seed.serviceKey(account.id);
    const feed = follow(key);
    await waitForFeed(app, feed, account.owner);
    await revoke(id);
    const { sessionId } = await account.owner.login();
    await advanceUntilSettled(app, feed.closed);
    expect(feed.events.filter(({ session }) => session.id === sessionId)).toEqual([]);
  });

  test('an expired key: a socket without a subscription closes too, five seconds later at most', async () => {
    const expiresAt = new Date(app.clock.now().getTime() + 60_000);
    const { key } = await app.seed.serviceKey(null, { expiresAt });
    const socket = await openGreeted(key);
    app.clock.advance(59_000);
    socket.send(subscribeMessage('1', ACCOUNT_SESSIONS), { id: '1', type: 'complete' }, { type: 'ping' });
    await socket.next(({ type }) => type === 'pong');
    app.clock.advance(5_000);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
  });

  test('a socket that is still open accepts no more subscriptions', async () => {
    const { id, key } = await app.seed.serviceKey(null);
    const socket = await openGreeted(key);
    await revoke(id);
    socket.send(subscribeMessage('1', ACCOUNT_SESSIONS));
    const { payload } = await socket.next(({ type }) => type === 'error');
    expect(payload[0].extensions).toEqual({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
    socket.socket.close();
  });

  test('the sockets of other keys stay', async () => {
    const [gone, here] = [await app.seed.serviceKey(null), await app.seed.serviceKey(null)];
    const [closing, staying] = [await openGreeted(gone.key), await openGreeted(here.key)];
    await revoke(gone.id);
    await advanceUntilSettled(app, closing.closed);
    staying.send({ type: 'ping' });
    await staying.next(({ type }) => type === 'pong');
    staying.socket.close();
  });
});

describe('limits', () => {
  test('an eleventh subscription on a socket of a key is refused', async () => {
    const { key } = await app.seed.serviceKey(null);
    const socket = await openGreeted(key);
    for (let n = 1; n <= 11; n += 1) socket.send(subscribeMessage(String(n), ACCOUNT_SESSIONS));
    const { id, payload } = await socket.next(({ type }) => type === 'error');
    expect([id, payload[0].extensions.code]).toEqual(['11', 'RATE_LIMITED']);
    socket.socket.close();
  });

  test('a key has a hundred sockets at most, and another key its own', async () => {
    const { key } = await app.seed.serviceKey(null);
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openGreeted(key)));
    const oneMore = await openForKey(key);
    expect((await oneMore.closed).code).toBe(1013);
    const other = await openGreeted((await app.seed.serviceKey(null)).key);
    sockets[0]!.socket.close();
    await sockets[0]!.closed;
    (await openGreeted(key)).socket.close();
    for (const { socket } of [...sockets, other]) socket.close();
  });
});
