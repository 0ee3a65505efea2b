import type { Page } from 'playwright-core';
import { signIn as signInAtDashboard } from './signing-in.ts';
import { openStories } from './stories.ts';

const stories = openStories({ demo: true, env: { SENSITIVE_ACTION_MAX_AGE_SECONDS: '300' } });

async function openGraphiql() {
  const { page } = await stories.newPage();
  await loadGraphiql(page);
  return page;
}

/** Waits for the editors, too: before, a choice of a tab and Run do nothing. */
async function loadGraphiql(page: Page) {
  await page.goto(`${stories.app.url}/graphiql`);
  await page.getByRole('tab', { name: 'SignIn' }).waitFor();
  await page.getByLabel('Variables', { exact: true }).getByText('owner@demo.curfew.test').waitFor();
}

/** The name of the chosen tab goes on with its button. */
const tab = (page: Page, name: string) => page.getByRole('tab', { name: new RegExp(`^${name}\\b`) }).click();
const run = (page: Page) => page.getByRole('button', { name: 'Execute query' }).click();
const status = (page: Page) => page.getByRole('status');
const statusShows = (page: Page, text: string) => status(page).filter({ hasText: text }).waitFor();
const resultShows = (page: Page, text: string) =>
  page.getByLabel('Result Window').locator('.view-lines').filter({ hasText: text }).waitFor();
async function fillEditor(page: Page, name: 'Variables' | 'Headers', value: unknown) {
  await page.getByRole('button', { name }).click();
  await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines').click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.insertText(JSON.stringify(value));
  // Deletes the brackets that the editor added during the input.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
}

async function signIn(page: Page) {
  const { email, password } = stories.app.demo.owner;
  await fillEditor(page, 'Variables', { input: { email, password } });
  // The status line may still show an earlier sign-in.
  const answered = page.waitForResponse(
    (response) => response.request().postData()?.includes('mutation SignIn(') ?? false,
  );
  await run(page);
  await answered;
  await statusShows(page, `Signed in as ${email}`);
}

test('a first visit: sign in, read the policy, subscribe to the session expiry', async () => {
  const page = await openGraphiql();
  await statusShows(page, 'Not signed in');
  await signIn(page);

  await tab(page, 'ReadPolicy');
  await run(page);
  await resultShows(page, '"effectiveIdleMinutes"');

  await tab(page, 'WatchSessionExpiry');
  await run(page);
  await statusShows(page, 'Listening since');
  expect(await page.getByLabel('Result Window').innerText()).not.toContain('errors');
});

test('a sign-in is not stored in the browser, and a reload drops it', async () => {
  const page = await openGraphiql();
  await signIn(page);
  // As a string, because the tests are not type-checked against the DOM.
  const stored = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
  expect(stored).toEqual([0, 0, '']);
  await page.reload();
  await statusShows(page, 'Not signed in');
});

test('a subscription without a sign-in shows why it was rejected', async () => {
  const page = await openGraphiql();
  await tab(page, 'WatchSessionExpiry');
  await run(page);
  await resultShows(page, '4401');
  await resultShows(page, 'Run SignIn, then run this again.');
});

test('the subscription belongs to the latest sign-in', async () => {
  const page = await openGraphiql();
  const tokens: unknown[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const message = JSON.parse(String(payload)) as { type: string; payload?: { accessToken?: string } };
      if (message.type === 'connection_init') tokens.push(message.payload?.accessToken);
    }),
  );
  for (const round of [1, 2]) {
    await tab(page, 'SignIn');
    await signIn(page);
    await tab(page, 'WatchSessionExpiry');
    await run(page);
    await statusShows(page, 'Listening since');
    expect(tokens).toHaveLength(round);
  }
  expect(tokens[0]).toEqual(expect.any(String));
  expect(tokens[1]).not.toEqual(tokens[0]);
});

test.each([
  ['with its own sign-in', false],
  ['with the dashboard’s sign-in', true],
])('a sensitive operation asks for the password, %s, and then runs', async (_, isShared) => {
  const { email, password } = stories.app.demo.owner;
  const page = await openGraphiql();
  if (isShared) {
    await signInAtDashboard(page, stories.app.url, { email, password });
    await loadGraphiql(page);
    await page.getByRole('button', { name: 'Use my dashboard sign-in' }).click();
    await statusShows(page, `Signed in as ${email}`);
  } else await signIn(page);
  stories.app.clock.advance(6 * 60_000);
  // The access token has expired by then, too.
  if (!isShared) {
    const refreshed = page.waitForResponse((response) =>
      /mutation Refresh\(/.test(response.request().postData() ?? ''),
    );
    await page.getByRole('button', { name: 'Refresh' }).click();
    await refreshed;
  }
  await tab(page, 'ChangePolicy');
  await run(page);
  await resultShows(page, 'REAUTHENTICATION_REQUIRED');
  await statusShows(page, 'That operation needs a newer sign-in, and did nothing.');
  const field = page.getByLabel('Password', { exact: true });
  await field.fill('not my password');
  await page.keyboard.press('Enter');
  await statusShows(page, 'Wrong password. Try again.');
  expect(await field.inputValue()).toBe('');
  await field.fill(password);
  await page.keyboard.press('Enter');
  await field.waitFor({ state: 'detached' });
  await run(page);
  await resultShows(page, '"sessionPolicy"');
  if (isShared) expect(await page.content()).not.toContain(password);
});

test('the end of a session is shown and its tokens are dropped', async () => {
  const page = await openGraphiql();
  await signIn(page);
  await tab(page, 'WatchSessionExpiry');
  await run(page);
  await statusShows(page, 'Listening since');

  const { email, password } = stories.app.demo.owner;
  const login = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';
  const { data } = await stories.app.gql(login, { input: { email, password } });
  await stories.app.gql(
    'mutation { revokeSessions(scope: ALL) { revokedCount } }',
    {},
    { token: data.login.accessToken },
  );
  await resultShows(page, 'REVOKED_BY_OWNER');
  await resultShows(page, '"kind": "REVOKED"');

  await tab(page, 'ReadPolicy');
  await run(page);
  await statusShows(page, 'Your session has ended: REVOKED_BY_OWNER');
});

test('a typed Authorization header takes precedence over the token of the page', async () => {
  const page = await openGraphiql();
  await signIn(page);
  await tab(page, 'ReadPolicy');
  await fillEditor(page, 'Headers', { Authorization: 'Bearer nonsense' });
  await run(page);
  await resultShows(page, 'UNAUTHENTICATED');
  await statusShows(page, `Signed in as ${stories.app.demo.owner.email}`);
});

test('refreshing and forgetting the tokens in the status line', async () => {
  const page = await openGraphiql();
  await signIn(page);
  const refreshed = page.waitForResponse(
    (response) => response.request().postData()?.includes('refreshSession') ?? false,
  );
  await page.getByRole('button', { name: 'Refresh' }).click();
  expect(await (await refreshed).json()).not.toHaveProperty('errors');
  await statusShows(page, `Signed in as ${stories.app.demo.owner.email}`);

  await page.getByRole('button', { name: 'Forget' }).click();
  await statusShows(page, 'Not signed in');
  await tab(page, 'ReadPolicy');
  await run(page);
  await resultShows(page, 'UNAUTHENTICATED');
});

test('the sign-in of the dashboard is used beside the dashboard, and both go on', async () => {
  const { email, password } = stories.app.demo.owner;
  const { page: dashboard } = await stories.newPage();
  await signInAtDashboard(dashboard, stories.app.url, { email, password });
  await dashboard.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  const page = await dashboard.context().newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await loadGraphiql(page);
  await page.getByRole('button', { name: 'Use my dashboard sign-in' }).click();
  await statusShows(page, `Signed in as ${email}, with the dashboard’s sign-in`);
  await tab(page, 'ReadPolicy');
  await run(page);
  await resultShows(page, '"effectiveIdleMinutes"');

  // Longer than a token lives, and shorter than the idle limit of the demo.
  stories.app.clock.advance(5.5 * 60_000);
  await run(page);
  await resultShows(page, '"effectiveIdleMinutes"');
  await dashboard
    .getByRole('link', { name: /^Your sessions/ })
    .first()
    .click();
  await dashboard.getByRole('list', { name: 'Your sessions' }).getByText('This session').first().waitFor();
  await dashboard.getByRole('link', { name: 'Account', exact: true }).first().click();
  await dashboard.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  await tab(page, 'WatchSessionExpiry');
  await run(page);
  await statusShows(page, 'Listening since');
  const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
  expect(stored).not.toMatch(/eyJ/);

  await page.getByRole('button', { name: 'Forget' }).click();
  await statusShows(page, 'Not signed in');
  await dashboard.reload();
  await dashboard.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  expect(errors).toEqual([]);
});

test('an owner lists the people', async () => {
  const page = await openGraphiql();
  await signIn(page);
  await tab(page, 'Users');
  await fillEditor(page, 'Variables', { search: stories.app.demo.member.email });
  await run(page);
  await resultShows(page, '"totalCount": 1');
});

test('without a sign-in at the dashboard the button says so, and leads there', async () => {
  const page = await openGraphiql();
  await page.getByRole('button', { name: 'Use my dashboard sign-in' }).click();
  await statusShows(page, 'No one is signed in to the dashboard in this browser.');
  await page.getByRole('link', { name: 'Sign in to the dashboard' }).click();
  await page.waitForURL(`${stories.app.url}/login?next=%2Fgraphiql`);
});

test('a service key that is not valid is called that, by POST and over the socket', async () => {
  const page = await openGraphiql();
  await tab(page, 'ValidateSession');
  await run(page);
  await resultShows(page, 'This service key is not valid.');
  await fillEditor(page, 'Headers', { Authorization: `Bearer cfk_${'x'.repeat(43)}` });
  await run(page);
  await resultShows(page, 'This service key is not valid.');
  // Also beside a sign-in, which the key takes precedence over.
  await tab(page, 'SignIn');
  await signIn(page);
  await tab(page, 'UserSessions');
  await run(page);
  await resultShows(page, 'This service key is not valid.');
  await tab(page, 'WatchAccountSessions');
  await fillEditor(page, 'Headers', { Authorization: `cfk_${'x'.repeat(43)}` });
  await run(page);
  await resultShows(page, 'This service key is not valid.');
  await fillEditor(page, 'Headers', { Authorization: `Bearer cfk_${'x'.repeat(43)}` });
  await run(page);
  await resultShows(page, 'This service key is not valid.');
});
