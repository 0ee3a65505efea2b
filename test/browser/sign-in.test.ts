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

/** The session is gone, and what the browser remembers besides is not. */
async function withoutSession(page: Page, path: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(stories.app.url + path);
}

const isFocused = (page: Page, name: string) => page.locator(`input[name=${name}]:focus`).waitFor();

test('somebody who asks for a page signs in and gets it, and Back does not lead to the form', async () => {
  const page = await open('/login');
  expect(await page.title()).toBe('Sign in · Curfew');
  await isFocused(page, 'email');
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
])('after signing in, %j leads nowhere else than home', async (next) => {
  const page = await open(`/login?${new URLSearchParams({ next })}`);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
});

test('the banner says why the session ended, also after a reload', async () => {
  const { page } = await stories.newPage();
  const banner = page.getByRole('status').locator('[data-tone]');
  for (const [query, text, tone] of [
    ['reason=session_expired&limit=idle', 'because you had been inactive', 'cyan'],
    ['reason=session_expired&limit=absolute', 'reached its time limit', 'cyan'],
    ['reason=session_expired', 'Your session has expired', 'cyan'],
    ['reason=signed_out&cause=revoked_by_owner', 'An owner of your account signed you out', 'neutral'],
    ['reason=signed_out&cause=revoked_by_user', 'from another of your sessions', 'neutral'],
    ['reason=signed_out&cause=revoked_by_service', 'A service that works with your account', 'neutral'],
    ['reason=signed_out&cause=password_changed', 'your password was changed', 'neutral'],
    ['reason=signed_out&cause=user_deactivated', 'your user was deactivated', 'neutral'],
    ['reason=signed_out&cause=policy_changed', 'shorter limits for sessions', 'neutral'],
    ['reason=signed_out&cause=refresh_token_reused', 'signed out for safety', 'neutral'],
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

test('whoever signed in here last is greeted with their e-mail and limits, unless it is somebody else', async () => {
  const { page } = await stories.newPage();
  const { email } = stories.app.demo.owner;
  await signIn(page, stories.app.url, stories.app.demo.owner);
  await withoutSession(page, '/login?reason=session_expired&limit=idle');
  const fields = form(page);
  await isFocused(page, 'password');
  expect(await fields.email.inputValue()).toBe(email);
  const outlook = page.getByText(
    /^You will be signed out after .* without activity, and .* after signing in/,
  );
  await outlook.filter({ hasText: 'You are told 5 minutes before.' }).waitFor();
  await page
    .getByRole('status')
    .filter({ hasText: /inactive for \d+ (minute|hour|day)/ })
    .waitFor();

  // Upper case and blanks are the same address; another letter is another.
  await fields.email.fill(` ${email.toUpperCase()} `);
  await outlook.waitFor();
  await fields.email.fill(`x${email}`);
  await page.getByText('owners decide how long you stay signed in').waitFor();

  await fields.email.fill(email);
  await page.getByRole('button', { name: 'Not you?' }).click();
  await isFocused(page, 'email');
  expect(await fields.email.inputValue()).toBe('');
  await page.getByText('owners decide how long you stay signed in').waitFor();
  await page.reload();
  expect(await fields.email.inputValue()).toBe('');
  await isFocused(page, 'email');
});

test('only where something unsaved is kept does the banner say so', async () => {
  const page = await open('/login?reason=session_expired&limit=idle');
  const promise = page.getByText('What you had not saved yet is kept in this tab.');
  await page.getByText('because you had been inactive').waitFor();
  expect(await promise.count()).toBe(0);
  await page.evaluate('sessionStorage.setItem("curfew.draft.somebody.policy", "{}")');
  await page.reload();
  await promise.waitFor();
});

test('an empty field is named, has the focus, and costs no attempt', async () => {
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

  await email.fill('somebody@demo.curfew.test');
  await email.press('Enter');
  await isFocused(page, 'password');
  expect(await email.getAttribute('aria-invalid')).toBeNull();
  expect(await password.getAttribute('aria-invalid')).toBe('true');
  expect(calls).toEqual([]);
});

test('a wrong password is said once, without a hint at what was wrong, and can be corrected', async () => {
  const page = await open('/login');
  const { password } = form(page);
  const sentences: (string | null)[] = [];
  for (const email of [stories.app.demo.owner.email, 'nobody@demo.curfew.test']) {
    await fillIn(page, { email, password: 'not the password' });
    const alert = page.getByRole('alert').filter({ hasText: /\w/ });
    await alert.waitFor();
    sentences.push(await alert.textContent());
    await isFocused(page, 'password');
    expect(await password.inputValue()).toBe('');
  }
  expect(sentences[0]).toMatch(/do not go together/);
  expect(sentences[1]).toBe(sentences[0]);
  await fillIn(page);
  await page.waitForURL(`${stories.app.url}/account`);
});

test('somebody who tries too often is told how long to wait', async () => {
  const strict = await stories.startAnother({ env: { LOGIN_FAILURES_PER_PAIR: '1' } });
  const { page } = await stories.newPage();
  await page.goto(`${strict.url}/login`);
  const wrong = { email: 'somebody@demo.curfew.test', password: 'not the password' };
  await fillIn(page, wrong);
  await page.getByRole('alert').filter({ hasText: 'do not go together' }).waitFor();
  await fillIn(page, wrong);
  await page.getByRole('alert').filter({ hasText: 'Try again in 15 minutes' }).waitFor();
});

test('a server that does not answer leaves what was typed, and the next try works', async () => {
  const page = await open('/login');
  const { password, submit } = form(page);
  const restore = await stories.lose(page);
  await fillIn(page);
  await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor();
  expect(await password.inputValue()).toBe(stories.app.demo.owner.password);
  await restore();
  await submit.click();
  await page.waitForURL(`${stories.app.url}/account`);
});

test('an impatient person signs in once', async () => {
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

test('signing in in one tab takes the others along, each to its own page', async () => {
  const first = await stories.newPage();
  await first.page.goto(`${stories.app.url}/login?next=/account/sessions`);
  await isFocused(first.page, 'email');
  const second = await first.page.context().newPage();
  await second.goto(`${stories.app.url}/login?next=/account`);
  await fillIn(second);
  await second.waitForURL(`${stories.app.url}/account`);
  await first.page.waitForURL(`${stories.app.url}/account/sessions`);

  // And who is signed in already does not stop at the form.
  await second.goto(`${stories.app.url}/login?reason=signed_out&next=/account/sessions`);
  await second.waitForURL(`${stories.app.url}/account/sessions`);
});

test('everything can be done with the keyboard', async () => {
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
  expect(await page.locator(':focus').textContent()).toBe('Hide the password');
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
  'axe finds nothing in the %s scheme at %i pixels, whatever the form has to say',
  async (colorScheme, width) => {
    const page = await open('/login', { colorScheme, viewport: { width, height: 640 } });
    await isFocused(page, 'email');
    await expectNoAxeFindings(page);
    await form(page).submit.click();
    await page.getByText('Enter your password.').waitFor();
    await expectNoAxeFindings(page);
    await fillIn(page, { email: 'nobody@demo.curfew.test', password: 'not the password' });
    await page.getByRole('alert').filter({ hasText: 'do not go together' }).waitFor();
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

test('the sign-in page loads at most 200 kB of script, however much the rest of the dashboard has', async () => {
  const { page } = await stories.newPage();
  const loaded: Promise<number>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script')
      loaded.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await page.goto(`${stories.app.url}/login`, { waitUntil: 'networkidle' });
  const sizes = await Promise.all(loaded);
  expect(sizes.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
});
