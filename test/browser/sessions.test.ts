import type { BrowserContextOptions, Page } from 'playwright-core';
import { randomUUID } from 'node:crypto';
import { User } from '../../server/accounts/user.entity.ts';
import { newUser } from '../../server/users/new-user.ts';
import { insertSession } from '../../server/sessions/insert-session.sql.ts';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
import { signIn } from './signing-in.ts';
import { MAX_TABS, openPlace, tabTo } from './keyboard.ts';
import { focused, openStories } from './stories.ts';

/** The document of the page; Node has none. */
declare const document: {
  activeElement: { textContent: string } | null;
  documentElement: { scrollWidth: number };
};

const PATH = '/account/security/sessions';

const stories = openStories();

/** Opens the page of sessions as an owner and waits until the list of sessions is live. */
async function openAsOwner({ owner }: SeededAccount, options?: BrowserContextOptions): Promise<BrowserPage> {
  const opened = await stories.openAs(owner, PATH, options);
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
const search = (page: Page) => page.getByLabel('Find sessions');
const found = (page: Page) => card(page).getByRole('list', { name: 'Sessions found' });
const ended = (page: Page) => page.getByRole('region', { name: 'Recently ended' });
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

const FIREFOX_WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0';

const CREATE_SESSION = `mutation ($input: CreateSessionInput!) { createSession(input: $input) { sessionToken } }`;

/** Inserts a current session without a sign-in and without an event. */
async function addSession(
  person: { id: string; accountId: string },
  userAgent = SAFARI_IPHONE,
): Promise<string> {
  const session = await insertSession(
    stories.app.database.em(),
    {
      accountId: person.accountId,
      userId: person.id,
      appType: 'TENANT_APP',
      policy,
      ipAddress: ADDRESS,
      userAgent,
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
  await search(page).fill('kim@SHOP');
  await card(page).getByRole('status').filter({ hasText: '2 sessions match “kim@SHOP”' }).waitFor();
  await search(page).fill('kim ios');
  await card(page).getByRole('status').filter({ hasText: '1 session matches' }).waitFor();
  const session = found(page).getByRole('listitem').filter({ hasText: 'Kim Customer' });
  await session.getByText(`Your application · ${ADDRESS}`).waitFor();
  await session.getByText('Safari on iOS').waitFor();
  await expectNoAxeFindings(page);
  await session.getByRole('button', { name: 'Sign out Safari on iOS of Kim Customer' }).click();
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

  await search(page).fill('');
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

  await search(page).fill(' person-4');
  await card(page).getByRole('status').filter({ hasText: '6 sessions match “person-4”' }).waitFor();
  expect(await found(page).getByRole('listitem').count()).toBe(6);
  await search(page).fill('no-one-like-this');
  await card(page).getByText('No current session matches “no-one-like-this”.').waitFor();
  await expectNoAxeFindings(page);
  await card(page).getByRole('button', { name: 'Show everyone' }).click();
  await openers.nth(19).waitFor();
  expect(await search(page).inputValue()).toBe('');
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
  expect(page.url()).toBe(`${stories.app.url}${PATH}`);
});

test('however long the list, everyone is signed out within twelve tabs of the account', async () => {
  const account = await stories.app.seed.account();
  await addPeople(account, 24);
  const { page } = await stories.openAs(account.owner, '/account');
  let tabs = await openPlace(page, 'Sessions');
  await card(page).getByText('25 people are signed in, with 25 sessions.').waitFor();
  tabs += await tabTo(card(page).getByRole('button', { name: 'Sign out everyone except me' }));
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel');
  tabs += await tabTo(dialog(page).getByRole('button', { name: 'Sign out 24 people' }));
  expect(tabs).toBeLessThanOrEqual(MAX_TABS);
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
  // By the page's own clock: on a busy machine the test sees the count late.
  await page.evaluate(`(() => {
    const at = (window.at = {});
    new MutationObserver(() => {
      if (document.body.innerText.includes('Signed out 2 sessions.')) at.shown ??= performance.now();
      if (location.pathname === '/login') at.left ??= performance.now();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  })()`);
  await dialog(page).getByRole('button', { name: 'Sign out all 2 people' }).click();
  await page.waitForURL(/\/login/);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await page.evaluate<number>('window.at.left - window.at.shown')).toBeGreaterThan(1_000);
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
  expect(page.url()).toBe(`${stories.app.url}${PATH}`);
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
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, PATH);
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
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, PATH);
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

test('on paper there is who is signed in', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await rename(member, 'Max Member');
  await addSession(member);
  const { page } = await openAsOwner(account);
  await page.emulateMedia({ media: 'print' });
  expect(await card(page).getByText('Max Member').isVisible()).toBe(true);
  expect(await card(page).getByText('Sign out', { exact: true }).first().isVisible()).toBe(false);
});

test('without its colours, the tab that is chosen still differs', async () => {
  const account = await stories.app.seed.account();
  const { page } = await openAsOwner(account, { forcedColors: 'active' });
  const borderOf = (name: string) =>
    page.getByRole('tab', { name }).evaluate((tab) => getComputedStyle(tab).borderTopWidth);
  expect(await borderOf('Active')).toBe('2px');
  expect(await borderOf('Recently ended')).not.toBe('2px');
});

test('a long label in German takes two lines, and the page fits 320 pixels', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  for (let count = 0; count < 21; count++) await addSession(member);
  const owner = await account.owner.login();
  await owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
  const { page } = await stories.openAs(account.owner, `${PATH}?list=ended`, {
    viewport: { width: 320, height: 700 },
  });
  await page.evaluate("localStorage.setItem('curfew:language', 'de')");
  await page.reload();
  await page.getByRole('button', { name: 'Mehr anzeigen (20 von 21 Sitzungen)' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
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

test('the lost iPhone is found and signed out, by keyboard only', async () => {
  const account = await stories.app.seed.account();
  const [noor, max] = [await account.addUser(), await account.addUser()];
  await rename(noor, 'Noor Haddad');
  await rename(max, 'Max Member');
  for (const person of [noor, max]) await addSession(person, FIREFOX_WINDOWS);
  for (const person of [noor, max]) await addSession(person);
  const { page } = await openAsOwner(account);
  await search(page).focus();
  await page.keyboard.type('noor iphone');
  await card(page).getByRole('status').filter({ hasText: '1 session matches “noor iphone”' }).waitFor();
  expect(new URL(page.url()).searchParams.get('search')).toBe('noor iphone');
  const row = found(page).getByRole('listitem');
  await row.getByText('Safari on iOS').waitFor();
  await row.getByText('Noor Haddad').waitFor();
  await expectNoAxeFindings(page);

  const signOut = row.getByRole('button', { name: 'Sign out Safari on iOS of Noor Haddad' });
  for (let tabs = 0; !(await signOut.and(page.locator(':focus')).count()); tabs += 1) {
    expect(tabs).toBeLessThan(12);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await dialog(page)
    .getByText('This ends Noor Haddad’s session on Safari on iOS. Unsaved work there is lost.')
    .waitFor();
  await focused(dialog(page).getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await toast(page, 'Signed Noor Haddad out of Safari on iOS.').waitFor();
  // The row stays where it was, and says what has become of it.
  await row.getByRole('button', { name: 'Signed out: Safari on iOS of Noor Haddad' }).waitFor();
  expect(await row.getByRole('checkbox').isDisabled()).toBe(true);

  // The address leads to the same search.
  await page.goto(`${stories.app.url}${PATH}?search=iphone`);
  await found(page).getByText('Max Member').waitFor();
  expect(await found(page).getByRole('listitem').count()).toBe(1);
  expect(await search(page).inputValue()).toBe('iphone');
});

test('four selected sessions are signed out together, and the rest stays', async () => {
  const account = await stories.app.seed.account();
  const [ana, ben] = [await account.addUser(), await account.addUser()];
  await rename(ana, 'Ana Archer');
  await rename(ben, 'Ben Baker');
  for (const person of [ana, ana, ana, ben]) await addSession(person);
  await addSession(ben, FIREFOX_WINDOWS);
  const { page } = await openAsOwner(account);
  await search(page).fill('ios');
  await card(page).getByRole('status').filter({ hasText: '4 sessions match “ios”' }).waitFor();
  const topOf = async () => (await found(page).boundingBox())!.y - (await search(page).boundingBox())!.y;
  const before = await topOf();
  await found(page).getByRole('checkbox', { name: 'Select Safari on iOS of Ben Baker' }).press('Space');
  await card(page).getByRole('status').filter({ hasText: '1 session selected' }).waitFor();
  await card(page).getByRole('button', { name: 'Sign out 1 selected' }).waitFor();
  expect(await topOf()).toBe(before);
  await card(page).getByRole('checkbox', { name: 'Select all 4 shown' }).press('Space');
  await card(page).getByRole('status').filter({ hasText: '4 sessions selected' }).waitFor();
  await expectNoAxeFindings(page);
  const signOut = card(page).getByRole('button', { name: 'Sign out 4 selected' });
  await signOut.focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByText('Sign out 4 sessions?').waitFor();
  await dialog(page)
    .getByText('This ends 4 sessions of 2 people. Unsaved work there is lost. No password is changed.')
    .waitFor();
  await expectNoAxeFindings(page);
  await dialog(page).getByRole('button', { name: 'Sign out 4 sessions' }).click();
  await toast(page, 'Signed out 4 sessions.').waitFor();
  await signOut.waitFor({ state: 'detached' });
  // The button is gone; the focus is on what has become of the account.
  await page.waitForFunction(() => document.activeElement?.textContent?.includes('signed in'));
  await found(page)
    .getByRole('button', { name: /^Signed out: Safari/ })
    .nth(3)
    .waitFor();
  await card(page).getByText('2 people are signed in, with 2 sessions.').waitFor();
  const audit = await (
    await account.owner.login()
  ).gql('{ auditEvents(action: "session.ended") { totalCount } }');
  expect(audit.data.auditEvents.totalCount).toBe(4);
});

test('by keyboard, sessions are found, chosen with the arrows and signed out within twelve tabs', async () => {
  const account = await stories.app.seed.account();
  const [ana, ben] = [await account.addUser(), await account.addUser()];
  for (const person of [ana, ben, ana, ben, ana, ben]) await addSession(person);
  const { page } = await stories.openAs(account.owner, '/account');
  let tabs = await openPlace(page, 'Sessions');
  await card(page)
    .getByRole('button', { name: /^Sign out yourself/ })
    .waitFor();
  tabs += await tabTo(search(page));
  await page.keyboard.type('ios');
  const boxes = found(page).getByRole('checkbox');
  await boxes.nth(5).waitFor();
  await focused(search(page));
  await page.keyboard.press('ArrowDown');
  await focused(card(page).getByRole('checkbox', { name: 'Select all 6 shown' }));
  for (const index of [0, 1, 2, 3]) {
    await page.keyboard.press('ArrowDown');
    await focused(boxes.nth(index));
    if (index === 1) continue;
    await page.keyboard.press('Space');
  }
  const signOut = card(page).getByRole('button', { name: 'Sign out 3 selected' });
  await signOut.waitFor();
  for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press('ArrowUp');
  await focused(signOut);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.textContent === 'Cancel');
  tabs += await tabTo(dialog(page).getByRole('button', { name: 'Sign out 3 sessions' }));
  await page.keyboard.press('Enter');
  await toast(page, 'Signed out 3 sessions.').waitFor();
  expect(tabs).toBeLessThanOrEqual(MAX_TABS);
});

test('sessions are selected among those of a person; a list that is closed has none selected', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await rename(member, 'Max Member');
  for (let count = 0; count < 3; count++) await addSession(member);
  const { page } = await openAsOwner(account);
  await rowOf(page, account.owner).getByText('Owner', { exact: true }).waitFor();
  expect(await rowOf(page, member).getByText('Owner', { exact: true }).count()).toBe(0);
  await opener(page, member).click();
  await rowOf(page, member)
    .getByRole('checkbox', { name: 'Select all 3 shown sessions of Max Member' })
    .click();
  await card(page).getByRole('button', { name: 'Sign out 3 selected' }).waitFor();
  await opener(page, member).click();
  await card(page).getByText('to select sessions and sign them out together.').waitFor();
  await opener(page, member).click();
  await rowOf(page, member).getByRole('checkbox', { name: 'Select Safari on iOS' }).nth(1).click();
  await card(page).getByRole('button', { name: 'Sign out 1 selected' }).click();
  await dialog(page).getByText('This ends 1 session of 1 person.', { exact: false }).waitFor();
  await dialog(page).getByRole('button', { name: 'Sign out 1 session' }).click();
  await toast(page, 'Signed out 1 session.').waitFor();
  await rowOf(page, member).getByText('2 sessions', { exact: true }).waitFor();
});

test('a selection with the own session says so, and ends at the sign-in page', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  await addSession(member);
  const { page } = await openAsOwner(account);
  await search(page).fill('@');
  await card(page).getByRole('status').filter({ hasText: '2 sessions match' }).waitFor();
  await found(page).getByText('This session').waitFor();
  await card(page).getByRole('checkbox', { name: 'Select all 2 shown' }).click();
  await card(page).getByRole('button', { name: 'Sign out 2 selected' }).click();
  await dialog(page)
    .getByText('This ends the session you’re using right now, and 1 session besides.', { exact: false })
    .waitFor();
  await dialog(page).getByRole('button', { name: 'Sign out 2 sessions' }).click();
  await toast(page, 'Signed out 2 sessions.').waitFor();
  await page.waitForURL(/\/login/);
  expect(new URL(page.url()).searchParams.get('reason')).toBeNull();
});

test('an owner sees why a person was signed out last week', async () => {
  const account = await stories.app.seed.account();
  const [noor, max] = [await account.addUser(), await account.addUser()];
  await rename(noor, 'Noor Haddad');
  await rename(max, 'Max Member');
  await rename(account.owner, 'Ana Owner');
  const first = await addSession(noor);
  await addSession(max);
  await addSession(noor, FIREFOX_WINDOWS);
  const earlier = await account.owner.login();
  const revoke = (id: string) =>
    earlier.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', { id });
  await revoke(first);
  stories.app.clock.advance(7 * 24 * 60 * 60_000);
  const { page } = await stories.openAs(account.owner, PATH);
  await page.getByRole('tab', { name: 'Recently ended' }).click();
  await page.waitForURL(/list=ended/);
  const rows = ended(page).getByRole('list', { name: 'Ended sessions' }).getByRole('listitem');
  await rows.first().waitFor();
  expect(await rows.filter({ hasText: 'Max Member' }).textContent()).toContain('Absolute limit reached');
  await search(page).fill('noor');
  await ended(page).getByRole('status').filter({ hasText: '2 sessions match “noor”' }).waitFor();
  const phone = rows.filter({ hasText: 'Safari on iOS' });
  await phone.getByText('Signed out by Ana Owner', { exact: false }).waitFor();
  await phone.getByText('7 days ago', { exact: false }).first().waitFor();
  expect(await rows.filter({ hasText: 'Firefox on Windows' }).textContent()).toContain(
    'Absolute limit reached',
  );
  expect(await rows.getByRole('button').allInnerTexts()).toEqual(['Why did this end?', 'Why did this end?']);
  await expectNoAxeFindings(page);
  // The search goes along, and so does the way back.
  await page.getByRole('tab', { name: 'Active' }).click();
  await card(page).getByText('No current session matches “noor”.').waitFor();
  await page.goBack();
  await phone.waitFor();
});

test('a new end is offered, and moves no row', async () => {
  const account = await stories.app.seed.account();
  const member = await account.addUser();
  const session = await addSession(member);
  const { page } = await openAsOwner(account);
  await page.getByRole('tab', { name: 'Recently ended' }).click();
  await ended(page).getByText('No sessions have ended yet.').waitFor();
  const owner = await account.owner.login();
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', { id: session });
  await until(ended(page).getByText('1 more session has ended.'));
  await ended(page).getByRole('button', { name: 'Show', exact: true }).click();
  await ended(page).getByText('Safari on iOS').waitFor();
});

test.each(['search=%40', 'list=ended'])(
  'the page with %s fits 320 pixels in the dark scheme',
  async (query) => {
    const account = await stories.app.seed.account();
    const member = await account.addUser();
    for (let count = 0; count < 2; count++) await addSession(member);
    const session = await addSession(member, FIREFOX_WINDOWS);
    const owner = await account.owner.login();
    await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
      id: session,
    });
    const { page } = await stories.openAs(account.owner, `${PATH}?${query}`, {
      viewport: { width: 320, height: 700 },
      colorScheme: 'dark',
    });
    await page.getByRole('listitem').filter({ hasText: member.email }).first().waitFor();
    const all = page.getByRole('checkbox', { name: /^Select all/ });
    if (await all.count()) await all.click();
    await expectNoAxeFindings(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  },
);
