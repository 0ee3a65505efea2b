import { request as send } from 'node:http';
import { connect, type Socket } from 'node:net';
import WebSocket from 'ws';
import { startApp, type TestApp } from '../harness.ts';
import { sessionRow } from '../expiry/session-subscriptions.ts';
import { openGreetedSocket } from '../expiry/raw-socket.ts';
import { LOGIN, PASSWORD, type SeededAccount } from '../seed.ts';

let app: TestApp;
let account: SeededAccount;
let token: string;
beforeAll(async () => {
  app = await startApp();
  account = await app.seed.account();
  token = (await account.owner.login()).accessToken;
});
afterAll(() => app.close());

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}
function ask(
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(app.url);
  return new Promise((done, fail) => {
    const asked = send({ hostname, port, path, method, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        done({ status: response.statusCode!, headers: response.headers, body: text.trim() }),
      );
    });
    asked.on('upgrade', () => fail(new Error('The connection was upgraded.')));
    asked.on('error', fail).end(body);
  });
}

const UPGRADES: [string, Record<string, string>][] = [
  [
    'h2c',
    { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAARAAAAAAAIAAAAA' },
  ],
  ['TLS/1.3', { connection: 'upgrade', upgrade: 'TLS/1.3' }],
  ['two of them', { connection: 'Upgrade', upgrade: 'websocket, h2c' }],
];
const QUERY = JSON.stringify({ query: '{ viewer { id } }' });

describe.each(UPGRADES)('Upgrade: %s', (_, upgrade) => {
  test('a request is answered as if the header were absent', async () => {
    const headers = { ...upgrade, 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const answer = await ask('/graphql', { method: 'POST', headers, body: QUERY });
    expect([answer.status, answer.body]).toEqual([
      200,
      JSON.stringify({ data: { viewer: { id: account.owner.id } } }),
    ]);
    expect((await ask('/graphql', { headers: upgrade })).status).toBe(405);
    expect((await ask('/healthz', { headers: upgrade })).status).toBe(200);
    expect((await ask('/login', { headers: upgrade })).status).toBe(200);
    expect((await ask('/nowhere', { headers: upgrade })).status).toBe(404);
    expect((await ask('/auth/verify', { headers: upgrade })).status).toBe(401);
    expect((await ask('/auth/verify', { headers })).status).toBe(204);
    expect((await ask('/auth/verify/x', { headers })).status).toBe(200);
  });
});

describe("an application's WebSocket that a gateway asks about", () => {
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  test('is checked by its token like any other request', async () => {
    for (const [path, yes] of [
      ['/auth/verify', 204],
      ['/auth/verify?touch=true', 204],
      ['/auth/verify/live', 200],
    ] as const) {
      expect((await ask(path, { headers: upgrade })).status).toBe(401);
      expect((await ask(path, { headers: { ...upgrade, authorization: `Bearer ${token}` } })).status).toBe(
        yes,
      );
    }
  });

  test("Curfew's own still opens, also in capitals and with a query", async () => {
    for (const path of ['/graphql', '/graphql?x=1']) {
      const socket = new WebSocket(app.url.replace('http', 'ws') + path, 'graphql-transport-ws');
      await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
      socket.terminate();
    }
  });

  test('POST /graphql with that header is a POST', async () => {
    const headers = { ...upgrade, 'content-type': 'application/json' };
    expect(await ask('/graphql', { method: 'POST', headers, body: QUERY })).toMatchObject({
      status: 200,
      body: '{"data":{"viewer":null}}',
    });
  });
});

describe('/auth/verify', () => {
  const METHODS = [
    'GET',
    'HEAD',
    'OPTIONS',
    'TRACE',
    'PROPFIND',
    'PROPPATCH',
    'REPORT',
    'MKCOL',
    'LOCK',
    'SEARCH',
  ];
  const OTHERS = [
    'PURGE',
    'M-SEARCH',
    'MERGE',
    'SUBSCRIBE',
    'COPY',
    'MOVE',
    'UNLOCK',
    'ACL',
    'QUERY',
    'LINK',
    'MKCALENDAR',
  ];

  test.each([...METHODS, ...OTHERS])('%s is handled like any other method', async (method) => {
    const headers = { authorization: `Bearer ${token}` };
    for (const [path, yes] of [
      ['/auth/verify', 204],
      ['/auth/verify/files/1', 200],
    ] as const) {
      expect([path, (await ask(path, { method, headers })).status]).toEqual([path, yes]);
      expect([path, (await ask(path, { method })).status]).toEqual([path, 401]);
    }
  });

  test.each([
    '/%E0%A4%A',
    '/%',
    '/%00',
    '/%2e%2e/%2e%2e/etc/passwd',
    '//x//y',
    '/a;b=c?d',
    '/?touch=nonsense',
    '/x?%',
    '/:id/*',
    `/${'x'.repeat(7_000)}`,
    '/\\x',
  ])('/auth/verify%s is handled like any other path', async (path) => {
    const url = `/auth/verify${path}`;
    const headers = { authorization: `Bearer ${token}` };
    expect(await raw(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`, headers)).toBe(200);
    expect(await raw(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`, {})).toBe(401);
  });

  test.each(['text', 'a/b/c', 'application/json; charset', ';', 'application/json'])(
    'a body of the type %j is ignored',
    async (type) => {
      const headers = { 'content-type': type, authorization: `Bearer ${token}` };
      const answer = await ask('/auth/verify', { method: 'POST', headers, body: '{"a":' });
      expect([answer.status, answer.body]).toEqual([204, '']);
      const long = { ...headers, 'content-length': '5000000' };
      expect(await raw('POST /auth/verify HTTP/1.1\r\nHost: x\r\n', long)).toBe(204);
    },
  );
});

/** The status of a request that no client library would send. */
function raw(head: string, headers: Record<string, string>): Promise<number> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((done) => {
    const socket = open();
    socket.once('data', (part) => {
      done(Number(/^HTTP\/1\.1 (\d+)/.exec(String(part))?.[1]));
      socket.destroy();
    });
    socket.write(`${head}${lines.join('')}\r\n`, 'utf8');
  });
}
function open(): Socket {
  const { hostname, port } = new URL(app.url);
  return connect(Number(port), hostname).on('error', () => {});
}

describe('touch=true by cookie alone', () => {
  async function verify(headers: Record<string, string>): Promise<{ moved: boolean; status: number }> {
    const input = { email: account.owner.email, password: PASSWORD, transport: 'COOKIE' };
    const { cookie, data } = await app.gql(LOGIN, { input });
    const before = await sessionRow(app, data.login.session.id);
    app.clock.advance(60_000);
    const { status, headers: told } = await ask('/auth/verify?touch=true', {
      headers: { ...headers, cookie: cookie! },
    });
    return { status, moved: told['x-curfew-expires'] !== new Date(before.idle_expires_at).toISOString() };
  }

  test.each(['same-site', 'cross-site', 'same-site, same-origin', 'nonsense'])(
    'from a page elsewhere (%s) is a check without activity',
    async (site) => {
      expect(await verify({ 'sec-fetch-site': site })).toEqual({ status: 204, moved: false });
    },
  );
  test.each([
    ['from a page of its own', { 'sec-fetch-site': 'same-origin' }],
    ['where the user typed the address', { 'sec-fetch-site': 'none' }],
    ['from a gateway that does not pass the header on', {}],
  ])('%s is activity', async (_, headers) => {
    expect(await verify(headers as Record<string, string>)).toEqual({ status: 204, moved: true });
  });

  test('with a token is activity from anywhere: no page elsewhere has one', async () => {
    const { accessToken, sessionId } = await account.owner.login();
    const before = await sessionRow(app, sessionId);
    app.clock.advance(60_000);
    const headers = { authorization: `Bearer ${accessToken}`, 'sec-fetch-site': 'cross-site' };
    const { headers: told } = await ask('/auth/verify?touch=true', { headers });
    expect(told['x-curfew-expires']).not.toBe(new Date(before.idle_expires_at).toISOString());
  });
});

describe('a persisted query', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  test.each([
    ['without its text', { extensions }],
    ['with its text', { query: '{ viewer { id } }', extensions }],
    ['of another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }],
  ])('%s: PERSISTED_QUERY_NOT_SUPPORTED', async (_, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await ask('/graphql', { method: 'POST', headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      errors: [
        {
          message: 'PersistedQueryNotSupported',
          extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED', requestId: expect.any(String) },
        },
      ],
    });
  });
});

test('a persisted query over a WebSocket gets that answer too', async () => {
  const socket = await openGreetedSocket(app, (await account.owner.login()).accessToken);
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } };
  const query = 'subscription { sessionExpiry { kind } }';
  socket.send({ id: '1', type: 'subscribe', payload: { query, extensions } });
  const { payload } = await socket.next(({ type }) => type === 'error');
  expect(payload[0].extensions).toEqual({
    code: 'PERSISTED_QUERY_NOT_SUPPORTED',
    requestId: expect.any(String),
  });
  socket.socket.terminate();
});

describe('a connection that does not send', () => {
  /** Lifetime of the connection, in seconds. */
  function kept(begin: string, drip: string): Promise<number> {
    const began = performance.now();
    return new Promise((done) => {
      const socket = open();
      socket.resume();
      if (begin) socket.write(begin);
      const timer = setInterval(() => drip && socket.write(drip), 500);
      socket.once('close', () => {
        clearInterval(timer);
        done((performance.now() - began) / 1000);
      });
    });
  }
  const body = (path: string, type: string) =>
    `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: 5000\r\nAuthorization: Bearer ${token}\r\n\r\n`;

  test('is closed: without a head after ten seconds, without its whole body after thirty', async () => {
    const [nothing, half, dripping, json, form, verify] = await Promise.all([
      kept('', ''),
      kept('POST /graphql HTTP/1.1\r\n', ''),
      kept('POST /graphql HTTP/1.1\r\n', 'X: y\r\n'),
      kept(body('/graphql', 'application/json'), ' '),
      kept(body('/oauth/introspect', 'application/x-www-form-urlencoded'), 'x'),
      kept(body('/auth/verify', 'text/plain'), 'x'),
    ]);
    for (const seconds of [nothing, half, dripping]) expect(seconds).toBeLessThan(13);
    for (const seconds of [json, form, verify]) expect(seconds).toBeLessThan(34);
    expect(dripping).toBeGreaterThan(8);
    expect(json).toBeGreaterThan(25);
  }, 60_000);
});
