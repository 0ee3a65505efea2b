import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { newFolder, startServer, type Server } from '../operations/processes.ts';

// No request ends the process. Measured in a separate process, because Jest would catch the error.

let folder: Awaited<ReturnType<typeof newFolder>>;
let server: Server;

/** Simulates future bugs: a timer, a promise, a stream and a socket of a request that fail late. */
const FAULTS = `data:text/javascript,${encodeURIComponent(`
  import http from 'node:http';
  import { PassThrough } from 'node:stream';
  const end = http.ServerResponse.prototype.end;
  const faults = {
    timer: () => setTimeout(() => { throw new Error('late timer'); }, 1),
    promise: () => void Promise.reject(new Error('late promise')),
    stream: () => new PassThrough().destroy(new Error('late stream')),
    turn: () => { throw new Error('late turn'); },
  };
  http.ServerResponse.prototype.end = function (...args) {
    const fault = /fault=(\\w+)/.exec(this.req.url)?.[1];
    if (fault) setImmediate(faults[fault]);
    return end.apply(this, args);
  };
  process.on('SIGWINCH', () => { throw new Error('of nobody'); });
`)}`;

beforeAll(async () => {
  folder = await newFolder();
  server = await startServer({
    DATA_DIR: folder.path,
    DEMO: 'false',
    LOG_LEVEL: 'error',
    NODE_OPTIONS: `--import ${FAULTS}`,
  });
}, 240_000);
afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

const open = (): Promise<Socket> =>
  new Promise((opened, fail) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname, () => {
      socket.off('error', fail).on('error', () => {});
      opened(socket);
    });
    socket.setEncoding('latin1').once('error', fail);
  });

/** Data until the server closed, or until `enough` of it. */
const answerOf = (socket: Socket): Promise<string> =>
  new Promise((done) => {
    let text = '';
    socket.on('data', (part: string) => {
      text += part;
      if (text.includes('\r\n\r\n')) done(text);
    });
    socket.once('close', () => done(text));
  });

async function expectAlive(): Promise<void> {
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  expect(server.child.exitCode).toBeNull();
  expect(server.stderr + server.stdout).not.toContain('stopping after');
}

const head = (headers: string[], method = 'POST', path = '/graphql') =>
  [`${method} ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
const JSON_TYPE = 'Content-Type: application/json';
const FORM_TYPE = 'Content-Type: application/x-www-form-urlencoded';

const PATHS = [
  '/graphql',
  '/oauth/introspect',
  '/oauth/revoke',
  '/auth/verify',
  '/auth/verify/x',
  '/graphiql',
  '/nowhere',
  '/healthz',
];

describe.each(PATHS)('POST %s', (path) => {
  test.each([
    ['1.5 MB declared, 200 KB in one burst', [JSON_TYPE, 'Content-Length: 1500000'], 200_000],
    ['200 KB declared and sent', [JSON_TYPE, 'Content-Length: 200000'], 200_000],
    ['150,000 bytes of a form', [FORM_TYPE, 'Content-Length: 150000'], 150_000],
    ['a body of no type', ['Content-Length: 1500000'], 200_000],
  ])('%s: an answer, and the process survives', async (_, headers, bytes) => {
    const socket = await open();
    const answer = answerOf(socket);
    socket.write(head(headers, 'POST', path) + 'x'.repeat(bytes));
    expect(await answer).toMatch(/^HTTP\/1\.1 (4\d\d|200|204) /);
    socket.destroy();
    await expectAlive();
  });

  test.each([
    ['1.5 MB declared, nothing sent', [JSON_TYPE, 'Content-Length: 1500000'], ''],
    ['90 KB declared, half sent', [JSON_TYPE, 'Content-Length: 90000'], 'x'.repeat(45_000)],
    ['chunks that break off', [JSON_TYPE, 'Transfer-Encoding: chunked'], 'ffff\r\nxxx'],
    ['200 KB in a chunk', [FORM_TYPE, 'Transfer-Encoding: chunked'], `30d40\r\n${'x'.repeat(200_000)}\r\n`],
    ['broken chunks', [JSON_TYPE, 'Transfer-Encoding: chunked'], 'zz\r\n'],
  ])('%s, and a reset: the process survives', async (_, headers, body) => {
    for (let n = 0; n < 5; n += 1) {
      const socket = await open();
      socket.write(head(headers, 'POST', path) + body);
      // Also in the middle of the answer.
      await new Promise((turn) => setImmediate(turn));
      socket.resetAndDestroy();
    }
    await expectAlive();
  });
});

test.each(['/', '/graphiql', '/assets/nothing.js', '/assets/%00', '/favicon.svg', '/metrics', '/readyz'])(
  'GET %s, and a reset in the middle of the answer: the process survives',
  async (path) => {
    for (let n = 0; n < 5; n += 1) {
      const socket = await open();
      socket.write(head([], 'GET', path).repeat(20));
      if (n > 0) await answerOf(socket);
      socket.resetAndDestroy();
    }
    await expectAlive();
  },
);

test('a large body is refused before it is sent', async () => {
  // Beyond the limit of any caller, and beyond that of callers without a service key.
  for (const length of [1_500_000, 200_000]) {
    const socket = await open();
    const answer = answerOf(socket);
    socket.write(head([JSON_TYPE, `Content-Length: ${length}`]));
    expect(await answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
  }
});

test('a large body that is sent whole gets the reason for its refusal', async () => {
  for (let n = 0; n < 20; n += 1) {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(1_500_000),
    });
    expect(response.status).toBe(413);
  }
});

test('a client that is still sending reads the reason for its refusal, and is cut off after two seconds', async () => {
  const socket = await open();
  socket.pause().write(head([JSON_TYPE, 'Content-Length: 1500000']));
  for (let n = 0; n < 4; n += 1) {
    await setTimeout(100);
    socket.write('x'.repeat(50_000));
  }
  const answer = answerOf(socket);
  socket.resume();
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
  const refusedAt = performance.now();
  while (!socket.destroyed) {
    await setTimeout(100);
    socket.write('x');
  }
  expect(performance.now() - refusedAt).toBeLessThan(5_000);
});

test('a request that follows a refused one on its connection is ignored', async () => {
  const socket = await open();
  let text = '';
  socket.on('data', (part: string) => (text += part));
  socket.write(
    `${head([JSON_TYPE, 'Content-Length: 1500000'])}${'x'.repeat(1_500_000)}${head([], 'GET', '/healthz?fault=stream')}`,
  );
  await new Promise((closed) => socket.once('close', closed));
  expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 413']);
  await expectAlive();
  // What its processing would have printed.
  expect(server.stdout).not.toContain('late stream');
});

test.each(['timer', 'promise', 'stream', 'turn'])(
  'an unhandled error (%s) ends only its own request',
  async (fault) => {
    await fetch(`${server.url}/healthz?fault=${fault}`).catch(() => {});
    const [line] = await server.printed(new RegExp(`.*late ${fault}.*`));
    expect(line).toContain('ended a request after an unhandled error');
    await expectAlive();
  },
);

test('WebSockets that break during the upgrade, or send invalid frames, end nothing', async () => {
  const upgrade = head(
    [
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Protocol: graphql-transport-ws',
    ],
    'GET',
  );
  for (const rest of ['', '\0\0\0', '\u0081\u0085garbage', '\u00ff'.repeat(100_000)]) {
    const socket = await open();
    socket.write(upgrade + rest, 'latin1');
    await new Promise((turn) => setImmediate(turn));
    socket.resetAndDestroy();
  }
  await expectAlive();
});

test('an error outside a request stops the process in order', async () => {
  await expectAlive();
  server.child.kill('SIGWINCH');
  expect(await server.exited).toBe(1);
  expect(server.stdout + server.stderr).toContain('stopping after an unhandled error');
});
