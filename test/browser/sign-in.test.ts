import type { BrowserContextOptions, Page } from 'playwright-core';
import { expectNoAxeFindings } from './axe.ts';
import { type Credentials, signIn } from './signing-in.ts';
import { openStories } from './stories.ts';

const stories = openStories({ demo: true });

const form = (page: Page) => ({
  email: page.getByLabel('E-mail'),
  password: page.getByLabel('Password'),
  submit: page.getByRole('button', { name: 'Sign in' }),
});

async function fillIn(page: Page, { email, password }: Credentials = stories.app.demo.owner): Promise<void> {
  const fields = form(page);
  await fields.email.fill(email);
  await fields.password.fill(password);
  await fields.submit.click();
}

async function open(path: string, options?: BrowserContextOptions): Promise<Page> {
  const { page } = await stories.newPage(options);
  await page.goto(stories.app.url + path);
  return page;
}

/** Opens a page without the session cookie, but with the stored data of the browser. */
async function withoutSession(page: Page, path: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(stories.app.url + path);
}

const isFocused = (page: Page, name: string) => page.locator(`input[name=${name}]:focus`).waitFor();

test('a user who asks for a page signs in and gets it, and Back does not lead to the form', async () => {
  const page = await open('/login');
  await isFocused(page, 'email');
  expect(await page.title()).toBe('Sign in · Curfew');
  await page.goto(`${stories.app.url}/account/sessions`);
  await page.waitForURL(`${stories.app.url}/login?next=%2Faccount%2Fsessions`);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account/sessions`);
  await page.locator('h1:focus').waitFor();
  await page.goBack();
  await page.waitForURL(`${stories.app.url}/account`);
});

test.each([
  '//evil.example/account',
  '/\\evil.example/account',
  'https://evil.example/account',
  '/login?next=/login',
])('after signing in, %j leads to the home page', async (next) => {
  const page = await open(`/login?${new URLSearchParams({ next })}`);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
});

test('the banner names the end reason, also after a reload', async () => {
  const { page } = await stories.newPage();
  const banner = page.getByRole('status').locator('[data-tone]');
  for (const [query, text, tone] of [
    ['reason=session_expired&limit=idle', 'because you were inactive', 'cyan'],
    ['reason=session_expired&limit=absolute', 'reached its absolute limit', 'cyan'],
    ['reason=session_expired', 'Your session has expired', 'cyan'],
    ['reason=signed_out&cause=revoked_by_owner', 'An owner of your account signed you out', 'neutral'],
    ['reason=signed_out&cause=revoked_by_user', 'from another of your sessions', 'neutral'],
    ['reason=signed_out&cause=revoked_by_service', 'A service connected to your account', 'neutral'],
    ['reason=signed_out&cause=password_changed', 'your password was changed', 'neutral'],
    ['reason=signed_out&cause=user_deactivated', 'your access was removed', 'neutral'],
    ['reason=signed_out&cause=policy_changed', 'shorter limits now apply', 'neutral'],
    ['reason=signed_out&cause=session_limit', 'you signed in on another device', 'neutral'],
    ['reason=signed_out&cause=refresh_token_reused', 'signed out for your safety', 'neutral'],
    ['reason=signed_out', 'You have been signed out', 'neutral'],
  ] as const) {
    await page.goto(`${stories.app.url}/login?${query}`);
    await banner.filter({ hasText: text }).waitFor();
    expect([query, await banner.getAttribute('data-tone')]).toEqual([query, tone]);
  }
  await page.reload();
  await banner.filter({ hasText: 'You have been signed out' }).waitFor();
  expect(page.url()).toBe(`${stories.app.url}/login?reason=signed_out`);
});

test('an address without a known reason shows no banner, and none of its text is ever shown', async () => {
  const planted = 'Call+0900+123';
  for (const query of ['', `reason=${planted}`, `cause=${planted}`, 'limit=idle']) {
    const page = await open(`/login?${query}`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('main [data-tone]').count()).toBe(0);
  }
  for (const query of [`reason=signed_out&cause=${planted}`, `reason=session_expired&limit=${planted}`]) {
    const page = await open(`/login?${query}`);
    await page.locator('main [data-tone]').waitFor();
    expect(await page.locator('body').textContent()).not.toContain('0900');
  }
});

test('the form shows the e-mail address and limits of the last user, unless another one signs in', async () => {
  const { page } = await stories.newPage();
  const { email } = stories.app.demo.owner;
  await signIn(page, stories.app.url, stories.app.demo.owner);
  await withoutSession(page, '/login?reason=session_expired&limit=idle');
  const fields = form(page);
  await isFocused(page, 'password');
  expect(await fields.email.inputValue()).toBe(email);
  const hint = page.getByText(
    /^You’ll be signed out after .* without activity, and at most .* after signing in/,
  );
  await hint.waitFor();
  await page.getByText('We’ll warn you 5 minutes before.').waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /inactive for \d+ (minute|hour|day)/ })
    .waitFor();

  // Upper case and spaces do not change the address; another letter does.
  await fields.email.fill(` ${email.toUpperCase()} `);
  await hint.waitFor();
  await fields.email.fill(`x${email}`);
  await page.getByText('owners of your account decide how long you stay signed in').waitFor();

  await fields.email.fill(email);
  await page.getByRole('button', { name: 'Not you?' }).click();
  await isFocused(page, 'email');
  expect(await fields.email.inputValue()).toBe('');
  await page.getByText('owners of your account decide how long you stay signed in').waitFor();
  await page.reload();
  expect(await fields.email.inputValue()).toBe('');
  await isFocused(page, 'email');
});

test('the banner mentions unsaved changes only if there are any', async () => {
  const page = await open('/login?reason=session_expired&limit=idle');
  const hint = page.getByText('Your unsaved changes are kept in this tab.');
  await page.getByText('because you were inactive').waitFor();
  expect(await hint.count()).toBe(0);
  await page.evaluate('sessionStorage.setItem("curfew.draft.someone.policy", "{}")');
  await page.reload();
  await hint.waitFor();
});

test('an empty field shows an error, gets the focus, and costs no attempt', async () => {
  const page = await open('/login');
  const { email, password, submit } = form(page);
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.postData()?.includes('SignIn')) calls.push(request.url());
  });
  await submit.click();
  await page.getByText('Enter your e-mail address.').waitFor();
  await page.getByText('Enter your password.').waitFor();
  await isFocused(page, 'email');
  expect(await email.getAttribute('aria-invalid')).toBe('true');

  await email.fill('someone@demo.curfew.test');
  await email.press('Enter');
  await isFocused(page, 'password');
  expect(await email.getAttribute('aria-invalid')).toBeNull();
  expect(await password.getAttribute('aria-invalid')).toBe('true');
  expect(calls).toEqual([]);
});

test('a wrong password shows one message, which does not reveal what was wrong', async () => {
  const page = await open('/login');
  const { password } = form(page);
  const messages: (string | null)[] = [];
  for (const email of [stories.app.demo.owner.email, 'unknown@demo.curfew.test']) {
    await fillIn(page, { email, password: 'not the password' });
    const alert = page.getByRole('alert').filter({ hasText: /\w/ });
    await alert.waitFor();
    messages.push(await alert.textContent());
    await isFocused(page, 'password');
    expect(await password.inputValue()).toBe('');
  }
  expect(messages[0]).toMatch(/^Wrong e-mail or password\.$/);
  expect(messages[1]).toBe(messages[0]);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
});

test('after too many attempts the page names the wait', async () => {
  const strict = await stories.startAnother({ env: { LOGIN_FAILURES_PER_PAIR: '1' } });
  const { page } = await stories.newPage();
  await page.goto(`${strict.url}/login`);
  const wrong = { email: 'someone@demo.curfew.test', password: 'not the password' };
  await fillIn(page, wrong);
  await page.getByRole('alert').filter({ hasText: 'Wrong e-mail or password.' }).waitFor();
  await fillIn(page, wrong);
  await page.getByRole('alert').filter({ hasText: 'Try again in 15 minutes' }).waitFor();
});

test('without a response the input stays, and the next attempt works', async () => {
  const page = await open('/login');
  const { password, submit } = form(page);
  const restore = await stories.lose(page);
  await fillIn(page);
  await page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  expect(await password.inputValue()).toBe(stories.app.demo.owner.password);
  await restore();
  await submit.click();
  await page.waitForURL(`${stories.app.url}/account`);
});

test('repeated clicks sign in only once', async () => {
  const page = await open('/login');
  let calls = 0;
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('SignIn')) {
      calls += 1;
      asked.resolve();
      await held.promise;
    }
    await route.continue();
  });
  await fillIn(page);
  await asked.promise;
  const busy = page.getByRole('button', { name: 'Signing in…' });
  await busy.click({ force: true });
  await page.getByLabel('Password').press('Enter');
  held.resolve();
  await page.waitForURL(`${stories.app.url}/account`);
  expect(calls).toBe(1);
});

test('signing in in one tab also opens the requested pages of the others', async () => {
  const first = await stories.newPage();
  await first.page.goto(`${stories.app.url}/login?next=/account/sessions`);
  await isFocused(first.page, 'email');
  const second = await first.page.context().newPage();
  await second.goto(`${stories.app.url}/login?next=/account`);
  await fillIn(second);
  await second.waitForURL(`${stories.app.url}/account`);
  await first.page.waitForURL(`${stories.app.url}/account/sessions`);

  // A signed-in user skips the form.
  await second.goto(`${stories.app.url}/login?reason=signed_out&next=/account/sessions`);
  await second.waitForURL(`${stories.app.url}/account/sessions`);
});

test('signing in works by keyboard only', async () => {
  const { page } = await stories.newPage();
  const { email, password } = stories.app.demo.owner;
  await signIn(page, stories.app.url, stories.app.demo.owner);
  await withoutSession(page, '/login');
  await isFocused(page, 'password');
  await page.keyboard.press('Shift+Tab');
  expect(await page.locator(':focus').textContent()).toBe('Not you?');
  await page.keyboard.press('Enter');
  await isFocused(page, 'email');
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  const field = form(page).password;
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await field.getAttribute('type')).toBe('text');
  expect(await page.locator(':focus').textContent()).toBe('Hide password');
  await page.keyboard.press('Space');
  expect(await field.getAttribute('type')).toBe('password');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${stories.app.url}/account`);
});

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 320],
  ['dark', 320],
] as const)(
  'there are no axe findings in the %s scheme at %i pixels, in every state of the form',
  async (colorScheme, width) => {
    const page = await open('/login', { colorScheme, viewport: { width, height: 640 } });
    await isFocused(page, 'email');
    await expectNoAxeFindings(page);
    await form(page).submit.click();
    await page.getByText('Enter your password.').waitFor();
    await expectNoAxeFindings(page);
    await fillIn(page, { email: 'unknown@demo.curfew.test', password: 'not the password' });
    await page.getByRole('alert').filter({ hasText: 'Wrong e-mail or password.' }).waitFor();
    await expectNoAxeFindings(page);
    for (const query of [
      'reason=session_expired&limit=idle',
      'reason=signed_out&cause=refresh_token_reused',
    ]) {
      await page.goto(`${stories.app.url}/login?${query}`);
      await page.locator('main [data-tone]').waitFor();
      await expectNoAxeFindings(page);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  },
);
