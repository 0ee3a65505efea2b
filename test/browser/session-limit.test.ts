import type { Page } from 'playwright-core';
import { claimsOf, PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { tabTo } from './keyboard.ts';
import { LIMITS, MINUTE } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

declare const document: { documentElement: { scrollWidth: number } };

const SAVE = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0';
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

const stories = openStories({ env: LIMITS });

let account: SeededAccount;
let member: Person;

/** Lets each user of a new account have so many sessions. */
async function limitTo(maxSessionsPerUser: number, sessionLimitAction: string): Promise<void> {
  account = await stories.app.seed.account();
  member = await account.addUser();
  const owner = await account.owner.login();
  await owner.gql(SAVE, { input: { maxSessionsPerUser, sessionLimitAction } });
}

/** A session of the member on another device, whose last activity was so many minutes ago. */
async function onDevice(userAgent: string, minutesAgo: number) {
  const session = await member.login({}, { headers: { 'user-agent': userAgent } });
  stories.app.clock.advance(minutesAgo * MINUTE);
  return session;
}

async function fillIn(page: Page): Promise<void> {
  await page.getByLabel('E-mail').fill(member.email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

async function signInHere(path = '/login'): Promise<Page> {
  const { page } = await stories.newPage();
  await page.goto(stories.app.url + path);
  await fillIn(page);
  return page;
}

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Sign out somewhere else first' });
const isLive = async ({ accessToken }: { accessToken: string }): Promise<boolean> =>
  (await stories.app.gql('{ currentSession { id } }', {}, { token: accessToken })).errors === undefined;

describe('where people choose', () => {
  test('the list names devices and their last activity, and the choice signs in without another password', async () => {
    await limitTo(2, 'ASK');
    const old = await onDevice(FIREFOX, 2);
    const recent = await onDevice(SAFARI, 1);
    const page = await signInHere('/login?next=%2Faccount%2Fsessions');
    const dialog = dialogOf(page);
    await dialog.getByText('Your account allows 2 sessions at a time.').waitFor();
    const first = dialog.getByRole('checkbox', { name: /Firefox on Windows.*Last active 3 minutes ago/ });
    const second = dialog.getByRole('checkbox', { name: /Safari on iOS.*Last active 1 minute ago/ });
    await focused(first);
    expect([await first.isChecked(), await second.isChecked()]).toEqual([true, false]);
    await dialog.getByText('1 session will be signed out.').waitFor();
    await expectNoAxeFindings(page);

    await first.uncheck();
    await dialog.getByRole('status').filter({ hasText: 'Choose 1 more.' }).waitFor();
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await focused(first);
    await second.check();
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await page.waitForURL(`${stories.app.url}/account/sessions`);
    expect([await isLive(old), await isLive(recent)]).toEqual([true, false]);
  });

  test('Cancel and Escape lead back to the form with what was typed, and nothing has ended', async () => {
    await limitTo(1, 'ASK');
    const other = await onDevice(FIREFOX, 1);
    const page = await signInHere();
    const dialog = dialogOf(page);
    await dialog.getByText('Your account allows 1 session at a time.').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByLabel('E-mail').inputValue()).toBe(member.email);
    await focused(page.getByLabel('Password'));
    await page.keyboard.press('Enter');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await isLive(other)).toBe(true);
  });

  test('when more became necessary since, the list comes again and says so', async () => {
    await limitTo(2, 'ASK');
    await onDevice(FIREFOX, 1);
    const chosen = await onDevice(SAFARI, 1);
    const page = await signInHere();
    const dialog = dialogOf(page);
    await dialog.waitFor();
    // In between the member signs in elsewhere, and chooses the same session.
    const elsewhere = await member.login({ endSessionIds: [claimsOf(chosen.accessToken).sid] });
    const owner = await account.owner.login();
    await owner.gql(SAVE, { input: { maxSessionsPerUser: 1, sessionLimitAction: 'ASK' } });
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Your sessions have changed since' }).waitFor();
    await dialog.getByText('2 sessions will be signed out.').waitFor();
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await page.waitForURL(`${stories.app.url}/account`);
    expect(await isLive(elsewhere)).toBe(false);
  });

  test('a lost connection is said in the dialog, and the choice is kept', async () => {
    await limitTo(1, 'ASK');
    await onDevice(FIREFOX, 1);
    const page = await signInHere();
    const dialog = dialogOf(page);
    await dialog.waitFor();
    const find = await stories.lose(page, 'SignIn');
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
    await find();
    await dialog.getByRole('button', { name: 'Sign out and continue' }).click();
    await page.waitForURL(`${stories.app.url}/account`);
  });

  test('by keyboard alone, at 320 px without sideways scroll, in both schemes', async () => {
    await limitTo(2, 'ASK');
    await onDevice(FIREFOX, 1);
    await onDevice(SAFARI, 1);
    const { page } = await stories.newPage({ viewport: { width: 320, height: 640 } });
    await page.goto(`${stories.app.url}/login`);
    await fillIn(page);
    const dialog = dialogOf(page);
    await dialog.waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
      await expectNoAxeFindings(page);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    await tabTo(dialog.getByRole('checkbox', { name: /Safari/ }));
    await page.keyboard.press('Space');
    await dialog.getByText('2 sessions will be signed out.').waitFor();
    await tabTo(dialog.getByRole('button', { name: 'Sign out and continue' }));
    await page.keyboard.press('Enter');
    await page.waitForURL(`${stories.app.url}/account`);
  });
});

test.each([
  [
    1,
    'You’re signed in on 1 device already, and your account allows no more. Sign out there, or ask an owner.',
  ],
  [
    3,
    'You’re signed in on 3 devices already, and your account allows no more. Sign out on one of them, or ask an owner.',
  ],
])('where no more are allowed than %s, one sentence says so', async (limit, sentence) => {
  await limitTo(limit, 'DENY');
  for (let index = 0; index < limit; index += 1) await onDevice(FIREFOX, 0);
  const page = await signInHere();
  await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
  expect(await dialogOf(page).count()).toBe(0);
  expect(await page.getByLabel('Password').inputValue()).toBe(PASSWORD);
});

test('the page that makes room says at once why, and what to do if that was someone else', async () => {
  await limitTo(1, 'END_OLDEST');
  const page = await signInHere();
  await page.waitForURL(`${stories.app.url}/account`);
  await member.login({}, { headers: { 'user-agent': FIREFOX } });
  await page.waitForURL(/\/login\?reason=signed_out&cause=session_limit/);
  await page
    .getByText('you signed in on another device, and your account allows no more sessions at a time')
    .waitFor();
  await page.getByText('If that wasn’t you, sign in and change your password.').waitFor();
  await expectNoAxeFindings(page);
});

test('on a shared computer the cookie ends with the browser, and the e-mail is not kept', async () => {
  await limitTo(5, 'DENY');
  const { page } = await stories.newPage();
  const lasting = async () =>
    (await page.context().cookies()).find(({ name }) => name.endsWith('curfew_refresh'))!.expires > 0;
  await page.goto(`${stories.app.url}/login`);
  await page.getByRole('checkbox', { name: 'This is a shared computer' }).check();
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
  expect(await lasting()).toBe(false);
  // Also after a refresh of the page, which gets a new cookie.
  await page.reload();
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await lasting()).toBe(false);
  await page.context().clearCookies();
  await page.goto(`${stories.app.url}/login`);
  expect(await page.getByLabel('E-mail').inputValue()).toBe('');
  expect(await page.getByRole('checkbox', { name: 'This is a shared computer' }).isChecked()).toBe(false);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
  expect(await lasting()).toBe(true);
});

test('the dialog is in German too', async () => {
  await limitTo(1, 'ASK');
  await onDevice(FIREFOX, 5);
  const { page } = await stories.newPage({ locale: 'de-DE' });
  await page.goto(`${stories.app.url}/login`);
  await page.getByLabel('E-Mail').fill(member.email);
  await page.getByLabel('Passwort').fill(PASSWORD);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Melden Sie sich zuerst anderswo ab' });
  await dialog.getByText('Firefox unter Windows').waitFor();
  await dialog.getByText('1 Sitzung wird abgemeldet.').waitFor();
  await dialog.getByRole('button', { name: 'Abmelden und fortfahren' }).click();
  await page.waitForURL(`${stories.app.url}/account`);
});
