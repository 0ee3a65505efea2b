import { sql } from 'kysely';
import type { Page, Request } from 'playwright-core';
import { hashOfPassword, PASSWORD } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import {
  isActivityReport,
  LIMITS,
  MINUTE,
  openAbsolute,
  openSignedIn,
  operationOf,
  type SignedInOptions,
  type SignedInPage,
} from './signed-in-page.ts';
import { focused, LOST_REQUEST, openStories } from './stories.ts';

const stories = openStories({ env: LIMITS });

const open = (options?: SignedInOptions): Promise<SignedInPage> => openSignedIn(stories, options);

/** Seconds until the idle deadline of this person's session on the server. */
async function secondsLeft({ person }: SignedInPage): Promise<number> {
  const { gql } = await person.login();
  const answer = await gql('{ sessions { edges { node { idleExpiresAt isCurrent } } } }');
  const other = answer.data.sessions.edges.find(({ node }: any) => !node.isCurrent).node;
  return Math.round((Date.parse(other.idleExpiresAt) - stories.app.clock.now().getTime()) / 1000);
}

/** The time as `14:32`, `milliseconds` from now on this page, and its value five seconds earlier. */
const timeIn = (page: Page, milliseconds: number): Promise<string[]> =>
  page.evaluate(
    (from) =>
      // The minute may change during the test.
      [0, -5_000].map((off) =>
        new Date(Date.now() + from + off).toLocaleTimeString(undefined, {
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        }),
      ),
    milliseconds,
  );

test('five minutes before the idle deadline the notice appears, with the time and the reason', async () => {
  const { page, notice } = await open();
  // Only the server's clock moves, not the browser's.
  stories.app.clock.advance(55 * MINUTE + 1_000);
  await notice.getByText('because you’ve been inactive').waitFor();
  const text = await notice.innerText();
  expect(await timeIn(page, 5 * MINUTE)).toContain(/at (\d\d:\d\d)/.exec(text)?.[1]);
  expect(text).toMatch(/[45]:\d\d/);
  await page.getByText('You’ll be signed out in 5 minutes.').waitFor({ state: 'attached' });
  await expectNoAxeFindings(page);
});

test('the notice takes no focus and moves nothing while the user types', async () => {
  const { page, notice, pass } = await open({ path: '/account/sessions' });
  const field = page.getByLabel('Current password');
  await field.fill('half a pass');
  await Promise.all([activityReported(page), pass(MINUTE)]);
  const before = await field.boundingBox();
  await pass(56 * MINUTE);
  await notice.waitFor();
  expect((await field.boundingBox())?.y).toBeCloseTo(before!.y, 0);
  expect(await field.evaluate((element) => element === document.activeElement)).toBe(true);
  const scrolled = await scrollOf(page);
  const { height } = (await notice.boundingBox())!;
  await notice.getByRole('button', { name: 'Stay signed in' }).click();
  await notice.waitFor({ state: 'detached' });
  expect(Math.abs((await scrollOf(page)) - (scrolled - height))).toBeLessThanOrEqual(1);
});

test('while the notice is shown typing and clicking in the page extend, moving the mouse and the wheel do not', async () => {
  const signedIn = await open({ path: '/account/sessions' });
  const { page, notice, pass } = signedIn;
  const field = page.getByLabel('Current password');
  await pass(56 * MINUTE);
  await notice.waitFor();
  const reports: string[] = [];
  page.on('request', (request) => isActivityReport(request) && reports.push(request.url()));
  for (let x = 100; x < 400; x += 20) await page.mouse.move(x, 300);
  await page.mouse.wheel(0, 40);
  await page.waitForTimeout(2_000);
  expect(reports).toEqual([]);
  expect(await notice.isVisible()).toBe(true);

  await field.focus();
  await page.keyboard.type('half');
  await notice.waitFor({ state: 'detached' });
  expect(await secondsLeft(signedIn)).toBeGreaterThan(3590);
  expect(await field.inputValue()).toBe('half');

  await pass(56 * MINUTE);
  await notice.waitFor();
  await page.getByRole('heading', { level: 1 }).click();
  await notice.waitFor({ state: 'detached' });
});

test('in the last minute a stray key is no answer', async () => {
  const { page, dialog, pass } = await open({ path: '/account/sessions' });
  await pass(59 * MINUTE + 10_000);
  await dialog.waitFor();
  await page.keyboard.press('Shift');
  await page.mouse.click(5, 300);
  await page.waitForTimeout(2_000);
  expect(await dialog.isVisible()).toBe(true);
});

test('focused elements are never under the notice', async () => {
  const { page, notice, pass } = await open({ viewport: { width: 640, height: 420 } });
  await pass(56 * MINUTE);
  await notice.waitFor();
  const hidden: string[] = [];
  // From the end of the page up, as Shift+Tab goes. A key would be activity, and the notice would go.
  const reachable = await page.locator('main a, main button, main input, header a, header button').all();
  for (const element of reachable.reverse().slice(0, 15)) {
    await element.focus();
    const focused = page.locator('main :focus, header :focus');
    if ((await focused.count()) === 0) continue;
    const [bar, box] = await Promise.all([notice.boundingBox(), focused.boundingBox()]);
    if (box!.y < bar!.y + bar!.height - 1) hidden.push(await focused.innerText());
  }
  expect(hidden).toEqual([]);
});

test('Stay signed in hides the notice once the server has confirmed, and moves the deadline', async () => {
  const signedIn = await open();
  const { page, notice, pass } = signedIn;
  await pass(56 * MINUTE);
  const button = notice.getByRole('button');
  await button.waitFor();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (operationOf(route.request().postData()) === 'CurfewRenew') {
      asked.resolve();
      await answered.promise;
    }
    await route.fallback();
  });
  await button.click();
  await asked.promise;
  expect(await button.innerText()).toBe('One moment…');
  expect(await notice.isVisible()).toBe(true);
  answered.resolve();
  await notice.waitFor({ state: 'detached' });
  await page.getByText('You’re still signed in.').waitFor({ state: 'attached' });
  expect(await secondsLeft(signedIn)).toBe(3600);
});

test('an unreachable server is reported, and the next attempt works', async () => {
  const signedIn = await open();
  const { page, notice, pass } = signedIn;
  await pass(56 * MINUTE);
  await notice.waitFor();
  const restore = await stories.lose(page);
  await notice.getByRole('button').click();
  await notice.getByText('Couldn’t reach the server. You can try again until').waitFor();
  await restore();
  await notice.getByRole('button', { name: 'Stay signed in' }).click();
  await notice.waitFor({ state: 'detached' });
  expect(await secondsLeft(signedIn)).toBe(3600);
});

test('a notice that could not be loaded with the page comes when it is needed', async () => {
  let isLost = true;
  const tried = Promise.withResolvers<void>();
  stories.mayLog(LOST_REQUEST);
  const { notice, pass } = await open({
    async prepare(page) {
      await page.route(/\/(assets\/notice-[^/]+|notice)\.js/, (route) =>
        isLost ? route.abort() : route.continue(),
      );
      page.on('requestfailed', (request) => request.url().includes('/notice.js?') && tried.resolve());
    },
  });
  await tried.promise;
  isLost = false;
  await pass(56 * MINUTE);
  await notice.getByRole('button', { name: 'Stay signed in' }).click();
  await notice.waitFor({ state: 'detached' });
});

test('an ignored notice ends on the sign-in page, with the end reason and the way back', async () => {
  const { page, notice, pass } = await open({ path: '/account/security' });
  await pass(56 * MINUTE);
  await notice.waitFor();
  await pass(4 * MINUTE + 1_000);
  await page.waitForURL('**/login?*');
  const query = Object.fromEntries(new URL(page.url()).searchParams);
  expect(query).toEqual({ reason: 'session_expired', limit: 'idle', next: '/account/security' });
  await page.getByText('You were signed out because you were inactive for 1 hour.').waitFor();
  await expectNoAxeFindings(page);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/account/security');
  await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
});

test('in the last minute a dialog asks; Escape stays signed in and returns the focus', async () => {
  const signedIn = await open({ path: '/account/sessions' });
  const { page, notice, dialog, pass } = signedIn;
  const field = page.getByLabel('Current password');
  await field.focus();
  await pass(59 * MINUTE + 10_000);
  await dialog.waitFor();
  await dialog.getByText(/signed out in 0:[345]\d/).waitFor();
  await focused(dialog.getByRole('button', { name: 'Stay signed in' }));
  await expectNoAxeFindings(page);
  // The page behind the dialog cannot be focused.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  expect(await page.locator('main :focus').count()).toBe(0);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await notice.waitFor({ state: 'detached' });
  await focused(field);
  expect(await secondsLeft(signedIn)).toBe(3600);
});

test('the last-minute dialog can sign out at once', async () => {
  const { page, dialog, pass } = await open();
  await pass(59 * MINUTE + 10_000);
  await dialog.getByRole('button', { name: 'Sign out now' }).click();
  await page.waitForURL('**/login');
});

test('the last-minute dialog lies over an open dialog, and Escape does not close that one', async () => {
  const { page, dialog, pass } = await open({ path: '/account/security/sessions' });
  await page
    .getByRole('button', { name: /Sign out everyone/ })
    .first()
    .click();
  const other = page.getByRole('alertdialog', { name: /Sign out everyone/ });
  await other.waitFor();
  // The click was activity, which is reported before the clock jumps.
  await Promise.all([activityReported(page), pass(MINUTE)]);
  const cancel = other.getByRole('button', { name: 'Cancel' });
  await cancel.focus();
  await pass(59 * MINUTE + 10_000);
  await dialog.waitFor();
  await focused(dialog.getByRole('button', { name: 'Stay signed in' }));
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(await other.isVisible()).toBe(true);
  await focused(cancel);
});

test('the absolute notice can be dismissed and stays dismissed for that deadline', async () => {
  const { page, notice, pass } = await openAbsolute(stories);
  await pass(716 * MINUTE);
  await notice.getByText('Your session reaches its 12-hour limit at').waitFor();
  expect(await notice.innerText()).toContain('Confirm it’s you to stay signed in.');
  await expectNoAxeFindings(page);
  await notice.getByRole('button', { name: 'Dismiss this notice' }).click();
  await notice.waitFor({ state: 'detached' });
  const chip = page.getByRole('banner').getByTitle(/Your session ends/);
  await chip.waitFor();
  await expectNoAxeFindings(page);
  await page.reload();
  await chip.waitFor();
  expect(await notice.count()).toBe(0);
  await pass(4 * MINUTE + 1_000);
  await page.waitForURL('**/login?*');
  expect(new URL(page.url()).searchParams.get('limit')).toBe('absolute');
});

test('a user who cannot confirm who they are signs in again, and returns to the page', async () => {
  const { page, notice, person, pass } = await openAbsolute(stories, { path: '/account/sessions' });
  const setHash = (hash: string | null) =>
    sql`update users set password_hash = ${hash} where id = ${person.id}`.execute(
      stories.app.database.em().getKysely(),
    );
  // Someone without a password and without a provider: the page finds out with its next check.
  await setHash(null);
  await pass(716 * MINUTE);
  await notice.getByText('It can’t be extended.').waitFor();
  await notice.getByRole('button', { name: 'Sign in now' }).click();
  await page.waitForURL('**/login?next=%2Faccount%2Fsessions');
  await setHash(await hashOfPassword('cheap'));
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/account/sessions');
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await notice.count()).toBe(0);
});

test('typing is activity, reported at most once a minute', async () => {
  const signedIn = await open({ path: '/account/sessions' });
  const { page, pass } = signedIn;
  const field = page.getByLabel('Current password');
  const reports: string[] = [];
  page.on('request', (request) => isActivityReport(request) && reports.push(request.url()));
  // The page wakes up and checks the status; then the user types.
  await Promise.all([page.waitForResponse((answer) => isStatusCheck(answer.request())), pass(10 * MINUTE)]);
  await Promise.all([activityReported(page), field.pressSequentially('one two three')]);
  expect(await secondsLeft(signedIn)).toBe(3600);
  expect(reports).toHaveLength(1);

  await field.press('x');
  expect(reports).toHaveLength(1);
  await Promise.all([activityReported(page), pass(MINUTE)]);
});

test('loading the page, refreshes and status checks are no activity', async () => {
  const { page, notice, operations, pass } = await open();
  for (let quarter = 0; quarter < 3; quarter += 1) {
    await pass(15 * MINUTE);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
  }
  expect(operations).toContain('CurfewRenew');
  await pass(11 * MINUTE);
  await notice.getByText('because you’ve been inactive').waitFor();
  await pass(4 * MINUTE + 1_000);
  await page.waitForURL('**/login?reason=session_expired&limit=idle*');
});

test('at 320 pixels nothing scrolls sideways', async () => {
  const { page, notice, dialog, pass } = await open({ viewport: { width: 320, height: 640 } });
  await pass(56 * MINUTE);
  await notice.waitFor();
  expect(await overflowOf(page)).toBe(0);
  await pass(3 * MINUTE + 10_000);
  await dialog.waitFor();
  expect(await overflowOf(page)).toBe(0);
  const box = await dialog.boundingBox();
  expect(box!.x).toBeGreaterThanOrEqual(0);
  expect(box!.x + box!.width).toBeLessThanOrEqual(320);

  const other = await openAbsolute(stories, { viewport: { width: 320, height: 640 } });
  await other.pass(716 * MINUTE);
  await other.notice.getByRole('button', { name: 'Dismiss this notice' }).click();
  await other.page.getByTitle(/Your session ends/).waitFor();
  expect(await overflowOf(other.page)).toBe(0);
});

/** The horizontal overflow in pixels. */
const overflowOf = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

const scrollOf = (page: Page): Promise<number> => page.evaluate<number>('scrollY');

/** Whether the request is a status check, which is no activity. */
const isStatusCheck = (request: Request): boolean =>
  !isActivityReport(request) && /^Curfew(Renew|Session)$/.test(operationOf(request.postData()) ?? '');

const activityReported = (page: Page) => page.waitForResponse((answer) => isActivityReport(answer.request()));
