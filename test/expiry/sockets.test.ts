import { onUsualDatabase } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import { SESSION_EXPIRY } from '../seed.ts';
import { MINUTE } from './session-subscriptions.ts';
import { openGreetedSocket, openSocket, refusedUpgrade, subscribeMessage, untilGauge } from './raw-socket.ts';

onUsualDatabase((database) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ database, env: { ALLOWED_ORIGINS: 'https://app.example.test' } });
  });
  afterAll(() => app.close());

  const signIn = async () => (await app.seed.account()).owner.login();
  const closeOf = (connectionParams: Record<string, unknown>) =>
    app.subscribe(SESSION_EXPIRY, connectionParams).closed;

  describe('opening a socket with a token', () => {
    test.each([
      ['no token', {}],
      ['an empty one', { accessToken: '' }],
      ['garbage', { accessToken: 'a.b.c' }],
      ['something that is not text', { accessToken: { toString: 'x' } }],
      ['a long one', { accessToken: 'x'.repeat(60_000) }],
    ])('%s must sign in again', async (_, connectionParams) => {
      expect(await closeOf(connectionParams)).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    });

    test('a token of an ended session is refused with the end reason', async () => {
      const { owner } = await app.seed.account();
      const [gone, here] = [await owner.login(), await owner.login()];
      await gone.gql(`mutation { logout { ended } }`);
      expect(await closeOf({ accessToken: gone.accessToken })).toEqual({ code: 4401, reason: 'LOGOUT' });
      await here.gql(`mutation { revokeSessions(scope: ALL) { revokedCount } }`);
      expect(await closeOf({ accessToken: here.accessToken })).toEqual({
        code: 4401,
        reason: 'REVOKED_BY_OWNER',
      });
    });

    test('an expired token of a live session is refused with the advice to refresh', async () => {
      const { accessToken, payload } = await signIn();
      app.clock.advance(
        new Date(payload.accessTokenExpiresAt).getTime() - app.clock.now().getTime() + MINUTE,
      );
      expect((await closeOf({ accessToken })).code).toBe(4403);
    });

    test('an expired token of an ended session is refused with the end reason', async () => {
      const gone = await signIn();
      await gone.gql(`mutation { logout { ended } }`);
      app.clock.advance(6 * MINUTE);
      expect(await closeOf({ accessToken: gone.accessToken })).toEqual({ code: 4401, reason: 'LOGOUT' });
    });

    test('a refresh token opens no socket', async () => {
      const { refreshToken } = await signIn();
      expect(await closeOf({ accessToken: refreshToken })).toEqual({ code: 4401, reason: 'UNAUTHENTICATED' });
    });
  });

  test('a socket outlives its access token: it subscribes and gets events afterwards', async () => {
    const { owner } = await app.seed.account();
    const here = await owner.login();
    const socket = await openGreetedSocket(app, here.accessToken);
    app.clock.advance(60 * MINUTE);
    const elsewhere = await owner.login();
    const warned = await app.gql(`{ viewer { id } }`, {}, { token: here.accessToken });
    expect(warned.code).toBe('UNAUTHENTICATED');
    socket.send(subscribeMessage('1', `subscription { accountSessions { kind session { id } } }`));
    socket.send({ id: '2', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
    await socket.next(({ id, type }) => id === '2' && type === 'error');
    await elsewhere.gql(`mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }`, {
      id: here.sessionId,
    });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'REVOKED_BY_USER' });
  });

  test('a socket without a subscription is closed with its session, too', async () => {
    const here = await signIn();
    const socket = await openGreetedSocket(app, here.accessToken);
    await here.gql(`mutation { logout { ended } }`);
    expect(await socket.closed).toEqual({ code: 4401, reason: 'LOGOUT' });
  });

  describe('opening a socket from a page', () => {
    test.each(['https://evil.example.test', 'null', 'https://app.example.test.evil.test'])(
      'one from %s is refused before the upgrade',
      async (origin) => {
        expect(await refusedUpgrade(app, { origin })).toBe(403);
      },
    );

    test('a program without an Origin, an allowed page and our own page are accepted', async () => {
      const { accessToken } = await signIn();
      const served: Record<string, string>[] = [
        {},
        { origin: 'https://app.example.test' },
        { origin: app.url },
      ];
      for (const headers of served) {
        const socket = await openGreetedSocket(app, accessToken, { headers });
        socket.socket.close();
      }
    });

    test('only /graphql has a socket', async () => {
      expect(await refusedUpgrade(app, {}, '/nowhere')).toBe(404);
      // Elsewhere the header is ignored, and the page is returned.
      expect(await refusedUpgrade(app, {}, '/graphiql')).toBe(200);
    });
  });

  test('the counts of sockets and watched sessions return to zero when the clients have left', async () => {
    await untilGauge(app, 'curfew_open_sockets', 0);
    const { accessToken } = await signIn();
    const sockets = await Promise.all(Array.from({ length: 20 }, () => openGreetedSocket(app, accessToken)));
    sockets.forEach((socket, index) => {
      socket.send(subscribeMessage('1'));
      socket.send(subscribeMessage('2', `subscription { accountSessions { kind } }`));
      if (index % 2 === 0) socket.send({ id: '1', type: 'complete' });
    });
    await untilGauge(app, 'curfew_open_sockets', 20);
    await untilGauge(app, 'curfew_watched_sessions', 1);
    // Half of them close properly, half of them as if the network broke.
    sockets.forEach(({ socket }, index) => (index < 10 ? socket.close() : socket.terminate()));
    await untilGauge(app, 'curfew_open_sockets', 0);
    await untilGauge(app, 'curfew_watched_sessions', 0);
  });
});

test('on shutdown every socket is closed as going away', async () => {
  const app = await startApp();
  const { owner } = await app.seed.account();
  const { accessToken } = await owner.login();
  const quiet = await openGreetedSocket(app, accessToken);
  const subscribed = await openGreetedSocket(app, accessToken);
  subscribed.send(subscribeMessage('1'));
  const ungreeted = openSocket(app);
  await ungreeted.opened;
  await app.close();
  for (const socket of [quiet, subscribed, ungreeted])
    expect(await socket.closed).toMatchObject({ code: 1001 });
});
