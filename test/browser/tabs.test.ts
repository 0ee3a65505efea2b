import type { Page } from 'playwright-core';
import { PASSWORD } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { LIMITS, MINUTE, noticeOf, openSignedIn, operationOf, type SignedInPage } from './signed-in-page.ts';
import { signIn } from './signing-in.ts';
import { openStories } from './stories.ts';

const stories = openStories({ env: LIMITS });

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;

/** Opens two tabs of one browser with a signed-in user. */
async function openTwo(path = '/account'): Promise<{ first: SignedInPage; second: Page }> {
  const first = await openSignedIn(stories, { path });
  const second = await first.page.context().newPage();
  await second.goto(stories.app.url + path);
  await second.getByRole('heading', { level: 1 }).waitFor();
  return { first, second };
}

test('staying in one tab hides the notice in the other', async () => {
  const { first, second } = await openTwo();
  await first.pass(56 * MINUTE);
  await Promise.all([first.notice.waitFor(), noticeOf(second).waitFor()]);
  await noticeOf(second).getByRole('button', { name: 'Stay signed in' }).click();
  await noticeOf(second).waitFor({ state: 'detached' });
  await first.notice.waitFor({ state: 'detached' });
});

test('a notice dismissed in one tab is dismissed in the other', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await owner.gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  const first = await openSignedIn(stories, { account });
  const second = await first.page.context().newPage();
  await second.goto(`${stories.app.url}/account`);
  await first.pass(56 * MINUTE);
  await noticeOf(second).waitFor();
  await first.notice.getByRole('button', { name: 'Dismiss this notice' }).click();
  await noticeOf(second).waitFor({ state: 'detached' });
});

test('signing out in one tab signs the other out, without a banner; the next user has both', async () => {
  const { first, second } = await openTwo('/account/sessions');
  const { page, account } = first;
  const colleague = await account.addUser();
  await second
    .getByRole('banner')
    .getByRole('button', { name: /^Owner/ })
    .click();
  await second.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, second]) {
    await tab.waitForURL(/\/login/);
    expect(new URL(tab.url()).searchParams.get('reason')).toBe(null);
  }
  await signIn(second, stories.app.url, { email: colleague.email, password: PASSWORD });
  await page.waitForURL(/\/account/);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /^member/ })
    .waitFor();
});

test('another user who signs in in one tab takes over the other', async () => {
  const { first, second } = await openTwo();
  const colleague = await first.account.addUser();
  const owner = await first.account.owner.login();
  const reset = await owner.gql(
    'mutation Reset($userId: ID!) { resetUserPassword(userId: $userId) { setPasswordUrl } }',
    { userId: colleague.id },
  );
  await second.goto(reset.data.resetUserPassword.setPasswordUrl);
  await second.getByLabel('New password', { exact: true }).fill('seven quiet green lamps');
  await second.getByLabel('Confirm new password').fill('seven quiet green lamps');
  await second.getByRole('button', { name: 'Set password' }).click();
  await first.page.getByText(colleague.email, { exact: true }).first().waitFor();
});

test('two tabs that need a token get their own, one after the other', async () => {
  const { first, second } = await openTwo();
  const tokensReceived: string[] = [];
  let pending = 0;
  let maxPending = 0;
  for (const tab of [first.page, second]) {
    tab.on('request', (request) => {
      if (operationOf(request.postData()) !== 'CurfewRenew') return;
      pending += 1;
      maxPending = Math.max(maxPending, pending);
    });
    tab.on('requestfinished', async (request) => {
      if (operationOf(request.postData()) !== 'CurfewRenew') return;
      pending -= 1;
      const { data } = (await (await request.response())!.json()) as any;
      tokensReceived.push(data.refreshSession.accessToken);
    });
  }
  await first.pass(6 * MINUTE);
  await Promise.all(
    [first.page, second].map(async (tab) => {
      await tab.getByRole('link', { name: 'Your sessions' }).first().click();
      await tab.getByRole('list', { name: 'Your sessions' }).waitFor();
    }),
  );
  // The page has its token before this process has read the same response.
  await waitUntil(() => tokensReceived.length >= 2, { what: 'both tokens', timeoutMs: 30_000 });
  expect([new Set(tokensReceived).size, maxPending]).toEqual([2, 1]);
});

test('no token is ever on a channel between tabs or in storage', async () => {
  const shown: string[] = [];
  const tokens = new Set<string>();
  const record = async (page: Page): Promise<void> => {
    const context = page.context();
    await context.exposeBinding('isShown', (_, text: string) => void shown.push(text));
    await context.addInitScript(() => {
      const report = (...parts: unknown[]) => void (globalThis as any).isShown(JSON.stringify(parts));
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function (message) {
        report('channel', message);
        postMessage.call(this, message);
      };
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = function (key, value) {
        report('storage', key, value);
        setItem.call(this, key, value);
      };
    });
    context.on('response', async (response) => {
      for (const [token] of (await response.text().catch(() => '')).matchAll(JWT)) tokens.add(token);
      const headers = await response.headersArray().catch(() => []);
      for (const { value } of headers) for (const [token] of value.matchAll(JWT)) tokens.add(token);
    });
  };
  const first = await openSignedIn(stories, { prepare: record });
  const { page, account } = first;
  const second = await page.context().newPage();
  await second.goto(`${stories.app.url}/account`);
  await second.getByRole('heading', { level: 1 }).waitFor();

  // Another script of the origin sends the messages of a tab and listens.
  const script = await page.context().newPage();
  await script.goto(`${stories.app.url}/healthz`);
  await script.evaluate(() => {
    const channel = new BroadcastChannel(`curfew:${location.origin}/graphql`);
    channel.onmessage = ({ data }) => (globalThis as any).isShown(JSON.stringify(data));
    for (const version of [1, 2, 3]) channel.postMessage({ version, news: { kind: 'who-is-here' } });
  });

  await first.pass(6 * MINUTE);
  for (const tab of [page, second]) {
    await tab.getByRole('link', { name: 'Your sessions' }).first().click();
    await tab.getByRole('list', { name: 'Your sessions' }).waitFor();
  }
  await first.pass(56 * MINUTE);
  await noticeOf(second).getByRole('button', { name: 'Stay signed in' }).click();
  await first.notice.waitFor({ state: 'detached' });
  await second
    .getByRole('banner')
    .getByRole('button', { name: /^Owner/ })
    .click();
  await second.getByRole('menuitem', { name: 'Sign out' }).click();
  for (const tab of [page, second]) await tab.waitForURL(/\/login/);
  await signIn(second, stories.app.url, { email: account.owner.email, password: PASSWORD });
  await page.waitForURL(/\/account/);

  const storages = await Promise.all(
    [page, second].map((tab) => tab.evaluate(() => JSON.stringify([localStorage, sessionStorage]))),
  );
  const kinds = (text: string): boolean => shown.some((each) => each.includes(text));
  for (const kind of ['session-here', 'signed-in', 'extended', 'over', 'storage'])
    expect([kind, kinds(kind)]).toEqual([kind, true]);
  expect(tokens.size).toBeGreaterThan(4);
  for (const text of [...shown, ...storages]) {
    expect(text).not.toMatch(JWT);
    for (const token of tokens) expect(text).not.toContain(token.split('.')[2]);
  }
});
