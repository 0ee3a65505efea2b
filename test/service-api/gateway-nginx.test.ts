import { once } from 'node:events';
import WebSocket from 'ws';
import { openDatabase } from '../../server/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { createTestDatabase, onPostgres, type TestDatabase } from '../databases.ts';
import { sessionRow } from '../expiry/session-subscriptions.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import { LOGIN, PASSWORD, type SeededAccount } from '../seed.ts';
import { startEcho, type Echo } from './echo.ts';
import { call, openServiceSession, type EndpointAnswer } from './endpoint-calls.ts';
import { hasNginx, startNginx, type Nginx } from './nginx.ts';

// The guide's configuration, in a real nginx, before an application that echoes the received headers.

const PAGE = { accept: 'text/html,application/xhtml+xml' };
const REVOKE = 'mutation($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }';

const describeNginx = hasNginx ? describe : describe.skip;

describeNginx('behind nginx (left out where nginx is not installed)', () => {
  let app: TestApp;
  let nginx: Nginx;
  let application: Echo;
  let account: SeededAccount;

  async function start(sharedDatabase?: TestDatabase): Promise<void> {
    const port = await findFreePort();
    application = await startEcho();
    nginx = await startNginx(
      { application: await findFreePort(), curfew: await findFreePort() },
      { curfew: port, application: application.port },
    );
    app = await startApp({
      sharedDatabase,
      env: { PORT: String(port), PUBLIC_URL: nginx.curfewUrl, TRUST_PROXY: '1' },
    });
    account = await app.seed.account();
  }
  async function stop(): Promise<void> {
    await nginx?.stop();
    application?.close();
    await app?.close();
  }

  const get = (path: string, headers: Record<string, string> = {}): Promise<EndpointAnswer> =>
    call(nginx, path, { headers });
  const atCurfew = (path: string, headers: Record<string, string> = {}): Promise<EndpointAnswer> =>
    call({ url: nginx.curfewUrl }, path, { headers });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  describe('with everything up', () => {
    beforeAll(() => start());
    afterAll(stop);

    async function present(): Promise<
      { name: string; headers: Record<string, string>; sessionId: string }[]
    > {
      const user = await account.owner.login();
      const service = await openServiceSession(app, account);
      const input = { email: account.owner.email, password: PASSWORD, transport: 'COOKIE' };
      const { cookie, data } = await createGraphQLClient(nginx.curfewUrl).gql(LOGIN, { input });
      return [
        { name: 'access token', headers: bearer(user.accessToken), sessionId: user.sessionId },
        {
          name: 'session token',
          headers: { 'x-session-token': service.sessionToken },
          sessionId: service.session.id,
        },
        { name: 'cookie', headers: { cookie: `a=1; ${cookie!}; b=2` }, sessionId: data.login.session.id },
      ];
    }

    test("a good token passes, and the application gets the user; the client's own headers are replaced", async () => {
      const forged = Object.fromEntries(
        ['User', 'Account', 'Role', 'Session', 'Expires'].map((name) => [`X-Curfew-${name}`, 'forged']),
      );
      for (const { name, headers, sessionId } of await present()) {
        for (const path of ['/orders/1?x=1', '/background/poll']) {
          const { status, body } = await get(path, { ...headers, ...forged, x_curfew_user: 'forged' });
          expect([name, path, status]).toEqual([name, path, 200]);
          expect(body).toMatchObject({
            'x-curfew-user': account.owner.id,
            'x-curfew-account': account.id,
            'x-curfew-role': 'OWNER',
            'x-curfew-session': sessionId,
            'x-curfew-expires': expect.stringMatching(/^\d{4}-.*Z$/),
          });
          expect(JSON.stringify(body)).not.toMatch(/forged|curfew_refresh/);
          if (name === 'cookie') expect(body.cookie).toBe('a=1; b=2');
        }
      }
    });

    test('a request is activity, background requests of pages are not', async () => {
      const { accessToken, sessionId } = await account.owner.login();
      const before = await sessionRow(app, sessionId);
      app.clock.advance(60_000);
      await get('/background/poll', bearer(accessToken));
      app.clock.advance(2_000);
      expect(await sessionRow(app, sessionId)).toEqual(before);
      const { body } = await get('/', bearer(accessToken));
      expect(Date.parse(body['x-curfew-expires'])).toBe(Date.parse(before.idle_expires_at) + 62_000);
    });

    test('with the cookie alone, a request from a page elsewhere on the site is no activity', async () => {
      const { headers, sessionId } = (await present())[2]!;
      const before = await sessionRow(app, sessionId);
      app.clock.advance(60_000);
      const elsewhere = await get('/picture', { ...headers, 'sec-fetch-site': 'same-site' });
      expect(Date.parse(elsewhere.body['x-curfew-expires'])).toBe(Date.parse(before.idle_expires_at));
      const own = await get('/picture', { ...headers, 'sec-fetch-site': 'same-origin' });
      expect(Date.parse(own.body['x-curfew-expires'])).toBe(Date.parse(before.idle_expires_at) + 60_000);
    });

    test('an ended session is refused from the next request on', async () => {
      const owner = await account.owner.login();
      for (const { headers, sessionId } of await present()) {
        expect((await get('/', headers)).status).toBe(200);
        await owner.gql(REVOKE, { id: sessionId });
        const reached = application.requests.length;
        for (const path of ['/', '/background/poll']) expect((await get(path, headers)).status).toBe(401);
        expect(application.requests).toHaveLength(reached);
      }
    });

    test('without a valid token a page leads to the sign-in page and a program gets 401', async () => {
      const reached = application.requests.length;
      const bad: Record<string, string>[] = [
        {},
        bearer('x'),
        { 'x-session-token': 'x' },
        { cookie: 'curfew_refresh=x' },
      ];
      for (const headers of bad) {
        const page = await get('/orders/1?x=1&y=2', { ...headers, ...PAGE });
        expect([page.status, page.headers.get('location')]).toEqual([
          302,
          `${nginx.curfewUrl}/login?next=/application/orders/1`,
        ]);
        const program = await get('/orders/1', headers);
        expect([program.status, program.headers.get('www-authenticate')]).toEqual([
          401,
          expect.stringMatching(/^Bearer realm="curfew"/),
        ]);
        const post = await call(nginx, '/orders', {
          method: 'POST',
          headers: { ...headers, ...PAGE },
          body: 'x',
        });
        expect(post.status).toBe(401);
      }
      expect(application.requests).toHaveLength(reached);
    });

    test('the checks and the service API endpoints cannot be reached from outside', async () => {
      const { accessToken } = await account.owner.login();
      for (const path of ['/_curfew/active', '/_curfew/check'])
        expect((await get(path, bearer(accessToken))).status).toBe(404);
      const reached = application.requests.length;
      for (const path of ['/auth/verify', '/oauth/introspect', '/metrics', '/graphql', '/login', '/account'])
        expect((await get(path)).status).toBe(401);
      for (const path of [
        '/auth/verify',
        '/oauth/introspect',
        '/metrics',
        '/graphqlx',
        '/_curfew/check',
        '/orders',
      ])
        expect((await atCurfew(path)).status).toBe(404);
      expect(application.requests).toHaveLength(reached);
    });

    test('a request passes with its body, and a preflight is not accepted as proof', async () => {
      const { accessToken } = await account.owner.login();
      const body = 'x'.repeat(100_000);
      expect((await call(nginx, '/', { method: 'POST', headers: bearer(accessToken), body })).status).toBe(
        200,
      );
      const preflight = { origin: nginx.url, 'access-control-request-method': 'GET' };
      expect((await call(nginx, '/', { method: 'OPTIONS', headers: preflight })).status).toBe(401);
    });

    test("a WebSocket of the application is checked when it opens; Curfew's own passes", async () => {
      const { accessToken, expiry } = await account.owner.login();
      const url = nginx.url.replace('http', 'ws');
      const socket = new WebSocket(`${url}/live`, { headers: bearer(accessToken) });
      expect(String((await once(socket, 'message'))[0])).toBe(account.owner.id);
      socket.close();
      const refused = new WebSocket(`${url}/live`);
      refused.on('error', () => {});
      const [, response] = await once(refused, 'unexpected-response');
      expect(response.statusCode).toBe(401);
      const followed = expiry();
      await followed.connected;
      await followed.stop();
    });

    test("Curfew's pages are on an origin of their own, and the application's has none of them", async () => {
      const { status, headers } = await atCurfew('/login', PAGE);
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)]);
      const { accessToken } = await account.owner.login();
      for (const path of ['/login', '/account', '/assets/index.js', '/graphql']) {
        const { body } = await get(path, { ...PAGE, ...bearer(accessToken) });
        expect(body['x-curfew-user']).toBe(account.owner.id);
      }
    });

    test('the sign-in leads back to the application, and nowhere else', async () => {
      const leads = async (path: string) => (await atCurfew(path)).headers.get('location');
      expect(await leads('/application/orders/1?x=1&y=%0d%0a')).toBe(`${nginx.url}/orders/1?x=1&y=%0d%0a`);
      for (const path of [
        '//evil.example',
        '/\\evil.example',
        '/%0d%0aset-cookie:a=b',
        '/@evil.example',
        '/.evil.example',
      ]) {
        const location = await leads(`/application${path}`);
        expect(new URL(location!).origin).toBe(nginx.url);
      }
      expect((await atCurfew('/application')).status).not.toBe(200);
    });
  });

  test('Curfew stopped: no request passes', async () => {
    await start();
    const { accessToken } = await account.owner.login();
    expect((await get('/', bearer(accessToken))).status).toBe(200);
    const reached = application.requests.length;
    await app.app.close();
    try {
      for (const path of ['/', '/background/poll'])
        for (const headers of [bearer(accessToken), { ...PAGE, ...bearer(accessToken) }, {}])
          expect((await get(path, headers)).status).toBe(500);
      expect(application.requests).toHaveLength(reached);
    } finally {
      await nginx.stop();
      application.close();
      await app.database.close();
    }
  });

  onPostgres(() => {
    let proxy: TcpProxy;
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createTestDatabase('postgresql');
      const url = new URL(database.url!);
      proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
      url.hostname = '127.0.0.1';
      url.port = String(proxy.port);
      const logger = createLogger('silent');
      await start({
        url: url.href,
        open: () => openDatabase({ url: url.href, dataDir: '' }, logger),
        drop: async () => {},
      });
    });
    afterAll(async () => {
      await stop();
      await proxy?.close();
      await database?.drop();
    });

    test.each(['cut', 'hang'] as const)(
      'the database gone (%s): no request passes; back again, all do',
      async (fault) => {
        const { accessToken } = await account.owner.login();
        expect((await get('/', bearer(accessToken))).status).toBe(200);
        const reached = application.requests.length;
        proxy[fault]();
        try {
          for (const path of ['/', '/background/poll'])
            expect((await get(path, bearer(accessToken))).status).toBe(500);
          expect(application.requests).toHaveLength(reached);
        } finally {
          await proxy.restore();
        }
        const timeout = AbortSignal.timeout(10_000);
        for (;;) {
          const { status } = await get('/', bearer(accessToken));
          if (status === 200) break;
          expect([status, timeout.aborted]).toEqual([500, false]);
        }
      },
    );
  });
});
