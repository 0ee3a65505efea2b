import type { Page } from 'playwright-core';
import { LIMITS, MINUTE, openSignedIn } from './signed-in-page.ts';
import { openStories } from './stories.ts';
import { translate } from './translator.ts';

// Each test also fails by what the page or React logs, and by a text that changed where no one sees it (translator.ts).

const stories = openStories({ env: LIMITS });

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });
const dialog = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const failed = (page: Page) => page.getByText('This page couldn’t be loaded.');

async function cancel(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
}

test('the pages before the sign-in can be translated by the browser', async () => {
  const { page } = await stories.newPage();
  await translate(page);
  await page.goto(`${stories.app.url}/login?reason=session_expired&limit=idle`);
  await button(page, 'Sign in').click();
  await page.getByText('Enter your e-mail address.').waitFor();
  await page.getByLabel('E-mail').fill('nobody@example.test');
  await page.getByLabel('Password').fill('not the password');
  await button(page, 'Sign in').click();
  await page.getByText('Wrong e-mail or password.').waitFor();
  await page.getByLabel('Language').selectOption('Deutsch');
  await heading(page, 'Anmelden').waitFor();
  await page.getByLabel('Sprache').selectOption('English');
  await heading(page, 'Sign in').waitFor();
  expect(await page.locator('font font').count()).toBeGreaterThan(5);

  await page.goto(`${stories.app.url}/login/forgot`);
  await page.getByLabel('Language').selectOption('Deutsch');
  await page.getByLabel('Sprache').selectOption('English');
  await page.goto(`${stories.app.url}/set-password#token=made-up`);
  await heading(page, 'This link no longer works').waitFor();
  await page.getByLabel('Language').selectOption('Deutsch');
  await page.getByLabel('Sprache').selectOption('English');
  await page.goto(`${stories.app.url}/login/callback?code=made-up&state=made-up`);
  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await heading(page, 'Sign in').waitFor();
  expect(await failed(page).count()).toBe(0);
});

/** What changes on each place, in the order of the navigation. The name is that of the place, and of its heading. */
const STATES: Record<string, (page: Page) => Promise<void>> = {
  async Policy(page) {
    await page.getByRole('radio', { name: 'Custom' }).check();
    await page.getByRole('textbox', { name: 'Idle limit' }).fill('x');
    await page.getByText('Not drawn: correct the limits first.').waitFor();
    await page.getByRole('textbox', { name: 'Idle limit' }).fill('2');
    await button(page, 'Add a rule').click();
    const remove = button(page, /^Remove rule 1/);
    await remove.click();
    await remove.waitFor({ state: 'detached' });
    await page.getByRole('radio', { name: 'Now, for everyone signed in' }).check();
    await button(page, 'Discard').click();
  },
  async Sessions(page) {
    await button(page, /^Sign out everyone including me/).click();
    await dialog(page).waitFor();
    await cancel(page);
    await page.getByLabel('Find sessions').fill('nobody');
    await button(page, 'Show everyone').click();
    await button(page, 'Show as table').click();
  },
  async People(page) {
    await button(page, 'Invite').click();
    await dialog(page).getByRole('button', { name: 'Invite' }).click();
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await page.getByLabel('Find a person').fill('nobody');
    await button(page, 'Show everyone').click();
  },
  async Applications(page) {
    await button(page, 'Create service key').click();
    const send = dialog(page).getByRole('button', { name: 'Create service key' });
    await send.click();
    await dialog(page).getByText('Give the key a name').waitFor();
    await dialog(page).getByLabel('Name').fill('Shop');
    await send.click();
    await dialog(page).getByRole('button', { name: 'I have copied the key' }).click();
    await button(page, 'Revoke Shop').click();
    await dialog(page).getByRole('button', { name: 'Revoke' }).click();
    await button(page, 'Revoke Shop').waitFor({ state: 'detached' });
  },
  async Events(page) {
    await button(page, 'Create event stream').click();
    await dialog(page).getByRole('button', { name: 'Create event stream' }).click();
    await dialog(page).getByLabel('Only these').check();
    await cancel(page);
  },
  async Audit(page) {
    await page.getByLabel('Show', { exact: true }).selectOption({ index: 1 });
    await page.getByLabel('Show', { exact: true }).selectOption({ index: 0 });
  },
  async Evidence() {},
  async 'Your sessions'(page) {
    await page.getByLabel('Current password').fill('wrong');
    await page.getByLabel('New password', { exact: true }).fill('short');
    await button(page, 'Change password').click();
    await page.getByText('Use at least 15 characters').waitFor();
  },
  async Account() {},
};

async function switchLanguage(page: Page, name: string, language: string): Promise<void> {
  await page.locator('header button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name }).click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

test('every page behind the sign-in can be translated, with its dialogs, errors and notices', async () => {
  const account = await stories.app.seed.account();
  const { login } = await account.addUser();
  await login();
  const {
    page,
    notice,
    dialog: lastMinute,
    pass,
  } = await openSignedIn(stories, { account, prepare: translate });
  const places = page.getByRole('navigation', { name: 'Main' });
  for (const [place, change] of Object.entries(STATES)) {
    const restore = place === 'People' ? await stories.lose(page) : null;
    await places.getByRole('link', { name: place, exact: true }).click();
    await heading(page, place === 'Account' ? 'Your account' : place).waitFor();
    if (restore) {
      await button(page, 'Try again').waitFor();
      await restore();
      await button(page, 'Try again').click();
    }
    await change(page);
    await switchLanguage(page, 'Deutsch', 'de');
    await switchLanguage(page, 'English', 'en');
    expect([place, await failed(page).count()]).toEqual([place, 0]);
  }
  expect(await page.locator('font font').count()).toBeGreaterThan(5);

  await pass(56 * MINUTE);
  await notice.waitFor();
  await pass(3 * MINUTE + 10_000);
  await lastMinute.getByText(/signed out in 0:[345]\d/).waitFor();
  await page.keyboard.press('Escape');
  await notice.waitFor({ state: 'detached' });
  stories.mayLog(/status of 404/);
  await page.goto(`${stories.app.url}/account/nowhere`);
  await page.getByRole('link', { name: 'Go to your account' }).waitFor();
  expect(await failed(page).count()).toBe(0);
});
