import { expectNoAxeFindings } from './axe.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories();

test('an owner renames the account, and the menu and the trail have the new name', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account');
  const field = page.getByLabel('Name of the account');
  await field.waitFor();
  expect(await field.inputValue()).toBe(account.name);
  await field.fill('  ');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByText('A name has 1 to 200 characters').waitFor();
  await field.fill('Northwind & Søn');
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByText('The account is now called Northwind & Søn.').waitFor();
  await page.getByText('Owner of Northwind & Søn').waitFor();
  await expectNoAxeFindings(page);
  const { gql } = await account.owner.login();
  const { data } = await gql(
    '{ auditEvents(first: 1, action: "account.renamed") { edges { node { details } } } }',
  );
  expect(data.auditEvents.edges[0].node.details).toEqual({ old_name: account.name, name: 'Northwind & Søn' });
});

test('an owner deletes the account by its name, and the sign-in page says so', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account');
  await page.getByRole('button', { name: 'Delete this account…' }).press('Enter');
  const dialog = page.getByRole('alertdialog', { name: `Delete ${account.name}?` });
  await dialog.getByText('everyone is signed out, you too').waitFor();
  await focused(dialog.getByLabel(/Type the account’s name/));
  await expectNoAxeFindings(page);
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await dialog.getByText('This is not the account’s name.').waitFor();
  expect(await account.owner.tryLogin()).toMatchObject({ code: undefined });
  // The field has the focus, also from the start.
  await page.keyboard.type(account.name);
  await dialog.getByRole('button', { name: 'Delete account' }).click();
  await page.waitForURL(`${stories.app.url}/login?reason=account_deleted`);
  await page.getByText('The account was deleted. No one can sign in to it any more.').waitFor();
  expect(await page.getByLabel('E-mail').inputValue()).toBe('');
  await expectNoAxeFindings(page);
  expect(await account.owner.tryLogin()).toMatchObject({ code: 'INVALID_CREDENTIALS' });
});

test('a member sees who they are and whom to ask, and no setting of the account', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  const { page } = await stories.openAs(member, '/account', { viewport: { width: 320, height: 640 } });
  await page.getByText(`Member of ${account.name}`).waitFor();
  await page.getByRole('main').getByText(member.email).waitFor();
  await page.getByText('Ask an owner of the account').waitFor();
  expect(await page.getByLabel('Name of the account').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Delete this account…' }).count()).toBe(0);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  await expectNoAxeFindings(page);
});
