import { FIREFOX, launchFirefox } from './firefox.ts';
import { LIMITS, MINUTE, openSignedIn } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

// In Firefox, the stories in which a browser matters most: storage and cookies, timers, dialogs, sockets. Without Firefox
// they are skipped, and the last line says so; in CI they run.
const inFirefox = FIREFOX !== null || process.env.CI ? describe : describe.skip;

inFirefox('in Firefox', () => {
  const stories = openStories({ env: LIMITS }, launchFirefox);

  test('someone signs in, is warned, stays signed in, and is signed out in the end', async () => {
    const { page, notice, dialog, pass } = await openSignedIn(stories);
    expect(await page.evaluate(() => navigator.userAgent)).toContain('Firefox/');
    await pass(56 * MINUTE);
    await notice.getByText('because you’ve been inactive').waitFor();
    await notice.getByRole('button', { name: 'Stay signed in' }).click();
    await notice.waitFor({ state: 'detached' });
    await pass(59 * MINUTE + 10_000);
    await dialog.waitFor();
    await pass(MINUTE);
    await page.waitForURL(/\/login\?reason=session_expired&limit=idle/);
    await page.getByText('You were signed out because you were inactive for 1 hour.').waitFor();
  });

  test('an owner invites someone, who sets a password with the link', async () => {
    const account = await stories.app.seed.account();
    const { page } = await stories.openAs(account.owner, '/account/people');
    await page.getByRole('button', { name: 'Invite', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog');
    await focused(dialog.getByLabel('E-mail'));
    await page.keyboard.type(`noor-${account.id.slice(0, 8)}@example.test`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('Noor Haddad');
    await page.keyboard.press('Enter');
    await dialog.getByText('Send Noor Haddad this link.').waitFor();
    await focused(dialog.getByRole('button', { name: 'Copy' }));
    const link = await dialog.getByLabel('Link for Noor Haddad').inputValue();
    await page.keyboard.press('Escape');
    await page.getByRole('list', { name: 'People' }).getByText('Noor Haddad').waitFor();

    const { page: hers } = await stories.newPage();
    await hers.goto(link);
    await hers.getByLabel('New password', { exact: true }).focus();
    await hers.keyboard.type('seven quiet green lamps');
    await hers.getByLabel('Confirm new password').focus();
    await hers.keyboard.type('seven quiet green lamps');
    await hers.keyboard.press('Enter');
    await hers.getByRole('heading', { name: 'All set' }).waitFor();
  });

  test('an owner shortens the limits after seeing what that does', async () => {
    const account = await stories.app.seed.account();
    const member = await account.addUser();
    const session = await member.login();
    stories.app.clock.advance(20 * MINUTE);
    const { page } = await stories.openAs(account.owner, '/account/security');
    await page.getByRole('radio', { name: /^Short: 15 minutes/ }).check();
    await page.getByRole('radio', { name: /^Now, for everyone/ }).check();
    await page.getByText('1 of 2 sessions ends now.').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Save and end them' }).click();
    await page.getByRole('status').filter({ hasText: 'Saved.' }).waitFor();
    expect((await session.gql('{ viewer { id } }')).code).toBe('UNAUTHENTICATED');
  });
});
