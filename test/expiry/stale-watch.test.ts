import { onUsualDatabase } from '../databases.ts';
import { hangable, type HangingDatabase } from '../hanging-database.ts';
import { startApp, type TestApp } from '../harness.ts';
import { ACCOUNT_SESSIONS, SESSION_EXPIRY, type SignedIn } from '../seed.ts';
import { gauge, openSocket } from './raw-socket.ts';
import { waitUntil } from '../wait-until.ts';

/** Long enough for a busy machine whose reads work. */
const BLIND_AFTER_MS = 1_500;
const REVOKE = 'mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';

onUsualDatabase((kind) => {
  let app: TestApp;
  let hanging: HangingDatabase;
  let owner: SignedIn;
  let key: string;
  beforeEach(async () => {
    app = await startApp({
      database: kind,
      clock: 'real',
      staleAfterMs: BLIND_AFTER_MS,
      wrapDatabase: (database) => (hanging = hangable(database)),
    });
    const account = await app.seed.account();
    owner = await account.owner.login();
    ({ key } = await app.seed.serviceKey(account.id));
  });
  afterEach(async () => {
    hanging.restore();
    await app.close();
  });

  const readyz = async () => {
    const response = await fetch(`${app.url}/readyz`);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const untilReady = () => waitUntil(async () => (await readyz()).status === 200);

  test('a node whose reads hang is not ready, closes every socket with 1013, and accepts none', async () => {
    expect(await readyz()).toEqual({ status: 200, body: { status: 'ready', database: 'up' } });
    const sockets = [
      app.subscribe(SESSION_EXPIRY, { accessToken: owner.accessToken }),
      app.subscribe(ACCOUNT_SESSIONS, { accessToken: owner.accessToken }),
      app.subscribe(ACCOUNT_SESSIONS, { serviceKey: key }),
    ];
    const idle = openSocket(app);
    await waitUntil(async () => (await gauge(app, 'curfew_open_sockets')) >= 4);
    hanging.hang();
    for (const { closed } of sockets) expect((await closed).code).toBe(1013);
    expect((await idle.closed).code).toBe(1013);
    expect(await readyz()).toEqual({
      status: 503,
      body: { status: 'unavailable', database: 'up', watch: 'down' },
    });
    const late = app.subscribe(SESSION_EXPIRY, { accessToken: owner.accessToken });
    expect(await late.closed).toEqual({ code: 1013, reason: 'Cannot see the sessions' });
    hanging.restore();
    await untilReady();
  });

  test('a pong says how long ago a feed was complete, and says nothing without a feed', async () => {
    const socket = openSocket(app);
    await socket.opened;
    const pong = async () => {
      socket.send({ type: 'ping' });
      return (await socket.next(({ type }) => type === 'pong')).payload?.completeMsAgo;
    };
    socket.send({ type: 'connection_init', payload: { serviceKey: key } });
    await socket.next(({ type }) => type === 'connection_ack');
    expect(await pong()).toBeUndefined();
    socket.send({ type: 'subscribe', id: 'feed', payload: { query: ACCOUNT_SESSIONS } });
    while ((await pong()) === undefined);
    const first = performance.now();
    let youngest = Infinity;
    while (performance.now() - first < 2_500) youngest = Math.min(youngest, await pong());
    expect(youngest).toBeLessThan(1_000);

    hanging.hang();
    const hungAt = performance.now();
    for (;;) {
      const sentAt = performance.now();
      const age = await Promise.race([pong(), socket.closed]);
      if (typeof age !== 'number') break;
      expect(age).toBeGreaterThanOrEqual(Math.floor(sentAt - hungAt));
    }
    expect((await socket.closed).code).toBe(1013);
    hanging.restore();
  });

  test('when reads work again, everything is served and earlier ends are delivered', async () => {
    const other = await (await app.seed.account()).owner.login();
    const expiry = app.subscribe(SESSION_EXPIRY, { accessToken: owner.accessToken });
    await waitUntil(async () => (await gauge(app, 'curfew_watched_sessions')) >= 1);
    hanging.hang();
    expect((await expiry.closed).code).toBe(1013);
    hanging.restore();
    await untilReady();
    await owner.gql(REVOKE, { id: owner.sessionId });
    const again = app.subscribe(SESSION_EXPIRY, { accessToken: owner.accessToken });
    expect(await again.closed).toMatchObject({ code: 4401, reason: 'REVOKED_BY_USER' });
    const followed = app.subscribe(SESSION_EXPIRY, { accessToken: other.accessToken });
    await waitUntil(async () => (await gauge(app, 'curfew_watched_sessions')) >= 1);
    await other.gql(REVOKE, { id: other.sessionId });
    expect(await followed.next()).toMatchObject({ kind: 'REVOKED' });
  });
});
