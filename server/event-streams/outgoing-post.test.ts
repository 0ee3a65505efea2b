import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { AnswerTimeoutError, createSendPost, type SendPost } from './outgoing-post.ts';
import { createPublicLookup, PrivateAddressError } from './public-address.ts';

const signal = new AbortController().signal;
const TIMEOUT_MS = 300;
const envelope = (url: string) => ({ url, headers: {}, body: '{}' });

let server: Server;
let url: string;
let connections: Socket[];
let respond: (socket: Socket) => unknown;

beforeEach(async () => {
  connections = [];
  server = createServer((socket) => {
    connections.push(socket.on('error', () => {}));
    socket.once('data', () => respond(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  for (const socket of connections) socket.destroy();
  server.close();
});

const toAny: SendPost = createSendPost({ allowPrivateAddresses: true, answerTimeoutMs: TIMEOUT_MS });
const HEAD = 'HTTP/1.1 200 OK\r\n';

/** Closed or reset. */
const untilClosed = () =>
  Promise.all(
    connections.map((socket) => socket.destroyed || new Promise((resolve) => socket.once('close', resolve))),
  );

/** Repeats until the connection is gone. */
function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 20);
  socket.once('close', () => clearInterval(timer));
}

test.each<[string, (socket: Socket) => unknown]>([
  ['says nothing', () => {}],
  ['never ends its head', (socket) => (socket.write(HEAD), drip(socket, 'x-more: 1\r\n'))],
  ['always says that it goes on', (socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
])('a receiver that %s has no more than the time for an answer', async (_, how) => {
  respond = how;
  const started = performance.now();
  await expect(toAny(envelope(url), signal)).rejects.toThrow();
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS + 2_000);
  await untilClosed();
});

test('a receiver that says without end that it goes on is left before the time is over', async () => {
  respond = (socket) => {
    const text = 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000);
    const more = (): void => {
      while (!socket.destroyed && socket.write(text));
      socket.once('drain', more);
    };
    more();
  };
  await expect(toAny(envelope(url), signal)).rejects.toMatchObject({ code: 'HPE_TOO_MANY_INTERIM' });
  await untilClosed();
});

test('a receiver that changes the protocol has answered 101, and is left', async () => {
  respond = (socket) =>
    socket.write('HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nhello');
  const { status, body } = await toAny(envelope(url), signal);
  expect([status, body.length]).toEqual([101, 0]);
  await untilClosed();
});

test('no answer in time is an error of its own', async () => {
  respond = () => {};
  await expect(toAny(envelope(url), signal)).rejects.toBeInstanceOf(AnswerTimeoutError);
});

test('a body that never ends has its status all the same, once the time is over', async () => {
  respond = (socket) => (socket.write(`${HEAD}content-length: 1000\r\n\r\n`), drip(socket, 'x'));
  expect((await toAny(envelope(url), signal)).status).toBe(200);
});

test('a stopped node ends a request', async () => {
  respond = () => {};
  const stop = new AbortController();
  const sent = toAny(envelope(url), stop.signal);
  while (connections.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort();
  await expect(sent).rejects.toThrow();
});

const OK = `${HEAD}content-length: 0\r\n\r\n`;

test('requests that follow each other share a connection', async () => {
  respond = (socket) => socket.on('data', () => socket.write(OK)).write(OK);
  for (let count = 0; count < 3; count += 1) expect((await toAny(envelope(url), signal)).status).toBe(200);
  expect(connections.length).toBe(1);
});

test('a kept connection that is closed as the next request is written to it is no failure of the receiver', async () => {
  let isFirst = true;
  respond = (socket) => {
    socket.write(OK);
    if (isFirst) socket.on('data', () => socket.destroy());
    isFirst = false;
  };
  for (let count = 0; count < 2; count += 1) expect((await toAny(envelope(url), signal)).status).toBe(200);
  expect(connections.length).toBe(2);
});

test('a new connection that is closed before the answer is a failure, and not tried again at once', async () => {
  respond = (socket) => socket.destroy();
  await expect(toAny(envelope(url), signal)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(connections.length).toBe(1);
});

test('the address that was checked is the one that is connected to: a name is asked for once', async () => {
  const answers = [['203.0.112.1'], ['127.0.0.1']];
  let asked = 0;
  const lookup = createPublicLookup({
    resolve4: ((_: string, done: any) => done(null, answers[Math.min(asked++, 1)])) as any,
    resolve6: ((_: string, done: any) => done(Object.assign(new Error(), { code: 'ENODATA' }))) as any,
  });
  const send = createSendPost({ allowPrivateAddresses: false, answerTimeoutMs: TIMEOUT_MS, lookup });
  const there = `https://hooks.example.com:${new URL(url).port}/`;
  // The first answer is public, and nothing listens there.
  await expect(send(envelope(there), signal)).rejects.not.toBeInstanceOf(PrivateAddressError);
  expect([asked, connections.length]).toEqual([1, 0]);
  await expect(send(envelope(there), signal)).rejects.toBeInstanceOf(PrivateAddressError);
  expect([asked, connections.length]).toEqual([2, 0]);
});

test.each(['http://hooks.example.com/', 'https://127.0.0.1/', 'https://[::1]/', 'https://localhost/'])(
  '%s is refused without a connection',
  async (refused) => {
    const send = createSendPost({ allowPrivateAddresses: false });
    await expect(send(envelope(refused), signal)).rejects.toBeInstanceOf(PrivateAddressError);
  },
);
