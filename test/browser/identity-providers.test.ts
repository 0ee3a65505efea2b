import type { Page, Route } from 'playwright-core';
import { findFreePort } from '../../server/http/free-port.ts';
import type { StartOptions } from '../harness.ts';
import { startProvider, type TestProvider } from '../oidc/provider.ts';
import type { SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { LIMITS, MINUTE, openSignedIn } from './signed-in-page.ts';
import { focused, LOST_REQUEST, openStories } from './stories.ts';

/** The document of the page; Node has none. */
declare const document: { documentElement: { scrollWidth: number } };

const NAME = 'Northwind ID';
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0';
const options: StartOptions = {};
let provider: TestProvider;

beforeAll(async () => {
  const port = await findFreePort();
  // Another site than the provider's, so that the browser treats coming back as it does out there.
  const home = `http://localhost:${port}`;
  provider = await startProvider({ redirectUris: [`${home}/login/callback`] });
  options.env = {
    ...LIMITS,
    PORT: String(port),
    PUBLIC_URL: home,
    OIDC_PROVIDERS: JSON.stringify([provider.settings('northwind', NAME)]),
  };
});
beforeEach(async () => {
  provider.misbehaviour = {};
  await seedAtBoth();
});
afterAll(() => provider.close());

const stories = openStories(options);

let account: SeededAccount;

/** Seeds an owner, known to the provider as `owner`, and a stranger who exists only at the provider. */
async function seedAtBoth(): Promise<void> {
  account = await stories.app.seed.account();
  const { email } = account.owner;
  provider.accounts.owner = { sub: `sub-of-${email}`, email, email_verified: true };
  provider.accounts.stranger = { sub: 'stranger', email: 'stranger@example.test', email_verified: true };
}

const form = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true });
const button = (page: Page) => page.getByRole('button', { name: `Continue with ${NAME}` });
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name });
const alert = (page: Page, text: string) => page.getByRole('alert').filter({ hasText: text });
const atHome = (page: Page, path = '/account') => page.waitForURL(stories.app.url + path);

async function openLogin(query = ''): Promise<Page> {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/login${query}`);
  await button(page).waitFor();
  return page;
}

/** Signs in on the page of the provider. It is not shown to users who are signed in there already. */
async function signInThere(page: Page, name = 'owner'): Promise<void> {
  await page.getByLabel('Account').fill(name);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Expects a refusal: its heading has the focus, its text is an alert, and the address has no response left. */
async function refused(page: Page, title: string, text: string): Promise<void> {
  await focused(heading(page, title));
  await alert(page, text).waitFor();
  expect(page.url()).toBe(`${stories.app.url}/login/callback`);
}

/** Waits until the page follows the medium, because in between it has the colours of both schemes. */
async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
}

/** Expects no axe findings and no overflow in both schemes, wide and narrow. */
async function expectFineEverywhere(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1200, 320]) {
      await inScheme(page, colorScheme);
      await page.setViewportSize({ width, height: 720 });
      await expectNoAxeFindings(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  }
  await page.setViewportSize({ width: 1200, height: 720 });
}

/** Handles one operation in place of the server. */
const answerInstead = (page: Page, operation: string, answer: (route: Route) => Promise<void>) =>
  page.route('**/graphql', (route) =>
    (route.request().postData() ?? '').includes(`"operationName":"${operation}"`)
      ? answer(route)
      : route.fallback(),
  );

const error = (code: string, extensions = {}) => ({
  json: { data: null, errors: [{ message: 'No.', extensions: { code, ...extensions } }] },
});

test('a user signs in at the provider by keyboard and lands on the requested page', async () => {
  const page = await openLogin('?next=%2Faccount%2Fsessions');
  await expectFineEverywhere(page);
  await form(page).focus();
  await page.keyboard.press('Tab');
  await focused(button(page));
  await page.keyboard.press('Enter');
  await signInThere(page);
  await atHome(page, '/account/sessions');
  await page.locator('h1:focus').waitFor();

  // The session is in a cookie, and the tab has no trace of the pending sign-in.
  await page.reload();
  await heading(page, 'Your sessions').waitFor();
  expect(await page.evaluate('Object.keys(sessionStorage)')).not.toContain('curfew.pending-sign-in');
});

/** The owner has this one session, and their account lets them have no more. */
async function limitToOne(sessionLimitAction: 'ASK' | 'DENY') {
  const session = await account.owner.login({}, { headers: { 'user-agent': FIREFOX } });
  await session.gql(
    `mutation ($input: UpdateSessionPolicyInput!) {
      updateSessionPolicy(input: $input) { sessionPolicy { version } } }`,
    { input: { maxSessionsPerUser: 1, sessionLimitAction } },
  );
  return session;
}

test('at the maximum of sessions the user chooses one to end, and is back at once', async () => {
  const session = await limitToOne('ASK');
  const page = await openLogin('?next=%2Faccount%2Fsessions');
  await page.getByRole('checkbox', { name: 'This is a shared computer' }).check();
  await button(page).click();
  await signInThere(page);
  await focused(heading(page, 'Sign out somewhere else first'));
  await expectFineEverywhere(page);
  expect(await page.getByRole('checkbox', { name: /Firefox on Windows/ }).isChecked()).toBe(true);
  await page.getByRole('button', { name: 'Sign out and continue' }).click();
  await atHome(page, '/account/sessions');
  const answer = await session.gql('{ currentSession { id } }');
  expect(answer.errors).toBeDefined();
  // The choice of before the provider holds for the second flow too.
  const cookies = await page.context().cookies();
  expect(cookies.find(({ name }) => name === 'curfew_refresh')!.expires).toBe(-1);
  expect(await page.evaluate('localStorage.getItem("curfew.last-sign-in")')).toBeNull();
});

test('where no more sessions are allowed, the user is told so', async () => {
  await limitToOne('DENY');
  const page = await openLogin();
  await button(page).click();
  await signInThere(page);
  await refused(page, 'Sign out somewhere else first', 'You’re signed in on 1 device already');
  await expectFineEverywhere(page);
});

test('the code of the provider is removed from the address and sent nowhere else', async () => {
  const page = await openLogin();
  const addresses: string[] = [];
  page.on('framenavigated', (frame) => addresses.push(frame.url()));
  const referrers: (string | undefined)[] = [];
  page.on('request', (request) => referrers.push(request.headers().referer));
  await button(page).click();
  await signInThere(page);
  await atHome(page);
  const last = addresses.findLastIndex((address) => address.includes('code='));
  expect(last).toBeGreaterThan(0);
  expect(addresses[last + 1]).toBe(`${stories.app.url}/login/callback`);
  const history = (await page.evaluate('navigation.entries().map(({ url }) => url)')) as string[];
  expect(history.filter((address) => address.includes('/login/callback'))).toEqual([]);
  expect(referrers.filter((referrer) => referrer?.includes('code='))).toEqual([]);
});

test('without providers, or if they fail to load, the page has only the form', async () => {
  const without = await stories.startAnother({});
  const { page } = await stories.newPage();
  await page.goto(`${without.url}/login`, { waitUntil: 'networkidle' });
  await form(page).waitFor();
  expect(await page.getByRole('group', { name: 'Other ways to sign in' }).count()).toBe(0);

  const second = await stories.newPage();
  await answerInstead(second.page, 'AuthOptions', (route) => route.fulfill(error('INTERNAL_SERVER_ERROR')));
  await second.page.goto(`${stories.app.url}/login`, { waitUntil: 'networkidle' });
  expect(await button(second.page).count()).toBe(0);
  await second.page.getByLabel('E-mail').fill(account.owner.email);
  await second.page.getByLabel('Password').fill('correct horse battery staple');
  await form(second.page).click();
  await atHome(second.page);
});

test('nothing moves when the providers arrive', async () => {
  const { page } = await stories.newPage({ viewport: { width: 1200, height: 800 } });
  const held = Promise.withResolvers<void>();
  await answerInstead(page, 'AuthOptions', async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.goto(`${stories.app.url}/login?reason=session_expired&limit=idle`);
  await page.locator('input[name=email]:focus').waitFor();
  const places = () => Promise.all([heading(page, 'Sign in'), form(page)].map((part) => part.boundingBox()));
  const before = await places();
  held.resolve();
  await button(page).waitFor();
  expect(await places()).toEqual(before);
  await page.locator('input[name=email]:focus').waitFor();
});

test('a cancelled sign-in is reported and can be retried', async () => {
  const page = await openLogin('?next=%2Faccount%2Fsessions');
  await button(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await refused(page, `You cancelled at ${NAME}`, 'You’re not signed in.');
  await expectFineEverywhere(page);
  await page.keyboard.press('Tab');
  await focused(page.getByRole('button', { name: `Try again with ${NAME}` }));
  await page.keyboard.press('Enter');
  await signInThere(page);
  await atHome(page, '/account/sessions');
});

test('a person without an invitation sees whom to ask and can use another account', async () => {
  const page = await openLogin('?next=%2Faccount%2Fsessions');
  await button(page).click();
  await signInThere(page, 'stranger');
  await refused(page, 'You have not been invited', 'Ask an owner to invite');
  await expectFineEverywhere(page);
  await page.getByRole('button', { name: `Use another account at ${NAME}` }).click();
  // The stranger is still signed in there.
  await signInThere(page);
  await atHome(page, '/account/sessions');
});

test('a callback in another browser signs no user in there', async () => {
  const page = await openLogin();
  const callback = Promise.withResolvers<string>();
  page.on('request', (request) => {
    if (request.url().includes('/login/callback?')) callback.resolve(request.url());
  });
  await answerInstead(page, 'CompleteAtProvider', (route) => route.abort());
  stories.mayLog(LOST_REQUEST);
  await button(page).click();
  await signInThere(page);
  const other = await stories.newPage();
  await other.page.goto(await callback.promise);
  await refused(other.page, 'This sign-in can’t be completed', 'started in another browser or too long ago');
  await expectFineEverywhere(other.page);
  await other.page.getByRole('link', { name: 'Back to sign in' }).click();
  await form(other.page).waitFor();

  // The browser that started the sign-in can still complete it.
  await page.unrouteAll();
  await page.goto(await callback.promise);
  await atHome(page);
});

test('a repeated response of the provider does not affect a signed-in user', async () => {
  const page = await openLogin();
  const callbacks: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().includes('/login/callback?'))
      callbacks.push(request.url());
  });
  await button(page).click();
  await signInThere(page);
  await atHome(page);
  await page.goto(callbacks[0]!);
  await refused(page, 'This sign-in can’t be completed', 'already been completed');
  await page.reload();
  await atHome(page);
  await page.goto(callbacks[0]!);
  await page.getByRole('link', { name: 'Continue' }).click();
  await atHome(page);
});

test('without a response of a provider the page redirects to the sign-in page', async () => {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/login/callback`);
  await page.waitForURL(`${stories.app.url}/login`);
  await form(page).waitFor();
});

test('no text of the address is ever shown', async () => {
  const { page } = await stories.newPage();
  await page.goto(
    `${stories.app.url}/login/callback?error=Call+0900&error_description=Call+0900&state=Call+0900`,
  );
  await refused(page, 'This sign-in can’t be completed', 'Start again.');
  expect(await page.locator('body').textContent()).not.toContain('0900');
});

test('a provider that is down is named, before and after the redirect', async () => {
  const page = await openLogin();
  await answerInstead(page, 'BeginAtProvider', (route) => route.fulfill(error('UNAVAILABLE')));
  await button(page).click();
  await alert(page, `Couldn’t reach ${NAME}. Try again, or sign in with your password.`).waitFor();
  await focused(button(page));
  await expectFineEverywhere(page);
  await page.unrouteAll();

  provider.misbehaviour = { tokenAnswer: { status: 503, body: {} } };
  await button(page).click();
  await signInThere(page);
  await refused(page, 'You can’t sign in right now', `${NAME} or Curfew is not available`);
  await expectFineEverywhere(page);
  provider.misbehaviour = {};
  await page.getByRole('button', { name: `Try again with ${NAME}` }).click();
  await atHome(page);
});

test('no response from Curfew is no refusal', async () => {
  const page = await openLogin();
  const restore = await stories.lose(page, 'BeginAtProvider');
  await button(page).click();
  await alert(page, 'Couldn’t reach Curfew. Check your connection and try again.').waitFor();
  await restore();
  const restoreLater = await stories.lose(page, 'CompleteAtProvider');
  await button(page).click();
  await signInThere(page);
  await refused(page, 'Couldn’t reach Curfew', 'Check your connection and try again.');
  await restoreLater();
  await page.getByRole('button', { name: `Try again with ${NAME}` }).click();
  await atHome(page);
});

test('an untrusted response signs no one in', async () => {
  provider.misbehaviour = { wrongKey: true };
  const page = await openLogin();
  await button(page).click();
  await signInThere(page);
  await refused(page, 'This sign-in could not be verified', 'did not pass Curfew’s checks');
  await expectFineEverywhere(page);
});

test.each([
  [
    { reason: 'PROVIDER_REFUSED', providerError: 'temporarily_unavailable' },
    `${NAME} did not sign you in`,
    'has a problem at the moment',
  ],
  [
    { reason: 'PROVIDER_REFUSED', providerError: 'invalid_scope' },
    `${NAME} did not sign you in`,
    'returned an error',
  ],
  [{ code: 'RATE_LIMITED', retryAfterSeconds: 120 }, 'Too many attempts', 'Try again in 2 minutes.'],
])('a refusal with %j has its own message', async (extensions, title, text) => {
  const page = await openLogin();
  await answerInstead(page, 'CompleteAtProvider', (route) =>
    route.fulfill(error('INVALID_CREDENTIALS', extensions)),
  );
  await button(page).click();
  await signInThere(page);
  await refused(page, title, text);
  await expectFineEverywhere(page);
});

test('after a sign-in that is too old the user is sent back to sign in again, with the reason', async () => {
  const page = await openLogin('?next=%2Faccount%2Fsessions');
  const longAgo = Math.floor(stories.app.clock.now().getTime() / 1000) - 30 * 24 * 3600;
  provider.misbehaviour = { idTokenClaims: { auth_time: longAgo } };
  await button(page).click();
  await signInThere(page);
  await refused(page, `Sign in again at ${NAME}`, 'is too long ago for your account here');
  await expectNoAxeFindings(page);
  // The page redirects on its own, and the sign-in is still too old.
  await refused(page, `${NAME} did not ask you to sign in`, 'weren’t asked to sign in again');
  await expectFineEverywhere(page);

  await page.getByRole('button', { name: `Try again with ${NAME}` }).click();
  await heading(page, `Sign in again at ${NAME}`).waitFor();
  await inScheme(page, 'dark');
  await page.setViewportSize({ width: 320, height: 720 });
  await expectNoAxeFindings(page);
  provider.misbehaviour = {};
  await page.getByRole('link', { name: 'Continue now' }).click();
  await atHome(page, '/account/sessions');
});

test('two tabs can sign in at once, each with its own target', async () => {
  const first = await openLogin('?next=%2Faccount%2Fsessions');
  const second = await first.context().newPage();
  await second.goto(`${stories.app.url}/login`);
  await button(second).waitFor();
  await button(first).click();
  await first.getByLabel('Account').waitFor();
  await button(second).click();
  await second.getByLabel('Account').waitFor();
  await signInThere(second);
  await atHome(second);
  await signInThere(first);
  await atHome(first, '/account/sessions');
  await second.reload();
  await heading(second, 'Your account').waitFor();
});

test('another user who signs in at the provider in one tab takes over the other tabs', async () => {
  const colleague = await account.addUser();
  const { page } = await stories.openAs(colleague, '/account');
  await page.getByText(colleague.email, { exact: true }).first().waitFor();
  const second = await page.context().newPage();
  const begin = `mutation ($input: StartOAuthLoginInput!) { startOAuthLogin(input: $input) { authorizationUrl } }`;
  await second.goto(`${stories.app.url}/favicon.svg`);
  const input = {
    providerId: 'northwind',
    redirectUri: `${stories.app.url}/login/callback`,
    transport: 'COOKIE',
  };
  const answer = await second.request.post(`${stories.app.url}/graphql`, {
    data: { query: begin, variables: { input } },
  });
  await second.goto((await answer.json()).data.startOAuthLogin.authorizationUrl);
  await signInThere(second);
  await atHome(second);
  await page.getByText(account.owner.email, { exact: true }).first().waitFor();
});

test('after the session expired, signing in at the provider brings the draft back', async () => {
  const { page, pass } = await openSignedIn(stories, { account, path: '/account/security' });
  await page.getByRole('radio', { name: /^Custom/ }).check();
  await page.getByRole('textbox', { name: 'Idle limit' }).fill('25');
  await page.getByText('You have unsaved changes.').waitFor();
  await pass(61 * MINUTE);
  await page.waitForURL(/\/login\?reason=session_expired/);
  await page.getByText('Your unsaved changes are kept in this tab.').waitFor();
  await expectFineEverywhere(page);
  provider.misbehaviour = { clockAheadSeconds: (61 * MINUTE) / 1000 };
  await button(page).click();
  await signInThere(page);
  await atHome(page, '/account/security');
  await page.getByText('You have unsaved changes from before.').waitFor();
  expect(await page.getByRole('textbox', { name: 'Idle limit' }).inputValue()).toBe('25');
});
