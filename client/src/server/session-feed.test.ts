import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { followSessions, type SessionFeed, type SessionReport } from './session-feed.ts';

const timing = {
  pingMs: 10,
  leaseMs: 1_000,
  firstWaitMs: 10,
  maxWaitMs: 40,
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
  const proof = { completeMsAgo: 0 };
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
      if (message.type === 'ping') peer.say({ type: 'pong', payload: proof });
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
    proof,
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

test('nothing counts as followed before Curfew has proved that it sees the rows, however long the socket is open', async () => {
  let pings = 0;
  const epochs: (number | null)[] = [];
  const { feed } = await start(({ say }, { type }) => {
    if (type !== 'ping' || (pings += 1) > 20) return false;
    epochs.push(feed!.epoch());
    say(pings % 2 ? { type: 'pong' } : { type: 'pong', payload: { completeMsAgo: 'now' } });
    return true;
  });
  expect(feed.epoch()).toBeNull();
  await feed.following();
  expect(feed.epoch()).toBe(1);
  expect(epochs).toEqual(Array(20).fill(null));
});

test('reports count for as long as their proof is young, and a socket without a younger one is replaced', async () => {
  const { feed, proof, nextSubscription, connections } = await start();
  await feed.following();
  // Curfew still answers every ping, and has not seen the rows since.
  const blindSince = performance.now();
  const blinding = setInterval(() => (proof.completeMsAgo = performance.now() - blindSince), 1);
  const again = nextSubscription();
  let countedUntil = blindSince;
  const watching = setInterval(() => {
    if (feed.epoch() === 1) countedUntil = performance.now();
  }, 5);
  await again;
  for (const timer of [blinding, watching]) clearInterval(timer);
  expect(countedUntil - blindSince).toBeLessThanOrEqual(timing.leaseMs + 50);
  expect(feed.epoch()).toBeNull();
  expect(connections()).toBe(2);
  proof.completeMsAgo = 0;
  await feed.following();
  expect(feed.epoch()).toBe(2);
});

test('a subscription that is refused late has never counted as followed', async () => {
  const epochs: (number | null)[] = [];
  const { problem } = await start(({ say }, { type }, all) => {
    if (type !== 'ping') return false;
    epochs.push(feed!.epoch());
    if (all.filter((one) => one === 'ping').length === 3)
      say({
        type: 'error',
        id: 'sessions',
        payload: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }],
      });
    say({ type: 'pong' });
    return true;
  });
  expect(await problem).toBe('refused');
  expect(epochs).toEqual([null, null, null]);
  expect(feed!.epoch()).toBeNull();
});

test('a report is passed on, and proves nothing', async () => {
  const { feed, reports, nextSubscription, subscribed } = await start(
    ({ say }, { type }) => type === 'ping' && (say({ type: 'pong' }), true),
  );
  await nextSubscription();
  subscribed[0]!.say(report('ENDED', 'a'));
  while (reports.length === 0) await new Promise((done) => setTimeout(done, 5));
  expect(reports).toEqual([{ kind: 'ENDED', sessionId: 'a' }]);
  expect(feed.epoch()).toBeNull();
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
  for (let pong = 0; pong < 5; pong += 1) say({ type: 'pong', payload: { completeMsAgo: 0 } });
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
  await new Promise((done) => setTimeout(done, 5 * timing.maxWaitMs));
  expect(connections()).toBe(1);
  expect(problems).toEqual(['refused']);
});

test('close leaves no socket and no timer, at any moment', async () => {
  const { feed, nextSubscription } = await start();
  await nextSubscription();
  const [peer] = server.clients;
  const gone = new Promise((done) => peer!.once('close', done));
  feed.close();
  await gone;
  expect(feed.epoch()).toBeNull();
});

test('a socket that cannot be created is a lost one, and is tried again', async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const problem = Promise.withResolvers<string>();
  // The constructor refuses a URL with a fragment.
  feed = followSessions({
    url: 'ws://127.0.0.1:1/#there',
    serviceKey: 'key',
    timing,
    onReport: () => {},
    onProblem: problem.resolve,
  });
  expect(await problem.promise).toBe('lost');
  expect(feed.epoch()).toBeNull();
});
