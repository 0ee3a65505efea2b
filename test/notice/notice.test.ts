import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContextOptions, Frame, Locator, Page, Request } from 'playwright-core';
import type { SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from '../browser/axe.ts';
import { LIMITS, MINUTE } from '../browser/signed-in-page.ts';
import { launchBrowser } from '../browser/browser.ts';
import { focused, openStories } from '../browser/stories.ts';
import { APPLICATION_PASSWORD, createNoticeApplication } from './application.ts';

const application = await createNoticeApplication();
const stories = openStories({ env: { ...LIMITS, ALLOWED_ORIGINS: application.origin } });

let account: SeededAccount;

beforeAll(async () => {
  account = await stories.app.seed.account();
  const { key } = await stories.app.seed.serviceKey(account.id);
  await application.open({ url: stories.app.url, serviceKey: key });
});
afterAll(() => application.close());

/** The names of the events that the page has heard, oldest first, each with its detail as JSON. */
const eventsOf = (page: Page | Frame): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);

const heard = (page: Page | Frame, event: string): Promise<unknown> =>
  page.waitForFunction(
    (expected) => (globalThis as unknown as { heard: string[] }).heard.includes(expected),
    event,
  );

async function open(
  path = '/',
  options?: BrowserContextOptions,
  prepare = async (_page: Page): Promise<unknown> => null,
) {
  const { page } = await stories.newPage(options);
  const unanswered = new Set<Request>();
  const scripts: string[] = [];
  page.on('request', (request) => unanswered.add(request));
  page.on('requestfinished', (request) => {
    unanswered.delete(request);
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
  page.on('requestfailed', (request) => unanswered.delete(request));
  await page.addInitScript(() => {
    const names: string[] = [];
    Object.assign(globalThis, { heard: names });
    for (const name of ['curfew-expired', 'curfew-revoked', 'curfew-extended', 'curfew-reauthenticate'])
      document.addEventListener(name, (event) => {
        const { detail } = event as CustomEvent<Record<string, unknown>>;
        names.push([name, detail.limit ?? detail.endReason ?? detail.isUnasked].join(' ').trim());
      });
  });
  // Makes the session of this page the latest one.
  stories.app.clock.advance(1_000);
  await page.clock.install({ time: stories.app.clock.now().getTime() });
  const followed = new Promise<void>((done) =>
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('connection_ack')) done();
      }),
    ),
  );
  await prepare(page);
  await page.goto(new URL(path, application.origin).href);
  // The page follows its session.
  await followed;
  return {
    page,
    /** The scripts that were loaded. */
    scripts,
    stay: page.getByRole('status').getByRole('button', { name: 'Stay signed in' }),
    dialog: page.getByRole('alertdialog'),
    async pass(milliseconds: number) {
      for (let look = 0; unanswered.size > 0 && look < 100; look += 1) await page.waitForTimeout(20);
      const passed = page.clock.fastForward(milliseconds);
      stories.app.clock.advance(milliseconds);
      await passed;
    },
  };
}

const POLICY = `mutation Policy($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;

/** Activity does not extend it: both limits are twelve hours. */
async function leaveOnlyTheAbsoluteLimit(): Promise<void> {
  const { gql } = await account.owner.login();
  await gql(POLICY, { input: { idleMinutes: 720, absoluteMinutes: 720 } });
}

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

test('one line in a page of another origin warns, and Stay signed in extends the session', async () => {
  const { page, stay, pass } = await open('/', { viewport: { width: 320, height: 640 } });
  const field = page.getByLabel('Note');
  await field.focus();
  await pass(54 * MINUTE);
  expect(await stay.count()).toBe(0);
  await pass(2 * MINUTE);
  await stay.waitFor();
  expect(await page.getByRole('status').first().ariaSnapshot()).toMatch(
    /^- status:\n {2}- paragraph: You’ll be signed out at \d+:\d\d [AP]M because you’ve been inactive\.\n {2}- button "Stay signed in"$/,
  );
  // Neither covered nor left by the focus.
  await focused(field);
  const height = (await page.locator('curfew-notice').boundingBox())!.height;
  expect((await field.boundingBox())!.y).toBeGreaterThanOrEqual(height);
  await page.getByText('You’ll be signed out in 4 minutes.').waitFor({ state: 'attached' });
  expect(await overflowOf(page)).toBe(0);
  await expectNoAxeFindings(page);

  await stay.focus();
  await page.keyboard.press('Enter');
  await stay.waitFor({ state: 'detached' });
  await heard(page, 'curfew-extended');
  await focused(field);
  await page.getByText('You’re still signed in.').waitFor({ state: 'attached' });
  expect(await eventsOf(page)).toEqual(['curfew-extended']);
});

test('in the last minute it asks over the page, and the end is an event and a last bar', async () => {
  const { page, dialog, scripts, pass } = await open('/?lang=de', { colorScheme: 'dark' });
  await pass(MINUTE);
  // Long before they are needed, as there may be no connection then.
  const { url } = stories.app;
  expect(scripts.toSorted()).toEqual([`${url}/notice.js`, `${url}/notice/de.js`]);
  await pass(58 * MINUTE + 5_000);
  await dialog.waitFor();
  await focused(dialog.getByRole('button', { name: 'Angemeldet bleiben' }));
  expect(await dialog.getAttribute('lang')).toBe('de');
  expect(await dialog.ariaSnapshot()).toMatch(/alertdialog "Sind Sie noch da\?"/);
  await expectNoAxeFindings(page);
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await dialog.evaluate((element) => getComputedStyle(element).borderColor)).toBe(
    'rgb(255, 255, 255)',
  );
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await page.locator('main :focus').count()).toBe(0);
  await pass(MINUTE);
  await page.getByText('Sie wurden abgemeldet, weil Sie inaktiv waren.').waitFor();
  expect(await dialog.count()).toBe(0);
  expect(await eventsOf(page)).toEqual(['curfew-expired idle']);
  await page.getByRole('button', { name: 'Jetzt anmelden' }).click();
  await page.waitForURL('**/sign-in');
});

test('an element that is moved in the last minute still asks over the page', async () => {
  const { page, dialog, pass } = await open();
  await pass(59 * MINUTE + 5_000);
  await dialog.waitFor();
  await page.evaluate(() => document.querySelector('main')!.append(document.querySelector('curfew-notice')!));
  await dialog.waitFor();
  const isModal = () => dialog.evaluate((element) => element.matches(':modal'));
  const stay = dialog.getByRole('button', { name: 'Stay signed in' });
  await pass(1_000);
  await focused(stay);
  expect(await isModal()).toBe(true);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await heard(page, 'curfew-extended');
});

test('without its texts it is English, until they can be loaded; and a revoked session is told to the page', async () => {
  let isReachable = false;
  stories.mayLog(/net::ERR_FAILED/);
  const { page, pass } = await open('/?lang=ja&dir=rtl', undefined, (opened) =>
    opened.route('**/notice/ja.js*', (route) => (isReachable ? route.continue() : route.abort())),
  );
  await pass(56 * MINUTE);
  const bar = page.getByRole('status').first();
  const button = bar.getByRole('button');
  await bar.getByText('because you’ve been inactive').waitFor();
  expect(await bar.getAttribute('lang')).toBe('en');
  await button.focus();

  isReachable = true;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  const text = bar.getByText('操作がないため');
  await text.waitFor();
  // In place: the focus stays, and the region speaks of the next change only.
  await focused(button);
  expect(await button.textContent()).toBe('ログインしたままにする');
  expect(await bar.getAttribute('lang')).toBe('ja');
  await pass(1_000);
  expect(await bar.getAttribute('aria-live')).toBe(null);
  const [ofText, ofButton] = await Promise.all([text.boundingBox(), button.boundingBox()]);
  expect(ofButton!.x).toBeLessThan(ofText!.x);

  await page.evaluate(() =>
    document.addEventListener('curfew-revoked', (event) => event.preventDefault(), { once: true }),
  );
  const { gql } = await account.owner.login();
  await gql('mutation { revokeSessions { revokedCount } }');
  await heard(page, 'curfew-revoked REVOKED_BY_OWNER');
  expect(await page.getByText('ログアウトされました').count()).toBe(0);
});

test('it works in a frame whose document is written in the page around', async () => {
  const { page, pass } = await open('/frame?srcdoc');
  await pass(56 * MINUTE);
  const stay = page
    .frameLocator('iframe')
    .getByRole('status')
    .getByRole('button', { name: 'Stay signed in' });
  await stay.click();
  await stay.waitFor({ state: 'detached' });
});

test('it is at the top of the window in what a page moves, filters and zooms, and over what fills the screen', async () => {
  const { page, stay, pass } = await open();
  await page.evaluate(() => {
    const { body, documentElement } = document;
    documentElement.style.zoom = '1.5';
    const around = document.createElement('div');
    // Either makes `position: fixed` relative to it.
    around.style.cssText = 'filter: blur(0); transform: translateY(200px); height: 300vh';
    around.append(...body.children);
    body.append(around);
    around.querySelector('h1')!.onclick = () => around.querySelector('main')!.requestFullscreen();
  });
  const notice = page.locator('curfew-notice');
  const bar = notice.locator('.bar');
  const heading = page.getByRole('heading');
  const top = async () => (await heading.boundingBox())!.y;
  await page.evaluate(() => scrollTo(0, 200));
  const before = await top();
  await pass(56 * MINUTE);
  await stay.waitFor();
  expect(await notice.boundingBox()).toMatchObject({ x: 0, y: 0, width: 1280 });
  expect(await top()).toBeCloseTo(before, 0);
  await stay.click();
  await bar.waitFor({ state: 'detached' });
  expect(await notice.getAttribute('popover')).toBe(null);
  expect(await top()).toBeCloseTo(before, 0);

  await heading.click();
  await page.waitForFunction(() => document.fullscreenElement !== null);
  await pass(56 * MINUTE);
  await stay.waitFor();
  await page.waitForFunction(() => document.querySelector('curfew-notice')!.matches(':popover-open'));
  await page.evaluate(() => document.exitFullscreen());
  await stay.click();
  await bar.waitFor({ state: 'detached' });
});

test('it works in a frame of its own origin and below a page of another', async () => {
  // On another port: another origin of the same site, whose cookies a frame gets.
  const outside = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader('connection', 'close');
    response.end(
      `<!doctype html><title>Outside</title><iframe title="Own" src="${application.origin}/frame"></iframe>`,
    );
  }).unref();
  await new Promise<void>((listening) => outside.listen(0, '127.0.0.1', listening));
  const { port } = outside.address() as AddressInfo;
  const { page, pass } = await open(`http://localhost:${port}`);
  outside.close();
  await pass(56 * MINUTE);
  const frame = page.frameLocator('iframe').frameLocator('iframe');
  const stay = frame.getByRole('status').getByRole('button', { name: 'Stay signed in' });
  await stay.click();
  await stay.waitFor({ state: 'detached' });
  await frame.getByText('You’re still signed in.').waitFor({ state: 'attached' });
});

test('the user confirms who they are in place, where the page has an address for it', async () => {
  await leaveOnlyTheAbsoluteLimit();
  const { page, pass } = await open('/?confirm');
  const bar = page.getByRole('status').getByRole('button', { name: 'Confirm it’s you' });
  await pass(716 * MINUTE);
  await bar.click();
  const dialog = page.getByRole('dialog', { name: 'Confirm it’s you' });
  const password = dialog.getByLabel('Password');
  await focused(password);
  stories.mayLog(/401 \(Unauthorized\)/);
  await password.fill('wrong');
  await page.keyboard.press('Enter');
  await dialog.getByText('Wrong password. Try again.').waitFor();
  await focused(password);
  await expectNoAxeFindings(page);
  await password.fill(APPLICATION_PASSWORD);
  await dialog.getByRole('button', { name: 'Confirm' }).click();
  await dialog.waitFor({ state: 'detached' });
  await bar.waitFor({ state: 'detached' });
  expect(await eventsOf(page)).toEqual(['curfew-reauthenticate false', 'curfew-extended']);
});

test('a page in place of the token is named in the console, with where it came from', async () => {
  const browser = await launchBrowser();
  const { page, consoleErrors } = await browser.newPage();
  const said = page.waitForEvent('console', (message) => message.text().startsWith('Curfew: '));
  await page.goto(new URL('/?guarded', application.origin).href);
  await said;
  const { origin } = application;
  expect(consoleErrors).toEqual([
    expect.stringContaining(
      `Curfew: The application did not answer with { accessToken, expiresAt } or null: ${origin}/guarded answered with text/html; charset=utf-8 from ${origin}/sign-in.`,
    ),
  ]);
  await browser.close();
});

test('at 400 % zoom in a low window it leaves room for the page, and all of it can be reached', async () => {
  // What a window of 1280 by 720 pixels is at 400 %.
  const zoomed = { viewport: { width: 320, height: 180 }, deviceScaleFactor: 4 };
  await leaveOnlyTheAbsoluteLimit();
  const { page, pass } = await open('/?confirm&lang=de', zoomed);
  const bar = page.getByRole('status').first();
  const bottomOf = async (locator: Locator) => {
    const box = (await locator.boundingBox())!;
    return box.y + box.height;
  };
  await pass(716 * MINUTE);
  const confirm = bar.getByRole('button', { name: 'Bestätigen Sie, dass Sie es sind' });
  await confirm.waitFor();
  expect(await bottomOf(bar.locator('.bar'))).toBeLessThan(180 * 0.65);
  expect(await overflowOf(page)).toBe(0);
  await confirm.click();
  const dialog = page.getByRole('dialog');
  expect(await bottomOf(dialog)).toBeLessThanOrEqual(180);
  await dialog.getByRole('button', { name: 'Nicht jetzt' }).click();
  await bar.getByRole('button', { name: 'Hinweis ausblenden' }).click();
  await confirm.waitFor({ state: 'detached' });
});
