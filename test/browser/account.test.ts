import type { BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
import { backEnd } from '../service-api/service-calls.ts';
import { signIn } from './signing-in.ts';
import { LOST_REQUEST, openStories } from './stories.ts';

const stories = openStories();

const MINUTE = 60_000;

const AGENTS = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
};

/** Signs in on another device, then advances the clock by a minute. */
async function signInElsewhere(person: Person, agent: keyof typeof AGENTS, input = {}) {
  const signedIn = await person.login(input, { headers: { 'user-agent': AGENTS[agent] } });
  stories.app.clock.advance(MINUTE);
  return signedIn;
}

const open = (person: Person, path = '/account', options?: BrowserContextOptions): Promise<BrowserPage> =>
  stories.openAs(person, path, options);

/** Simulates a return to this page. */
const comeBack = (page: Page) => page.evaluate("void window.dispatchEvent(new Event('focus'))");

const rows = (page: Page) => page.getByRole('list', { name: 'Your sessions' }).locator('> li');
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

async function withMember(): Promise<{ account: SeededAccount; member: Person }> {
  const account = await stories.app.seed.account();
  return { account, member: await account.addUser() };
}

test('an owner sees a summary of the policy and of their sessions, with links to both', async () => {
  const { owner } = await stories.app.seed.account();
  await signInElsewhere(owner, 'iphone');
  const { page } = await open(owner);
  await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  await page.getByText('Owner of Account').waitFor();
  await page.getByText('2 sessions, including this one').waitFor();
  await page
    .getByText(/You’ll be signed out after 3 days without activity, or on .+ at \d\d:\d\d at the latest\./)
    .waitFor();
  await expectNoAxeFindings(page);
  await page.getByRole('link', { name: 'Policy Strict: 3 days without activity, 14 days at most' }).click();
  await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: /^Your sessions 2 sessions/ }).click();
  await page.waitForURL(`${stories.app.url}/account/sessions`);
});

test('an owner who loses the role sees whom to ask on the same page', async () => {
  const account = await stories.app.seed.account();
  const former = await account.addUser('OWNER');
  const { page } = await open(former, '/account/security');
  await page.getByRole('region', { name: 'Session policy' }).getByText('Strict').first().waitFor();
  const owner = await account.owner.login();
  const { errors } = await owner.gql(
    'mutation ($id: ID!) { setUserRole(userId: $id, role: MEMBER) { role } }',
    {
      id: former.id,
    },
  );
  expect(errors).toBeUndefined();
  await comeBack(page);
  await page.getByRole('heading', { level: 1, name: 'Owners only' }).waitFor();
  expect(await page.getByRole('link', { name: 'Policy' }).count()).toBe(0);
});

test('a member sees nothing of the policy of the account', async () => {
  const { member } = await withMember();
  const { page } = await open(member);
  await page.getByText('Member of Account').waitFor();
  await page.getByText('Signed in only here').waitFor();
  expect(await page.getByRole('link', { name: 'Policy' }).count()).toBe(0);
  await page.getByRole('link', { name: /^Password/ }).click();
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor();
});

test('own sessions are listed with this one first, where they are, and when they end', async () => {
  const { account, member } = await withMember();
  await signInElsewhere(account.owner, 'edge');
  await signInElsewhere(member, 'iphone', { appType: 'TENANT_APP' });
  await signInElsewhere(member, 'firefox');
  const { page } = await open(member, '/account/sessions');
  await rows(page).nth(2).waitFor();
  const texts = await rows(page).allTextContents();
  expect(texts).toHaveLength(3);
  expect(texts[0]).toMatch(/This session.*Control panel.*127\.0\.0\.1.*Signed in just now.*Active now/);
  expect(texts[1]).toMatch(/^Firefox on Windows.*Signed in 1 minute ago.*Last active 1 minute ago/);
  expect(texts[1]).toMatch(/Ends .+ at \d\d:\d\d if not used \(3-day idle limit\)/);
  expect(texts[2]).toMatch(/^Safari on iOS.*Your application.*Signed in 2 minutes ago/);
  await expectNoAxeFindings(page);
});

test('a session that ends at its absolute limit names that limit', async () => {
  const { account, member } = await withMember();
  const owner = await account.owner.login();
  await owner.gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  const { page } = await open(member, '/account/sessions');
  await page.getByText(/Ends at \d\d:\d\d \(1-hour absolute limit\)/).waitFor();
});

test('a browser that is signed out from here lands on the sign-in page and is told why', async () => {
  const { member } = await withMember();
  const there = await open(member, '/account');
  await there.page.getByRole('heading', { name: 'Your account' }).waitFor();
  stories.app.clock.advance(MINUTE);
  const { page } = await open(member, '/account/sessions');
  await rows(page).nth(1).waitFor();
  await rows(page)
    .nth(1)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  const dialog = page.getByRole('alertdialog', { name: /^Sign out .+\?$/ });
  await dialog.getByText('sent to the sign-in page right away').waitFor();
  await expectNoAxeFindings(page);
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await status(page, 'was signed out.').waitFor();
  await page.getByText('You’re signed in only here.').waitFor();
  expect(await rows(page).count()).toBe(1);
  await there.page.waitForURL(/\/login\?reason=signed_out&cause=revoked_by_user/);
  await page
    .getByRole('list', { name: 'Recently ended' })
    .getByText('Signed out from another session')
    .waitFor();
  // The pressed button is gone; the focus has moved to the list.
  await page.locator('ul:focus').waitFor();
  await page.getByText('Didn’t recognise that session?').waitFor();
  await expectNoAxeFindings(page);
  await page.getByRole('link', { name: 'Change your password' }).click();
  await page.getByLabel('Current password').and(page.locator(':focus')).waitFor();
});

test('a session says how its user signed in, and the activity lists what happened', async () => {
  const { account, member } = await withMember();
  const owner = await account.owner.login();
  const shop = backEnd(stories.app, (await stories.app.seed.serviceKey(account.id, { name: 'Shop' })).key);
  await shop.create({ userId: member.id });
  await member.tryLogin({ password: 'not the right one' });
  stories.app.clock.advance(MINUTE);
  const elsewhere = await signInElsewhere(member, 'iphone');
  await owner.gql('mutation ($id: ID!) { revokeSession(sessionId: $id) { revokedCount } }', {
    id: elsewhere.sessionId,
  });
  const { page } = await open(member, '/account/sessions', { viewport: { width: 320, height: 640 } });
  await rows(page).nth(1).waitFor();
  const texts = await rows(page).allTextContents();
  expect(texts[0]).toContain('By password');
  expect(texts[1]).toContain('In an application');
  const activity = page.getByRole('region', { name: 'Your activity' });
  await activity.getByText(/Owner \w+ signed member-\w+ \(you\) out of one session/).waitFor();
  await activity.getByText(/member-\w+ \(you\) signed in to Shop/).waitFor();
  await activity.getByText(`Someone failed to sign in as ${member.email}`).waitFor();
  expect(await page.getByText(account.owner.email).count()).toBe(0);
  expect(await page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth')).toBe(false);
  await expectNoAxeFindings(page);
});

test('signing out everywhere else keeps this session and counts the others', async () => {
  const { account, member } = await withMember();
  const bystander = await account.owner.login();
  for (const agent of ['iphone', 'firefox', 'edge'] as const) await signInElsewhere(member, agent);
  const { page } = await open(member, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Sign out of 3 other sessions?' });
  await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Sign out everywhere else' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await status(page, 'You were signed out of 3 other sessions.').waitFor();
  await page.getByText('You’re signed in only here.').waitFor();
  expect(await page.getByRole('button', { name: 'Sign out everywhere else' }).count()).toBe(0);
  await page.locator('ul:focus').waitFor();
  expect((await bystander.gql('{ viewer { id } }')).errors).toBeUndefined();
});

test('a connection lost while signing out everywhere else: the rest is named and can be retried', async () => {
  const { member } = await withMember();
  for (const agent of ['iphone', 'firefox', 'edge'] as const) await signInElsewhere(member, agent);
  const { page } = await open(member, '/account/sessions');
  stories.mayLog(LOST_REQUEST);
  let calls = 0;
  await page.route('**/graphql', (route) => {
    const isEnd = route.request().postData()?.includes('"operationName":"OtherSessionsRevoke"');
    return isEnd && ++calls === 2 ? route.abort() : route.fallback();
  });
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const dialog = page.getByRole('alertdialog');
  const confirm = dialog.getByRole('button', { name: 'Sign out everywhere else' });
  await confirm.click();
  await dialog
    .getByRole('alert')
    .filter({ hasText: 'Signed out 2 sessions, but not 1. Couldn’t reach Curfew' })
    .waitFor();
  await confirm.click();
  await status(page, 'You were signed out of 1 other session.').waitFor();
  await page.getByText('You’re signed in only here.').waitFor();
});

test('a session that starts or ends elsewhere moves no row', async () => {
  const { member } = await withMember();
  const first = await signInElsewhere(member, 'iphone');
  await signInElsewhere(member, 'firefox');
  const { page } = await open(member, '/account/sessions');
  await rows(page).nth(2).waitFor();
  await first.gql('mutation { logout { ended } }');
  await signInElsewhere(member, 'edge');
  await comeBack(page);
  await rows(page).nth(3).waitFor();
  const texts = await rows(page).allTextContents();
  expect(
    texts.map((text) =>
      /^(.+? on \w+?)(Ended|New|This session|Control)/.exec(text.replace('New device', ''))?.slice(1, 3),
    ),
  ).toEqual([
    [expect.stringContaining('Chrom'), 'This session'],
    ['Firefox on Windows', 'Control'],
    ['Safari on iOS', 'Ended'],
    ['Microsoft Edge on Windows', 'New'],
  ]);
  await page.getByRole('list', { name: 'Recently ended' }).getByText('Signed out').waitFor();
});

test('this session has its own sign-out button and leaves no banner on the sign-in page', async () => {
  const { member } = await withMember();
  const { page } = await open(member, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out here' }).click();
  await page.waitForURL(/\/login/);
  expect(page.url()).not.toContain('reason=');
});

test('a list that fails to load can be retried, and a loaded list stays', async () => {
  const { member } = await withMember();
  const { page } = await open(member);
  const restore = await stories.lose(page, 'AccountSessions');
  await page.getByRole('navigation').getByRole('link', { name: 'Your sessions' }).click();
  const failure = page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' });
  await failure.waitFor();
  await page.getByText('No sessions have ended yet.').waitFor();
  await expectNoAxeFindings(page);
  await restore();
  await failure.getByRole('button', { name: 'Try again' }).click();
  await rows(page).first().waitFor();
  expect(await failure.count()).toBe(0);

  const restoreAgain = await stories.lose(page, 'AccountSessions');
  await comeBack(page);
  await failure.waitFor();
  expect(await rows(page).count()).toBe(1);
  await restoreAgain();
});

test('a changed password signs out everywhere else and says in how many places', async () => {
  const { member } = await withMember();
  await signInElsewhere(member, 'iphone');
  const there = await open(member);
  await there.page.getByRole('heading', { name: 'Your account' }).waitFor();
  const { page } = await open(member, '/account/sessions');
  const next = 'seven quiet green lamps';
  // By keyboard only, from the first field on.
  await page.getByLabel('Current password').focus();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Tab');
  await page.keyboard.type(next);
  await page.keyboard.press('Tab');
  await page.keyboard.type(next);
  await page.keyboard.press('Enter');
  await status(page, 'Password changed. You were signed out of 2 other sessions.').waitFor();
  await there.page.waitForURL(/reason=signed_out&cause=password_changed/);
  expect(await page.getByLabel('Current password').inputValue()).toBe('');
  await page.getByRole('list', { name: 'Recently ended' }).getByText('Password changed').first().waitFor();
  const stored = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  expect(stored).not.toContain(next);
  expect((await member.tryLogin({ password: next })).errors).toBeUndefined();
  await expectNoAxeFindings(page);
});

test('an invalid password is rejected at its field, by the page and by the server', async () => {
  const { member } = await withMember();
  const { page } = await open(member, '/account/sessions');
  const current = page.getByLabel('Current password');
  const next = page.getByLabel('New password', { exact: true });
  const again = page.getByLabel('Confirm new password');
  const submit = page.getByRole('button', { name: 'Change password' });

  await submit.click();
  await page.getByText('Enter your current password.').waitFor();
  await current.and(page.locator(':focus')).waitFor();
  expect(await current.getAttribute('aria-invalid')).toBe('true');

  await current.fill('not my password at all');
  await next.fill(member.email);
  await submit.click();
  await page.getByText('Don’t use your e-mail address').waitFor();
  await next.fill('seven quiet green lamps');
  await again.fill('seven quiet green lamp');
  await submit.click();
  await page.getByText('The passwords don’t match.').waitFor();
  await again.fill('seven quiet green lamps');
  await submit.click();
  await page.getByText('That’s not your current password.').waitFor();
  await current.and(page.locator(':focus')).waitFor();
  await expectNoAxeFindings(page);
});

test('after too many attempts the page names the wait', async () => {
  const strict = await stories.startAnother({ env: { LOGIN_FAILURES_PER_PAIR: '1' } });
  const { owner } = await strict.seed.account();
  const { page } = await stories.newPage();
  await signIn(page, strict.url, { email: owner.email, password: PASSWORD }, '/account/sessions');
  await page.getByLabel('New password', { exact: true }).fill('seven quiet green lamps');
  await page.getByLabel('Confirm new password').fill('seven quiet green lamps');
  for (let guess = 1; guess <= 2; guess += 1) {
    await page.getByLabel('Current password').fill(`guess ${guess}`);
    await page.getByRole('button', { name: 'Change password' }).click();
    if (guess === 1) await page.getByText('That’s not your current password.').waitFor();
  }
  await page.getByRole('alert').filter({ hasText: 'Too many attempts. Try again in 15 minutes.' }).waitFor();
});

test('both pages fit 320 px, and axe finds nothing in the dark', async () => {
  const { owner } = await stories.app.seed.account();
  await signInElsewhere(owner, 'edge', { appType: 'TENANT_APP' });
  const { page } = await open(owner, '/account', {
    viewport: { width: 320, height: 640 },
    colorScheme: 'dark',
  });
  const isTooWide = () => page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
  await page.getByText('2 sessions, including this one').waitFor();
  expect(await isTooWide()).toBe(false);
  await expectNoAxeFindings(page);
  await page.goto(`${stories.app.url}/account/sessions`);
  await rows(page).nth(1).waitFor();
  expect(await isTooWide()).toBe(false);
  await expectNoAxeFindings(page);
});
