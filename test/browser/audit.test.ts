import type { BrowserContextOptions, Page } from 'playwright-core';
import type { SeededAccount, SignedIn } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
import { openStories } from './stories.ts';

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
  return stories.openAs(owner, '/account/security', options);
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
  expect(await latest!.getByRole('cell').nth(2).textContent()).toBe('1 minute ago');
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
    await expectNoAxeFindings(page);
  }
});
