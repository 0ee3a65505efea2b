import type { Page } from 'playwright-core';
import { PASSWORD } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import {
  caretIn,
  confirm,
  countAudited,
  dialogOf,
  inScheme,
  overflowOf,
  passwordIn,
  TITLE,
} from './confirming.ts';
import { tabTo } from './keyboard.ts';
import { LIMITS, MINUTE, openAbsolute, type SignedInOptions, type SignedInPage } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories({ env: { ...LIMITS, LOGIN_FAILURES_PER_PAIR: '2' } });

const NAME = 'Noor Haddad, who has rather a long name';

const inviteIn = (page: Page) => page.getByRole('dialog', { name: 'Invite someone' });
const nameIn = (page: Page) => inviteIn(page).getByLabel('Name');

/** An owner types a name into the dialog of an invitation, and goes back by three characters. */
async function openTyping(options?: SignedInOptions): Promise<SignedInPage> {
  const signedIn = await openAbsolute(stories, { path: '/account/people', ...options });
  const { page } = signedIn;
  await page.locator('#people-invite').click();
  await inviteIn(page).getByLabel('E-mail').fill('noor@example.test');
  await nameIn(page).fill(NAME);
  for (let key = 0; key < 3; key += 1) await page.keyboard.press('ArrowLeft');
  return signedIn;
}

/** Expects what was typed, with the focus and the caret where they were. */
async function expectTyped(page: Page): Promise<void> {
  await focused(nameIn(page));
  expect(await nameIn(page).inputValue()).toBe(NAME);
  expect(await caretIn(nameIn(page))).toBe(NAME.length - 3);
  expect(await inviteIn(page).getByLabel('E-mail').inputValue()).toBe('noor@example.test');
}

const minutesLeft = async (page: Page): Promise<number> => {
  const text = await page
    .getByRole('status')
    .filter({ hasText: 'Confirmed. Your session can go on' })
    .innerText();
  const [, hours, minutes] = /until (?:tomorrow at )?(\d\d):(\d\d)/.exec(text)!;
  const [now, then] = [
    (await page.evaluate('new Date().getHours() * 60 + new Date().getMinutes()')) as number,
    Number(hours) * 60 + Number(minutes),
  ];
  return (then - now + 1440) % 1440;
};

test('in the notice: what was typed and the caret stay, and the session goes on', async () => {
  const { page, notice, account, pass } = await openTyping();
  await pass(716 * MINUTE);
  await notice.getByText('Confirm it’s you to stay signed in.').waitFor();
  await notice.getByRole('button', { name: TITLE }).click();
  await focused(passwordIn(page));
  await dialogOf(page).getByText('Your session reaches its 12-hour limit at').waitFor();
  await confirm(page);
  await notice.waitFor({ state: 'detached' });
  await expectTyped(page);
  expect(await minutesLeft(page)).toBeGreaterThanOrEqual(719);
  expect(await countAudited(stories.app, account.id, 'session.reauthenticated')).toBe(1);

  // The form goes on: its own Enter sends it, and the new limit holds.
  await pass(10 * MINUTE);
  await page.keyboard.press('Enter');
  await page.getByText(`${NAME} is invited`).waitFor();
});

test('in the last minute the dialog opens on its own, takes no stray key, and the page stays behind it', async () => {
  const { page, notice, pass } = await openTyping();
  await pass(719 * MINUTE + 10_000);
  await dialogOf(page).waitFor();
  await dialogOf(page)
    .getByText(/signed out in 0:[345]\d/)
    .waitFor();
  await focused(dialogOf(page).getByRole('heading'));
  await page.keyboard.type(' and more ');
  expect(await passwordIn(page).inputValue()).toBe('');
  await dialogOf(page).getByText('You’ll be signed out in 40 seconds.').waitFor({ state: 'attached' });
  await expectNoAxeFindings(page);
  const before = await dialogOf(page)
    .getByText(/signed out in 0:/)
    .innerText();
  await tabTo(passwordIn(page));
  await page.keyboard.type(PASSWORD, { delay: 80 });
  expect(
    await dialogOf(page)
      .getByText(/signed out in 0:/)
      .innerText(),
  ).not.toBe(before);
  await page.keyboard.press('Enter');
  await dialogOf(page).waitFor({ state: 'detached' });
  await notice.waitFor({ state: 'detached' });
  await expectTyped(page);
  expect(await page.content()).not.toContain(PASSWORD);
});

test('Not now gives the page back, and it is not asked again for this deadline', async () => {
  const { page, notice, pass } = await openTyping();
  await pass(719 * MINUTE + 10_000);
  await dialogOf(page).waitFor();
  await page.keyboard.press('Escape');
  await dialogOf(page).waitFor({ state: 'detached' });
  await expectTyped(page);
  // The dialog of the invitation is still open, and the notice still offers it.
  await notice.getByRole('button', { name: TITLE }).waitFor();
  await pass(5_000);
  expect(await dialogOf(page).count()).toBe(0);
});

test('a wrong password, too many of them and no connection have their words, and then it still works', async () => {
  const { page, notice, pass } = await openTyping();
  await pass(716 * MINUTE);
  await notice.getByRole('button', { name: TITLE }).click();
  await focused(passwordIn(page));
  await page.keyboard.press('Enter');
  await dialogOf(page).getByText('Enter your password.').waitFor();

  const restore = await stories.lose(page);
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await dialogOf(page).getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew.' }).waitFor();
  await expectNoAxeFindings(page);
  // Not typed again.
  expect(await passwordIn(page).inputValue()).toBe(PASSWORD);
  await restore();

  await passwordIn(page).fill('not my password');
  await page.keyboard.press('Enter');
  await dialogOf(page).getByText('Wrong password. Try again.').waitFor();
  await focused(passwordIn(page));
  expect(await passwordIn(page).inputValue()).toBe('');
  await expectNoAxeFindings(page);

  await page.keyboard.type('nor this one');
  await page.keyboard.press('Enter');
  await dialogOf(page).getByText('Wrong password. Try again.').waitFor();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await dialogOf(page)
    .getByRole('alert')
    .filter({ hasText: /^Too many attempts. Try again in \d+/ })
    .waitFor();
  expect(await page.content()).not.toContain(PASSWORD);
});

test('without a connection it works once there is one again', async () => {
  const { page, notice, pass } = await openTyping();
  await pass(716 * MINUTE);
  await notice.getByRole('button', { name: TITLE }).click();
  await passwordIn(page).fill(PASSWORD);
  const restore = await stories.lose(page);
  await page.keyboard.press('Enter');
  await dialogOf(page).getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew.' }).waitFor();
  await restore();
  await dialogOf(page).getByRole('button', { name: 'Confirm', exact: true }).click();
  await dialogOf(page).waitFor({ state: 'detached' });
  await expectTyped(page);
});

test('a deadline that passes while typing says so, takes no rest of the password, and keeps the draft', async () => {
  const { page, pass } = await openTyping();
  await pass(719 * MINUTE + 10_000);
  await dialogOf(page).waitFor();
  // When the dialog has opened it takes the focus once, which would take it from the field again.
  await focused(dialogOf(page).getByRole('heading'));
  await tabTo(passwordIn(page));
  await page.keyboard.type(PASSWORD.slice(0, 10));
  await pass(50_000);
  await page.waitForURL('**/login?*');
  const query = Object.fromEntries(new URL(page.url()).searchParams);
  expect(query).toEqual({ reason: 'session_expired', limit: 'absolute', next: '/account/people' });
  await page
    .getByText(
      'Your session reached its 12-hour limit. Sign in to carry on. It ended before you had confirmed that it’s you. ' +
        'Your unsaved changes are kept in this tab.',
    )
    .waitFor();
  await focused(page.getByRole('heading', { level: 1, name: 'Sign in' }));
  await page.keyboard.type(PASSWORD.slice(10));
  await page.keyboard.press('Enter');
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  expect(await page.getByRole('alert').count()).toBe(0);
  await expectNoAxeFindings(page);

  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/account/people');
  await page.locator('#people-invite').click();
  expect(await nameIn(page).inputValue()).toBe(NAME);
  // Closed on purpose, it is gone.
  await page.keyboard.press('Escape');
  await inviteIn(page).waitFor({ state: 'detached' });
  await page.locator('#people-invite').click();
  expect(await nameIn(page).inputValue()).toBe('');
});

test('a deadline that passes while no one is there leads to the sign-in as ever', async () => {
  const { page, pass } = await openTyping();
  await pass(719 * MINUTE + 10_000);
  await dialogOf(page).waitFor();
  await pass(50_000);
  await page.waitForURL('**/login?*');
  await focused(page.getByLabel('Password', { exact: true }));
  await page.getByText('Your session reached its 12-hour limit. Sign in to carry on.').waitFor();
  expect(await page.getByText('It ended before').count()).toBe(0);
});

test('a dismissed notice still offers it in the header', async () => {
  const { page, notice, pass } = await openAbsolute(stories, { path: '/account/sessions' });
  await pass(716 * MINUTE);
  await notice.getByRole('button', { name: 'Dismiss this notice' }).click();
  const chip = page
    .getByRole('banner')
    .getByRole('button', { name: /^Your session ends at \d\d:\d\d.*Confirm it’s you$/ });
  await chip.press('Enter');
  await focused(passwordIn(page));
  await confirm(page);
  await chip.waitFor({ state: 'detached' });
});

test('confirmed in one tab, the others know', async () => {
  const { page, notice, pass } = await openTyping();
  const other = await page.context().newPage();
  await other.goto(`${stories.app.url}/account/sessions`);
  await other.getByRole('heading', { level: 1 }).waitFor();
  await pass(716 * MINUTE);
  await notice.getByRole('button', { name: TITLE }).click();
  await dialogOf(page).waitFor();
  await other.getByRole('button', { name: TITLE }).click();
  await confirm(other);
  // The dialog of the first tab has nothing to ask any more.
  await dialogOf(page).waitFor({ state: 'detached' });
  await notice.waitFor({ state: 'detached' });
  expect(await nameIn(page).inputValue()).toBe(NAME);
});

describe('by keyboard only, in German, dark and at 320 pixels', () => {
  test('it takes the notice, the password and Enter', async () => {
    const { page, pass } = await openAbsolute(stories, {
      path: '/account/sessions',
      colorScheme: 'dark',
      viewport: { width: 320, height: 640 },
    });
    await page.evaluate("localStorage.setItem('curfew:language', 'de')");
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await pass(716 * MINUTE);
    const open = page.getByRole('button', { name: 'Bestätigen Sie, dass Sie es sind' });
    await open.waitFor();
    await tabTo(open, 'Shift+Tab');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Bestätigen Sie, dass Sie es sind' });
    const field = dialog.getByLabel('Passwort', { exact: true });
    await focused(field);
    await dialog.getByText(/erreicht um \d\d:\d\d ihr 12-Stunden-Limit/).waitFor();
    expect(await overflowOf(page)).toBe(0);
    const box = (await dialog.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(320);
    for (const scheme of ['dark', 'light'] as const) {
      await inScheme(page, scheme);
      await expectNoAxeFindings(page);
    }
    // The page behind cannot be reached.
    for (let tabs = 0; tabs < 6; tabs += 1) {
      await page.keyboard.press('Tab');
      expect(await page.locator('main :focus, header :focus').count()).toBe(0);
    }
    await tabTo(field);
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/^Bestätigt. Ihre Sitzung kann bis .* weitergehen.$/).waitFor();
  });
});
