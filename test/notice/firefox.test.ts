import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FIREFOX, type Firefox, type FirefoxPage, KEYS, launchFirefox } from '../browser/firefox.ts';
import { LIMITS, MINUTE } from '../browser/signed-in-page.ts';
import { startApp, type TestApp } from '../harness.ts';
import { tryAgainInCi } from '../real-time.ts';
import { PASSWORD } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';

// In Firefox, what depends on the browser most: storage, locks, timers, dialogs, shadow roots, sockets. Without Firefox it is
// skipped, and the last line says so. In CI it runs.
const inFirefox = FIREFOX !== null || process.env.CI === 'true' ? describe : describe.skip;

/** Firefox takes seconds to start, and much longer on a busy machine. */
const START_TIMEOUT_MS = 240_000;

inFirefox('in Firefox', () => {
  tryAgainInCi();
  let firefox: Firefox;
  let app: TestApp;
  let site: Server;
  let siteUrl: string;
  /** The session of the page, as its back end knows it: without a cookie, for a browser that keeps none. */
  let sessionToken: string;
  let issueToken: () => Promise<object | null>;

  beforeAll(async () => {
    site = createServer((request, response) => {
      if (request.url === '/') response.setHeader('content-type', 'text/html').end(pageOf(app.url));
      else if (request.method !== 'POST') response.writeHead(404).end();
      else void issueToken().then((token) => response.end(JSON.stringify(token)));
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    siteUrl = `http://localhost:${(site.address() as AddressInfo).port}`;
    app = await startApp({ env: { ...LIMITS, ALLOWED_ORIGINS: siteUrl } });
    firefox = await launchFirefox();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await firefox?.close();
    await app?.close();
    site?.close();
  });

  let page: FirefoxPage;
  afterEach(() => page?.close());

  const pass = (milliseconds: number) => page.pass(milliseconds, () => app.clock.advance(milliseconds));

  test('the dashboard warns, keeps the user signed in, and says why it ended', async () => {
    const { owner } = await app.seed.account();
    page = await firefox.newPage();
    await page.goto(`${app.url}/login`);
    await page.click('input[name=email]');
    await page.press(`${owner.email}${KEYS.Tab}${PASSWORD}${KEYS.Enter}`);
    await page.at(/\/account$/);
    await page.shown('h1');
    expect(await page.run(() => navigator.userAgent)).toContain('Firefox/');

    await pass(56 * MINUTE);
    await page.shown('[role=status]', 'because you’ve been inactive');
    await page.click('[role=status] button', 'Stay signed in');
    await page.gone('[role=status] button', 'Stay signed in');
    await pass(59 * MINUTE + 10_000);
    await page.shown('[role=alertdialog]', 'Are you still there?');
    await pass(MINUTE);
    await page.at(/\/login\?reason=session_expired&limit=idle/);
    await page.shown('main', 'You were signed out because you were inactive for 1 hour.');
    expect(page.errors).toEqual([]);
  });

  /** The page of another site with the element, and a new session. */
  async function openSite(): Promise<void> {
    const account = await app.seed.account();
    const service = backEnd(app, (await app.seed.serviceKey(account.id)).key);
    ({ sessionToken } = await service.create());
    issueToken = async () =>
      (await service.gql(ISSUE, { sessionToken })).data?.issueSessionAccessToken ?? null;
    page = await firefox.newPage();
    await page.goto(siteUrl);
    await page.shown('#status', 'active');
  }

  test('a page of another site warns in its language, is extended by keyboard, and is told of the end', async () => {
    await openSite();
    await pass(56 * MINUTE);
    await page.shown('[role=status]', 'weil Sie inaktiv waren.');
    await page.press(KEYS.Tab);
    expect((await page.shown('[role=status] button', 'Angemeldet bleiben')).hasFocus).toBe(true);
    await page.press(KEYS.Enter);
    await page.shown('#events', 'curfew-extended');
    await page.gone('[role=status] button', 'Angemeldet bleiben');

    await pass(59 * MINUTE + 10_000);
    await page.shown('[role=alertdialog], dialog', 'Sind Sie noch da?');
    expect((await page.shown('button', 'Angemeldet bleiben')).text).toBe('Angemeldet bleiben');
    await pass(MINUTE);
    await page.shown('#events', 'curfew-extended curfew-expired idle');
    await page.shown('[role=status]', 'Sie wurden abgemeldet, weil Sie inaktiv waren.');
    expect(page.errors).toEqual([]);
  });

  test('the text that is read stays where it is when the bar comes and goes, also in a page that zooms itself', async () => {
    await openSite();
    for (const zoom of ['1', '1.5']) {
      const before = await page.run((factor) => {
        document.documentElement.style.zoom = factor;
        document.querySelector('main')!.style.cssText = 'height: 300vh; padding-top: 60vh';
        scrollTo(0, 200);
        return document.querySelector('h1')!.getBoundingClientRect().top;
      }, zoom);
      const moved = (): Promise<number> =>
        page.run(
          (from) => Math.abs(document.querySelector('h1')!.getBoundingClientRect().top - from),
          before,
        );
      await pass(56 * MINUTE);
      await page.shown('[role=status] button', 'Angemeldet bleiben');
      expect(await moved()).toBeLessThan(2);
      await page.click('[role=status] button', 'Angemeldet bleiben');
      await page.gone('.bar');
      // The browser may lay out the page only now.
      await page.run(
        () =>
          new Promise<void>((done) => {
            const settle = (frames: number) =>
              frames === 0 ? done() : requestAnimationFrame(() => settle(frames - 1));
            settle(4);
          }),
      );
      expect(await moved()).toBeLessThan(2);
    }
    expect(page.errors).toEqual([]);
  });

  /** Firefox's own settings: all cookies and storage blocked, or storage only, and what they are otherwise. */
  const DENIED = [
    ['cookies are blocked', 'network.cookie.cookieBehavior', 2, 5],
    ['storage is turned off', 'dom.storage.enabled', false, true],
  ] as const;

  test.each(DENIED)('the element warns and extends where %s', async (_, name, denied, usual) => {
    await firefox.setPreference(name, denied);
    try {
      await openSite();
      expect(await page.run(hasStorage)).toBe(false);
      await pass(56 * MINUTE);
      await page.click('[role=status] button', 'Angemeldet bleiben');
      await page.shown('#events', 'curfew-extended');
    } finally {
      await firefox.setPreference(name, usual);
    }
  });
});

const ISSUE = `mutation ($sessionToken: String!) { issueSessionAccessToken(sessionToken: $sessionToken) { accessToken expiresAt } }`;

const pageOf = (curfew: string) => `<!doctype html>
<html lang="de">
  <title>Another site</title>
  <script type="module" src="${curfew}/notice.js"></script>
  <curfew-notice token-url="/session-access-token"></curfew-notice>
  <main><h1>Another site</h1><p id="status"></p><p id="events"></p></main>
  <script>
    const part = (id) => document.getElementById(id);
    for (const name of ['curfew-extended', 'curfew-expired', 'curfew-revoked'])
      document.addEventListener(name, ({ detail }) => {
        part('events').textContent += [name, detail.limit].join(' ').trim() + ' ';
      });
    setInterval(() => (part('status').textContent = document.querySelector('curfew-notice').watcher?.getState().status), 100);
  </script>
</html>`;

/** Runs in the page. */
function hasStorage(): boolean {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}
