import { startApp, type TestApp } from '../harness.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const get = (path: string, accept?: string, method = 'GET') =>
  fetch(`${app.url}${path}`, { method, redirect: 'manual', headers: accept === undefined ? {} : { accept } });

test.each([
  '/nothing',
  '/nothing/here',
  '/oauth',
  '/graphql/x',
  '/index.html',
  '/login/x',
  '/.env',
  '/%61%2f',
])('%s is a page for a browser, with 404 and the policy of a page', async (path) => {
  const response = await get(path, BROWSER);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const policy = response.headers.get('content-security-policy')!;
  const [, nonce] = /script-src 'nonce-([^']+)' 'strict-dynamic'/.exec(policy)!;
  expect(policy).not.toContain('unsafe');
  const html = await response.text();
  expect(html).toContain(`nonce="${nonce}"`);
  expect(html).not.toContain('__CSP_NONCE__');
});

test.each([
  ['*/*', 'GET'],
  [undefined, 'GET'],
  ['application/json', 'GET'],
  ['text/htmlx', 'GET'],
  ['text/html;q=0, application/json', 'GET'],
  [BROWSER, 'POST'],
  [BROWSER, 'DELETE'],
])('a program that accepts %s gets JSON for a %s', async (accept, method) => {
  const response = await get('/nothing', accept, method);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ errors: [{ message: 'Not found' }] });
});

test.each(['/assets/nothing.js', '/assets/', '/assets/%00', '/notice/sv.js'])(
  '%s is no page, not even for a browser',
  async (path) => {
    const response = await get(path, BROWSER);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.headers.get('content-type')).not.toMatch(/html/);
  },
);

test('a HEAD has the status and no body', async () => {
  const response = await get('/nothing', BROWSER, 'HEAD');
  expect([response.status, await response.text()]).toEqual([404, '']);
});

test.each(['/auth/verify/x', '/auth/verify/a//b', '/auth/verify/%zz'])(
  '%s stays a question of a gateway',
  async (path) => {
    const response = await get(path, BROWSER);
    expect([response.status, await response.text()]).toEqual([401, '']);
  },
);
