import type { Locator, Page } from 'playwright-core';
import { by, FIREFOX_WINDOWS, newAddress, SAFARI_IPHONE } from '../accounts/devices.ts';
import type { Person, SignedIn } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { LIMITS, MINUTE, openSignedIn, type SignedInOptions, type SignedInPage } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

declare const document: { documentElement: { scrollWidth: number } };

const stories = openStories({ env: { ...LIMITS, TRUST_PROXY: 'true' } });

/** A sign-in from an address of its own. */
const signInElsewhere = (person: Person, agent: string): Promise<SignedIn> =>
  person.login({}, by(agent, newAddress()));

/** The page of a member, once it is told of sign-ins. */
async function openPage(options: SignedInOptions = {}): Promise<SignedInPage> {
  const account = await stories.app.seed.account();
  const person = await account.addUser();
  const opened = await openSignedIn(stories, { account, person, ...options });
  await told(opened.page, person);
  return opened;
}

/** A subscription begins some time after its socket is open. */
async function told(page: Page, person: Person, known = 'It was me'): Promise<void> {
  while (!(await button(page, known).isVisible())) {
    await signInElsewhere(person, FIREFOX_WINDOWS);
    await page.waitForTimeout(150);
  }
  // Nothing about these sign-ins comes later.
  await page.waitForTimeout(300);
  await putAway(page, known);
}

async function putAway(page: Page, known = 'It was me'): Promise<void> {
  while (await button(page, known).isVisible()) await button(page, known).click();
}

/** Less than the time between two polls of the list. */
const LIST_TIMEOUT_MS = 10_000;

const isLive = async ({ gql }: SignedIn): Promise<boolean> =>
  (await gql('{ viewer { id } }')).errors === undefined;

const barOf = (page: Page): Locator =>
  page.getByRole('status').filter({ hasText: /New sign-in:|You’re signed out everywhere else/ });
const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true });
const confirmOf = (page: Page): Locator =>
  page.getByRole('alertdialog', { name: 'Sign out everywhere else?' });

test('a sign-in from a new device is told at once, and put away in every tab', async () => {
  const { page, person } = await openPage();
  const other = await page.context().newPage();
  await other.clock.install({ time: stories.app.clock.now() });
  await other.goto(`${stories.app.url}/account/sessions`);
  await told(other, person);
  await putAway(page);
  const listed = other.getByRole('list', { name: 'Your sessions' }).getByText('Firefox on Windows');
  const before = await listed.count();
  const elsewhere = await signInElsewhere(person, FIREFOX_WINDOWS);
  await listed.nth(before).waitFor({ timeout: LIST_TIMEOUT_MS });
  await barOf(page)
    .getByText(/^New sign-in: Firefox on Windows, [\d.]+, just now\. Not you\?$/)
    .waitFor();
  await barOf(other).waitFor();
  await expectNoAxeFindings(page);
  await button(page, 'It was me').focus();
  await page.keyboard.press('Enter');
  await barOf(page).waitFor({ state: 'detached' });
  // It returns to where it came from, or to the page, and is not lost.
  await page.locator('main:focus, main :focus').waitFor();
  await barOf(other).waitFor({ state: 'detached' });
  expect(await isLive(elsewhere)).toBe(true);
});

test('several are told one after the other, the latest first', async () => {
  const { page, person } = await openPage();
  await signInElsewhere(person, FIREFOX_WINDOWS);
  await barOf(page).getByText('Firefox on Windows').waitFor();
  await signInElsewhere(person, SAFARI_IPHONE);
  await barOf(page).getByText('Safari on iOS').waitFor();
  await barOf(page).getByText('And 1 more new sign-in.').waitFor();
  await button(page, 'It was me').click();
  await barOf(page).getByText('Firefox on Windows').waitFor();
  expect(await barOf(page).getByText('more new sign-in').count()).toBe(0);
  await button(page, 'It was me').click();
  await barOf(page).waitFor({ state: 'detached' });
});

test('by keyboard alone: "Not me" signs out everywhere else, and the password is next', async () => {
  const { page, person } = await openPage();
  const old = await signInElsewhere(person, SAFARI_IPHONE);
  await barOf(page).waitFor();
  const strange = await signInElsewhere(person, FIREFOX_WINDOWS);
  await barOf(page).getByText('Firefox on Windows').waitFor();
  await page.evaluate('document.activeElement?.blur()');
  await tabTo(button(page, 'Not me'));
  await page.keyboard.press('Enter');
  const dialog = confirmOf(page);
  await dialog.getByText(/The new session \(Firefox on Windows, .+\) and all your other sessions/).waitFor();
  await focused(button(dialog, 'Cancel'));
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focused(button(page, 'Not me'));
  expect(await isLive(strange)).toBe(true);

  await page.keyboard.press('Enter');
  await focused(button(dialog, 'Cancel'));
  await tabTo(button(dialog, 'Sign out everywhere else'));
  await page.keyboard.press('Enter');
  await barOf(page).getByText('Someone may know your password: change it now.').waitFor();
  await focused(page.getByRole('link', { name: 'Change your password' }));
  expect([await isLive(strange), await isLive(old)]).toEqual([false, false]);
  await expectNoAxeFindings(page);
  await page.keyboard.press('Enter');
  await page.waitForURL(`${stories.app.url}/account/sessions#password`);
  await focused(page.getByLabel('Current password'));
  await barOf(page).waitFor({ state: 'detached' });
});

test('answered in another tab while this one asks, it takes the question away, and the focus is not lost', async () => {
  const { page, person } = await openPage({ path: '/account/sessions' });
  const other = await page.context().newPage();
  await other.clock.install({ time: stories.app.clock.now() });
  await other.goto(`${stories.app.url}/account/sessions`);
  await told(other, person);
  await putAway(page);
  await signInElsewhere(person, FIREFOX_WINDOWS);
  const origin = button(page, 'Change password');
  await origin.focus();
  await button(page, 'Not me').focus();
  await page.keyboard.press('Enter');
  await focused(button(confirmOf(page), 'Cancel'));
  await button(other, 'It was me').click();
  await confirmOf(page).waitFor({ state: 'detached' });
  await focused(origin);
});

test('what has the focus does not end up under it', async () => {
  const { page, person } = await openPage({
    path: '/account/sessions',
    viewport: { width: 800, height: 400 },
  });
  const control = button(page, 'Change password');
  await control.focus();
  const top = async (of: Locator) => (await of.boundingBox())!.y;
  await page.evaluate(`window.scrollBy(0, ${(await top(control)) - 5})`);
  expect(await top(control)).toBeLessThan(10);
  await signInElsewhere(person, FIREFOX_WINDOWS);
  await barOf(page).waitFor();
  const bar = (await barOf(page).boundingBox())!;
  expect(await top(control)).toBeGreaterThanOrEqual(bar.y + bar.height);
});

test('a list of sessions on the page follows', async () => {
  const { page, person } = await openPage({ path: '/account/sessions' });
  await signInElsewhere(person, FIREFOX_WINDOWS);
  await button(page, 'Not me').click();
  await button(confirmOf(page), 'Sign out everywhere else').click();
  await page.getByText('You’re signed in only here.').waitFor();
});

test('a lost connection is said where it was asked, and the next try works', async () => {
  const { page, person } = await openPage();
  const strange = await signInElsewhere(person, FIREFOX_WINDOWS);
  await button(page, 'Not me').click();
  const dialog = confirmOf(page);
  const find = await stories.lose(page, 'OtherSessionsRevoke');
  await button(dialog, 'Sign out everywhere else').click();
  await dialog.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await find();
  await button(dialog, 'Sign out everywhere else').click();
  await page.getByRole('link', { name: 'Change your password' }).waitFor();
  expect(await isLive(strange)).toBe(false);
});

test('at 320 px it hides nothing, also beside the notice of the end, and nothing scrolls sideways', async () => {
  const { page, person, notice, pass } = await openPage({ viewport: { width: 320, height: 640 } });
  await page.evaluate('window.scrollTo(0, 200)');
  const heading = page.getByRole('heading', { level: 2 }).first();
  const before = await heading.boundingBox();
  await signInElsewhere(person, FIREFOX_WINDOWS);
  const bar = barOf(page);
  await bar.getByText('Firefox on Windows').waitFor();
  expect((await heading.boundingBox())!.y).toBeCloseTo(before!.y, 0);
  await page.evaluate('window.scrollTo(0, 0)');
  const top = await bar.boundingBox();
  const brand = await page.getByRole('link', { name: 'Curfew: your account' }).boundingBox();
  expect(brand!.y).toBeGreaterThanOrEqual(top!.y + top!.height);
  for (const name of ['It was me', 'Not me']) {
    const box = await button(page, name).boundingBox();
    expect(box!.height).toBeGreaterThanOrEqual(24);
    expect(box!.x + box!.width).toBeLessThanOrEqual(320);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
    await expectNoAxeFindings(page);
  }

  await pass(56 * MINUTE);
  await notice.waitFor();
  const warning = await notice.boundingBox();
  const below = await bar.boundingBox();
  expect(below!.y).toBeGreaterThanOrEqual(warning!.y + warning!.height - 1);
  await page.evaluate('window.scrollTo(0, 300)');
  expect((await bar.boundingBox())!.y).toBeCloseTo(warning!.height, 0);
});

test('the lists of the user and of the owner mark a sign-in from a new device, and no known one', async () => {
  const account = await stories.app.seed.account();
  const person = await account.addUser();
  const address = newAddress();
  await person.login({}, by(FIREFOX_WINDOWS, address));
  stories.app.clock.advance(MINUTE);
  await person.login({}, by(FIREFOX_WINDOWS, address));
  const own = await stories.openAs(person, '/account/sessions');
  const rows = own.page.getByRole('list', { name: 'Your sessions' }).locator('> li');
  await rows.nth(2).waitFor();
  const isMarked = async (list: Locator) =>
    (await list.filter({ hasText: 'Firefox' }).allTextContents()).map((text) => text.includes('New device'));
  expect(await isMarked(rows)).toEqual([false, true]);
  await expectNoAxeFindings(own.page);

  const { page } = await stories.openAs(account.owner, '/account/security/sessions');
  await page.getByRole('button', { name: new RegExp(person.email) }).click();
  const listed = page
    .getByRole('listitem')
    .filter({ hasText: 'Firefox on Windows' })
    .filter({ hasNot: page.getByRole('list') });
  await listed.nth(1).waitFor();
  expect(await isMarked(listed)).toEqual([false, true]);
  await expectNoAxeFindings(page);
});

test('in German', async () => {
  const { page, person } = await openPage();
  await page.evaluate('localStorage.setItem("curfew:language", "de")');
  await page.reload();
  await told(page, person, 'Das war ich');
  await signInElsewhere(person, FIREFOX_WINDOWS);
  await page.getByText(/^Neue Anmeldung: Firefox unter Windows, .+\. Waren Sie das nicht\?$/).waitFor();
  await button(page, 'Das war ich nicht').click();
  const dialog = page.getByRole('alertdialog', { name: 'Überall sonst abmelden?' });
  await button(dialog, 'Überall sonst abmelden').click();
  await page.getByText('Sie sind überall sonst abgemeldet.').waitFor();
});
