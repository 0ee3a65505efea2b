import type { BrowserContextOptions, Page } from 'playwright-core';
import { randomUUID } from 'node:crypto';
import { User } from '../../server/accounts/user.entity.ts';
import { newUser } from '../../server/users/new-user.ts';
import { insertSession } from '../../server/sessions/insert-session.sql.ts';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
import { signIn } from './signing-in.ts';
import { openStories } from './stories.ts';

/** The document of the page; Node has none. */
declare const document: {
  activeElement: { textContent: string } | null;
  documentElement: { scrollWidth: number };
};

const stories = openStories();

/** Opens the security page as an owner and waits until the list of sessions is live. */
async function openAsOwner({ owner }: SeededAccount, options?: BrowserContextOptions): Promise<BrowserPage> {
  const opened = await stories.openAs(owner, '/account/security', options);
  await card(opened.page).getByText('Live', { exact: true }).waitFor();
  await card(opened.page)
    .getByRole('button', { name: /^Sign out yourself/ })
    .waitFor();
  return opened;
}

const card = (page: Page) => page.getByRole('region', { name: 'Current sessions', exact: true });
const chart = (page: Page) => page.getByRole('region', { name: 'When current sessions will end' });
const opener = (page: Page, { email }: { email: string }) =>
  card(page).locator('button[aria-expanded]').filter({ hasText: email });
const rowOf = (page: Page, { email }: { email: string }) =>
  card(page)
    .getByRole('listitem')
    .filter({ has: page.locator('button[aria-expanded]', { hasText: email }) });
const dialog = (page: Page) => page.getByRole('alertdialog');
const toast = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });

/** Waits for a locator while advancing the server's clock, by which it sends events at most once a second. */
async function until(locator: { waitFor(options: { timeout: number }): Promise<void> }): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    stories.app.clock.advance(1_000);
    try {
      return await locator.waitFor({ timeout: 500 });
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}

const policy = { idleMinutes: 600, absoluteMinutes: 1200 };
const ADDRESS = '192.0.2.7';
const SAFARI_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

const CREATE_SESSION = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`;

/** Inserts a current session without a sign-in and without an event. */
async function addSession(person: { id: string; accountId: string }): Promise<string> {
  const session = await insertSession(
    stories.app.database.em(),
    {
      accountId: person.accountId,
      userId: person.id,
      appType: 'TENANT_APP',
      policy,
      ipAddress: ADDRESS,
      userAgent: SAFARI_IPHONE,
    },
    stories.app.clock.now(),
  );
  return session.id;
}

/** Adds people without a password, each with one session, in the order of their sign-ins. */
async function addPeople({ id: accountId }: SeededAccount, amount: number): Promise<void> {
  const now = stories.app.clock.now();
  const em = stories.app.database.em();
  const users = Array.from({ length: amount }, (_, index) => {
    const number = String(index + 1).padStart(2, '0');
    const email = `person-${number}-${randomUUID().slice(0, 8)}@example.test`;
    const user = newUser({ accountId, email, name: `Person ${number}`, role: 'MEMBER' }, now);
    user.lastLoginAt = new Date(now.getTime() - (index + 1) * 60_000);
    em.persist(user);
    return user;
  });
  await em.flush();
  for (const user of users) await addSession({ id: user.id, accountId });
}

async function rename({ id }: Person, name: string): Promise<void> {
  await stories.app.database.em().nativeUpdate(User, { id }, { name });
}

test('a new sign-in is offered, opens to its session, and is signed out within two seconds', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await rename(member, 'Max Member');
  const { page } = await openAsOwner(account);
  await card(page).getByText('Only you are signed in.').waitFor();
  expect(await card(page).getByRole('button', { name: 'Sign out everyone except me' }).count()).toBe(0);

  // Later than the owner, so listed above.
  stories.app.clock.advance(1_000);
  const other = await stories.openAs(member, '/account');
  await until(card(page).getByText('1 new sign-in.'));
  await card(page).getByText('2 people are signed in, with 2 sessions.').waitFor();
  expect(await opener(page, member).count()).toBe(0);
  await card(page).getByRole('button', { name: 'Show', exact: true }).click();
  await opener(page, member).waitFor();
  await page.waitForFunction(() => document.activeElement?.textContent.includes('Max Member'));

  expect(await opener(page, member).getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('Enter');
  const sessions = card(page).getByRole('list', { name: 'Sessions of Max Member' });
  await sessions.getByText('127.0.0.1', { exact: false }).waitFor();
  await expectNoAxeFindings(page);

  const signOut = sessions.getByRole('button', { name: /^Sign out Chrom/ });
  await signOut.click();
  await dialog(page).getByText('This ends Max Member’s session on', { exact: false }).waitFor();
  const gone = other.page.waitForURL(/\/login\?reason=signed_out/, { timeout: 2_000 });
  await dialog(page).getByRole('button', { name: 'Sign out' }).click();
  await gone;
  await toast(page, 'Signed Max Member out of').waitFor();
  await sessions.getByRole('button', { name: /^Signed out: Chrom/ }).waitFor();
  await until(sessions.getByText('Signed out by an owner', { exact: false }));
  await rowOf(page, member).getByText('No sessions left').waitFor();
  // The focus is still on the button.
  await page.waitForFunction(() => document.activeElement?.textContent === 'Signed out');
  await card(page).getByText('Only you are signed in.').waitFor();
});

test('people who signed in through another application are listed, found and signed out like others', async () => {
  const account = await stories.app.seed.account();
  const { key } = await stories.app.seed.serviceKey(account.id);
  const open = async (input: Record<string, unknown>) => {
    const answer = await stories.app.gql(CREATE_SESSION, { input }, { token: key });
    return answer.data.createSession.sessionToken as string;
  };
  const kim = { externalId: 'customer-1', email: 'kim@shop.example', name: 'Kim Customer' };
  const phone = await open({ ...kim, ipAddress: ADDRESS, userAgent: SAFARI_IPHONE });
  // Two customers may have the same label.
  await open({ externalId: 'customer-2', email: 'kim@shop.example', name: 'Robin Customer' });
  // A user of the dashboard may use the application as well.
  await open({ userId: account.owner.id, userAgent: SAFARI_IPHONE });

  const { page } = await openAsOwner(account);
  await card(page).getByText('3 people are signed in, with 4 sessions.').waitFor();
  await card(page).getByLabel('Find a person').fill('kim@SHOP');
  await card(page).getByRole('status').filter({ hasText: '2 people match “kim@SHOP”' }).waitFor();
  await card(page).getByLabel('Find a person').fill('kim cust');
  await card(page).getByRole('status').filter({ hasText: '1 person matches' }).waitFor();
  await opener(page, kim).click();
  const session = card(page).getByRole('list', { name: 'Sessions of Kim Customer' }).getByRole('listitem');
  await session.getByText(`Your application · ${ADDRESS}`).waitFor();
  await session.getByText('Safari on iOS').waitFor();
  await expectNoAxeFindings(page);
  await session.getByRole('button', { name: 'Sign out Safari on iOS' }).click();
  await dialog(page).getByText('This ends Kim Customer’s session on', { exact: false }).waitFor();
  await dialog(page).getByRole('button', { name: 'Sign out' }).click();
  await toast(page, 'Signed Kim Customer out of Safari on iOS.').waitFor();
  const asked = await stories.app.gql(
    'mutation ($input: ValidateSessionInput!) { validateSession(input: $input) { valid reason session { endReason } } }',
    { input: { sessionToken: phone } },
    { token: key },
  );
  expect(asked.data.validateSession).toEqual({
    valid: false,
    reason: 'REVOKED',
    session: { endReason: 'REVOKED_BY_OWNER' },
  });

  await card(page).getByLabel('Find a person').fill('');
  await opener(page, account.owner).click();
  const own = card(page).getByRole('list', { name: /^Sessions of Owner/ });
  await own.getByText('Control panel', { exact: false }).waitFor();
  await own.getByText('Your application', { exact: false }).waitFor();
});

test('one user is signed out everywhere, and the others stay in their places', async () => {
  const account = await stories.app.seed.account();
  const [ana, ben] = [await account.addUser(), await account.addUser()];
  for (const person of [ana, ana, ben]) await addSession(person);
  const { page } = await openAsOwner(account);
  await card(page).getByText('3 people are signed in, with 4 sessions.').waitFor();
  const order = () => card(page).locator('button[aria-expanded] [class*=email]').allTextContents();
  const before = await order();

  await rowOf(page, ana)
    .getByRole('button', { name: /^Sign out member-.* everywhere/ })
    .click();
  await dialog(page).getByText('’s 2 sessions.', { exact: false }).waitFor();
  await dialog(page)
    .getByRole('button', { name: /^Sign out member-/ })
    .click();
  await toast(page, ': 2 sessions.').waitFor();
  await rowOf(page, ana).getByText('No sessions left').waitFor();
  expect(await order()).toEqual(before);
  await card(page).getByText('2 people are signed in, with 2 sessions.').waitFor();
});

test('45 people are shown 20 at a time, and the search runs on the server', async () => {
  const account = await stories.app.seed.account();
  await addPeople(account, 45);
  const { page } = await openAsOwner(account);
  const openers = card(page).locator('button[aria-expanded]');
  await card(page).getByText('46 people are signed in, with 46 sessions.').waitFor();
  expect(await openers.count()).toBe(20);
  await card(page).getByRole('button', { name: 'Show more (20 of 46)' }).click();
  await card(page).getByRole('button', { name: 'Show more (40 of 46)' }).waitFor();
  expect(await openers.count()).toBe(40);
  // The first of the new rows has the focus.
  await page.waitForFunction(() => document.activeElement?.textContent.includes('Person 20'));
  await card(page).getByRole('button', { name: 'Show more (40 of 46)' }).click();
  await openers.filter({ hasText: 'Person 45' }).waitFor();
  expect(await openers.count()).toBe(46);
  expect(
    await card(page)
      .getByRole('button', { name: /^Show more/ })
      .count(),
  ).toBe(0);

  const field = card(page).getByLabel('Find a person');
  await field.fill(' person 4');
  await card(page).getByRole('status').filter({ hasText: '6 people match “person 4”' }).waitFor();
  expect(await openers.count()).toBe(6);
  await field.fill('nobody-like-this');
  await card(page)
    .getByText('No one who is signed in matches “nobody-like-this”', { exact: false })
    .waitFor();
  await expectNoAxeFindings(page);
  await card(page).getByRole('button', { name: 'Show everyone' }).click();
  await openers.nth(19).waitFor();
  expect(await field.inputValue()).toBe('');
});

test('many sessions of one person are paged', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  for (let count = 0; count < 12; count++) await addSession(member);
  const { page } = await openAsOwner(account);
  await opener(page, member).click();
  const sessions = rowOf(page, member).getByRole('list').getByRole('listitem');
  await sessions.nth(9).waitFor();
  expect(await sessions.count()).toBe(10);
  await rowOf(page, member).getByRole('button', { name: 'Show more (10 of 12 sessions)' }).click();
  await sessions.nth(11).waitFor();
});

test('everyone except the owner is signed out by keyboard only', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  for (let count = 0; count < 3; count++) await addSession(member);
  const { page } = await openAsOwner(account);
  const everyoneElse = card(page).getByRole('button', { name: 'Sign out everyone except me' });
  await everyoneElse.focus();
  await page.keyboard.press('Enter');
  await dialog(page)
    .getByText('This ends 3 sessions of 1 person, who will have to sign in again. Your own session stays.')
    .waitFor();
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement?.textContent === 'Sign out everyone except me');
  await page.keyboard.press('Enter');
  // Cancel has the focus; the irreversible button comes next.
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Sign out 1 person');
  await page.keyboard.press('Enter');
  await toast(page, 'Signed out 3 sessions. Yours stays.').waitFor();
  await card(page).getByText('Only you are signed in.').waitFor();
  await everyoneElse.waitFor({ state: 'detached' });
  // The button is gone; the focus is on its result.
  await page.waitForFunction(() => document.activeElement?.textContent === 'Only you are signed in.');
  expect(page.url()).toBe(`${stories.app.url}/account/security`);
});

test('after signing out everyone, the count is shown, and the sign-in page has no banner', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await addSession(member);
  const { page } = await openAsOwner(account);
  const otherTab = await page.context().newPage();
  await otherTab.goto(`${stories.app.url}/account`);
  await otherTab.getByRole('navigation').waitFor();
  await card(page).getByRole('button', { name: 'Sign out everyone including me' }).click();
  await dialog(page)
    .getByText('This ends 2 sessions of 2 people, including this one.', { exact: false })
    .waitFor();
  await dialog(page).getByRole('button', { name: 'Sign out all 2 people' }).click();
  await toast(page, 'Signed out 2 sessions.').waitFor();
  const shownAt = Date.now();
  expect(page.url()).toBe(`${stories.app.url}/account/security`);
  await page.waitForURL(/\/login/);
  expect(Date.now() - shownAt).toBeGreaterThan(1_000);
  expect(new URL(page.url()).searchParams.get('reason')).toBeNull();
  // The owner did it, so neither tab shows a reason.
  await otherTab.waitForURL(/\/login/);
  expect(new URL(otherTab.url()).searchParams.get('reason')).toBeNull();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/login');
});

test('signing out the own session is a plain sign-out', async () => {
  const account = await stories.app.seed.account();
  const { page } = await openAsOwner(account);
  await opener(page, account.owner).click();
  const own = rowOf(page, account.owner).getByRole('listitem').filter({ hasText: 'This session' });
  await own.getByRole('button', { name: /^Sign out/ }).click();
  await dialog(page).getByText('Sign out here?').waitFor();
  await dialog(page).getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/login/);
  expect(new URL(page.url()).searchParams.get('reason')).toBeNull();
});

test('a failure is shown in the dialog and changes nothing else', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await addSession(member);
  const { page } = await openAsOwner(account);
  const restore = await stories.lose(page, 'SessionsRevokeMany');
  await card(page).getByRole('button', { name: 'Sign out everyone including me' }).click();
  const confirm = dialog(page).getByRole('button', { name: 'Sign out all 2 people' });
  await confirm.click();
  await dialog(page).getByRole('alert').getByText('Couldn’t reach Curfew', { exact: false }).waitFor();
  await expectNoAxeFindings(page);
  expect(page.url()).toBe(`${stories.app.url}/account/security`);
  await restore();
  await confirm.click();
  await page.waitForURL(/\/login/);
  expect(new URL(page.url()).searchParams.get('reason')).toBeNull();
});

test('a list that fails to load can be retried', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.newPage();
  let isFailing = true;
  await page.route('**/graphql', (route) =>
    isFailing && route.request().postData()?.includes('query SessionsPeople')
      ? route.fulfill({
          json: { errors: [{ message: 'No.', extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
        })
      : route.continue(),
  );
  await signIn(
    page,
    stories.app.url,
    { email: account.owner.email, password: PASSWORD },
    '/account/security',
  );
  await card(page).getByRole('alert').getByText('Something went wrong on the server. Try again.').waitFor();
  await expectNoAxeFindings(page);
  isFailing = false;
  await card(page).getByRole('button', { name: 'Try again' }).click();
  await opener(page, account.owner).waitFor();
  expect(await card(page).getByRole('alert').count()).toBe(0);
});

test('the list is up to date after the socket was cut', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  const session = await addSession(member);
  const { page } = await stories.newPage();
  let isCut = false;
  const cuts: (() => Promise<void>)[] = [];
  await page.routeWebSocket(/\/graphql$/, (socket) => {
    if (isCut) return void socket.close({ code: 1012 });
    socket.connectToServer();
    cuts.push(() => socket.close({ code: 1012 }));
  });
  await signIn(
    page,
    stories.app.url,
    { email: account.owner.email, password: PASSWORD },
    '/account/security',
  );
  await card(page).getByText('Live', { exact: true }).waitFor();
  await opener(page, member).click();
  await rowOf(page, member).getByText(ADDRESS, { exact: false }).waitFor();

  isCut = true;
  for (const cut of cuts) await cut();
  await card(page).getByRole('status').filter({ hasText: 'Paused. Reconnecting…' }).waitFor();
  const owner = await account.owner.login();
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', { id: session });
  expect(await opener(page, member).textContent()).toContain('1 session');
  isCut = false;
  await card(page).getByText('Live', { exact: true }).waitFor({ timeout: 20_000 });
  await rowOf(page, member).getByText('No sessions left').waitFor();
  await rowOf(page, account.owner).getByText('2 sessions').waitFor();
  await rowOf(page, member)
    .getByRole('button', { name: /^Signed out: Safari/ })
    .waitFor();
});

test('the forecast shows when sessions end, as a chart and as a table', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  for (let count = 0; count < 2; count++) await addSession(member);
  const { page } = await openAsOwner(account);
  await chart(page).getByText('2 sessions end within 12 hours, at the idle limit.').waitFor();
  await chart(page).locator('svg rect').first().waitFor();
  await chart(page).getByRole('button', { name: 'Show as table' }).click();
  expect(await chart(page).getByRole('row').count()).toBe(2);
  await chart(page).getByLabel('Period').selectOption('7 days');
  await chart(page).getByText('3 sessions end within 7 days, at the idle limit.').waitFor();
  await expectNoAxeFindings(page);
});

test('the forecast shows when no session ends', async () => {
  const account = await stories.app.seed.account();
  const { page } = await openAsOwner(account);
  await chart(page).getByText('No session ends within 12 hours.').waitFor();
  await chart(page).getByText('Every current session lasts longer than 12 hours.').waitFor();
});

test('the page fits 320 pixels and is accessible in the dark scheme', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await addSession(member);
  const { page } = await openAsOwner(account, {
    viewport: { width: 320, height: 700 },
    colorScheme: 'dark',
  });
  await opener(page, member).click();
  await rowOf(page, member).getByText(ADDRESS, { exact: false }).waitFor();
  await chart(page).getByRole('button', { name: 'Show as table' }).click();
  await expectNoAxeFindings(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
