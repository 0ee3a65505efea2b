import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { DASHBOARD_PATHS } from '../../server/http/dashboard-paths.ts';
import { startApp, type TestApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

interface Response {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Raw bytes and the path as written: fetch would unpack the one and normalise the other. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(app.url);
    request({ hostname, port, path, headers, method }, (response) => {
      const { statusCode, headers } = response;
      buffer(response).then((body) => done({ status: statusCode!, headers, body }), fail);
    })
      .on('error', fail)
      .end();
  });

const policyOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries(
    (headers['content-security-policy'] as string).split('; ').map((directive) => {
      const [name, ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );

const nonceOf = (response: Response): string =>
  /^'nonce-([A-Za-z0-9+/]{22}==)' 'strict-dynamic'$/.exec(policyOf(response)['script-src']!)![1]!;

/** Files that the page references. */
const assetsOf = ({ body }: Response): string[] =>
  [...body.toString().matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);

describe('the dashboard', () => {
  test.each([
    ...DASHBOARD_PATHS,
    '/login?reason=session_expired&next=%2Faccount%2Fsecurity',
    '/account?x=/y',
  ])('%s returns its page', async (path) => {
    const page = await get(path, { 'accept-encoding': 'br, gzip' });
    expect(page.status).toBe(200);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(page.headers['content-encoding']).toBeUndefined();
    expect(page.headers['permissions-policy']).toMatch(/camera=\(\)/);
    expect(assetsOf(page)).toEqual(assetsOf(await get('/')));
    expect(assetsOf(page).length).toBeGreaterThan(0);
  });

  test('two answers have different nonces, and the page uses the one of its policy everywhere', async () => {
    const seen = new Set<string>();
    for (const path of [...DASHBOARD_PATHS, '/']) {
      const page = await get(path);
      const nonce = nonceOf(page);
      expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
      seen.add(nonce);
      const html = page.body.toString();
      expect(html).not.toContain('__CSP_NONCE__');
      for (const [tag] of html.matchAll(/<(?:script|style|link rel="(?:stylesheet|modulepreload)")[^>]*>/g))
        expect(tag).toContain(`nonce="${nonce}"`);
      expect(html).toContain(`<meta property="csp-nonce" nonce="${nonce}"`);
    }
    expect(seen.size).toBe(DASHBOARD_PATHS.length + 1);
  });

  test('its policy allows what the page needs and nothing else', async () => {
    const page = await get('/');
    const nonce = nonceOf(page);
    expect(policyOf(page)).toEqual({
      'default-src': "'none'",
      'script-src': `'nonce-${nonce}' 'strict-dynamic'`,
      'style-src': `'self' 'nonce-${nonce}'`,
      'img-src': "'self' data:",
      'font-src': "'self'",
      'connect-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    });
  });

  test('a HEAD gets the headers of a GET without the page', async () => {
    const { status, headers, body } = await get('/login', {}, 'HEAD');
    expect([status, headers['cache-control'], body.length]).toEqual([200, 'no-store', 0]);
  });

  test('it has a page for each of its paths, and for no other', () => {
    const routes = readFileSync(new URL('../../web/src/app/router.tsx', import.meta.url), 'utf8');
    const paths = [...routes.matchAll(/\bpath: '([^'*]+)'/g)].map(([, path]) => path);
    expect(paths.sort()).toEqual([...DASHBOARD_PATHS].sort());
  });

  test.each(['/account/nothing', '/account/security/nothing', '/account/sessions/x/y', '/account/%E2%9C%93'])(
    '%s is not found: a person gets the page that says so, a program none',
    async (path) => {
      const page = await get(path, { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
      expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
        404,
        'text/html; charset=utf-8',
        'no-store',
      ]);
      expect(nonceOf(page)).not.toBe('');
      expect(assetsOf(page)).toEqual(assetsOf(await get('/')));
      const answer = await get(path, { accept: 'application/json' });
      expect([answer.status, answer.body.toString()]).toEqual([404, '{"errors":[{"message":"Not found"}]}']);
    },
  );

  test.each([
    '/login/',
    '/account/',
    '/login/x',
    '/accounts',
    '/Account',
    '/set-password/x',
    '/index.html',
    '/set-password.html',
    '/graphiql.html',
    '/.build-hash',
    '/assets',
    '/dashboard',
  ])('%s is not found', async (path) => {
    const { status, headers } = await get(path);
    expect([status, headers['cache-control']]).toEqual([404, 'no-store']);
  });

  test.each(['POST', 'PUT', 'DELETE'])('%s is not a page', async (method) => {
    expect((await get('/account/security', {}, method)).status).toBe(404);
  });
});

test('GraphiQL has a separate policy, and no placeholder is left in it', async () => {
  const page = await get('/graphiql');
  expect(policyOf(page)).toMatchObject({
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self' 'unsafe-inline'",
    'worker-src': "'self'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  });
  expect(page.body.toString()).not.toContain('__CSP_NONCE__');
});

describe('a file of the build', () => {
  const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const encodings: [string, string, (bytes: Buffer) => Buffer][] = [
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['br', 'br', brotliDecompressSync],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['br;q=0, gzip', 'gzip', gunzipSync],
  ];

  test.each(encodings)(
    'requested with %s comes as %s with its full content',
    async (accepted, encoding, unpack) => {
      const paths = [...assetsOf(await get('/')), ...assetsOf(await get('/graphiql'))];
      let compressed = 0;
      for (const path of paths) {
        const plain = await get(path);
        const packed = await get(path, { 'accept-encoding': accepted });
        for (const { status, headers } of [plain, packed]) {
          expect(status).toBe(200);
          expect(headers).toMatchObject({
            'cache-control': 'public, max-age=31536000, immutable',
            'content-type': expect.stringMatching(
              path.endsWith('.css') ? /^text\/css; charset=utf-8$/ : /^(text|application)\/javascript/,
            ),
            vary: expect.stringMatching(/accept-encoding/i),
            'x-content-type-options': 'nosniff',
          });
        }
        expect(plain.headers['content-encoding']).toBeUndefined();
        if (plain.body.length < 1024) continue;
        compressed += 1;
        expect(packed.headers['content-encoding']).toBe(encoding);
        expect(Number(packed.headers['content-length'])).toBe(packed.body.length);
        expect(packed.body.length).toBeLessThan(plain.body.length);
        expect(sha256(unpack(packed.body))).toBe(sha256(plain.body));
      }
      expect(compressed).toBeGreaterThan(0);
    },
  );

  test('that does not exist is not found, and that answer is not cached', async () => {
    for (const path of [
      '/assets/index-00000000.js',
      '/assets/',
      '/assets/index-00000000.js.br',
      '/notice/sv.js',
      '/notice/',
    ]) {
      const { status, headers } = await get(path, { 'accept-encoding': 'br' });
      expect([path, status, headers['cache-control']]).toEqual([path, 404, 'no-store']);
    }
  });

  test.each([
    '/assets/../index.html',
    '/assets/..%2findex.html',
    '/assets/%2e%2e/index.html',
    '/assets/..%5cindex.html',
    '/assets/../../../package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/assets/..%252f..%252fpackage.json',
    '/assets//etc/passwd',
    '/assets/%00',
    '/favicon.svg/../../package.json',
  ])('cannot be read from elsewhere: %s', async (path) => {
    const { status, headers, body } = await get(path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.toString()).not.toMatch(/<html|"name":|root:|node_modules/);
  });

  test('the icon is cached for a day', async () => {
    const { status, headers } = await get('/favicon.svg');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'image/svg+xml',
      'public, max-age=86400',
    ]);
    expect((await get('/favicon.ico')).status).toBe(200);
  });

  test.each(['/notice.js', '/notice/de.js'])(
    'pages of every origin load %s, which may change',
    async (path) => {
      const { status, headers } = await get(path, { origin: 'https://app.example' });
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': 'application/javascript; charset=utf-8',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'x-content-type-options': 'nosniff',
        'cache-control': 'public, max-age=300',
      });
      const again = await get(path, { 'if-none-match': String(headers.etag) });
      expect(again.status).toBe(304);
      expect((await get(path, { 'accept-encoding': 'br' })).headers['content-encoding']).toBe('br');
    },
  );
});

test('a dashboard path with dots upwards is an unknown one and shows no file', async () => {
  for (const path of ['/account/../../package.json', '/account/..%2f..%2fpackage.json']) {
    const page = await get(path, { accept: 'text/html' });
    expect(page.status).toBe(404);
    expect(assetsOf(page)).toEqual(assetsOf(await get('/')));
  }
});
