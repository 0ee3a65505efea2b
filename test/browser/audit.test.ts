import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { User } from '../../server/accounts/user.entity.ts';
import { SET_ACTIVE, USERS } from '../accounts/account-calls.ts';
import { LOGIN, PASSWORD, type SeededAccount, type SignedIn } from '../seed.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
import { signIn } from './signing-in.ts';
import { MAX_TABS, openPlace, tabTo } from './keyboard.ts';
import { focused, LOST_REQUEST, openStories } from './stories.ts';

const stories = openStories();

const SAVE =
  'mutation ($input: UpdateSessionPolicyInput!) { updateSessionPolicy(input: $input) { sessionPolicy { version } } }';

/** Creates one entry, a second after the last one. */
async function save(owner: SignedIn, idleMinutes: number, absoluteMinutes = 10_080): Promise<void> {
  stories.app.clock.advance(1000);
  const answer = await owner.gql(SAVE, { input: { idleMinutes, absoluteMinutes } });
  expect(answer.errors).toBeUndefined();
}

function openTrail({ owner }: SeededAccount, options?: BrowserContextOptions): Promise<BrowserPage> {
  stories.app.clock.advance(60_000);
  return stories.openAs(owner, '/account/audit', options);
}

const trail = (page: Page) => page.getByRole('region', { name: 'Audit trail' });
const entries = (page: Page) =>
  trail(page)
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
const comeBack = (page: Page) => page.evaluate("void window.dispatchEvent(new Event('focus'))");
const filter = (page: Page) => trail(page).getByLabel('Show', { exact: true });

test('a policy change is shown with both limits before and after', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await save(owner, 4320);
  await save(owner, 30);
  const { page } = await openTrail(account);
  await filter(page).selectOption({ label: 'Policy changed' });
  await trail(page).getByText('2 entries').waitFor();
  const [latest, first] = await entries(page).all();
  expect(await latest!.textContent()).toMatch(/^Owner \w+ \(you\) changed the session policy/);
  expect(await latest!.getByRole('listitem').allTextContents()).toEqual([
    'Idle limit 3 days to 30 minutes',
    'Absolute limit unchanged at 7 days',
  ]);
  expect(await latest!.getByRole('cell').nth(1).textContent()).toMatch(/127\.0\.0\.1/);
  // The time itself, and how long ago that was.
  expect(await latest!.getByRole('cell').nth(2).textContent()).toMatch(
    /\d{4}, \d\d:\d\d:\d\d.*1 minute ago$/,
  );
  expect(await first!.getByRole('listitem').allTextContents()).toEqual([
    'Idle limit 3 days (the default) to 3 days',
    'Absolute limit 14 days (the default) to 7 days',
  ]);
  await expectNoAxeFindings(page);
});

test('entries name who did what to whom', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  const member = await account.addUser();
  const session = await member.login();
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
    id: session.sessionId,
  });
  await member.login();
  await owner.gql('mutation { revokeSessions(scope: OTHERS) { revokedCount } }');
  const { page } = await openTrail(account);
  await trail(page).getByText('signed out everyone else: 1 session').waitFor();
  await trail(page)
    .getByText(/signed member-\w+ out of one session/)
    .waitFor();
  await trail(page).getByText('Curfew created the account').waitFor();
});

test('the end of a session is explained from its entry, also when it is no longer stored', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  const { sessionId } = await (await account.addUser()).login();
  stories.app.clock.advance(1000);
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
    id: sessionId,
  });
  const { page } = await openTrail(account);
  const button = trail(page).getByRole('button', { name: /^Why did this end\? member-\w+, \w+ \d+, / });
  await button.press('Enter');
  // Only the end has one: no sign-in, and no other entry.
  expect(await trail(page).getByRole('button', { name: 'Why did this end?' }).count()).toBe(1);
  const drawer = page.getByRole('dialog', { name: 'Why did this end?' });
  await drawer.getByRole('listitem').filter({ hasText: 'Signed in' }).waitFor();
  await drawer
    .getByText(/^Owner \w+, an owner, ended it\.$/)
    .first()
    .waitFor();
  await expectNoAxeFindings(page);
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await button.and(page.locator(':focus')).waitFor();

  // The trail is kept longer than sessions.
  await sql`delete from sessions where id = ${sessionId}`.execute(stories.app.database.em().getKysely());
  await page.keyboard.press('Enter');
  await drawer.getByText('This session is no longer stored.').waitFor();
  await expectNoAxeFindings(page);
});

test('more than twenty entries are paged, there and back, by keyboard', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  for (let idle = 11; idle < 51; idle += 1) await save(owner, idle);
  const { page } = await openTrail(account);
  await filter(page).focus();
  await filter(page).selectOption('account.session_policy_update');
  await trail(page).getByText('40 entries').waitFor();
  expect(await entries(page).first().textContent()).toContain('49 minutes to 50 minutes');
  expect(await entries(page).count()).toBe(20);
  const older = trail(page).getByRole('button', { name: 'Older' });
  const newer = trail(page).getByRole('button', { name: 'Newer' });
  expect(await newer.getAttribute('aria-disabled')).toBe('true');

  await older.press('Enter');
  await trail(page).getByText('Page 2').waitFor();
  await trail(page).getByText('29 minutes to 30 minutes').waitFor();
  expect(await entries(page).count()).toBe(20);
  expect(await older.getAttribute('aria-disabled')).toBe('true');
  // New entries shift no page.
  await save(owner, 51);
  await newer.press('Enter');
  await trail(page).getByText('41 entries').waitFor();
  await trail(page).getByText('50 minutes to 51 minutes').waitFor();
});

test('new entries are offered and shown on request', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  const { page } = await openTrail(account);
  await trail(page).getByText('signed in to the control panel').first().waitFor();
  const before = await entries(page).allTextContents();
  const place = await entries(page).first().boundingBox();
  await save(owner, 30);
  await save(owner, 45);
  await comeBack(page);
  const offer = trail(page).getByRole('status').getByRole('button', { name: '2 new entries. Show' });
  await offer.waitFor();
  expect(await entries(page).count()).toBe(before.length);
  expect(await entries(page).first().boundingBox()).toEqual(place);
  await expectNoAxeFindings(page);
  await offer.press('Enter');
  await trail(page).getByText('30 minutes to 45 minutes').waitFor();
  expect(await entries(page).count()).toBe(before.length + 2);
  await offer.waitFor({ state: 'detached' });
  // The button is gone; the focus has moved to the list.
  expect(await page.evaluate<boolean>("document.activeElement.matches('[tabindex]:has(table)')")).toBe(true);
});

test('a filter without entries shows a message', async () => {
  const { page } = await openTrail(await stories.app.seed.account());
  await filter(page).selectOption({ label: 'Deactivated' });
  await trail(page).getByText('No entries match this filter.').waitFor();
  await trail(page).getByText('0 entries').waitFor();
  await expectNoAxeFindings(page);
  await filter(page).selectOption({ label: 'Everything' });
  await trail(page).getByText('signed in to the control panel').waitFor();
});

test('a trail that fails to load can be retried, and a loaded trail stays', async () => {
  const { page } = await openTrail(await stories.app.seed.account());
  await trail(page).getByText('signed in to the control panel').waitFor();
  const restore = await stories.lose(page, 'AuditTrail');
  const failure = trail(page).getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' });
  await comeBack(page);
  await failure.waitFor();
  expect(await entries(page).count()).toBe(2);
  await page.reload();
  await failure.waitFor();
  expect(await entries(page).count()).toBe(0);
  await expectNoAxeFindings(page);
  await restore();
  await failure.getByRole('button', { name: 'Try again' }).click();
  await trail(page).getByText('signed in to the control panel').first().waitFor();
  expect(await failure.count()).toBe(0);
});

test('at 320 px the table is a list that fits, dark and light', async () => {
  const account = await stories.app.seed.account();
  await save(await account.owner.login(), 30);
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page } = await openTrail(account, { viewport: { width: 320, height: 640 }, colorScheme });
    await entries(page).first().waitFor();
    expect(await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    // With an address or without, the line below a sentence begins where the sentence does.
    const created = entries(page).filter({ hasText: 'created the account' });
    const [sentence, time] = [created.locator('strong').first(), created.getByRole('cell').nth(2)];
    expect((await time.boundingBox())!.x).toBeCloseTo((await sentence.boundingBox())!.x, 0);
    await expectNoAxeFindings(page);
  }
});

const userIdOf = async ({ owner }: SeededAccount, name: string): Promise<string> => {
  const { data } = await (await owner.login()).gql(USERS, { search: name });
  return data.users.edges[0].node.id;
};

const DAY = 24 * 60 * 60_000;
/** A day on the calendar of the browser, whose time zone is not this machine's. */
const dayOf = (page: Page, moment: Date): Promise<string> =>
  page.evaluate<string>(`(() => {
    const moment = new Date(${moment.getTime()});
    const two = (number) => String(number).padStart(2, '0');
    return moment.getFullYear() + '-' + two(moment.getMonth() + 1) + '-' + two(moment.getDate());
  })()`);

test('an owner finds why Kim was signed out last week, and the link shows it again', async () => {
  const { app } = stories;
  const account = await app.seed.account();
  const shop = backEnd(app, (await app.seed.serviceKey(account.id, { name: 'Shop' })).key);
  const kim = { externalId: `kim-${account.id}`, email: 'kim@shop.example', name: 'Kim Lee' };
  const { sessionToken } = await shop.create(kim);
  await shop.end(sessionToken, 'REVOKED_BY_SERVICE');
  const then = app.clock.now();
  app.clock.advance(2 * DAY);
  // Someone who can sign in nowhere any more is found, too.
  await (
    await account.owner.login()
  ).gql(SET_ACTIVE, { userId: await userIdOf(account, kim.name), isActive: false });
  const { page } = await openTrail(account);
  const lastWeek = await dayOf(page, then);
  await trail(page).getByRole('combobox', { name: 'Person' }).fill('kim');
  await page.getByRole('option', { name: 'Kim Lee (kim@shop.example)' }).click();
  await trail(page).getByText('4 entries').waitFor();
  await trail(page).getByLabel('From date').fill(lastWeek);
  await trail(page).getByLabel('To date').fill(lastWeek);
  await trail(page).getByText('3 entries').waitFor();
  const expectAnswer = async (page: Page) => {
    await trail(page).getByText('Shop signed Kim Lee out of one session').waitFor();
    await trail(page).getByText('Kim Lee signed in to Shop').waitFor();
    const ended = page.getByRole('region', { name: 'Ended sessions of Kim Lee' });
    await ended.getByText('Signed out by a connected service').waitFor();
    expect(await ended.getByRole('listitem').count()).toBe(1);
  };
  await expectAnswer(page);
  await page
    .getByRole('region', { name: 'Ended sessions of Kim Lee' })
    .getByRole('button', { name: 'Why did this end?' })
    .press('Enter');
  const drawer = page.getByRole('dialog', { name: 'Why did this end?' });
  await drawer.getByText('The application Shop ended it.').first().waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'hidden' });
  await expectNoAxeFindings(page);

  const link = page.url();
  expect(link).toContain(`from=${lastWeek}&to=${lastWeek}`);
  const again = await stories.openAs(account.owner, new URL(link).pathname + new URL(link).search);
  await expectAnswer(again.page);
  await trail(again.page).getByText('3 entries').waitFor();
  expect(await trail(again.page).getByLabel('To date').inputValue()).toBe(lastWeek);
  await again.page.getByRole('button', { name: 'Clear filters' }).click();
  await trail(again.page).getByText('created the account').waitFor();
  expect(new URL(again.page.url()).search).toBe('');
});

test('a group of actions is one filter', async () => {
  const account = await stories.app.seed.account();
  await save(await account.owner.login(), 30);
  const { page } = await openTrail(account);
  await filter(page).selectOption({ label: 'All about the policy and the account' });
  await trail(page).getByText('2 entries').waitFor();
  await trail(page).getByText('changed the session policy').waitFor();
  expect(await trail(page).getByText('signed in to the control panel').count()).toBe(0);
});

test.each(['CSV, for spreadsheets', 'JSON Lines, for programs'])(
  'the trail is saved as %s',
  async (format) => {
    const account = await stories.app.seed.account();
    await save(await account.owner.login(), 30);
    const { page } = await openTrail(account);
    await trail(page).getByRole('button', { name: 'Export' }).press('Enter');
    const menu = page.getByRole('menu');
    await menu.waitFor();
    await expectNoAxeFindings(page);
    const downloading = page.waitForEvent('download');
    await menu.getByRole('menuitem', { name: format }).press('Enter');
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/^curfew-audit-\d{4}-\d\d-\d\d\.(csv|jsonl)$/);
    const text = await readFile(await download.path(), 'utf8');
    for (const action of ['account.created', 'account.session_policy_update', 'export.created'])
      expect(text).toContain(action);
    await page
      .getByRole('status')
      .filter({ hasText: /^Saved curfew-audit-/ })
      .waitFor();
  },
);

test('the policy on a date is answered in one sentence', async () => {
  const { app } = stories;
  const account = await app.seed.account();
  const before = app.clock.now();
  app.clock.advance(2 * DAY);
  await save(await account.owner.login(), 30, 720);
  const { page } = await openTrail(account);
  const panel = page.getByRole('region', { name: 'Policy on a date' });
  const askDay = async (day: string) => {
    await panel.getByLabel('Date').fill(day);
    await panel.getByRole('button', { name: 'Show policy' }).click();
  };
  const ask = async (moment: Date) => askDay(await dayOf(page, moment));
  await ask(before);
  await panel.getByText(/3 days without activity, 14 days at most: the default of this server\.$/).waitFor();
  await ask(app.clock.now());
  await panel
    .getByText(/after 30 minutes without activity, 12 hours at most: set by Owner \w+ on .+\.$/)
    .waitFor();
  await expectNoAxeFindings(page);
  await askDay('2020-02-03');
  await panel.getByText('There is no record of the policy on that date.').waitFor();
  await ask(new Date(app.clock.now().getTime() + 3 * DAY));
  await panel.getByText('Enter a date that is not in the future.').waitFor();
});

test('the policy on a date is one link and one key away from the top of the page', async () => {
  const account = await stories.app.seed.account();
  const { page } = await stories.openAs(account.owner, '/account');
  let tabs = await openPlace(page, 'Audit');
  tabs += await tabTo(page.getByRole('link', { name: 'Policy on a date' }));
  await page.keyboard.press('Enter');
  const field = page.getByRole('region', { name: 'Policy on a date' }).getByLabel('Date');
  await focused(field);
  await page.keyboard.press('Enter');
  await page.getByText('Enter a date.').waitFor();
  expect(tabs).toBeLessThanOrEqual(MAX_TABS);
});

test('a long address and a long e-mail are not cut, nor wider than a page of 320 pixels', async () => {
  const account = await stories.app.seed.account();
  const email = `${'long-'.repeat(12)}${account.id.slice(0, 8)}@${'subdivision.'.repeat(4)}example.test`;
  const person = await account.addUser();
  const em = stories.app.database.em();
  await em.nativeUpdate(User, { id: person.id }, { email, signInEmail: email, name: 'Maximiliane' });
  await stories.app.gql(LOGIN, { input: { email, password: PASSWORD } });
  const { page } = await stories.newPage({ viewport: { width: 320, height: 700 } });
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes('"operationName":"AuditTrail"')) return route.fallback();
    const response = await route.fetch();
    const body: any = await response.json();
    for (const { node } of body.data.auditEvents.edges)
      node.ipAddress = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
    return route.fulfill({ response, json: body });
  });
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, '/account/audit');
  const row = entries(page).filter({ hasText: 'Maximiliane' }).first();
  await row.waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  // Address and time begin below the sentence, each on its own line.
  const starts = await row
    .getByRole('cell')
    .evaluateAll((cells: any[]) => cells.slice(1).map((cell) => cell.getBoundingClientRect().left));
  expect(new Set(starts).size).toBe(1);

  await trail(page).getByRole('combobox', { name: 'Person' }).click();
  const option = page.getByRole('option', { name: /Maximiliane/ });
  await option.waitFor();
  expect(await option.evaluate((one: any) => one.querySelector('span').scrollWidth <= one.clientWidth)).toBe(
    true,
  );
});

test('a policy that was applied says what it did', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await save(owner, 30);
  const details = { apply: 'active_sessions', ended_count: 15, shortened_count: 3 };
  const limits = { idle_minutes: 30, absolute_minutes: 60 };
  const { page } = await stories.newPage();
  // As the server writes it.
  await page.route('**/graphql', async (route) => {
    if (!(route.request().postData() ?? '').includes('"operationName":"AuditTrail"')) return route.fallback();
    const response = await route.fetch();
    const body: any = await response.json();
    for (const { node } of body.data.auditEvents.edges)
      if (node.action === 'account.session_policy_update')
        node.details = { ...details, old: limits, new: limits, effective_old: limits, effective_new: limits };
    return route.fulfill({ response, json: body });
  });
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, '/account/audit');
  await trail(page).getByText('Applied to current sessions: 15 ended, 3 shortened').waitFor();
});

test('the trail stays where the explanations cannot be loaded', async () => {
  const account = await stories.app.seed.account();
  const { gql } = await account.owner.login();
  await gql('mutation { logout { ended } }');
  stories.mayLog(LOST_REQUEST);
  const { page } = await stories.newPage();
  await page.route('**/assets/explain-end-*.js', (route) => route.abort());
  await signIn(page, stories.app.url, { email: account.owner.email, password: PASSWORD }, '/account/audit');
  await entries(page).getByText('signed out').waitFor();
  await page.waitForLoadState('networkidle');
  expect(await entries(page).getByText('signed out').count()).toBe(1);
});
