import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import { followSessionExpiry, type SessionExpiryEvent } from '../../client/src/index.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SignedIn } from '../seed.ts';

const MINUTE = 60_000;

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Follows the session and turns the callbacks into promises. */
function follow(getAccessToken: (state: { isRefused: boolean }) => string | Promise<string>) {
  const events: SessionExpiryEvent[] = [];
  const connected = Promise.withResolvers<void>();
  const first = Promise.withResolvers<SessionExpiryEvent>();
  const over = Promise.withResolvers<string>();
  const stop = followSessionExpiry({
    url: `${app.url.replace(/^http/, 'ws')}/graphql`,
    getAccessToken,
    webSocketImpl: WebSocket,
    onEvent(event) {
      events.push(event);
      first.resolve(event);
    },
    onOver: ({ reason }) => over.resolve(reason),
    onConnection: (isConnected) => isConnected && connected.resolve(),
  });
  return { events, connected: connected.promise, first: first.promise, over: over.promise, stop };
}

const login = async (): Promise<SignedIn> => (await app.seed.account()).owner.login();

test('an expired access token of a living session is replaced without anybody noticing', async () => {
  const session = await login();
  app.clock.advance(6 * MINUTE);
  const asked: boolean[] = [];
  const followed = follow(async ({ isRefused }) => {
    asked.push(isRefused);
    return isRefused ? (await session.refresh()).data.refreshSession.accessToken : session.accessToken;
  });
  await followed.connected;
  expect(asked).toEqual([false, true]);
  followed.stop();
});

test('a token that is no good ends the following without a retry', async () => {
  const followed = follow(() => 'not-a-token');
  expect(await followed.over).toBe('UNAUTHENTICATED');
  followed.stop();
});

test('an application hears the warning, then the end, and is told once why the session is over', async () => {
  const session = await login();
  await session.gql(`mutation {
    updateSessionPolicy(input: { idleMinutes: 10, absoluteMinutes: 60, apply: ACTIVE_SESSIONS }) { sessionPolicy { version } }
  }`);
  app.clock.advance(6 * MINUTE);
  const fresh: string = (await session.refresh({ userActive: false })).data.refreshSession.accessToken;
  const followed = follow(() => fresh);
  expect(await followed.first).toMatchObject({
    kind: 'WARNING',
    reason: 'IDLE',
    canExtend: true,
    secondsRemaining: 240,
  });
  await app.gql(`mutation { logout { ended } }`, {}, { token: fresh });
  expect(await followed.over).toBe('LOGOUT');
  expect(followed.events.map(({ kind }) => kind)).toEqual(['WARNING', 'REVOKED']);
  followed.stop();
});

test('a session that is over already is named as such at the first connection', async () => {
  const session = await login();
  await session.gql(`mutation { logout { ended } }`);
  const followed = follow(() => session.accessToken);
  expect(await followed.over).toBe('LOGOUT');
  followed.stop();
});

test('frames that are no messages lose the connection, and throw nothing', async () => {
  const frames = ['null', '1', '[', '{"type":"next","id":"1","payload":null}'];
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: () => 'graphql-transport-ws',
  });
  await once(server, 'listening');
  const closed: number[] = [];
  const heard: unknown[] = [];
  const isDone = Promise.withResolvers<void>();
  server.on('connection', (socket) => {
    const frame = frames[closed.length]!;
    socket.once('message', () => socket.send(frame));
    // A result without content says nothing, and the connection goes on.
    if (frame.startsWith('{')) socket.once('message', () => socket.close(1001));
    socket.once('close', (code) => {
      closed.push(code);
      if (closed.length === frames.length) isDone.resolve();
    });
  });
  const stop = followSessionExpiry({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    getAccessToken: () => 'access',
    webSocketImpl: WebSocket,
    onEvent: (event) => heard.push(event),
    onOver: (over) => heard.push(over),
  });
  await isDone.promise;
  stop();
  server.close();
  expect(closed).toEqual([4004, 4004, 4004, 1001]);
  expect(heard).toEqual([]);
});
