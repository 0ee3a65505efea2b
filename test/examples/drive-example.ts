import type { Page, Request } from 'playwright-core';
import type { TestApp } from '../harness.ts';
import type { TcpProxy } from '../operations/tcp-proxy.ts';
import { waitUntil } from '../wait-until.ts';
import type { SeededAccount } from '../seed.ts';
import { MINUTE } from './applications.ts';

/** An example that has been started, and what its page and its routes are. */
export interface DrivenExample {
  /** Where a browser finds it; its origin is one of Curfew's `ALLOWED_ORIGINS`. */
  readonly url: string;
  /** The account of its service key. */
  readonly account: SeededAccount;
  /** Answers 200 to a live session's cookie, 401 to another, and 503 while Curfew cannot be reached. */
  readonly protectedPath: string;
  /** One of its users. */
  readonly user: { readonly email: string; readonly password: string; readonly name: string };
  /** The line between its back end and Curfew, where the test can cut it. */
  readonly line?: Pick<TcpProxy, 'cut' | 'restore'>;
  /** Whether its back end has a route for reauthentication. */
  readonly hasReauthentication: boolean;
}

/** What the examples have in common. */
export const EXAMPLE = {
  protectedPath: '/account',
  user: { email: 'ana@app.example', password: 'ana-likes-apples', name: 'Ana' },
  hasReauthentication: true,
} as const;

const COOKIE = 'app_session';

const SET_POLICY = `mutation ($input: UpdateSessionPolicyInput!) {
  updateSessionPolicy(input: $input) { sessionPolicy { version } } }`;
const REVOKE = 'mutation ($id: ID!) { revokeUserSessions(userId: $id) { revokedCount } }';

/**
 * Uses an example as a person would, with an idle limit of 20 minutes and an absolute one of 30: signs in, is warned, stays,
 * authenticates again, signs out, and is signed out by an owner. `curfew` runs on a manual clock. The page of the example
 * has a form with "E-mail", "Password" and "Sign in", then a heading with the user's name and a button "Sign out"; the
 * cookie is named `app_session`.
 */
export async function driveExample(page: Page, curfew: TestApp, example: DrivenExample): Promise<void> {
  const { url, account, protectedPath, user, hasReauthentication, line } = example;
  const { pass } = await installClocks(page, curfew);
  const cookie = async () => (await page.context().cookies(url)).find(({ name }) => name === COOKIE);
  const statusFor = async (token: string | undefined): Promise<number> =>
    (await fetch(url + protectedPath, { headers: token ? { cookie: `${COOKIE}=${token}` } : {} })).status;
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const signIn = async (password = user.password): Promise<void> => {
    await page.getByLabel('E-mail').fill(user.email);
    await page.getByLabel('Password').fill(password);
    await button('Sign in').click();
  };
  const greeting = page.getByRole('heading', { name: user.name });
  const stay = button('Stay signed in');

  const owner = await account.owner.login();
  await owner.gql(SET_POLICY, { input: { idleMinutes: 20, absoluteMinutes: 30 } });

  // Signed out.
  await page.goto(url);
  expect(await statusFor(undefined)).toBe(401);
  expect(await statusFor('x'.repeat(43))).toBe(401);
  await signIn('wrong');
  await page.getByText('Wrong e-mail or password.').waitFor();
  expect(await cookie()).toBeUndefined();

  // Signed in: the token is out of the page's reach, and of other sites'.
  await Promise.all([follows(page), signIn()]);
  await greeting.waitFor();
  const first = (await cookie())!;
  expect(first).toMatchObject({ httpOnly: true, path: '/' });
  expect(first.sameSite).toMatch(/^(?:Lax|Strict)$/);
  expect(await statusFor(first.value)).toBe(200);
  const signedIn = await sessionOf(account, user.email);

  if (line) {
    // Without an answer of Curfew the back end lets no one in, and tells the page of no end.
    line.cut();
    expect(await statusFor(first.value)).toBe(503);
    const response = await fetch(`${url}/session-access-token`, {
      method: 'POST',
      headers: { cookie: `${COOKIE}=${first.value}`, origin: url },
    });
    expect(response.status).toBeGreaterThanOrEqual(500);
    await line.restore();
  }

  // Warned five minutes before the end; to stay moves it.
  await pass(15.5 * MINUTE);
  await stay.click();
  await stay.waitFor({ state: 'hidden' });
  // The press is activity, which is sent within a minute.
  await pass(1.1 * MINUTE);
  await waitUntil(async () => {
    const { id, idleExpiresAt } = await sessionOf(account, user.email);
    return id === signedIn.id && Date.parse(idleExpiresAt) > Date.parse(signedIn.idleExpiresAt);
  });

  if (hasReauthentication) await reauthenticate();

  // Signing out ends the session at Curfew, so a copy of the cookie is worth nothing.
  const { value: last } = (await cookie())!;
  await button('Sign out').click();
  await button('Sign in').waitFor();
  expect(await cookie()).toBeUndefined();
  expect(await statusFor(last)).toBe(401);

  // An owner signs the user out: the page hears it, and the back end refuses the cookie.
  await Promise.all([follows(page), signIn()]);
  const { value: second } = (await cookie())!;
  expect(await statusFor(second)).toBe(200);
  await page.evaluate(() => {
    const revoked = new Promise((done) => document.addEventListener('curfew-revoked', done));
    Object.assign(globalThis, { revoked: revoked.then(() => true) });
  });
  const { data } = await (await account.owner.login()).gql(REVOKE, { id: signedIn.user.id });
  expect(data.revokeUserSessions.revokedCount).toBe(1);
  expect(await page.evaluate('revoked')).toBe(true);
  expect(await statusFor(second)).toBe(401);
  await page.goto(url);
  await button('Sign in').waitFor();

  /** Near the absolute limit only the password helps, and it replaces the cookie. */
  async function reauthenticate(): Promise<void> {
    await pass(9 * MINUTE);
    const { value: before } = (await cookie())!;
    await button('Confirm it’s you').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill('wrong');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByText('Wrong password. Try again.').waitFor();
    await dialog.getByLabel('Password').fill(user.password);
    // The event on the socket may close the dialog before the answer brings the cookie.
    const confirmed = page.waitForResponse('**/reauthenticate');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await confirmed;
    await dialog.waitFor({ state: 'hidden' });
    const { value: after } = (await cookie())!;
    expect(await statusFor(after)).toBe(200);
    expect(await statusFor(before)).toBe(401);
    const again = await sessionOf(account, user.email);
    expect(again.id).toBe(signedIn.id);
    expect(Date.parse(again.absoluteExpiresAt)).toBeGreaterThan(Date.parse(signedIn.absoluteExpiresAt));
  }
}

/** Time passes for Curfew and for the browser alike. */
async function installClocks(page: Page, curfew: TestApp) {
  await page.clock.install({ time: curfew.clock.now() });
  const unanswered = new Set<Request>();
  const context = page.context();
  context.on('request', (request) => unanswered.add(request));
  context.on('requestfinished', (request) => unanswered.delete(request));
  context.on('requestfailed', (request) => unanswered.delete(request));
  return {
    async pass(milliseconds: number): Promise<void> {
      // A request that is pending during the jump would time out.
      while (unanswered.size > 0) await page.waitForTimeout(20);
      // In one turn: a page that wakes up asks, so Curfew's clock must have moved by then.
      const passed = page.clock.fastForward(milliseconds);
      curfew.clock.advance(milliseconds);
      await passed;
    },
  };
}

/** Resolves when the page follows its session over the socket. */
async function follows(page: Page): Promise<void> {
  const socket = await page.waitForEvent('websocket', {
    predicate: (one) => one.url().endsWith('/graphql'),
  });
  await socket.waitForEvent('framesent', ({ payload }) => String(payload).includes('"subscribe"'));
}

interface ServiceSession {
  id: string;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  user: { id: string; email: string };
}

/** The only live session of a user, as the owner sees it. */
async function sessionOf(account: SeededAccount, email: string): Promise<ServiceSession> {
  const owner = await account.owner.login();
  const query =
    '{ sessions(status: ACTIVE) { edges { node { id idleExpiresAt absoluteExpiresAt user { id email } } } } }';
  const { data } = await owner.gql(query);
  const all: ServiceSession[] = data.sessions.edges.map(({ node }: { node: ServiceSession }) => node);
  const [session, ...others] = all.filter(({ user }) => user.email === email);
  expect(others).toEqual([]);
  return session!;
}

/** As the guide asks: a sign-in during a session ends the old one. For examples with a route `/sign-in` that takes JSON. */
export async function expectOldSessionToEnd(url: string): Promise<void> {
  const signIn = async (cookie: Record<string, string>): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json', ...cookie };
    const response = await fetch(`${url}/sign-in`, {
      method: 'POST',
      headers,
      body: JSON.stringify(EXAMPLE.user),
    });
    return { cookie: response.headers.getSetCookie()[0]!.split(';')[0]! };
  };
  const statusFor = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(url + EXAMPLE.protectedPath, { headers })).status;
  const first = await signIn({});
  const second = await signIn(first);
  expect([await statusFor(first), await statusFor(second)]).toEqual([401, 200]);
  // `driveExample` expects to be the only one.
  await fetch(`${url}/sign-out`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', ...second },
  });
}
