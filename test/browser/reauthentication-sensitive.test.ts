import type { Page } from 'playwright-core';
import { PASSWORD, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { confirm, countAudited, dialogOf, inScheme, overflowOf, passwordIn } from './confirming.ts';
import { tabTo } from './keyboard.ts';
import { waitUntil } from '../wait-until.ts';
import { MINUTE, openSignedIn, type SignedInOptions, type SignedInPage } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories();

const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

/** An owner who signed in 27 minutes ago. */
async function openLater(options?: SignedInOptions): Promise<SignedInPage> {
  const signedIn = await openSignedIn(stories, options);
  await signedIn.pass(27 * MINUTE);
  return signedIn;
}

const saved = ({ id }: SeededAccount) => countAudited(stories.app, id, 'account.session_policy_update');
const reauthenticated = ({ id }: SeededAccount) => countAudited(stories.app, id, 'session.reauthenticated');

const policyCard = (page: Page) => page.getByRole('region', { name: 'Session policy' });
const preset = (page: Page, name: RegExp) => policyCard(page).getByRole('radio', { name });
const save = (page: Page) => policyCard(page).getByRole('button', { name: /^(Save|Saving…)$/ });

test('a policy change asks, says why, and goes through once', async () => {
  const { page, account, operations } = await openLater({ path: '/account/security' });
  await preset(page, /^Working day:/).check();
  await save(page).press('Enter');
  await focused(passwordIn(page));
  await dialogOf(page)
    .getByText('You’re about to change security settings. It’s been 27 minutes since you signed in.')
    .waitFor();
  await dialogOf(page).getByText(account.owner.email).waitFor();
  await expectNoAxeFindings(page);
  expect(await saved(account)).toBe(0);

  await confirm(page);
  await policyCard(page).getByText('Saved. The new limits apply from the next sign-in.').waitFor();
  await focused(save(page));
  expect(await saved(account)).toBe(1);
  expect(await reauthenticated(account)).toBe(1);
  expect(operations.filter((name) => name === 'PolicySave')).toHaveLength(2);
  expect(await page.content()).not.toContain(PASSWORD);

  // It holds for the next change.
  await preset(page, /^Long:/).check();
  await save(page).click();
  await waitUntil(async () => (await saved(account)) === 2, { what: 'a second save' });
  // The picture of the limits says the same as soon as they are chosen.
  await policyCard(page).getByText('Now: Standard, signed out after 7 days without activity').waitFor();
});

test('Cancel changes nothing, says so quietly, and keeps what was chosen', async () => {
  const { page, account } = await openLater({ path: '/account/security' });
  await preset(page, /^Working day:/).check();
  await save(page).click();
  await focused(passwordIn(page));
  await page.keyboard.press('Escape');
  await dialogOf(page).waitFor({ state: 'detached' });
  await toast(page, 'Nothing was changed.').waitFor();
  await focused(save(page));
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await preset(page, /^Working day:/).isChecked()).toBe(true);
  await policyCard(page).getByText('You have unsaved changes.').waitFor();
  expect([await saved(account), await reauthenticated(account)]).toEqual([0, 0]);

  await save(page).click();
  await confirm(page);
  await policyCard(page).getByText('Saved.').waitFor();
  expect(await saved(account)).toBe(1);
});

test('over a dialog that asks for confirmation: the focus stays inside and comes back', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await member.login();
  const { page } = await openLater({ account, path: '/account/security/sessions' });
  // The sessions of before are over by their idle limit or not; the member's is a new one.
  await page.getByRole('button', { name: 'Sign out everyone except me' }).click();
  const question = page.getByRole('alertdialog', { name: /Sign out everyone/ });
  await question.getByRole('button', { name: /^Sign out/ }).press('Enter');
  await focused(passwordIn(page));
  for (let tabs = 0; tabs < 8; tabs += 1) {
    await page.keyboard.press('Tab');
    expect(await page.locator('main :focus').count()).toBe(0);
    expect(await question.locator(':focus').count()).toBe(0);
  }
  await page.keyboard.press('Escape');
  await dialogOf(page).waitFor({ state: 'detached' });
  // The question is still there, with its button.
  await focused(question.getByRole('button', { name: /^Sign out/ }));
  await toast(page, 'Nothing was changed.').waitFor();
  await page.keyboard.press('Enter');
  await confirm(page);
  await toast(page, 'Signed out 1 session.').waitFor();
  await question.waitFor({ state: 'detached' });
  expect(await countAudited(stories.app, account.id, 'account.sessions_revoked_bulk')).toBe(1);
});

test('signing out everyone, oneself too, asks first and then ends without a reason', async () => {
  const account = await stories.app.seed.account();
  const { page, pass } = await openLater({ account, path: '/account/security/sessions' });
  await page.getByRole('button', { name: 'Sign out everyone including me' }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await confirm(page);
  await toast(page, 'Signed out 1 session.').waitFor();
  await pass(2_000);
  await page.waitForURL(/\/login/);
  expect(new URL(page.url()).searchParams.get('reason')).toBeNull();
  expect(await countAudited(stories.app, account.id, 'account.sessions_revoked_bulk')).toBe(1);
});

test('an end by someone else while the dialog is open is told as theirs', async () => {
  const account = await stories.app.seed.account();
  const other = await account.addUser('OWNER');
  const { page } = await openLater({ account, path: '/account/security/sessions' });
  await page.getByRole('button', { name: 'Sign out everyone including me' }).click();
  await page
    .getByRole('alertdialog')
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await focused(passwordIn(page));
  await page.keyboard.type('half of it');
  const { gql } = await other.login();
  await gql(`mutation { revokeUserSessions(userId: "${account.owner.id}") { revokedCount } }`);
  await page.waitForURL(/\/login\?reason=signed_out&cause=revoked_by_owner/);
  await page.getByText('An owner of your account signed you out.').waitFor();
  expect(await countAudited(stories.app, account.id, 'account.sessions_revoked_bulk')).toBe(0);
});

test('deleting the account asks, and a cancelled one keeps the typed name', async () => {
  const { page, account } = await openLater({ path: '/account' });
  await page.getByRole('button', { name: 'Delete this account…' }).click();
  const question = page.getByRole('alertdialog', { name: `Delete ${account.name}?` });
  await question.getByLabel(/Type the account’s name/).fill(account.name);
  await question.getByRole('button', { name: 'Delete account' }).click();
  await focused(passwordIn(page));
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  await toast(page, 'Nothing was changed.').waitFor();
  expect(await question.getByLabel(/Type the account’s name/).inputValue()).toBe(account.name);
  expect(await question.getByRole('alert').count()).toBe(0);
  await question.getByRole('button', { name: 'Delete account' }).click();
  await confirm(page);
  await page.waitForURL(`${stories.app.url}/login?reason=account_deleted`);
});

test('actions on people, a list of them and service keys ask, and go on with what was asked', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  const { page, pass } = await openLater({ account, path: '/account/people' });
  const rows = page.getByRole('list', { name: 'People' }).getByRole('listitem');
  await rows
    .filter({ hasText: member.email })
    .getByRole('button', { name: /^Actions for/ })
    .press('Enter');
  await page.getByRole('menuitem', { name: 'Make owner' }).press('Enter');
  await page.getByRole('alertdialog').getByRole('button', { name: 'Make owner' }).click();
  await confirm(page);
  await toast(page, 'is an owner now.').waitFor();

  await pass(16 * MINUTE);
  await page.locator('#people-import').click();
  const list = page.getByRole('dialog').filter({ hasText: 'Import people' });
  await list.getByLabel('Or paste the list').fill('noor@list.test, Noor\nkim@list.test, Kim');
  await list.getByRole('button', { name: 'Check the list' }).click();
  // Looking at the list changes nothing, so it asks nothing.
  await page.getByRole('button', { name: 'Invite 2 people' }).click();
  await confirm(page);
  await page.getByRole('dialog', { name: '2 people are invited' }).waitFor();

  await pass(16 * MINUTE);
  await page.goto(`${stories.app.url}/account/applications`);
  await page.getByRole('button', { name: 'Create service key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a service key' });
  await form.getByLabel('Name').fill('Shop');
  await form.getByRole('button', { name: 'Create service key' }).click();
  await focused(passwordIn(page));
  await page.keyboard.press('Escape');
  await toast(page, 'Nothing was changed.').waitFor();
  expect(await form.getByLabel('Name').inputValue()).toBe('Shop');
  await form.getByRole('button', { name: 'Create service key' }).click();
  await confirm(page);
  await page.getByRole('dialog', { name: 'Copy the service key of Shop' }).waitFor();
  expect(await countAudited(stories.app, account.id, 'service_key.created')).toBe(1);
});

test('an export asks, and then saves the file', async () => {
  // The browser logs the refusal.
  stories.mayLog(/status of 401 .*export\/audit/);
  const { page, account } = await openLater({ path: '/account/audit' });
  const exportAs = async () => {
    await page.getByRole('button', { name: 'Export' }).press('Enter');
    await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).press('Enter');
  };
  await exportAs();
  await dialogOf(page)
    .getByText('You’re about to export records of this account. It’s been 27 minutes')
    .waitFor();
  await focused(passwordIn(page));
  await page.keyboard.press('Escape');
  await toast(page, 'Nothing was exported.').waitFor();
  await focused(page.getByRole('button', { name: 'Export' }));
  expect(await countAudited(stories.app, account.id, 'export.created')).toBe(0);

  await exportAs();
  const [download] = await Promise.all([page.waitForEvent('download'), confirm(page)]);
  expect(download.suggestedFilename()).toMatch(/\.csv$/);
  expect(await countAudited(stories.app, account.id, 'export.created')).toBe(1);
});

test('the absolute limit that comes near while the dialog is open counts down in it', async () => {
  const { page, pass } = await openLater({
    path: '/account/security',
    account: await withLimits(),
  });
  await preset(page, /^Working day:/).check();
  await save(page).click();
  await focused(passwordIn(page));
  await pass(32 * MINUTE + 10_000);
  await dialogOf(page)
    .getByText(/signed out in 0:[345]\d/)
    .waitFor();
  expect(await dialogOf(page).count()).toBe(1);
  await confirm(page);
  await policyCard(page).getByText('Saved.').waitFor();
});

/** Both limits are an hour. */
async function withLimits(): Promise<SeededAccount> {
  const account = await stories.app.seed.account();
  const { gql } = await account.owner.login();
  await gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  return account;
}

test('by keyboard only, dark, at 320 pixels', async () => {
  const { page } = await openLater({
    path: '/account/security',
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  await preset(page, /^Working day:/).check();
  await page.keyboard.press('Enter');
  await focused(passwordIn(page));
  expect(await overflowOf(page)).toBe(0);
  for (const scheme of ['light', 'dark'] as const) {
    await inScheme(page, scheme);
    await expectNoAxeFindings(page);
  }
  await tabTo(dialogOf(page).getByRole('button', { name: 'Show password' }));
  await page.keyboard.press('Enter');
  await tabTo(dialogOf(page).getByRole('button', { name: 'Confirm', exact: true }));
  await tabTo(passwordIn(page), 'Shift+Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await dialogOf(page).waitFor({ state: 'detached' });
  await policyCard(page).getByText('Saved.').waitFor();
});
