import type { Locator, Page } from 'playwright-core';
import { SET_ACTIVE } from '../accounts/account-calls.ts';
import type { Person, SeededAccount } from '../seed.ts';
import { backEnd, stranger } from '../service-api/service-calls.ts';
import { expectNoAxeFindings } from './axe.ts';
import { arrowTo } from './keyboard.ts';
import { focused, openStories } from './stories.ts';

const stories = openStories();

const RENAME = 'mutation ($userId: ID!, $name: String!) { renameUser(userId: $userId, name: $name) { id } }';

let account: SeededAccount;
let tom: Person;
let number = 0;

beforeEach(async () => {
  account = await stories.app.seed.account();
  tom = await account.addUser();
  const owner = await account.owner.login();
  await owner.gql(RENAME, { userId: tom.id, name: 'Tom Okafor' });
});

const openPeople = async (query = '', options?: Parameters<typeof stories.openAs>[2]): Promise<Page> => {
  const { page } = await stories.openAs(account.owner, `/account/people${query}`, options);
  await rows(page).first().waitFor();
  return page;
};
const rows = (page: Page) => page.getByRole('list', { name: 'People' }).getByRole('listitem');
const row = (page: Page, name: string) => rows(page).filter({ hasText: name });
const menuOf = (page: Page, name: string) => page.getByRole('button', { name: `Actions for ${name}` });
const dialog = (page: Page) => page.getByRole('dialog').or(page.getByRole('alertdialog'));
const comeBack = (page: Page) => page.evaluate("void window.dispatchEvent(new Event('focus'))");
const namesIn = async (page: Page) => {
  const texts = await rows(page).allTextContents();
  return texts.map((text) => /^(Owner|Tom Okafor|Noor Haddad|Ann|member-|User)/.exec(text)?.[0] ?? text);
};

/** Pages that have shown a dialog. */
const asked = new WeakSet<Page>();

/** Opens a person's menu and picks an action, by keyboard. */
async function pick(page: Page, name: string, action: string): Promise<void> {
  if (asked.has(page)) {
    // The focus is given back a moment after the dialog has closed, and would be taken from the menu.
    await dialog(page).waitFor({ state: 'detached' });
    await page.waitForFunction(() => document.activeElement !== document.body);
  }
  asked.add(page);
  await menuOf(page, name).press('Enter');
  await arrowTo(page.getByRole('menuitem', { name: action, exact: true }));
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
}
const confirm = (page: Page, label: string) =>
  dialog(page).getByRole('button', { name: label, exact: true }).click();
const linkOf = async (shown: Locator, name: string) => shown.getByLabel(`Link for ${name}`).inputValue();

async function setPassword(link: string): Promise<Page> {
  const { page } = await stories.newPage();
  await page.goto(link);
  const password = 'seven quiet green lamps';
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('Confirm new password').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'All set' }).waitFor();
  return page;
}

test('an owner invites someone, who uses the link', async () => {
  const email = `noor-${(number += 1)}@example.test`;
  const page = await openPeople();
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  await dialog(page).getByLabel('E-mail').and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Enter an e-mail address.').waitFor();
  await dialog(page).getByLabel('E-mail').fill(account.owner.email);
  await dialog(page).getByLabel('Name').fill('Noor Haddad');
  await expectNoAxeFindings(page);
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Someone already signs in with this e-mail.').waitFor();
  await focused(dialog(page).getByLabel('E-mail'));
  await dialog(page).getByLabel('E-mail').fill(email);
  await dialog(page).getByLabel('Owner').check();
  await page.keyboard.press('Enter');

  await dialog(page).getByText('Send Noor Haddad this link. It works once, for 24 hours.').waitFor();
  await expectNoAxeFindings(page);
  const link = await linkOf(dialog(page), 'Noor Haddad');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog(page).getByRole('button', { name: 'Copy' }).click();
  await dialog(page).getByRole('status').filter({ hasText: 'Copied.' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link);
  await confirm(page, 'Done');
  await focused(page.getByRole('button', { name: 'Invite', exact: true }));
  expect(await row(page, 'Noor Haddad').textContent()).toMatch(/Member.*Invited.*Link works until/);

  const theirs = await setPassword(link);
  await theirs.getByRole('link', { name: 'Go to your account' }).click();
  await theirs.goto(`${stories.app.url}/account/people`);
  await row(theirs, 'Noor Haddad').getByText('(you)').waitFor();
  await comeBack(page);
  await row(page, 'Noor Haddad').getByText('Active').waitFor();
  expect(await row(page, 'Noor Haddad').textContent()).toMatch(/Owner.*1 session/);
});

test('an owner makes someone an owner and a member again, by keyboard', async () => {
  const page = await openPeople();
  await menuOf(page, 'Tom Okafor').press('Enter');
  await page.getByRole('menuitem', { name: 'Make owner' }).waitFor();
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await pick(page, 'Tom Okafor', 'Make owner');
  await expectNoAxeFindings(page);
  await confirm(page, 'Make owner');
  await row(page, 'Tom Okafor').getByText('Owner').waitFor();
  await page.getByText('Tom Okafor is an owner now.').waitFor();
  await focused(menuOf(page, 'Tom Okafor'));
  await pick(page, 'Tom Okafor', 'Make member');
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await focused(menuOf(page, 'Tom Okafor'));
  await pick(page, 'Tom Okafor', 'Make member');
  await confirm(page, 'Make member');
  await row(page, 'Tom Okafor').getByText('Member').waitFor();
});

test('the last owner stays one, and the dialog says what to do', async () => {
  const page = await openPeople();
  const name = (await rows(page).first().textContent())!.match(/^Owner \w+/)![0];
  for (const [action, label] of [
    ['Make member', 'Make member'],
    ['Deactivate', 'Deactivate'],
    ['Delete', 'Delete'],
  ] as const) {
    await pick(page, name, action);
    await confirm(page, label);
    await dialog(page)
      .getByText('This is the only active owner. Make someone else an owner first.')
      .waitFor();
    await expectNoAxeFindings(page);
    await confirm(page, 'Cancel');
    await dialog(page).waitFor({ state: 'detached' });
  }
});

test('an owner deactivates someone, whose sessions end, and reactivates them; the row keeps its place', async () => {
  const session = await tom.login();
  const page = await openPeople('?state=active');
  await pick(page, 'Tom Okafor', 'Deactivate');
  await dialog(page).getByText('Their session ends.').waitFor();
  await confirm(page, 'Deactivate');
  await row(page, 'Tom Okafor').getByText('Deactivated').waitFor();
  await row(page, 'Tom Okafor').getByText('No sessions').waitFor();
  expect((await session.gql('{ viewer { id } }')).code).toBe('UNAUTHENTICATED');
  expect(await rows(page).count()).toBe(2);
  await expectNoAxeFindings(page);
  await pick(page, 'Tom Okafor', 'Reactivate');
  await confirm(page, 'Reactivate');
  await row(page, 'Tom Okafor').getByText('Active').waitFor();
  expect((await tom.tryLogin()).errors).toBeUndefined();
});

test('an owner signs someone out, and creates a new link with which they set a password', async () => {
  const session = await tom.login();
  const page = await openPeople();
  await pick(page, 'Tom Okafor', 'Sign out');
  await confirm(page, 'Sign out');
  await row(page, 'Tom Okafor').getByText('No sessions').waitFor();
  expect((await session.gql('{ viewer { id } }')).code).toBe('UNAUTHENTICATED');
  await pick(page, 'Tom Okafor', 'New link');
  await focused(dialog(page).getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Send Tom Okafor this link.').waitFor();
  // The button that was pressed is gone.
  const copy = dialog(page).getByRole('button', { name: 'Copy' });
  await focused(copy);
  const description = await copy.getAttribute('aria-describedby');
  expect(await dialog(page).locator(`[id="${description}"]`).textContent()).toContain('It works once');
  await expectNoAxeFindings(page);
  const link = await linkOf(dialog(page), 'Tom Okafor');
  await confirm(page, 'Done');
  await focused(menuOf(page, 'Tom Okafor'));
  await setPassword(link);
});

test('an owner renames someone', async () => {
  const page = await openPeople();
  await pick(page, 'Tom Okafor', 'Rename');
  await focused(dialog(page).getByLabel('Name'));
  await dialog(page).getByLabel('Name').fill(' ');
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Enter a name of 1 to 200 characters.').waitFor();
  await expectNoAxeFindings(page);
  await dialog(page).getByLabel('Name').fill('Thomas Okafor');
  await page.keyboard.press('Enter');
  await row(page, 'Thomas Okafor').waitFor();
  await focused(menuOf(page, 'Thomas Okafor'));
});

test('an owner deletes someone after reading what is lost', async () => {
  const page = await openPeople();
  await pick(page, 'Tom Okafor', 'Delete');
  await dialog(page).getByText('This can’t be undone.').filter({ hasText: tom.email }).waitFor();
  await focused(dialog(page).getByRole('button', { name: 'Cancel' }));
  await expectNoAxeFindings(page);
  await confirm(page, 'Delete');
  await row(page, 'Tom Okafor').getByText('Deleted').waitFor();
  await focused(menuOf(page, 'Tom Okafor'));
  await expectNoAxeFindings(page);
  await page.reload();
  await rows(page).first().waitFor();
  expect(await rows(page).count()).toBe(1);
});

test('a person from an application gets a sign-in', async () => {
  const service = backEnd(stories.app, (await stories.app.seed.serviceKey(account.id)).key);
  await service.create({ ...stranger(), name: 'Ann Shopper', email: `ann-${(number += 1)}@shop.test` });
  const page = await openPeople('?state=external');
  expect(await row(page, 'Ann Shopper').textContent()).toContain('From an application');
  await pick(page, 'Ann Shopper', 'Give sign-in');
  await confirm(page, 'Give sign-in');
  await dialog(page).getByText('Send Ann Shopper this link.').waitFor();
  const link = await linkOf(dialog(page), 'Ann Shopper');
  await confirm(page, 'Done');
  await row(page, 'Ann Shopper').getByText('Invited').waitFor();
  await setPassword(link);
});

test('an owner imports a list with bad lines, and takes the links along', async () => {
  const emails = [1, 2].map(() => `import-${(number += 1)}@example.test`);
  const page = await openPeople();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await confirm(page, 'Check the list');
  await dialog(page).getByText('There are no people in this list.').waitFor();
  await expectNoAxeFindings(page);
  await page.locator('input[type="file"]').setInputFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `Name;E-mail;Role\r\n=Noor;${emails[0]};owner\r\nBo;not an address;\r\nKim;${emails[1]};\r\nTay;${tom.email};\r\nKim;${emails[1]!.toUpperCase()};\r\nUna;una@example.test;boss`,
    ),
  });
  await page.waitForFunction("document.querySelector('textarea').value.includes('Noor')");
  await confirm(page, 'Check the list');
  await dialog(page).getByText('2 people can be invited. 4 lines are left out.').waitFor();
  // Not the button that would invite them: first the list is read.
  await focused(dialog(page).getByRole('region', { name: 'People in the list' }));
  // No word is broken where there is room.
  for (const name of ['Line', 'Role']) {
    const box = await dialog(page).getByRole('columnheader', { name }).boundingBox();
    expect(box!.height).toBeLessThan(40);
  }
  expect(await dialog(page).getByRole('row').count()).toBe(7);
  for (const reason of [
    'This is not an e-mail address.',
    'Someone already signs in with this e-mail.',
    'An earlier line has the same e-mail.',
    'The role is neither “owner” nor “member”.',
  ])
    await dialog(page).getByRole('cell', { name: reason }).waitFor();
  await expectNoAxeFindings(page);

  await confirm(page, 'Invite 2 people');
  await page.getByRole('dialog', { name: '2 people are invited' }).waitFor();
  await focused(dialog(page).getByRole('button', { name: 'Copy all' }));
  await expectNoAxeFindings(page);
  const downloading = page.waitForEvent('download');
  await confirm(page, 'Download as CSV');
  const stream = await (await downloading).createReadStream();
  let file = '';
  for await (const part of stream) file += String(part);
  expect(file).toContain(`"${emails[0]}","'=Noor","${stories.app.url}/set-password#token=`);
  const [, , url] = (await dialog(page).getByLabel('Links').inputValue()).split('\n')[1]!.split('\t');
  await confirm(page, 'Done');
  await focused(page.getByRole('button', { name: 'Import', exact: true }));
  await row(page, emails[1]!).getByText('Invited').waitFor();
  await setPassword(url!);
});

test('search and state are in the address, and a link with them shows the same', async () => {
  const page = await openPeople();
  await page.getByLabel('Find a person').fill('okaf');
  await page.waitForURL(/search=okaf/);
  await page.getByText('1 person', { exact: true }).waitFor();
  expect(await namesIn(page)).toEqual(['Tom Okafor']);
  await page.getByLabel('State').selectOption({ label: 'Invited' });
  await page.getByText('No one matches.').waitFor();
  await expectNoAxeFindings(page);
  expect(new URL(page.url()).search).toBe('?search=okaf&state=invited');
  await page.getByRole('button', { name: 'Show everyone' }).click();
  await page.getByText('2 people', { exact: true }).waitFor();
  const other = await openPeople('?search=okaf&state=active');
  expect(await namesIn(other)).toEqual(['Tom Okafor']);
  expect(await other.getByLabel('Find a person').inputValue()).toBe('okaf');
});

test('on return the rows stay where they are, and others are offered', async () => {
  const page = await openPeople();
  const place = await row(page, 'Tom Okafor').boundingBox();
  const owner = await account.owner.login();
  const added = await account.addUser();
  await owner.gql(RENAME, { userId: added.id, name: 'Ann First' });
  await owner.gql(SET_ACTIVE, { userId: tom.id, isActive: false });
  await comeBack(page);
  await row(page, 'Tom Okafor').getByText('Deactivated').waitFor();
  expect(await row(page, 'Tom Okafor').boundingBox()).toEqual(place);
  await page.getByRole('button', { name: 'Others were added. Show' }).press('Enter');
  await row(page, 'Ann First').waitFor();
  await focused(menuOf(page, 'Ann First'));
});

test('more than fifty people are shown on request', async () => {
  for (let count = 0; count < 55; count += 1) await account.addUser();
  const page = await openPeople();
  expect(await rows(page).count()).toBe(50);
  await page.getByRole('button', { name: 'Show more (50 of 57)' }).press('Enter');
  await row(page, 'Tom Okafor').waitFor();
  expect(await rows(page).count()).toBe(57);
  await focused(rows(page).nth(50).getByRole('button'));
});

test('without a response the dialog says so and can be tried again', async () => {
  const page = await openPeople();
  const restore = await stories.lose(page, 'PeopleSetRole');
  await pick(page, 'Tom Okafor', 'Make owner');
  await confirm(page, 'Make owner');
  await dialog(page).getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await restore();
  await confirm(page, 'Make owner');
  await row(page, 'Tom Okafor').getByText('Owner').waitFor();
});

test('a member has no such page', async () => {
  const { page } = await stories.openAs(tom, '/account');
  await page.goto(`${stories.app.url}/account/people`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.getByRole('list', { name: 'People' }).count()).toBe(0);
});

test.each([
  ['light', 1280],
  ['dark', 375],
  ['light', 320],
] as const)('in the %s scheme at %i pixels nothing is cut off', async (colorScheme, width) => {
  await tom.login();
  const page = await openPeople('', { colorScheme, viewport: { width, height: 640 } });
  const isWide = () => page.evaluate('document.documentElement.scrollWidth');
  await expectNoAxeFindings(page);
  expect(await isWide()).toBe(width);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog(page).getByLabel('Or paste the list').fill('noor@example.test,Noor Haddad,owner\nnot,Bo');
  await confirm(page, 'Check the list');
  await dialog(page).getByText('1 person can be invited.').waitFor();
  await expectNoAxeFindings(page);
  expect(await isWide()).toBe(width);
});
