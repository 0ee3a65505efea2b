import { createPublicKey, verify } from 'node:crypto';
import { createGraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { LOGIN, PASSWORD, REFRESH } from '../seed.ts';
import { findFreePort } from '../../server/http/free-port.ts';

const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());

describe('on an ordinary server', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${app.url}${path}`, { headers });

  test('healthz and readyz report it healthy', async () => {
    const [health, ready] = [await get('/healthz'), await get('/readyz')];
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', database: 'up' }]);
  });

  test('metrics are Prometheus text and name no person', async () => {
    const { owner } = await app.seed.account();
    await owner.login();
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^curfew_open_sockets 0$/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    expect(text).not.toContain('curfew_redis_up');
    expect(text).not.toContain(owner.email);
    expect(text).not.toContain(owner.id);
  });

  test('the published keys hold nothing private and verify an access token', async () => {
    const { owner } = await app.seed.account();
    const { accessToken } = await owner.login();
    const response = await get('/.well-known/jwks.json');
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    for (const key of keys)
      expect(Object.keys(key).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    const [head, payload, signature] = accessToken.split('.') as [string, string, string];
    const header = decode(head);
    expect(header).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    const key = createPublicKey({ key: keys.find(({ kid }) => kid === header.kid)!, format: 'jwk' });
    const signed = Buffer.from(`${head}.${payload}`);
    const check = (data: Buffer) =>
      verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
    expect(check(signed)).toBe(true);
    expect(check(Buffer.from(`${head}.${payload}x`))).toBe(false);
    expect(response.headers.get('cache-control')).toMatch(/max-age=\d+/);
  });

  test.each(['/', '/set-password', '/graphiql', '/reference'])(
    '%s is a page that runs no foreign scripts',
    async (path) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/html/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      const html = await response.text();
      for (const [, source] of html.matchAll(/(?:src|href)="([^"]+)"/g))
        expect(source).toMatch(/^(\/(?!\/)|\.|#|data:|https:\/\/github\.com)/);
      const policy = response.headers.get('content-security-policy')!;
      const script = /script-src ([^;]+)/.exec(policy)![1];
      expect(script).toMatch(/^('self'|'nonce-[^' ]+' 'strict-dynamic')$/);
      expect(policy).toMatch(/default-src 'none'/);
      expect(policy).toMatch(/frame-ancestors 'none'/);
      expect(policy).toMatch(/base-uri 'none'/);
      expect(policy).not.toMatch(/unsafe-eval|https?:/);
      if (path !== '/graphiql') expect(policy).not.toContain('unsafe-inline');
    },
  );

  test.each([
    '/graphql',
    '/healthz',
    '/readyz',
    '/.well-known/jwks.json',
    '/',
    '/nothing/here',
    '/auth/verify',
    '/auth/verify/x',
    '/oauth/introspect',
    '/oauth/revoke',
  ])('%s carries the security headers', async (path) => {
    const { headers } = await get(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBeTruthy();
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = headers.get('content-security-policy');
    for (const directive of ['default-src', 'base-uri', 'frame-ancestors'])
      expect(policy).toContain(`${directive} 'none'`);
    expect(policy).toMatch(/form-action '(none|self)'/);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
    // On plain http it would lock users out of their own machine.
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  test.each([
    '/nothing',
    '/assets/nothing.js',
    '/assets/',
    '/.env',
    '/graphql/x',
    '/package.json',
    '/oauth',
    '/oauth/introspectx',
    '/auth',
    '/auth/verifyx',
  ])('%s is not found', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).not.toMatch(/node_modules|at .*\.ts/);
  });

  test('answers of GraphQL are not cached', async () => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ viewer { id } }"}',
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('the refresh cookie on plain http', async () => {
    const { owner } = await app.seed.account();
    const { setCookie, data } = await owner.tryLogin({ transport: 'COOKIE' });
    expect(data.login.refreshToken).toBeNull();
    const [pair, ...attributes] = setCookie!.split('; ');
    expect(pair).toMatch(/^curfew_refresh=ey/);
    // An Expires has whole seconds.
    const deadline = new Date(Math.floor(Date.parse(data.login.absoluteExpiresAt) / 1000) * 1000);
    expect(attributes.toSorted()).toEqual([
      `Expires=${deadline.toUTCString()}`,
      'HttpOnly',
      `Max-Age=${(Date.parse(data.login.absoluteExpiresAt) - app.clock.now().getTime()) / 1000}`,
      'Path=/',
      'SameSite=Strict',
    ]);
  });
});

test('a server whose Redis cannot be reached starts, serves, and says that it is not ready', async () => {
  const app = await startApp({ env: { REDIS_URL: `redis://127.0.0.1:${await findFreePort()}` } });
  const ready = await fetch(`${app.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { status: 'unavailable', database: 'up', redis: 'down' },
  ]);
  const optional = await fetch(`${app.url}/readyz?redis=optional`);
  expect([optional.status, await optional.json()]).toEqual([
    200,
    { status: 'ready', database: 'up', redis: 'down' },
  ]);
  expect(await (await fetch(`${app.url}/metrics`)).text()).toMatch(/^curfew_redis_up 0$/m);
  const { owner } = await app.seed.account();
  const who = await owner.login();
  expect((await who.gql('{ currentSession { id } }')).errors).toBeUndefined();
  await app.close();
});

describe('behind a proxy that ends https', () => {
  let app: TestApp;
  let url: string;
  beforeAll(async () => {
    const port = await findFreePort();
    app = await startApp({
      env: { PUBLIC_URL: 'https://curfew.example.test', PORT: String(port), TRUST_PROXY: '1' },
    });
    url = `http://127.0.0.1:${port}`;
  });
  afterAll(() => app.close());

  test('the cookie is Secure and bound to the host, and browsers must stay on https', async () => {
    const { owner } = await app.seed.account();
    const client = createGraphQLClient(url);
    const input = { email: owner.email, password: PASSWORD, transport: 'COOKIE' };
    const { setCookie, cookie } = await client.gql(LOGIN, { input });
    expect(setCookie).toMatch(/^__Host-curfew_refresh=ey/);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=Strict', 'Path=/'])
      expect(setCookie).toContain(`; ${attribute}`);
    expect(setCookie).not.toMatch(/domain/i);
    const refreshed = await client.gql(REFRESH, {}, { cookie: cookie! });
    expect(refreshed).toMatchObject({ errors: undefined, data: { refreshSession: { refreshToken: null } } });
    const { headers } = await fetch(`${url}/healthz`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  test('includeSubDomains is sent when configured', async () => {
    const env = { PUBLIC_URL: 'https://curfew.example.test', HSTS_INCLUDE_SUBDOMAINS: 'true' };
    const port = await findFreePort();
    const other = await startApp({ env: { ...env, PORT: String(port) } });
    const { headers } = await fetch(`http://127.0.0.1:${port}/healthz`);
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000; includeSubDomains');
    await other.close();
  });
});

describe.each<[string | undefined, string | undefined, string]>([
  [undefined, '203.0.113.7', '127.0.0.1'],
  ['false', '203.0.113.7', '127.0.0.1'],
  ['true', '203.0.113.7, 198.51.100.1', '203.0.113.7'],
  ['1', '203.0.113.7, 198.51.100.1', '198.51.100.1'],
  ['2', '203.0.113.7, 198.51.100.1', '203.0.113.7'],
  ['10.0.0.0/8', '203.0.113.7', '127.0.0.1'],
  ['127.0.0.1, 198.51.100.0/24', '192.0.2.66, 203.0.113.7, 198.51.100.1', '203.0.113.7'],
  ['1', undefined, '127.0.0.1'],
])('with TRUST_PROXY %s and X-Forwarded-For %s', (trustProxy, forwarded, recorded) => {
  test(`the recorded address is ${recorded}`, async () => {
    const app = await startApp({ env: trustProxy === undefined ? {} : { TRUST_PROXY: trustProxy } });
    try {
      const { owner } = await app.seed.account();
      const me = await owner.login(
        {},
        { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } },
      );
      const { data } = await me.gql(`{ currentSession { ipAddress }
        auditEvents(action: "session.started") { edges { node { ipAddress } } } }`);
      expect(data.currentSession.ipAddress).toBe(recorded);
      expect(data.auditEvents.edges[0].node.ipAddress).toBe(recorded);
    } finally {
      await app.close();
    }
  });
});

describe('with METRICS_TOKEN', () => {
  let app: TestApp;
  const TOKEN = 'a-token-for-prometheus-1';
  beforeAll(async () => {
    app = await startApp({ env: { METRICS_TOKEN: TOKEN } });
  });
  afterAll(() => app.close());

  test('metrics ask for exactly that bearer token', async () => {
    const status = async (authorization?: string) => {
      const response = await fetch(`${app.url}/metrics`, { headers: authorization ? { authorization } : {} });
      return response.status;
    };
    expect(await status(`Bearer ${TOKEN}`)).toBe(200);
    // A scheme name is case-insensitive (RFC 9110, section 11.1), as at the other endpoints.
    expect(await status(`bearer ${TOKEN}`)).toBe(200);
    for (const wrong of [
      undefined,
      TOKEN,
      `Bearer ${TOKEN}x`,
      `Bearer ${TOKEN.slice(1)}`,
      'Bearer',
      `Basic ${btoa(`x:${TOKEN}`)}`,
    ])
      expect(await status(wrong)).toBe(401);
  });
});
