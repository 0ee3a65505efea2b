import type { TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS } from '../seed.ts';
import { followWarned, loginWarned, startShort, WARNING_MS } from './session-subscriptions.ts';
import { openGreetedSocket, subscribeMessage, untilGauge, type RawSocket } from './raw-socket.ts';

let app: TestApp;
beforeEach(async () => {
  app = await startShort('embedded');
});
afterEach(() => app.close());

const answers = async (socket: RawSocket, count: number, timeoutMs?: number): Promise<any[]> => {
  const all = [];
  while (all.length < count) all.push(await socket.next(() => true, timeoutMs));
  return all;
};

test('the eleventh subscription of a socket is refused, and the other ten live on', async () => {
  const { owner } = await app.seed.account();
  const who = await loginWarned(app, owner);
  const socket = await openGreetedSocket(app, who.accessToken);
  const ids = Array.from({ length: 10 }, (_, index) => String(index));
  socket.send(...ids.map((id) => subscribeMessage(id)));
  expect((await answers(socket, 10)).map(({ type }) => type)).toEqual(ids.map(() => 'next'));

  socket.send(subscribeMessage('eleventh'));
  const refused = await socket.next();
  expect(refused).toMatchObject({ id: 'eleventh', type: 'error' });
  expect(refused.payload[0].extensions).toEqual({
    requestId: expect.any(String),
    code: 'RATE_LIMITED',
    retryAfterSeconds: expect.any(Number),
  });

  // A subscription that completed frees its place.
  socket.send({ id: '9', type: 'complete' }, { type: 'ping' });
  await socket.next(({ type }) => type === 'pong');
  socket.send(subscribeMessage('another'));
  expect(await socket.next()).toMatchObject({ id: 'another', type: 'next' });

  const before = socket.messages.length;
  await who.gql('mutation { logout { ended } }');
  expect(await socket.closed).toEqual({ code: 4401, reason: 'LOGOUT' });
  const told = socket.messages.slice(before);
  const following = [...ids.slice(0, 9), 'another'];
  expect(
    told
      .filter(({ type }) => type === 'next')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(following);
  expect(
    told
      .filter(({ type }) => type === 'complete')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(following);
});

test('two thousand subscriptions need no timers of their own', async () => {
  const account = await app.seed.account();
  const owner = await account.owner.login();
  const users = await Promise.all(Array.from({ length: 4 }, () => account.addUser()));
  const sessions = [owner];
  for (const user of users) for (let n = 0; n < 5; n += 1) sessions.push(await user.login());
  app.clock.advance(60 * 60_000 - WARNING_MS);
  const first = await followWarned(app, owner);
  const timers = app.clock.pendingTimers;

  const sockets: RawSocket[] = [];
  for (const { accessToken } of sessions.slice(1))
    for (let n = 0; n < 10; n += 1) sockets.push(await openGreetedSocket(app, accessToken));
  for (const socket of sockets) for (let id = 0; id < 10; id += 1) socket.send(subscribeMessage(String(id)));
  for (const socket of sockets) await answers(socket, 10, 60_000);
  await untilGauge(app, 'curfew_open_sockets', 201);
  await untilGauge(app, 'curfew_watched_sessions', 21);
  // A background loop that is just in its turn has no timer: a few more or less, but not two thousand.
  expect(app.clock.pendingTimers).toBeLessThan(timers + 20);

  app.clock.advance(WARNING_MS + 1_000);
  await first.completed;
  for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4401, reason: 'IDLE_TIMEOUT' });
  await untilGauge(app, 'curfew_watched_sessions', 0);
});

test('a client that does not read blocks no other', async () => {
  const { owner } = await app.seed.account();
  const who = await loginWarned(app, owner);
  const stalled = await openGreetedSocket(app, who.accessToken);
  stalled.send(...Array.from({ length: 10 }, (_, id) => subscribeMessage(String(id))));
  stalled.send(subscribeMessage('feed', ACCOUNT_SESSIONS));
  await answers(stalled, 10);
  const { _socket: connection } = stalled.socket as unknown as {
    _socket: { pause(): void; resume(): void };
  };
  connection.pause();

  const reading = await followWarned(app, who);
  for (let round = 0; round < 50; round += 1) {
    const answer = await who.gql('mutation { touchSession { idleExpiresAt } }');
    expect(answer.code).toBeUndefined();
    if (round === 0) expect((await reading.next()).kind).toBe('EXTENDED');
  }
  await owner.login().then(({ gql }) => gql('mutation { revokeSessions(scope: ALL) { revokedCount } }'));
  expect(await reading.next()).toMatchObject({ kind: 'REVOKED' });
  await reading.completed;
  connection.resume();
  expect(await stalled.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_OWNER' });
});

test('a repeated document is served from the cache, and an invalid one is refused each time', async () => {
  const { owner } = await app.seed.account();
  const who = await loginWarned(app, owner);
  const socket = await openGreetedSocket(app, who.accessToken);
  const documents = (id: number) => [
    subscribeMessage(`short${id}`, 'subscription { sessionExpiry { kind } }'),
    subscribeMessage(`aliased${id}`, 'subscription { sessionExpiry { what: kind } }'),
    subscribeMessage(`invalid${id}`, 'subscription { sessionExpiry { nothing } }'),
  ];
  for (let id = 0; id < 3; id += 1) {
    const answered = new Map<string, any>();
    socket.send(...documents(id));
    for (const message of await answers(socket, 3)) answered.set(message.id, message);
    expect(answered.get(`short${id}`).payload.data.sessionExpiry).toEqual({ kind: 'WARNING' });
    expect(answered.get(`aliased${id}`).payload.data.sessionExpiry).toEqual({ what: 'WARNING' });
    expect(answered.get(`invalid${id}`)).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  }
  socket.socket.close();
});
