import { sql } from 'kysely';
import type { Page, Route } from 'playwright-core';
import { findFreePort } from '../../server/http/free-port.ts';
import type { StartOptions } from '../harness.ts';
import { startProvider, type TestProvider } from '../oidc/provider.ts';
import type { SeededAccount } from '../seed.ts';
import { expectNoAxeFindings } from './axe.ts';
import { countAudited, dialogOf, inScheme, overflowOf, passwordIn } from './confirming.ts';
import { MINUTE } from './signed-in-page.ts';
import { focused, openStories } from './stories.ts';

const NAME = 'Northwind ID';
const options: StartOptions = {};
let provider: TestProvider;

beforeAll(async () => {
  const port = await findFreePort();
  // Another site than the provider's, so that the browser treats its windows and coming back as it does out there.
  const home = `http://localhost:${port}`;
  provider = await startProvider({ redirectUris: [`${home}/login/callback`] });
  options.env = {
    PORT: String(port),
    PUBLIC_URL: home,
    OIDC_PROVIDERS: JSON.stringify([provider.settings('northwind', NAME)]),
    LOGIN_FAILURES_PER_ADDRESS: '1000',
  };
});
afterAll(() => provider.close());

const stories = openStories(options);

let account: SeededAccount;
beforeEach(async () => {
  account = await stories.app.seed.account();
  const { email } = account.owner;
  provider.accounts.owner = { sub: `sub-of-${email}`, email, email_verified: true };
  provider.accounts.stranger = { sub: 'stranger', email: 'stranger@example.test', email_verified: true };
  keepTime();
});

/** The provider's clock is as far ahead as Curfew's, which the tests move. */
function keepTime(): void {
  const clockAheadSeconds = Math.round((stories.app.clock.now().getTime() - Date.now()) / 1000);
  provider.misbehaviour = { clockAheadSeconds };
}

const continueWith = (page: Page) => page.getByRole('button', { name: `Continue with ${NAME}` });
const openAgain = (page: Page) => dialogOf(page).getByRole('button', { name: 'Open the window again' });
const toast = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });
const problem = (page: Page, text: string) => dialogOf(page).getByRole('alert').filter({ hasText: text });

/** Signs in on the page of the provider. */
async function signInThere(page: Page, name = 'owner'): Promise<void> {
  await page.getByRole('textbox', { name: 'Account' }).fill(name);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const policyCard = (page: Page) => page.getByRole('region', { name: 'Session policy' });
const save = (page: Page) => policyCard(page).getByRole('button', { name: /^(Save|Saving…)$/ });
const isSaved = (page: Page) => policyCard(page).getByText('Saved. The new limits apply').waitFor();
const count = (action: string) => countAudited(stories.app, account.id, action);

/** An owner who signed in at the provider 20 minutes ago, and has chosen another preset. */
async function openLater({ hasPassword = true, path = '/account/security' } = {}): Promise<Page> {
  const { page } = await stories.newPage();
  await page.goto(`${stories.app.url}/login?${new URLSearchParams({ next: path })}`);
  await continueWith(page).click();
  await signInThere(page);
  await page.waitForURL(stories.app.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  if (!hasPassword)
    await sql`update users set password_hash = null where id = ${account.owner.id}`.execute(
      stories.app.database.em().getKysely(),
    );
  stories.app.clock.advance(20 * MINUTE);
  keepTime();
  return page;
}

async function saveAnother(page: Page): Promise<void> {
  await policyCard(page)
    .getByRole('radio', { name: /^Working day:/ })
    .check();
  await save(page).click();
  await dialogOf(page).waitFor();
}

/** Presses the button, and returns the window that it opens. */
async function openWindow(page: Page, button = continueWith(page)): Promise<Page> {
  const [opened] = await Promise.all([page.waitForEvent('popup'), button.click()]);
  await opened.getByLabel('Account').waitFor();
  return opened;
}

const closed = (opened: Page) => (opened.isClosed() ? Promise.resolve() : opened.waitForEvent('close'));

/** Handles one operation in place of the server. */
const answerInstead = (page: Page, operation: string, answer: (route: Route) => Promise<void>) =>
  page
    .context()
    .route('**/graphql', (route) =>
      (route.request().postData() ?? '').includes(`"operationName":"${operation}"`)
        ? answer(route)
        : route.fallback(),
    );

test('in a window of its own, which closes itself, and what was asked for goes on', async () => {
  const page = await openLater();
  await saveAnother(page);
  await focused(passwordIn(page));
  await expectNoAxeFindings(page);
  const opened = await openWindow(page);
  expect(await opened.evaluate('window.opener')).toBe(null);
  await dialogOf(page).getByText(`Continue in the window of ${NAME}.`).waitFor();
  await expectNoAxeFindings(page);
  const addresses: string[] = [];
  opened.on('framenavigated', (frame) => addresses.push(frame.url()));
  await Promise.all([closed(opened), signInThere(opened)]);
  await dialogOf(page).waitFor({ state: 'detached' });
  await isSaved(page);
  await focused(save(page));
  expect(addresses.at(-1)).toBe(`${stories.app.url}/login/callback`);
  expect([await count('account.session_policy_update'), await count('session.reauthenticated')]).toEqual([
    1, 1,
  ]);
  expect(await page.evaluate('Object.keys(sessionStorage)')).not.toContain('curfew.pending-sign-in');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
});

test('another person is told apart, no one is signed out, and the next try works', async () => {
  const page = await openLater();
  await saveAnother(page);
  const opened = await openWindow(page);
  await Promise.all([closed(opened), signInThere(opened, 'stranger')]);
  await problem(page, `${NAME} says that you’re someone else.`).waitFor();
  await expectNoAxeFindings(page);
  expect([await count('account.session_policy_update'), await count('session.reauthenticated')]).toEqual([
    0, 0,
  ]);
  const again = await openWindow(page);
  await Promise.all([closed(again), signInThere(again)]);
  await isSaved(page);
  expect(await count('account.session_policy_update')).toBe(1);
});

test('a person who cancels there, and a provider with an error, have their words', async () => {
  const page = await openLater();
  await saveAnother(page);
  const opened = await openWindow(page);
  await Promise.all([closed(opened), opened.getByRole('button', { name: 'Cancel' }).click()]);
  await problem(page, `You cancelled at ${NAME}.`).waitFor();

  provider.misbehaviour = { ...provider.misbehaviour, tokenAnswer: { status: 503, body: {} } };
  const second = await openWindow(page);
  await Promise.all([closed(second), signInThere(second)]);
  await problem(page, `${NAME} or Curfew is not available at the moment.`).waitFor();

  const { tokenAnswer: _, ...rest } = provider.misbehaviour;
  provider.misbehaviour = { ...rest, idTokenClaims: { auth_time: 1_000_000_000 } };
  const third = await openWindow(page);
  await Promise.all([closed(third), signInThere(third)]);
  await problem(page, `${NAME} did not ask you to sign in again.`).waitFor();

  await page.keyboard.press('Escape');
  await toast(page, 'Nothing was changed.').waitFor();
  expect(await count('account.session_policy_update')).toBe(0);
});

test('a window that is closed by hand can be opened again', async () => {
  const page = await openLater();
  await saveAnother(page);
  const opened = await openWindow(page);
  await opened.close();
  await dialogOf(page).getByText('You’re not confirmed yet.').waitFor();
  await expectNoAxeFindings(page);
  const again = await openWindow(page, openAgain(page));
  await Promise.all([closed(again), signInThere(again)]);
  await isSaved(page);
});

test('a second click opens no second window while the first one is on its way', async () => {
  const page = await openLater();
  await saveAnother(page);
  const held = Promise.withResolvers<void>();
  await answerInstead(page, 'ReauthenticateAtProvider', async (route) => {
    await held.promise;
    await route.continue();
  });
  const windows: Page[] = [];
  page.on('popup', (opened) => windows.push(opened));
  const [opened] = await Promise.all([page.waitForEvent('popup'), continueWith(page).click()]);
  await opened.getByText(`Going to ${NAME}…`).waitFor();
  await dialogOf(page)
    .getByRole('button', { name: `Going to ${NAME}…` })
    .click({ force: true });
  held.resolve();
  await opened.getByLabel('Account').waitFor();
  expect(windows).toHaveLength(1);
  // The dialog is closed, and the person comes back with the window nevertheless: it says that it can go.
  await page.bringToFront();
  await page.keyboard.press('Escape');
  await dialogOf(page).waitFor({ state: 'detached' });
  await page.goto('about:blank');
  await signInThere(opened);
  await focused(opened.getByRole('heading', { level: 1, name: 'It’s you: confirmed' }));
  await opened.getByText('You can close this window and carry on where you were.').waitFor();
  await expectNoAxeFindings(opened);
});

test('a provider that cannot be reached closes the window and says so', async () => {
  const page = await openLater();
  await saveAnother(page);
  await answerInstead(page, 'ReauthenticateAtProvider', (route) =>
    route.fulfill({
      json: { data: null, errors: [{ message: 'No.', extensions: { code: 'UNAVAILABLE' } }] },
    }),
  );
  const [opened] = await Promise.all([page.waitForEvent('popup'), continueWith(page).click()]);
  await problem(page, 'Couldn’t reach').waitFor();
  await closed(opened);
});

describe('where the browser blocks windows', () => {
  async function openBlocked(path?: string): Promise<Page> {
    const page = await openLater({ path });
    await page.evaluate('window.open = () => null');
    return page;
  }
  const inThisTab = (page: Page) => dialogOf(page).getByRole('button', { name: 'Continue in this tab' });

  test('it goes on in the tab, and comes back to the draft and what to do', async () => {
    const page = await openBlocked();
    await saveAnother(page);
    await continueWith(page).click();
    await dialogOf(page).getByText(`Your browser blocked the window of ${NAME}.`).waitFor();
    await page.setViewportSize({ width: 320, height: 640 });
    for (const scheme of ['dark', 'light'] as const) {
      await inScheme(page, scheme);
      await expectNoAxeFindings(page);
      expect(await overflowOf(page)).toBe(0);
    }
    await inThisTab(page).click();
    await signInThere(page);
    await page.waitForURL(`${stories.app.url}/account/security`);
    await toast(page, 'Confirmed. Nothing was changed yet: start it again, and it goes through.').waitFor();
    await policyCard(page).getByText('You have unsaved changes from before.').waitFor();
    expect(await count('account.session_policy_update')).toBe(0);
    await save(page).click();
    await isSaved(page);
    expect(await count('account.session_policy_update')).toBe(1);
    // Said once.
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Policy' }).waitFor();
    expect(await toast(page, 'Confirmed.').count()).toBe(0);
  });

  test('a person who cancels there comes back, still signed in, and reads why', async () => {
    const page = await openBlocked('/account/security?from=here');
    await saveAnother(page);
    await continueWith(page).click();
    await inThisTab(page).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForURL(`${stories.app.url}/account/security?from=here`);
    await toast(page, `You cancelled at ${NAME}. Nothing was changed.`).waitFor();
    await policyCard(page).getByText('You have unsaved changes from before.').waitFor();
  });
});

test('a person without a password is offered their provider only', async () => {
  const page = await openLater({ hasPassword: false });
  await saveAnother(page);
  await continueWith(page).waitFor();
  expect(await passwordIn(page).count()).toBe(0);
  await expectNoAxeFindings(page);
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click();
  await toast(page, 'Nothing was changed.').waitFor();
  await save(page).click();
  const opened = await openWindow(page);
  await Promise.all([closed(opened), signInThere(opened)]);
  await isSaved(page);
});

test('a session that ends during it leads to the sign-in', async () => {
  const page = await openLater();
  await saveAnother(page);
  const opened = await openWindow(page);
  const { gql } = await account.owner.login();
  await gql('mutation { revokeSessions(scope: ALL) { revokedCount } }');
  await page.waitForURL(/\/login\?reason=signed_out/);
  await signInThere(opened);
  // The tab tells the window that it can close, for a while; after that the window says so itself.
  const words = opened.getByRole('heading', { level: 1, name: 'Not confirmed' }).waitFor();
  await Promise.race([closed(opened), words]);
  words.catch(() => {});
});

test('someone who never signed in at a provider is asked for the password only', async () => {
  const { page } = await stories.openAs(account.owner, '/account/security');
  stories.app.clock.advance(20 * MINUTE);
  await saveAnother(page);
  await focused(passwordIn(page));
  expect(await continueWith(page).count()).toBe(0);
});
