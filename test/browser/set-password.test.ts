import { startApp } from '../harness.ts';
import { type BrowserPage, launchBrowser, type TestBrowser } from './browser.ts';

let app: Awaited<ReturnType<typeof startApp>>;
let browser: TestBrowser;

beforeAll(async () => {
  app = await startApp({ demo: true });
  browser = await launchBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

interface Answer {
  data: Record<string, Record<string, string>>;
}

async function graphql(query: string, variables: unknown, accessToken?: string): Promise<Answer> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(accessToken ? { authorization: `Bearer ${accessToken}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer;
}

const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
const inviteUser = 'mutation ($input: InviteUserInput!) { inviteUser(input: $input) { setPasswordUrl } }';

let invited = 0;

/** A new colleague's e-mail and the link for their first password. */
async function invite(): Promise<{ email: string; link: string }> {
  const email = `new-${++invited}@demo.curfew.test`;
  const owner = (await graphql(login, { input: app.demo.owner })).data.login;
  const answer = await graphql(inviteUser, { input: { email, name: 'Noa New' } }, owner?.accessToken);
  return { email, link: answer.data.inviteUser?.setPasswordUrl ?? '' };
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
  expect((await graphql(login, { input: { email, password } })).data.login?.accessToken).toEqual(
    expect.any(String),
  );

  const second = await open(link);
  await fillIn(second, password);
  await second.page.getByRole('heading', { name: 'This link no longer works' }).waitFor();
  await second.page.getByText('used already, or it has expired').waitFor();

  for (const { foreignRequests, consoleErrors } of [first, second]) {
    expect(foreignRequests).toEqual([]);
    expect(consoleErrors).toEqual([]);
  }
}, 60_000);

test('mistakes are named at their field and cost no attempt', async () => {
  const { link } = await invite();
  const opened = await open(link);
  const { page } = opened;
  const calls: string[] = [];
  page.on('request', (request) => calls.push(request.url()));

  await fillIn(opened, 'short');
  await page.getByRole('alert').filter({ hasText: 'at least 12' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('password');

  await fillIn(opened, 'x'.repeat(129));
  await page.getByRole('alert').filter({ hasText: 'at most 128' }).waitFor();

  await fillIn(opened, password, 'something else entirely');
  await page.getByRole('alert').filter({ hasText: 'differ' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('repeat');
  expect(calls).toEqual([]);
}, 60_000);

test('a password that the server refuses can be replaced with the same link', async () => {
  const { email, link } = await invite();
  const opened = await open(link);
  await fillIn(opened, email);
  await opened.page.locator('#password-error').filter({ hasText: /\w/ }).waitFor();
  await fillIn(opened, password);
  await opened.page.getByRole('heading', { name: 'All set' }).waitFor();
}, 60_000);

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
}, 60_000);

test('without a token the page says where to get one', async () => {
  const { page } = await open(`${app.url}/set-password`);
  await page.getByRole('heading', { name: 'This link is incomplete' }).waitFor();
  expect(await page.getByLabel('New password').isVisible()).toBe(false);
}, 60_000);

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
}, 60_000);
