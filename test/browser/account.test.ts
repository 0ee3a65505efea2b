import type { BrowserContextOptions, Page } from 'playwright-core';
import { PASSWORD, type Person, type SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import type { BrowserPage } from './browser.ts';
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

/** A sign-in elsewhere, a minute before whatever comes next. */
async function signInElsewhere(person: Person, agent: keyof typeof AGENTS, input = {}) {
  const signedIn = await person.login(input, { headers: { 'user-agent': AGENTS[agent] } });
  stories.app.clock.advance(MINUTE);
  return signedIn;
}

const open = (person: Person, path = '/account', options?: BrowserContextOptions): Promise<BrowserPage> =>
  stories.openAs(person, path, options);

/** As if somebody had been elsewhere and came back to this page. */
const comeBack = (page: Page) => page.evaluate("void window.dispatchEvent(new Event('focus'))");

const rows = (page: Page) => page.getByRole('list', { name: 'Your sessions' }).locator('> li');
const status = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });

async function withMember(): Promise<{ account: SeededAccount; member: Person }> {
  const account = await stories.app.seed.account();
  return { account, member: await account.addUser() };
}

test('an owner sees the policy and their sessions in words, and gets to both', async () => {
  const { owner } = await stories.app.seed.account();
  await signInElsewhere(owner, 'iphone');
  const { page } = await open(owner);
  await page.getByRole('heading', { level: 1, name: /^Hello, Owner/ }).waitFor();
  await page.getByText(`${owner.email}, an owner of Account`).waitFor();
  await page.getByText('Signed in here and in 1 other place').waitFor();
  await page
    .getByText(/You are signed out after 3 days without activity; at the latest on .+, \d\d:\d\d\./)
    .waitFor();
  await expectNoAxeFindings(page);
  await page
    .getByRole('link', { name: 'Session security Strict: 3 days without activity, 14 days at most' })
    .click();
  await page.getByRole('heading', { level: 1, name: 'Session security' }).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: /^Your sessions Signed in here/ }).click();
  await page.waitForURL(`${stories.app.url}/account/sessions`);
});

test('an owner who has just lost the role is told whom to ask, on the very page', async () => {
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
  await page.getByRole('heading', { level: 1, name: 'For owners of the account' }).waitFor();
  expect(await page.getByRole('link', { name: 'Session security' }).count()).toBe(0);
});

test('a member sees nothing of the policy of the account', async () => {
  const { member } = await withMember();
  const { page } = await open(member);
  await page.getByText(`${member.email}, a member of Account`).waitFor();
  await page.getByText('Signed in here, and nowhere else').waitFor();
  expect(await page.getByRole('link', { name: 'Session security' }).count()).toBe(0);
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
  expect(texts[1]).toMatch(/Ends .+ unless used \(idle limit, 3 days\)/);
  expect(texts[2]).toMatch(/^Safari on iOS.*Your application.*Signed in 2 minutes ago/);
  await expectNoAxeFindings(page);
});

test('a session at its absolute deadline is said to end whatever happens', async () => {
  const { account, member } = await withMember();
  const owner = await account.owner.login();
  await owner.gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  const { page } = await open(member, '/account/sessions');
  await page.getByText(/Ends \d\d:\d\d whatever happens \(absolute limit, 1 hour\)/).waitFor();
});

test('a browser that is signed out from here lands on the sign-in page and is told why', async () => {
  const { member } = await withMember();
  const there = await open(member, '/account');
  await there.page.getByRole('heading', { name: /^Hello/ }).waitFor();
  stories.app.clock.advance(MINUTE);
  const { page } = await open(member, '/account/sessions');
  await rows(page).nth(1).waitFor();
  await rows(page)
    .nth(1)
    .getByRole('button', { name: /^Sign out/ })
    .click();
  const dialog = page.getByRole('alertdialog', { name: /^Sign out .+\?$/ });
  await dialog.getByText('sent to the sign-in page at once').waitFor();
  await expectNoAxeFindings(page);
  await dialog.getByRole('button', { name: 'Sign out' }).click();
  await status(page, 'was signed out.').waitFor();
  await page.getByText('Here, and nowhere else.').waitFor();
  expect(await rows(page).count()).toBe(1);
  await there.page.waitForURL(/\/login\?reason=signed_out&cause=revoked_by_user/);
  await page
    .getByRole('list', { name: 'Recently ended' })
    .getByText('Signed out from another session')
    .waitFor();
  // The button that was pressed is gone; the focus is in the list, not lost.
  await page.locator('ul:focus').waitFor();
});

test('everywhere else: this session stays, and the others are counted', async () => {
  const { account, member } = await withMember();
  const bystander = await account.owner.login();
  for (const agent of ['iphone', 'firefox', 'edge'] as const) await signInElsewhere(member, agent);
  const { page } = await open(member, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Sign out in 3 other places?' });
  await dialog.getByRole('button', { name: 'Cancel' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Sign out everywhere else' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await status(page, 'You were signed out in 3 other places.').waitFor();
  await page.getByText('Here, and nowhere else.').waitFor();
  expect(await page.getByRole('button', { name: 'Sign out everywhere else' }).count()).toBe(0);
  await page.locator('ul:focus').waitFor();
  expect((await bystander.gql('{ viewer { id } }')).errors).toBeUndefined();
});

test('everywhere else with a lost connection in the middle: what is left is said and can be tried again', async () => {
  const { member } = await withMember();
  for (const agent of ['iphone', 'firefox', 'edge'] as const) await signInElsewhere(member, agent);
  const { page } = await open(member, '/account/sessions');
  stories.mayLog(LOST_REQUEST);
  let calls = 0;
  await page.route('**/graphql', (route) => {
    const isEnd = route.request().postData()?.includes('"operationName":"AccountEndSession"');
    return isEnd && ++calls === 2 ? route.abort() : route.fallback();
  });
  await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  const dialog = page.getByRole('alertdialog');
  const confirm = dialog.getByRole('button', { name: 'Sign out everywhere else' });
  await confirm.click();
  await dialog
    .getByRole('alert')
    .filter({ hasText: '2 places were signed out, 1 not. Curfew could not be reached' })
    .waitFor();
  await confirm.click();
  await status(page, 'You were signed out in 1 other place.').waitFor();
  await page.getByText('Here, and nowhere else.').waitFor();
});

test('what ends or starts elsewhere moves no row', async () => {
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
    texts.map((text) => /^(.+? on \w+?)(Ended|New|This session|Control)/.exec(text)?.slice(1, 3)),
  ).toEqual([
    [expect.stringContaining('Chrom'), 'This session'],
    ['Firefox on Windows', 'Control'],
    ['Safari on iOS', 'Ended'],
    ['Microsoft Edge on Windows', 'New'],
  ]);
  await page.getByRole('list', { name: 'Recently ended' }).getByText('Signed out').waitFor();
});

test('this session is left with its own button, without a banner on the sign-in page', async () => {
  const { member } = await withMember();
  const { page } = await open(member, '/account/sessions');
  await page.getByRole('button', { name: 'Sign out here' }).click();
  await page.waitForURL(/\/login/);
  expect(page.url()).not.toContain('reason=');
});

test('a list that cannot be loaded can be tried again, and one that is there stays', async () => {
  const { member } = await withMember();
  const { page } = await open(member);
  const restore = await stories.lose(page, 'AccountSessions');
  await page.getByRole('navigation').getByRole('link', { name: 'Your sessions' }).click();
  const failure = page.getByRole('alert').filter({ hasText: 'Curfew could not be reached' });
  await failure.waitFor();
  await page.getByText('None of your sessions has ended yet.').waitFor();
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
  await there.page.getByRole('heading', { name: /^Hello/ }).waitFor();
  const { page } = await open(member, '/account/sessions');
  const next = 'seven quiet green lamps';
  // By keyboard alone, from the first field on.
  await page.getByLabel('Current password').focus();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Tab');
  await page.keyboard.type(next);
  await page.keyboard.press('Tab');
  await page.keyboard.type(next);
  await page.keyboard.press('Enter');
  await status(page, 'Password changed. You were signed out in 2 other places.').waitFor();
  await there.page.waitForURL(/reason=signed_out&cause=password_changed/);
  expect(await page.getByLabel('Current password').inputValue()).toBe('');
  await page
    .getByRole('list', { name: 'Recently ended' })
    .getByText('The password was changed')
    .first()
    .waitFor();
  const stored = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  expect(stored).not.toContain(next);
  expect((await member.tryLogin({ password: next })).errors).toBeUndefined();
  await expectNoAxeFindings(page);
});

test('a password that will not do is refused at its field, before and after asking the server', async () => {
  const { member } = await withMember();
  const { page } = await open(member, '/account/sessions');
  const current = page.getByLabel('Current password');
  const next = page.getByLabel('New password', { exact: true });
  const again = page.getByLabel('The new password again');
  const submit = page.getByRole('button', { name: 'Change password' });

  await submit.click();
  await page.getByText('Enter the password you have now.').waitFor();
  await current.and(page.locator(':focus')).waitFor();
  expect(await current.getAttribute('aria-invalid')).toBe('true');

  await current.fill('not my password at all');
  await next.fill(member.email);
  await submit.click();
  await page.getByText('Your e-mail is the first thing').waitFor();
  await next.fill('seven quiet green lamps');
  await again.fill('seven quiet green lamp');
  await submit.click();
  await page.getByText('The two passwords differ.').waitFor();
  await again.fill('seven quiet green lamps');
  await submit.click();
  await page.getByText('This is not your current password.').waitFor();
  await current.and(page.locator(':focus')).waitFor();
  await expectNoAxeFindings(page);
});

test('who guesses too often is told how long to wait', async () => {
  const strict = await stories.startAnother({ env: { LOGIN_FAILURES_PER_PAIR: '1' } });
  const { owner } = await strict.seed.account();
  const { page } = await stories.newPage();
  await signIn(page, strict.url, { email: owner.email, password: PASSWORD }, '/account/sessions');
  await page.getByLabel('New password', { exact: true }).fill('seven quiet green lamps');
  await page.getByLabel('The new password again').fill('seven quiet green lamps');
  for (let guess = 1; guess <= 2; guess += 1) {
    await page.getByLabel('Current password').fill(`guess ${guess}`);
    await page.getByRole('button', { name: 'Change password' }).click();
    if (guess === 1) await page.getByText('This is not your current password.').waitFor();
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
  await page.getByText('Signed in here and in 1 other place').waitFor();
  expect(await isTooWide()).toBe(false);
  await expectNoAxeFindings(page);
  await page.goto(`${stories.app.url}/account/sessions`);
  await rows(page).nth(1).waitFor();
  expect(await isTooWide()).toBe(false);
  await expectNoAxeFindings(page);
});
