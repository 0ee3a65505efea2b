import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { expectNoAxeFindings } from '../browser/axe.ts';
import { CLOSING_RACE, launchBrowser, type BrowserPage, type TestBrowser } from '../browser/browser.ts';
import { MINUTE, openScene, revokeUser, sessionsOf, type Scene } from './applications.ts';

const LENA = { email: 'lena@notes.example', password: 'lena-likes-lemons' };
const SECOND = 1_000;

let scene: Scene;
let browser: TestBrowser;
const opened: BrowserPage[] = [];
beforeAll(async () => {
  scene = await openScene('notes');
  browser = await launchBrowser();
});
afterEach(async () => {
  const pages = opened.splice(0);
  await Promise.all(pages.map(({ page }) => page.context().close()));
  // What the browser itself logs of a 401, or of a line that the story has cut, is in order.
  const allowed = [/^Failed to load resource|^WebSocket connection to/, CLOSING_RACE];
  const isAmiss = (line: string) => !allowed.some((lines) => lines.test(line));
  expect(pages.flatMap(({ foreignRequests }) => foreignRequests)).toEqual([]);
  expect(pages.flatMap(({ consoleErrors }) => consoleErrors).filter(isAmiss)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await scene?.close();
});

async function openSignIn(options?: BrowserContextOptions): Promise<Page> {
  const one = await browser.newPage(options);
  opened.push(one);
  await one.page.clock.install({ time: scene.curfew.clock.now() });
  await one.page.goto(`${scene.application.url}/sign-in`);
  return one.page;
}

/** Resolves when the page follows its session. */
async function signIn(options?: BrowserContextOptions): Promise<Page> {
  // So that the latest sign-in is the first of the list.
  scene.curfew.clock.advance(SECOND);
  const page = await openSignIn(options);
  const socket = page.waitForEvent('websocket');
  await fillIn(page);
  const subscribed = await socket;
  await subscribed.waitForEvent('framesent', ({ payload }) => String(payload).includes('"subscribe"'));
  await page.getByRole('heading', { name: 'Your notes' }).waitFor();
  return page;
}
async function fillIn(page: Page, password = LENA.password): Promise<void> {
  await page.getByLabel('E-mail').fill(LENA.email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Time passes for Curfew and for the browser alike; the owner's own session is not the story. */
async function pass(page: Page, milliseconds: number): Promise<void> {
  const passed = page.clock.fastForward(milliseconds);
  scene.curfew.clock.advance(milliseconds);
  await passed;
  (scene as { owner: Scene['owner'] }).owner = await scene.account.owner.login();
}
const noticeOf = (page: Page): Locator =>
  page.getByRole('status').filter({ hasText: /signed out at|time limit at/ });
const idleDeadline = async (): Promise<number> => Date.parse((await sessionsOf(scene))[0]!.idleExpiresAt);
const whyOf = (page: Page): Locator => page.getByRole('status').filter({ hasText: /\w/ });

test('five minutes before the end the page says so, and Stay keeps the session', async () => {
  const page = await signIn();
  await page.getByLabel('New note').fill('Water the lemons');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('listitem').getByText('Water the lemons').waitFor();
  await expectNoAxeFindings(page);

  await pass(page, 5 * MINUTE + SECOND);
  await noticeOf(page).getByText('because you have been inactive').waitFor();
  await expectNoAxeFindings(page);

  const before = await idleDeadline();
  await page.getByRole('button', { name: 'Stay signed in' }).click();
  await noticeOf(page).waitFor({ state: 'hidden' });
  expect(await idleDeadline()).toBeGreaterThan(before);
  await page.getByRole('button', { name: 'Remove Water the lemons' }).click();
  await page.getByText('Nothing yet').waitFor();
});

test('the warning of the absolute limit offers a new sign-in, which leaves one session behind', async () => {
  const page = await signIn();
  for (let minutes = 0; minutes < 24; minutes += 4) {
    await pass(page, 4 * MINUTE);
    await page.getByLabel('New note').press('a');
    await page.getByRole('button', { name: 'Add' }).click();
    await page
      .getByRole('listitem')
      .nth(minutes / 4)
      .waitFor();
    await page.getByLabel('New note').fill('');
  }
  await pass(page, MINUTE + 2 * SECOND);
  await noticeOf(page).getByText('It cannot be extended').waitFor();
  await expectNoAxeFindings(page);
  const live = (await sessionsOf(scene)).length;
  await page.getByRole('link', { name: 'Sign in now' }).click();
  await fillIn(page);
  await page.getByRole('heading', { name: 'Your notes' }).waitFor();
  expect(await sessionsOf(scene)).toHaveLength(live);
});

test('a session that ran out: the sign-in page says that it was for lack of activity', async () => {
  const page = await signIn();
  await pass(page, 5 * MINUTE + SECOND);
  await noticeOf(page).waitFor();
  await pass(page, 5 * MINUTE + SECOND);
  await page.waitForURL('**/sign-in?reason=IDLE');
  await whyOf(page).getByText('because you had been inactive').waitFor();
  await expectNoAxeFindings(page);
});

test('whom the owner signs out hears of it at once, and by whom', async () => {
  const page = await signIn({ colorScheme: 'dark' });
  await revokeUser(scene, (await sessionsOf(scene))[0]!.user.id);
  await page.waitForURL('**/sign-in?reason=REVOKED');
  await whyOf(page).getByText('An administrator signed you out').waitFor();
  await expectNoAxeFindings(page);
});

test('a new password signs out the other browser, which says why; this one goes on', async () => {
  const [here, there] = [await signIn(), await signIn()];
  // The news that the old session is over comes before the answer that brings the new one.
  await here.route('**/api/password', async (route) => {
    const response = await route.fetch();
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.fulfill({ response });
  });
  await here.getByText('Change password').click();
  await here.getByLabel('Current password').fill('wrong');
  await here.getByLabel('New password').fill('lena-likes-limes');
  await here.getByRole('button', { name: 'Change it' }).click();
  await here.getByText('That is not your current password').waitFor();
  await expectNoAxeFindings(here);
  for (const [current, next] of [
    [LENA.password, 'lena-likes-limes'],
    ['lena-likes-limes', LENA.password],
  ] as const) {
    await here.getByLabel('Current password').fill(current);
    await here.getByLabel('New password').fill(next);
    const reloaded = here.waitForEvent('load');
    await here.getByRole('button', { name: 'Change it' }).click();
    await reloaded;
    await here.getByText('Lena Vogel').waitFor();
    await here.getByText('Change password').click();
  }
  await there.waitForURL('**/sign-in?reason=PASSWORD_CHANGED');
  await whyOf(there).getByText('your password was changed').waitFor();
});

test('signing out needs no explanation, in no tab; a wrong password gets one', async () => {
  const page = await signIn({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  const second = await page.context().newPage();
  await second.goto(scene.application.url);
  await second.getByText('Lena Vogel').waitFor();
  await expectNoAxeFindings(page);
  await page.getByRole('button', { name: 'Sign out' }).click();
  for (const tab of [page, second]) {
    await tab.waitForURL(/\/sign-in$/);
    expect(await whyOf(tab).count()).toBe(0);
  }
  await fillIn(page, 'wrong');
  await page.getByText('do not belong together').waitFor();
  await expectNoAxeFindings(page);
});

test('without Curfew the page says that it did not work, and signs no user out', async () => {
  const page = await signIn();
  scene.line.cut();
  await page.getByLabel('New note').fill('Later');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('That did not work').waitFor();
  await scene.line.restore();
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('listitem').getByText('Later').waitFor();
});
