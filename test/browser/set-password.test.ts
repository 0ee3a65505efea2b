import type { BrowserContextOptions, Page } from 'playwright-core';
import { expectNoAxeFindings } from './axe.ts';
import { signIn } from './signing-in.ts';
import { LOST_REQUEST, openStories } from './stories.ts';

const stories = openStories({ demo: true });

const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const inviteUser = 'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { setPasswordUrl } }';

let invited = 0;

/** Invites a colleague; returns the e-mail address and the link for the first password. */
async function invite(): Promise<{ email: string; link: string }> {
  const { email: ownerEmail, password } = stories.app.demo.owner;
  const owner = await stories.app.gql(login, { input: { email: ownerEmail, password } });
  const email = `new-${++invited}@demo.curfew.test`;
  const answer = await stories.app.gql(
    inviteUser,
    { input: { email, name: 'Noa New' } },
    { token: owner.data.login.accessToken },
  );
  return { email, link: answer.data.inviteUser.setPasswordUrl };
}

async function open(link: string, options?: BrowserContextOptions): Promise<Page> {
  const { page } = await stories.newPage(options);
  await page.goto(link);
  return page;
}

async function fillIn(page: Page, password: string, repeat = password) {
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('Confirm new password').fill(repeat);
  await page.keyboard.press('Enter');
}

const password = 'seven quiet green lamps';

test('an invited user sets a password, once', async () => {
  const { email, link } = await invite();
  const first = await open(link);
  await first.waitForURL(`${stories.app.url}/set-password`);
  await first.getByRole('heading', { name: 'Set your password' }).waitFor();
  expect(await first.title()).toBe('Set your password · Curfew');
  await fillIn(first, password);
  await first.getByText(`you’re signed in as ${email}`).waitFor();
  await first.locator('h1:focus').filter({ hasText: 'All set' }).waitFor();
  expect((await first.context().cookies()).map(({ name, httpOnly }) => ({ name, httpOnly }))).toEqual([
    { name: expect.stringMatching(/curfew_refresh$/) as string, httpOnly: true },
    { name: expect.stringMatching(/curfew_device$/) as string, httpOnly: true },
  ]);
  expect((await stories.app.gql(login, { input: { email, password } })).errors).toBeUndefined();

  await first.getByRole('link', { name: 'Go to your account' }).click();
  await first.waitForURL(`${stories.app.url}/account`);
  await first.reload();
  await first.getByRole('button', { name: 'Noa New' }).waitFor();

  const second = await open(link);
  await second.locator('h1:focus').filter({ hasText: 'This link no longer works' }).waitFor();
  await second.getByText('expired or was already used').waitFor();
  await second.getByText('Ask an owner of your account for a new one').waitFor();
  expect(await second.getByLabel('New password', { exact: true }).count()).toBe(0);
});

test('a live link names for whom it is, and where', async () => {
  const { email, link } = await invite();
  const page = await open(link);
  await page.getByText(`Noa New (${email})`).waitFor();
  await page.getByText('Member of Northwind Demo').waitFor();
});

test('while no one answers, the link can be opened again', async () => {
  const { email, link } = await invite();
  const { page } = await stories.newPage();
  const restore = await stories.lose(page, 'OpenPasswordLink');
  await page.goto(link);
  await page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await restore();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(email).waitFor();
});

test('a link that stops working while its page is open is told with the password', async () => {
  const { link } = await invite();
  const page = await open(link);
  await page.locator('#password:focus').waitFor();
  const other = await open(link);
  await fillIn(other, password);
  await other.getByRole('heading', { name: 'All set' }).waitFor();
  await fillIn(page, password);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
});

test('errors are shown at their field and cost no attempt', async () => {
  const { link } = await invite();
  const page = await open(link);
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.postData()?.includes('SetPassword')) calls.push(request.url());
  });

  await fillIn(page, 'short');
  await page.getByText('at least 15').waitFor();
  await page.locator('#password:focus').waitFor();

  await fillIn(page, 'x'.repeat(129));
  await page.getByText('at most 128').waitFor();

  await fillIn(page, password, 'something else entirely');
  await page.getByText('don’t match').waitFor();
  await page.locator('#repeat:focus').waitFor();
  expect(calls).toEqual([]);
});

test('after a password that the server rejects, the link still works', async () => {
  const { email, link } = await invite();
  const page = await open(link);
  await fillIn(page, email);
  await page.locator('#password-error').filter({ hasText: /\w/ }).waitFor();
  await fillIn(page, password);
  await page.getByRole('heading', { name: 'All set' }).waitFor();
});

test('without a response the form stays as it was', async () => {
  const { link } = await invite();
  const page = await open(link);
  await page.getByLabel('New password', { exact: true }).waitFor();
  const restore = await stories.lose(page);
  await fillIn(page, password);
  await page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await restore();
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'All set' }).waitFor();
});

test('after too many attempts the page names the wait', async () => {
  const strict = await stories.startAnother({ env: { LOGIN_FAILURES_PER_ADDRESS: '1' } });
  const page = await open(`${strict.url}/set-password#token=made-up`);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await page.goto(`${strict.url}/set-password#token=made-up-too`);
  await page.getByRole('alert').filter({ hasText: 'Try again in 15 minutes' }).waitFor();
});

test('without a token the page names where to get one', async () => {
  const page = await open(`${stories.app.url}/set-password`);
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  expect(await page.getByLabel('New password', { exact: true }).isVisible()).toBe(false);
  await page.getByRole('link', { name: 'Go to sign in' }).click();
  await page.waitForURL(`${stories.app.url}/login`);
});

test('an attempt without a response may have used the link, and the page says so', async () => {
  const { link } = await invite();
  const page = await open(link);
  await page.getByLabel('New password', { exact: true }).waitFor();
  stories.mayLog(LOST_REQUEST);
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('SetPassword')) await route.fetch();
    await route.abort();
  });
  await fillIn(page, password);
  await page.getByRole('alert').filter({ hasText: 'Couldn’t reach Curfew' }).waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByText('Your earlier attempt may have worked').waitFor();
  await page.getByRole('link', { name: 'Go to sign in' }).waitFor();
});

test('a second link pasted into the same tab replaces the first', async () => {
  const { link: used } = await invite();
  const first = await open(used);
  await fillIn(first, password);
  await first.getByRole('heading', { name: 'All set' }).waitFor();
  const page = await open(used);
  await page.getByRole('heading', { name: 'This link no longer works' }).waitFor();

  const { email, link } = await invite();
  await page.evaluate((address) => void Object.assign(globalThis, { location: address }), link);
  await page.getByRole('heading', { name: 'Set your password' }).waitFor();
  await page.waitForURL(`${stories.app.url}/set-password`);
  expect(await page.getByLabel('New password', { exact: true }).inputValue()).toBe('');
  await fillIn(page, password);
  await page.getByText(`you’re signed in as ${email}`).waitFor();
});

test('the new session replaces an existing one, in the other tabs too', async () => {
  const { email, link } = await invite();
  const { page: before } = await stories.newPage();
  await signIn(before, stories.app.url, stories.app.demo.member);
  const page = await before.context().newPage();
  await page.goto(link);
  await fillIn(page, password);
  await page.getByText(`you’re signed in as ${email}`).waitFor();
  await before.getByRole('button', { name: 'Noa New' }).waitFor();
});

test('the password can be looked at, and both fields with it', async () => {
  const page = await open((await invite()).link);
  const types = () =>
    Promise.all(
      [page.getByLabel('New password', { exact: true }), page.getByLabel('Confirm new password')].map(
        (field) => field.getAttribute('type'),
      ),
    );
  expect(await types()).toEqual(['password', 'password']);
  await page.getByLabel('Show passwords').check();
  expect(await types()).toEqual(['text', 'text']);
});

test.each([
  ['light', 1200],
  ['dark', 320],
] as const)('there are no axe findings in the %s scheme at %i pixels', async (colorScheme, width) => {
  const page = await open((await invite()).link, { colorScheme, viewport: { width, height: 640 } });
  await page.locator('#password:focus').waitFor();
  await expectNoAxeFindings(page);
  await fillIn(page, 'short');
  await page.getByText('at least 15').waitFor();
  await expectNoAxeFindings(page);
  await fillIn(page, password);
  await page.getByRole('heading', { name: 'All set' }).waitFor();
  await expectNoAxeFindings(page);
  await page.goto(`${stories.app.url}/set-password`);
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  await expectNoAxeFindings(page);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
});
