import { jest } from '@jest/globals';
import { startApp, type TestApp } from '../harness.ts';
import { gauge, openGreetedSocket, openSocket, untilGauge, type RawSocket } from './raw-socket.ts';

const PING_EVERY_MS = 15_000;
/** So short that the server pings at most one of a few sockets. */
const STEP_MS = 250;

// Only intervals are faked: the server pings when the test advances them.
const { setInterval, clearInterval } = globalThis;
let app: TestApp;
beforeAll(async () => {
  jest.useFakeTimers({
    doNotFake: [
      'Date',
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setTimeout',
      'clearTimeout',
    ],
  });
  app = await startApp();
});
afterAll(async () => {
  await app.close();
  jest.useRealTimers();
  expect([globalThis.setInterval, globalThis.clearInterval]).toEqual([setInterval, clearInterval]);
});

test('a client that misses a ping is disconnected at the next, one that answers stays', async () => {
  const { accessToken } = await (await app.seed.account()).owner.login();
  const answering = await openGreetedSocket(app, accessToken);
  const silent = await openGreetedSocket(app, accessToken);
  const { _socket: connection } = silent.socket as unknown as { _socket: { pause(): void } };
  connection.pause();
  expect(await gauge(app, 'curfew_open_sockets')).toBe(2);
  for (let round = 0; round < 3; round += 1) {
    const pinged = new Promise((resolve) => answering.socket.once('ping', resolve));
    jest.advanceTimersByTime(PING_EVERY_MS);
    await pinged;
    // The pong was sent before this, on the same socket.
    answering.send({ type: 'ping' });
    await answering.next(({ type }) => type === 'pong');
    await untilGauge(app, 'curfew_open_sockets', round === 0 ? 2 : 1);
  }
  silent.socket.terminate();
  answering.socket.close();
  await untilGauge(app, 'curfew_open_sockets', 0);
});

test('sockets are pinged in turn, each once per round', async () => {
  const { accessToken } = await (await app.seed.account()).owner.login();
  const sockets: RawSocket[] = [];
  while (sockets.length < 8) sockets.push(await openGreetedSocket(app, accessToken));
  const pings = sockets.map(() => 0);
  sockets.forEach(({ socket }, index) => socket.on('ping', () => (pings[index]! += 1)));
  const untilHeard = async () => {
    for (const socket of sockets) {
      socket.send({ type: 'ping' });
      await socket.next(({ type }) => type === 'pong');
    }
  };
  let mostAtOnce = 0;
  for (let passed = 0; passed < PING_EVERY_MS; passed += STEP_MS) {
    const before = pings.reduce((sum, count) => sum + count);
    jest.advanceTimersByTime(STEP_MS);
    await untilHeard();
    mostAtOnce = Math.max(mostAtOnce, pings.reduce((sum, count) => sum + count) - before);
  }
  expect(pings).toEqual(sockets.map(() => 1));
  expect(mostAtOnce).toBe(1);
  for (const { socket } of sockets) socket.close();
  await untilGauge(app, 'curfew_open_sockets', 0);
});

test('a client that sends and never reads is disconnected before the next ping', async () => {
  const { accessToken } = await (await app.seed.account()).owner.login();
  const socket = await openGreetedSocket(app, accessToken);
  const connection = (socket.socket as unknown as { _socket: { pause(): void } })._socket;
  connection.pause();
  const ping = JSON.stringify({ type: 'ping', payload: { padding: 'x'.repeat(60_000) } });
  for (let count = 0; count < 1_000 && socket.socket.readyState === 1; count += 1) {
    await new Promise((sent) => socket.socket.send(ping, sent));
  }
  await untilGauge(app, 'curfew_open_sockets', 0);
});

test('a socket without connection_init is closed', async () => {
  const ungreeted = openSocket(app);
  await ungreeted.opened;
  expect((await ungreeted.closed).code).toBe(4408);
});
