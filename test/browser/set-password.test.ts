import { startApp, type TestApp } from '../harness.ts';
import { type BrowserPage, launchBrowser, type TestBrowser } from './browser.ts';

let app: TestApp;
let browser: TestBrowser;

beforeAll(async () => {
  app = await startApp({ demo: true });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const inviteUser = 'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { setPasswordUrl } }';

let invited = 0;

/** A new colleague's e-mail and the link for their first password. */
async function invite(): Promise<{ email: string; link: string }> {
  const { email: ownerEmail, password } = app.demo.owner;
  const owner = await app.gql(login, { input: { email: ownerEmail, password } });
  const email = `new-${++invited}@demo.curfew.test`;
  const answer = await app.gql(
    inviteUser,
    { input: { email, name: 'Noa New' } },
    { token: owner.data.login.accessToken },
  );
  return { email, link: answer.data.inviteUser.setPasswordUrl };
}

async function open(link: string): Promise<BrowserPage> {
  const opened = await browser.newPage();
  await opened.page.goto(link);
  return opened;
}

async function fillIn({ page }: BrowserPage, password: string, repeat = password) {
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same password again').fill(repeat);
  await page.keyboard.press('Enter');
}

const password = 'seven quiet green lamps';

test('an invited user sets a password, once', async () => {
  const { email, link } = await invite();
  const first = await open(link);
  expect(first.page.url()).toBe(`${app.url}/set-password`);
  await fillIn(first, password);
  await first.page
    .getByRole('status')
    .filter({ hasText: `signed in as ${email}` })
    .waitFor();
  expect((await first.page.context().cookies()).map(({ name, httpOnly }) => ({ name, httpOnly }))).toEqual([
    { name: expect.stringMatching(/curfew_refresh$/) as string, httpOnly: true },
  ]);
  expect((await app.gql(login, { input: { email, password } })).errors).toBeUndefined();

  const second = await open(link);
  await fillIn(second, password);
  await second.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await second.page.getByText('used already, or it has expired').waitFor();

  for (const { foreignRequests, consoleErrors } of [first, second]) {
    expect(foreignRequests).toEqual([]);
    expect(consoleErrors).toEqual([]);
  }
});

test('mistakes are named at their field and cost no attempt', async () => {
  const { link } = await invite();
  const opened = await open(link);
  const { page } = opened;
  const calls: string[] = [];
  page.on('request', (request) => calls.push(request.url()));

  await fillIn(opened, 'short');
  await page.getByRole('alert').filter({ hasText: 'at least 12' }).waitFor();
  await page.locator('#password:focus').waitFor();

  await fillIn(opened, 'x'.repeat(129));
  await page.getByRole('alert').filter({ hasText: 'at most 128' }).waitFor();

  await fillIn(opened, password, 'something else entirely');
  await page.getByRole('alert').filter({ hasText: 'differ' }).waitFor();
  await page.locator('#repeat:focus').waitFor();
  expect(calls).toEqual([]);
});

test('a password that the server refuses can be replaced with the same link', async () => {
  const { email, link } = await invite();
  const opened = await open(link);
  await fillIn(opened, email);
  await opened.page.locator('#password-error').filter({ hasText: /\w/ }).waitFor();
  await fillIn(opened, password);
  await opened.page.getByRole('heading', { name: 'All set' }).waitFor();
});

test('a server that does not answer leaves the form as it was', async () => {
  const { link } = await invite();
  const opened = await open(link);
  const { page } = opened;
  await page.route('**/graphql', (route) => route.abort());
  await fillIn(opened, password);
  await page.getByRole('alert').filter({ hasText: 'could not be reached' }).waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Set password' }).click();
  await page.getByRole('heading', { name: 'All set' }).waitFor();
});

test('somebody who tries too often is told how long to wait', async () => {
  const strict = await startApp({ env: { LOGIN_FAILURES_PER_ADDRESS: '1' } });
  const opened = await open(`${strict.url}/set-password#token=made-up`);
  await fillIn(opened, password);
  await opened.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await opened.page.goto(`${strict.url}/set-password#token=made-up-too`);
  await fillIn(opened, password);
  await opened.page.getByRole('alert').filter({ hasText: 'Try again in 15 minutes' }).waitFor();
  await strict.close();
});

test('without a token the page says where to get one', async () => {
  const { page } = await open(`${app.url}/set-password`);
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  expect(await page.getByLabel('New password').isVisible()).toBe(false);
});

test('the start page needs no script and leads to GraphiQL', async () => {
  const { page, foreignRequests, consoleErrors } = await browser.newPage({
    javaScriptEnabled: false,
    viewport: { width: 320, height: 640 },
  });
  await page.goto(app.url);
  await page.getByRole('link', { name: 'Open GraphiQL' }).click();
  expect(page.url()).toBe(`${app.url}/graphiql`);
  expect(foreignRequests).toEqual([]);
  expect(consoleErrors).toEqual([]);
});
