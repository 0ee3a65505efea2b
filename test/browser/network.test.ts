import type { Page, WebSocketRoute } from 'playwright-core';
import { PASSWORD, REFRESH } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import {
  LIMITS,
  MINUTE,
  openSignedIn,
  operationOf,
  type SignedInOptions,
  type SignedInPage,
} from './signed-in-page.ts';
import { openStories } from './stories.ts';

const stories = openStories({ env: LIMITS });

/** The connection between a page and the server, which the test can cut. */
interface Wire {
  cutSockets(): Promise<void>;
  restoreSockets(): void;
  cut(): Promise<void>;
  restore(): Promise<void>;
}

type Wired = SignedInPage & Wire;

async function open(options?: SignedInOptions): Promise<Wired> {
  const sockets = new Set<WebSocketRoute>();
  let isCut = false;
  const cutSockets = async () => {
    // The browser logs failed requests and sockets; the page itself logs nothing.
    stories.mayLog(/net::ERR_|WebSocket connection to/);
    isCut = true;
    await Promise.all([...sockets].map((socket) => socket.close({ code: 1012 })));
    sockets.clear();
  };
  const signedIn = await openSignedIn(stories, {
    ...options,
    prepare: (page) =>
      page.routeWebSocket(/\/graphql$/, async (socket) => {
        if (isCut) return socket.close({ code: 1012 });
        socket.connectToServer();
        sockets.add(socket);
      }),
  });
  const context = signedIn.page.context();
  return {
    ...signedIn,
    cutSockets,
    restoreSockets: () => void (isCut = false),
    async cut() {
      await context.setOffline(true);
      await cutSockets();
    },
    async restore() {
      isCut = false;
      await context.setOffline(false);
    },
  };
}

const revoke = 'mutation Revoke($userId: ID!) { revokeUserSessions(userId: $userId) { revokedCount } }';
const overlay = (page: Page) => page.getByRole('heading', { name: 'You appear to be offline' });

test('without a socket the page warns by the known deadlines, and staying works', async () => {
  const { page, notice, pass, cutSockets, restoreSockets } = await open();
  await cutSockets();
  await pass(56 * MINUTE);
  await notice.getByRole('button', { name: 'Stay signed in' }).click();
  await notice.waitFor({ state: 'detached' });

  // Once the socket is back, the page gets events again.
  restoreSockets();
  await pass(MINUTE);
  await pass(55 * MINUTE);
  await notice.waitFor();
  await pass(4 * MINUTE + 1_000);
  await page.waitForURL('**/login?reason=session_expired&limit=idle');
});

test('a deadline that passes offline hides the page; back online the session has ended', async () => {
  const { page, pass, cut, restore } = await open();
  await cut();
  await pass(61 * MINUTE);
  await overlay(page).waitFor();
  await expectNoAxeFindings(page);
  expect(await page.getByRole('navigation').count()).toBe(0);
  await restore();
  await page.waitForURL('**/login?reason=session_expired&limit=idle');
});

test('the overlay hides an open dialog and restores it', async () => {
  const { page, pass, cut, restore } = await open({ path: '/account/security/sessions' });
  await page.getByRole('button', { name: 'Sign out everyone including me' }).click();
  const question = page.getByRole('alertdialog', { name: 'Sign out everyone' });
  await question.waitFor();
  await cut();
  await pass(30 * MINUTE);
  const request = { data: { query: REFRESH } };
  await page.context().request.post(`${stories.app.url}/graphql`, request);
  await pass(31 * MINUTE);
  await overlay(page).waitFor();
  await question.waitFor({ state: 'hidden' });
  await restore();
  await question.waitFor();
});

test('a session that was extended elsewhere continues where it was', async () => {
  const { page, pass, cut, restore } = await open({ path: '/account/sessions' });
  const field = page.getByLabel('Current password');
  await field.fill('half a pass');
  await cut();
  await pass(30 * MINUTE);
  // Another program with the cookies of this browser, which is online.
  const renewed = await page
    .context()
    .request.post(`${stories.app.url}/graphql`, { data: { query: REFRESH } });
  expect((await renewed.json()).errors).toBeUndefined();
  await pass(31 * MINUTE);
  await overlay(page).waitFor();
  await restore();
  await overlay(page).waitFor({ state: 'detached' });
  await page.keyboard.type('word');
  expect(await field.inputValue()).toBe('half a password');
});

test('offline at the absolute limit the session has ended, because nothing extends it', async () => {
  const account = await stories.app.seed.account();
  const owner = await account.owner.login();
  await owner.gql(
    'mutation { updateSessionPolicy(input: { idleMinutes: 60, absoluteMinutes: 60 }) { sessionPolicy { version } } }',
  );
  const { page, pass, cut } = await open({ account });
  await cut();
  await pass(61 * MINUTE);
  await page.waitForURL('**/login?reason=session_expired&limit=absolute');
});

test('a computer that slept past the deadline wakes up on the sign-in page', async () => {
  const { page, cut, restore } = await open();
  await cut();
  stories.app.clock.advance(8 * 60 * MINUTE);
  await restore();
  await page.clock.fastForward(8 * 60 * MINUTE);
  await page.waitForURL('**/login?reason=session_expired&limit=idle', { timeout: 4_000 });
  await page.getByText('because you were inactive for 1 hour').waitFor();
});

test.each([10, -10])(
  'a computer with a clock that is %i minutes off shows correct local times',
  async (minutes) => {
    const { page, notice, pass } = await open({ clockError: minutes * MINUTE });
    await pass(56 * MINUTE);
    // The server's clock moves slightly before the browser's, so the page may show another time until its status check.
    await notice.filter({ hasText: /inactive\.\W*(4:00|3:5\d)/ }).waitFor();
    const text = await notice.innerText();
    const shown = /at (\d\d):(\d\d)/.exec(text)!.slice(1).map(Number);
    const [hours, now] = await page.evaluate(() => [new Date().getHours(), new Date().getMinutes()] as const);
    const ahead = (shown[0]! * 60 + shown[1]! - hours * 60 - now + 1440) % 1440;
    expect([3, 4]).toContain(ahead);
  },
);

test('a user who is signed out by an owner sees it within two seconds', async () => {
  const account = await stories.app.seed.account();
  const person = await account.addUser();
  const { page } = await open({ account, person, path: '/account/sessions' });
  const owner = await account.owner.login();
  await owner.gql(revoke, { userId: person.id });
  await page.waitForURL('**/login?*', { timeout: 2_000 });
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({
    reason: 'signed_out',
    cause: 'revoked_by_owner',
    next: '/account/sessions',
  });
  await page.getByText('An owner of your account signed you out.').waitFor();
});

test('a policy that shortens current sessions shows the notice', async () => {
  const account = await stories.app.seed.account();
  const person = await account.addUser();
  const { notice, pass } = await open({ account, person });
  await pass(20 * MINUTE);
  const owner = await account.owner.login();
  const shortened = await owner.gql(
    `mutation { updateSessionPolicy(input: { idleMinutes: 23, apply: ACTIVE_SESSIONS }) { sessionPolicy { version } } }`,
  );
  expect(shortened.errors).toBeUndefined();
  await notice.filter({ hasText: /inactive\.\W*(3:00|2:5\d)/ }).waitFor();
});

test('unsaved input survives the expiry and a new sign-in', async () => {
  const { page, pass } = await open({ path: '/account/security' });
  await page.getByRole('radio', { name: 'Custom' }).check();
  await page.getByLabel('Idle limit', { exact: true }).fill('47');
  await pass(61 * MINUTE);
  await page.waitForURL('**/login?*');
  await page.getByText('Your unsaved changes are kept in this tab.').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/account/security');
  await page.getByText('You have unsaved changes from before.').waitFor();
  expect(await page.getByLabel('Idle limit', { exact: true }).inputValue()).toBe('47');
});

test('a tab that is killed between the server’s commit and its response stays signed in', async () => {
  const { page } = await open();
  const committed = Promise.withResolvers<void>();
  await page.route('**/graphql', async (route) => {
    const request = route.request();
    if (operationOf(request.postData()) !== 'CurfewRenew') return route.fallback();
    // Sent outside of the browser, so that the new cookie does not reach it.
    const { cookie = '' } = await request.allHeaders();
    const answer = await fetch(request.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: request.postData(),
    });
    expect(((await answer.json()) as { errors?: unknown }).errors).toBeUndefined();
    committed.resolve();
  });
  await Promise.all([committed.promise, page.reload()]);
  const context = page.context();
  await page.close();
  // After the grace period of a replayed token.
  stories.app.clock.advance(MINUTE);
  const later = await context.newPage();
  await later.goto(`${stories.app.url}/account`);
  await later.getByRole('heading', { name: 'Your account' }).waitFor();
});
