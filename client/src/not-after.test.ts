import { cleanUpAfterEach } from './testing/clean-up.ts';
import { createFakeBrowser } from './testing/fake-browser.ts';
import { createFakeServer } from './testing/fake-server.ts';
import { createSessionWatcher, UnreachableError } from './index.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What the watcher waits for an answer. */
const TIMEOUT = 15 * SECOND;

const { running } = cleanUpAfterEach();

/** A browser and a server; `clockError`: how far this computer's clock is ahead. */
function setUp({ clockError = 0 } = {}) {
  const browser = createFakeBrowser();
  const server = createFakeServer(browser.now);
  browser.setClock(clockError);
  const tab = browser.openTab({ fetch: server.fetch, webSocketImpl: server.WebSocket });
  const watcher = createSessionWatcher({ url: 'https://curfew.test/graphql', env: tab.env });
  running.add(watcher);
  return { browser, server, watcher };
}

test.each([0, 10 * MINUTE, -10 * MINUTE, 30 * SECOND])(
  'a refresh says until when it waits by the server’s clock, on a computer that is %i ms ahead',
  async (clockError) => {
    const { browser, server, watcher } = setUp({ clockError });
    server.signIn();
    const started = browser.now();
    watcher.start();
    await browser.advance(200);
    expect(watcher.getState().status).toBe('active');
    expect(server.refreshes).toHaveLength(1);
    const waits = Date.parse(server.refreshes[0]!.notAfter) - started;
    expect(waits).toBeGreaterThanOrEqual(TIMEOUT);
    expect(waits).toBeLessThanOrEqual(TIMEOUT + 200);
    expect(server.clockReadings).toHaveLength(1);
  },
);

test('the watcher gives up at that moment, and asks again under the same name', async () => {
  const { browser, server, watcher } = setUp();
  server.signIn();
  watcher.start();
  await browser.advance(200);
  await browser.advance(5 * MINUTE);
  const before = server.refreshes.length;
  const answer = server.holdAnswers();
  const asked = watcher.getAccessToken();
  const refused = expect(asked).rejects.toBeInstanceOf(UnreachableError);
  await browser.advance(1);
  const [first] = server.refreshes.slice(before);
  expect(Date.parse(first!.notAfter)).toBeLessThanOrEqual(browser.now() + TIMEOUT);
  await browser.advance(TIMEOUT);
  await refused;
  answer();
  await watcher.getAccessToken();
  const later = server.refreshes.at(-1)!;
  expect(later.requestId).toBe(first!.requestId);
  expect(Date.parse(later.notAfter)).toBeGreaterThan(Date.parse(first!.notAfter));
  expect(watcher.getState().status).toBe('active');
});

test.each([-2 * MINUTE, 2 * MINUTE])(
  'a clock that is set by %i ms is measured again at once, and signs no user out',
  async (step) => {
    const { browser, server, watcher } = setUp();
    server.signIn();
    watcher.start();
    await browser.advance(200);
    const token = await watcher.getAccessToken();
    browser.setClock(step);
    const next = watcher.getAccessToken({ refused: token });
    await browser.advance(1);
    expect(await next).not.toBe(token);
    expect(watcher.getState().status).toBe('active');
    const [, late, good] = server.refreshes;
    expect(server.refreshes).toHaveLength(3);
    expect(good!.requestId).toBe(late!.requestId);
    expect(Date.parse(good!.notAfter) - browser.now()).toBeLessThanOrEqual(TIMEOUT);
  },
);
