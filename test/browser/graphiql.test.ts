import type { Page } from 'playwright-core';
import { openStories } from './stories.ts';

const stories = openStories({ demo: true });

async function openGraphiql() {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/graphiql`);
  await page.getByRole('tab', { name: 'SignIn' }).waitFor();
  await page.getByLabel('Variables', { exact: true }).getByText('owner@demo.curfew.test').waitFor();
  return page;
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();
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
  // What the editor closed by itself while the text came in.
  await page.keyboard.press('ControlOrMeta+Shift+End');
  await page.keyboard.press('Delete');
}

async function signIn(page: Page) {
  const { email, password } = stories.app.demo.owner;
  await fillEditor(page, 'Variables', { input: { email, password } });
  await run(page);
  await statusShows(page, `Signed in as ${email}`);
}

test('a first visit: sign in, read the policy, watch for the warning', async () => {
  const page = await openGraphiql();
  await statusShows(page, 'Not signed in');
  await signIn(page);

  await tab(page, 'ReadThePolicy');
  await run(page);
  await resultShows(page, '"effectiveIdleMinutes"');

  await tab(page, 'WatchTheWarning');
  await run(page);
  await statusShows(page, 'Listening since');
  expect(await page.getByLabel('Result Window').innerText()).not.toContain('errors');
});

test('nothing of a sign-in is stored in the browser, and a reload forgets it', async () => {
  const page = await openGraphiql();
  await signIn(page);
  // As text, because the tests are not type-checked against the DOM.
  const stored = await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]');
  expect(stored).toEqual([0, 0, '']);
  await page.reload();
  await statusShows(page, 'Not signed in');
});

test('a subscription without a sign-in says why it was refused', async () => {
  const page = await openGraphiql();
  await tab(page, 'WatchTheWarning');
  await run(page);
  await resultShows(page, '4401');
  await resultShows(page, 'only a new sign-in helps');
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
    await tab(page, 'WatchTheWarning');
    await run(page);
    await statusShows(page, 'Listening since');
    expect(tokens).toHaveLength(round);
  }
  expect(tokens[0]).toEqual(expect.any(String));
  expect(tokens[1]).not.toEqual(tokens[0]);
});

test('a session that somebody ends is told so, and then forgotten', async () => {
  const page = await openGraphiql();
  await signIn(page);
  await tab(page, 'WatchTheWarning');
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

  await tab(page, 'ReadThePolicy');
  await run(page);
  await statusShows(page, 'Your session has ended: REVOKED_BY_OWNER');
});

test('a typed Authorization header wins over the remembered token', async () => {
  const page = await openGraphiql();
  await signIn(page);
  await tab(page, 'ReadThePolicy');
  await fillEditor(page, 'Headers', { Authorization: 'Bearer nonsense' });
  await run(page);
  await resultShows(page, 'UNAUTHENTICATED');
  await statusShows(page, `Signed in as ${stories.app.demo.owner.email}`);
});

test('renewing and forgetting from the status line', async () => {
  const page = await openGraphiql();
  await signIn(page);
  const renewed = page.waitForResponse(
    (response) => response.request().postData()?.includes('refreshSession') ?? false,
  );
  await page.getByRole('button', { name: 'Renew' }).click();
  expect(await (await renewed).json()).not.toHaveProperty('errors');
  await statusShows(page, `Signed in as ${stories.app.demo.owner.email}`);

  await page.getByRole('button', { name: 'Forget' }).click();
  await statusShows(page, 'Not signed in');
  await tab(page, 'ReadThePolicy');
  await run(page);
  await resultShows(page, 'UNAUTHENTICATED');
});
