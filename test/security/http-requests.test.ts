import { request } from 'node:http';
import { connect } from 'node:net';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { LOGIN, PASSWORD } from '../seed.ts';

const ELSEWHERE = 'https://app.example.test';
const VIEWER = JSON.stringify({ query: '{ viewer { id } }' });
const JSON_TYPE = { 'content-type': 'application/json' };

let app: TestApp;
let account: SeededAccount;
/** A back end may send more than 100 KB. */
let key: string;
beforeAll(async () => {
  app = await startApp({ env: { ALLOWED_ORIGINS: ELSEWHERE } });
  account = await app.seed.account();
  ({ key } = await app.seed.serviceKey(account.id));
});
afterAll(() => app.close());

const send = (init: RequestInit) => fetch(`${app.url}/graphql`, init);
const post = (body: string, headers: Record<string, string> = JSON_TYPE) =>
  send({ method: 'POST', headers, body });

/** No answer of ours contains a stack or a path. */
async function expectClean(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.status).toBeLessThan(500);
  expect(text).not.toMatch(/\bat .*\.[jt]s:\d+|node_modules|INTERNAL_SERVER_ERROR/);
  return text;
}

test.each([
  '',
  ' ',
  'Bearer',
  'Bearer ',
  'Bearer  a b',
  'Basic dXNlcjpwYXNz',
  'bearer x',
  'Bearer null',
  `Bearer ${'x'.repeat(10_000)}`,
  'Bearer a.b.c',
  'Bearer %00',
  'Digest x',
  ',',
  'Bearer a, Bearer b',
])('Authorization header number %# is refused or absent', async (authorization) => {
  const response = await post(VIEWER, { ...JSON_TYPE, authorization });
  const { data, errors } = (await response.json()) as any;
  expect(response.status).toBe(200);
  // White space alone is trimmed on the wire, so there is no header.
  if (authorization.trim() === '') expect(data).toEqual({ viewer: null });
  else expect(errors[0].extensions).toEqual({ code: 'UNAUTHENTICATED', requestId: expect.any(String) });
});

test('a bearer token is accepted in any case of the scheme, with spaces around it', async () => {
  const { accessToken } = await account.owner.login();
  for (const authorization of [`bearer ${accessToken}`, `BEARER   ${accessToken}  `]) {
    const response = await post(VIEWER, { ...JSON_TYPE, authorization });
    expect(await response.json()).toEqual({ data: { viewer: { id: account.owner.id } } });
  }
});

test.each([
  ['empty', ''],
  ['no JSON', '{"query": "{ viewer'],
  ['no JSON, with a secret in it', '{"password": "8675309"'],
  ['null', 'null'],
  ['a number', '1'],
  ['text', '"{ viewer { id } }"'],
  ['without a query', '{}'],
  ['with a query that is no text', '{"query": 1}'],
  ['with variables that are text', '{"query": "{ viewer { id } }", "variables": "x"}'],
  ['with variables that are a list', '{"query": "{ viewer { id } }", "variables": []}'],
  ['with an unknown operation name', '{"query": "{ viewer { id } }", "operationName": "nope"}'],
  ['a batch', `[${VIEWER}, ${VIEWER}]`],
  ['an empty batch', '[]'],
])('a body that is %s is a bad request', async (_, body) => {
  const response = await post(body);
  const text = await expectClean(response);
  expect(response.status).toBe(400);
  expect(text).not.toContain('8675309');
});

test('a body over 100 KB is refused, with any declared length', async () => {
  const body = JSON.stringify({ query: '{ viewer { id } }', variables: { x: 'x'.repeat(100 * 1024) } });
  expect((await post(body)).status).toBe(413);
  const chunked = await send({
    method: 'POST',
    headers: JSON_TYPE,
    body: new Blob([body]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(chunked.status).toBe(413);
});

test('a body with more than 20,000 names is refused, and one with as many is read', async () => {
  const withNames = (count: number): string => {
    const names = Array.from({ length: count - 2 }, (_, n) => `"n${n}":0`);
    return `{"query":"{ viewer { id } }","extensions":{${names.join()}}}`;
  };
  const refused = await post(withNames(20_001), { ...JSON_TYPE, authorization: `Bearer ${key}` });
  expect(refused.status).toBe(400);
  expect(await expectClean(refused)).toContain('BAD_REQUEST');
  const read = await post(withNames(20_000), { ...JSON_TYPE, authorization: `Bearer ${key}` });
  expect(await expectClean(read)).toContain('FORBIDDEN');
});

test('a request that a page elsewhere can send without a preflight is refused', async () => {
  const { cookie } = await account.owner.tryLogin({ transport: 'COOKIE' });
  const body = JSON.stringify({ query: 'mutation { logout { ended } }' });
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    undefined,
  ]) {
    const headers = { cookie: cookie!, ...(type ? { 'content-type': type } : {}) };
    const response = await send({ method: 'POST', headers, body: Buffer.from(body) });
    await expectClean(response);
    expect([400, 415]).toContain(response.status);
  }
  const refresh = JSON.stringify({ query: 'mutation { refreshSession { serverTime } }' });
  const response = await post(refresh, { ...JSON_TYPE, cookie: cookie! });
  expect(((await response.json()) as any).errors).toBeUndefined();
});

test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('%s /graphql executes nothing', async (method) => {
  const response = await fetch(`${app.url}/graphql?query=${encodeURIComponent('{ viewer { id } }')}`, {
    method,
  });
  const text = await expectClean(response);
  expect([404, 405]).toContain(response.status);
  expect(text).not.toContain('"viewer"');
});

describe('CORS', () => {
  const preflight = (origin: string) =>
    send({
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  test.each([ELSEWHERE])('%s may call with a bearer token, and never with the cookie', async (origin) => {
    const { headers, status } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-allow-headers')).toMatch(/authorization/i);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await post(VIEWER, { ...JSON_TYPE, origin });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('vary')).toMatch(/origin/i);
  });

  test.each([
    'https://evil.example.test',
    'https://app.example.test.evil.test',
    'http://app.example.test',
    'null',
  ])('%s may not', async (origin) => {
    for (const { headers } of [await preflight(origin), await post(VIEWER, { ...JSON_TYPE, origin })])
      expect([null, '']).toContain(headers.get('access-control-allow-origin'));
  });
});

test('a user agent of 64 KB is refused before anything reads it', async () => {
  const status = await new Promise<number>((done, fail) => {
    const headers = { ...JSON_TYPE, 'user-agent': 'x'.repeat(64 * 1024) };
    request(`${app.url}/graphql`, { method: 'POST', headers }, (response) =>
      done(response.resume().statusCode!),
    )
      .on('error', fail)
      .end(VIEWER);
  });
  expect(status).toBe(431);
});

test('a user agent with strange characters is kept up to the limit', async () => {
  const headers = { 'user-agent': `\u00ff\u0080 \t${'y'.repeat(2_000)}` };
  const answer = await app.gql(
    LOGIN,
    { input: { email: account.owner.email, password: PASSWORD } },
    { headers },
  );
  expect(answer.errors).toBeUndefined();
});

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a NUL in a header', 'POST /graphql HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
  ['two lengths', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  [
    'a length and chunks',
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a bad escape in the path', 'GET /%E0%A4%A HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  ['a path upwards', 'GET /assets/../../../package.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
  [
    'an escaped path upwards',
    'GET /assets/..%2f..%2f..%2fpackage.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  ],
])('%s: a status of 4xx and no more', async (_, raw) => {
  const { hostname, port } = new URL(app.url);
  const answer = await new Promise<string>((done) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(raw));
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    socket.on('error', () => {}).once('close', () => done(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(answer).not.toMatch(/node_modules|"name": "curfew"/);
});
