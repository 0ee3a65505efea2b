import type { Page } from 'playwright-core';
import { PASSWORD } from '../seed.ts';
import { LIMITS, MINUTE, noticeOf, openSignedIn, operationsOf, type SignedInPage } from './signed-in-page.ts';
import { signIn } from './signing-in.ts';
import { openStories } from './stories.ts';

const stories = openStories({ env: LIMITS });

/** Two tabs of one browser in which somebody has signed in. */
async function openTwo(path = '/account'): Promise<{ first: SignedInPage; second: Page }> {
  const first = await openSignedIn(stories, { path });
  const second = await first.page.context().newPage();
  await second.goto(stories.app.url + path);
  await second.getByRole('heading', { level: 1 }).waitFor();
  return { first, second };
}

test('staying in one tab hides the notice in the other', async () => {
  const { first, second } = await openTwo();
  await first.pass(56 * MINUTE);
  await Promise.all([first.notice.waitFor(), noticeOf(second).waitFor()]);
  await noticeOf(second).getByRole('button', { name: 'Stay signed in' }).click();
  await noticeOf(second).waitFor({ state: 'detached' });
  await first.notice.waitFor({ state: 'detached' });
});

test('a notice that was put away in one tab is put away in the other', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await owner.gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  const first = await openSignedIn(stories, { account });
  const second = await first.page.context().newPage();
  await second.goto(`${stories.app.url}/account`);
  await first.pass(56 * MINUTE);
  await noticeOf(second).waitFor();
  await first.notice.getByRole('button', { name: 'Dismiss this notice' }).click();
  await noticeOf(second).waitFor({ state: 'detached' });
});

test('signing out in one tab signs the other out, without a banner; the next user has both', async () => {
  const { first, second } = await openTwo('/account/sessions');
  const { page, account } = first;
  const colleague = await account.addUser();
  await second
    .getByRole('banner')
    .getByRole('button', { name: /^Owner/ })
    .click();
  await second.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, second]) {
    await tab.waitForURL(/\/login/);
    expect(new URL(tab.url()).searchParams.get('reason')).toBe(null);
  }
  await signIn(second, stories.app.url, { email: colleague.email, password: PASSWORD });
  await page.waitForURL(/\/account/);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^member/ })
    .waitFor();
});

test('another user who signs in in one tab has the other, too', async () => {
  const { first, second } = await openTwo();
  const colleague = await first.account.addUser();
  const owner = await first.account.owner.login();
  const reset = await owner.gql(
    'mutation Reset($userId: ID!) { resetUserPassword(userId: $userId) { setPasswordUrl } }',
    { userId: colleague.id },
  );
  await second.goto(reset.data.resetUserPassword.setPasswordUrl);
  await second.getByLabel('New password').fill('seven quiet green lamps');
  await second.getByLabel('The same password again').fill('seven quiet green lamps');
  await second.getByRole('button', { name: 'Set password' }).click();
  await first.page.getByRole('heading', { name: `Hello, ${colleague.email.split('@')[0]}` }).waitFor();
});

test('of two tabs that both need a token one renews', async () => {
  const { first, second } = await openTwo();
  const operations = [first.operations, operationsOf(second)];
  const renewals = () => operations.flat().filter((name) => name === 'CurfewRenew').length;
  operations.forEach((names) => names.splice(0));
  await first.pass(6 * MINUTE);
  await Promise.all(
    [first.page, second].map(async (tab) => {
      await tab.getByRole('link', { name: 'Your sessions' }).first().click();
      await tab.getByRole('list', { name: 'Your sessions' }).waitFor();
    }),
  );
  expect(renewals()).toBe(1);
});
