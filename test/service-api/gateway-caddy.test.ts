import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../server/http/free-port.ts';
import { hasDaemon, startDaemon, type Daemon } from '../debian-daemon.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { startEcho, type Echo } from './echo.ts';
import { call, openServiceSession } from './endpoint-calls.ts';

// The guide's Caddyfile, in a real Caddy, before an application that echoes the received headers.

const CADDYFILE = new URL('../../docs/guides/gateways/Caddyfile', import.meta.url);

(hasDaemon('caddy', 'version') ? describe : describe.skip)('behind Caddy (needs caddy)', () => {
  let app: TestApp;
  let account: SeededAccount;
  let application: Echo;
  let folder: string;
  let caddy: Daemon;
  let url: string;
  let curfewUrl: string;

  beforeAll(async () => {
    const [port, curfewPort, upstream] = [await findFreePort(), await findFreePort(), await findFreePort()];
    [url, curfewUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${curfewPort}`];
    application = await startEcho();
    folder = await mkdtemp(join(tmpdir(), 'curfew-caddy-'));
    const file = join(folder, 'Caddyfile');
    const configuration = (await readFile(CADDYFILE, 'utf8'))
      .replace(/^app\.example\.com:8443 \{$/m, `${curfewUrl} {`)
      .replace(/^app\.example\.com \{$/m, `${url} {`)
      .replaceAll('127.0.0.1:4000', `127.0.0.1:${upstream}`)
      .replaceAll('127.0.0.1:3000', `127.0.0.1:${application.port}`);
    await writeFile(file, `{\n\tadmin off\n}\n${configuration}`);
    caddy = await startDaemon('caddy', ['run', '--config', file], port, {
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
    });
    app = await startApp({ env: { PORT: String(upstream), PUBLIC_URL: curfewUrl, TRUST_PROXY: '1' } });
    account = await app.seed.account();
  });
  afterAll(async () => {
    await app?.close();
    caddy?.child.kill();
    await caddy?.exited;
    application?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const get = (path: string, headers: Record<string, string> = {}) => call({ url }, path, { headers });
  const forged = Object.fromEntries(
    ['X-Curfew-User', 'X_Curfew_User', 'X-Curfew_User', 'X_Curfew-User', 'X-Curfew-Admin'].map((name) => [
      name,
      'forged',
    ]),
  );

  test("with a good token the application gets Curfew's headers only, however a client spells its own", async () => {
    const { sessionToken, session } = await openServiceSession(app, account);
    for (const path of ['/orders/1?x=1', '/background/poll']) {
      const { status, body } = await get(path, { ...forged, 'x-session-token': sessionToken });
      expect([status, JSON.stringify(body)]).toEqual([200, expect.not.stringContaining('forged')]);
      expect(body).toMatchObject({
        'x-curfew-account': account.id,
        'x-curfew-role': 'OWNER',
        'x-curfew-session': session.id,
        'x-curfew-expires': expect.any(String),
        'x-curfew-user': expect.any(String),
      });
    }
    expect(application.requests.map(({ url: path }) => path)).toEqual(['/orders/1?x=1', '/background/poll']);
  });

  test('without one, and without Curfew, nothing reaches the application', async () => {
    const { sessionToken } = await openServiceSession(app, account);
    const before = application.requests.length;
    const proofs: Record<string, string>[] = [{}, { 'x-session-token': 'x' }, { authorization: 'Bearer x' }];
    for (const headers of proofs) expect((await get('/orders', { ...forged, ...headers })).status).toBe(401);
    await app.close();
    expect((await get('/orders', { 'x-session-token': sessionToken })).status).toBeGreaterThanOrEqual(500);
    expect(application.requests).toHaveLength(before);
  });

  test("Curfew's origin serves its pages and nothing else", async () => {
    for (const path of [
      '/auth/verify',
      '/oauth/introspect',
      '/metrics',
      '/healthz',
      '/',
      '/loginx',
      '/assets/..%2foauth/revoke',
    ])
      expect([path, (await call({ url: curfewUrl }, path)).status]).toEqual([path, 404]);
    // Passed on: Curfew is away by now.
    expect((await call({ url: curfewUrl }, '/login')).status).toBe(502);
  });
});
