import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { followSessions, type SessionFeed, type SessionReport } from './session-feed.ts';

const timing = {
  pingMs: 10,
  leaseMs: 1_000,
  settleMs: 60,
  firstWaitMs: 10,
  longestWaitMs: 40,
  refusedWaitMs: 5_000,
};

interface Peer {
  socket: WebSocket;
  say(message: object): void;
}

let server: WebSocketServer;
let feed: SessionFeed | undefined;
afterEach(async () => {
  feed?.close();
  feed = undefined;
  for (const socket of server.clients) socket.terminate();
  await new Promise((done) => server.close(done));
});

/** A Curfew as far as this goes; `onMessage` replaces what it would do. */
async function start(onMessage?: (peer: Peer, message: { type: string }, all: string[]) => boolean) {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const subscribed: Peer[] = [];
  const waiters: (() => void)[] = [];
  const reports: SessionReport[] = [];
  const problems: string[] = [];
  let connections = 0;
  server.on('connection', (socket) => {
    connections += 1;
    const peer: Peer = { socket, say: (message) => socket.send(JSON.stringify(message)) };
    const all: string[] = [];
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      all.push(message.type);
      if (onMessage?.(peer, message, all)) return;
      if (message.type === 'connection_init') peer.say({ type: 'connection_ack' });
      if (message.type === 'ping') peer.say({ type: 'pong' });
      if (message.type === 'subscribe') {
        subscribed.push(peer);
        waiters.shift()?.();
      }
    });
  });
  await new Promise((done) => server.once('listening', done));
  const { port } = server.address() as AddressInfo;
  const problem = Promise.withResolvers<string>();
  feed = followSessions({
    url: `ws://127.0.0.1:${port}/graphql`,
    serviceKey: 'key',
    timing,
    onReport: (report) => reports.push(report),
    onProblem(outcome) {
      problems.push(outcome);
      problem.resolve(outcome);
    },
  });
  return {
    feed,
    reports,
    problems,
    problem: problem.promise,
    subscribed,
    connections: () => connections,
    nextSubscription: () => new Promise<void>((resolve) => waiters.push(resolve)),
  };
}

const report = (kind: string, id: string) => ({
  type: 'next',
  id: 'sessions',
  payload: { data: { accountSessions: { kind, session: { id } } } },
});

test('nothing counts as followed before Curfew has had its time to set up the subscription', async () => {
  const pings: number[] = [];
  const { feed, nextSubscription } = await start((_, { type }) => {
    if (type === 'ping') pings.push(performance.now());
    return false;
  });
  expect(feed.epoch()).toBeNull();
  await nextSubscription();
  expect(feed.epoch()).toBeNull();
  await feed.following();
  expect(feed.epoch()).toBe(1);
  expect(performance.now() - pings[0]!).toBeGreaterThanOrEqual(timing.settleMs);
});

test('a subscription that is refused late has never counted as followed', async () => {
  const epochs: (number | null)[] = [];
  const { problem } = await start(({ say }, { type }, all) => {
    // As late as Curfew can be: with the last pong before it would be trusted.
    if (type !== 'ping' || all.filter((one) => one === 'ping').length < 3) return false;
    epochs.push(feed!.epoch());
    say({ type: 'error', id: 'sessions', payload: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] });
    say({ type: 'pong' });
    return true;
  });
  expect(await problem).toBe('refused');
  expect(epochs).toEqual([null]);
  expect(feed!.epoch()).toBeNull();
});

test('a report proves the subscription, and is passed on', async () => {
  const { feed, reports, nextSubscription, subscribed } = await start();
  await nextSubscription();
  subscribed[0]!.say(report('ENDED', 'a'));
  await feed.following();
  expect(reports).toEqual([{ kind: 'ENDED', sessionId: 'a' }]);
});

test.each([
  ['closes', ({ socket }: Peer) => socket.close(1001, 'Going away')],
  ['breaks', ({ socket }: Peer) => socket.terminate()],
  ['completes the subscription', ({ say }: Peer) => say({ type: 'complete', id: 'sessions' })],
  ['sends a report that failed', ({ say }: Peer) => say({ type: 'next', payload: { data: null } })],
  ['sends what is no message', ({ socket }: Peer) => socket.send('\0{')],
])('when Curfew %s, nothing known counts until a new subscription stands', async (_, happen) => {
  const { feed, nextSubscription, subscribed, problems } = await start();
  await feed.following();
  const again = nextSubscription();
  happen(subscribed[0]!);
  await again;
  expect(feed.epoch()).toBeNull();
  await feed.following();
  expect(feed.epoch()).toBe(2);
  expect(problems).toEqual(['lost']);
});

test('after the subscription has completed no pong brings it back', async () => {
  const { feed, subscribed, nextSubscription } = await start();
  await feed.following();
  const again = nextSubscription();
  const [{ say }] = subscribed as [Peer];
  say({ type: 'complete', id: 'sessions' });
  for (let pong = 0; pong < 5; pong += 1) say({ type: 'pong' });
  let hasCounted = false;
  const watching = setInterval(() => (hasCounted ||= feed.epoch() === 2), 1);
  await again;
  clearInterval(watching);
  expect(hasCounted).toBe(false);
});

test('a connection that falls silent counts for as long as its lease, and is replaced', async () => {
  let isSilent = false;
  const { feed, nextSubscription } = await start((_, { type }) => isSilent && type === 'ping');
  await feed.following();
  isSilent = true;
  const silentSince = performance.now();
  const again = nextSubscription();
  // Asked in every turn: the last moment at which it counted.
  let countedUntil = silentSince;
  const watching = setInterval(() => {
    if (feed.epoch() === 1) countedUntil = performance.now();
  }, 5);
  await again;
  clearInterval(watching);
  expect(countedUntil - silentSince).toBeLessThanOrEqual(timing.leaseMs);
  isSilent = false;
  await feed.following();
  expect(feed.epoch()).toBe(2);
});

test('a key that is refused is told once and not tried again soon', async () => {
  const { problem, problems, connections } = await start(({ socket }, { type }) => {
    if (type === 'connection_init') socket.close(4401, 'UNAUTHENTICATED');
    return true;
  });
  expect(await problem).toBe('refused');
  // Longer than any wait of a connection that is merely lost.
  await new Promise((done) => setTimeout(done, 5 * timing.longestWaitMs));
  expect(connections()).toBe(1);
  expect(problems).toEqual(['refused']);
});

test('close leaves no socket and no timer, at whatever moment', async () => {
  const { feed, nextSubscription } = await start();
  await nextSubscription();
  const [peer] = server.clients;
  const gone = new Promise((done) => peer!.once('close', done));
  feed.close();
  await gone;
  expect(feed.epoch()).toBeNull();
});
