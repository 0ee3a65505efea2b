import type { Page, Request } from 'playwright-core';
import type { SeededAccount } from '../seed.ts';
import { createOtherApplication } from './other-application.ts';
import { LIMITS, MINUTE, operationOf } from './signed-in-page.ts';
import { openStories } from './stories.ts';

const application = await createOtherApplication();
const stories = openStories({ env: { ...LIMITS, ALLOWED_ORIGINS: application.origin } });

/** Log lines of the browser for requests and sockets without a response. */
const UNANSWERED = /net::ERR_|WebSocket connection to|blocked by CORS policy/;

let account: SeededAccount;

beforeAll(async () => {
  account = await stories.app.seed.account();
  const { key } = await stories.app.seed.serviceKey(account.id);
  await application.open({ url: stories.app.url, serviceKey: key });
});
afterAll(() => application.close());

interface OpenPage {
  page: Page;
  /** Requests of the page to Curfew and to its own back end, oldest first. */
  requests: Request[];
  asked(name: string): number;
  /** Advances the clocks of the server and the browser. */
  pass(milliseconds: number): Promise<void>;
}

const nameOf = (request: Request): string =>
  operationOf(request.postData()) ?? new URL(request.url()).pathname;

async function openApplication(origin = application.origin): Promise<OpenPage> {
  const { page } = await stories.newPage();
  const unanswered = new Set<Request>();
  const requests: Request[] = [];
  const browser = page.context();
  browser.on('request', (request) => {
    unanswered.add(request);
    if (request.method() === 'POST') requests.push(request);
  });
  browser.on('requestfinished', (request) => unanswered.delete(request));
  browser.on('requestfailed', (request) => unanswered.delete(request));
  // Makes the session of this page the latest one.
  stories.app.clock.advance(1_000);
  await page.clock.install({ time: stories.app.clock.now().getTime() });
  await page.goto(origin);
  return {
    page,
    requests,
    asked: (name) => requests.filter((request) => nameOf(request) === name).length,
    async pass(milliseconds) {
      for (let look = 0; unanswered.size > 0 && look < 100; look += 1) await page.waitForTimeout(20);
      const passed = page.clock.fastForward(milliseconds);
      stories.app.clock.advance(milliseconds);
      await passed;
    },
  };
}

async function signIn(page: Page, email = 'ana@app.example'): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('open sesame');
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Opens the application with Ana signed in and her page connected to Curfew. */
async function openSignedIn(): Promise<OpenPage> {
  const opened = await openApplication();
  await signIn(opened.page);
  await opened.page.getByRole('heading', { name: 'Ana' }).waitFor();
  await live(opened.page);
  return opened;
}

const live = (page: Page): Promise<void> => page.locator('#connection', { hasText: 'live' }).waitFor();
const stayOf = (page: Page) => page.getByRole('status').getByRole('button', { name: 'Stay signed in' });
const ended = (page: Page, text: string): Promise<void> =>
  page.locator('#ending').getByText(text, { exact: true }).waitFor();

/** The row of the latest session created by the application. */
async function latest() {
  const em = stories.app.database.em();
  const [row] = await em.getConnection().execute<
    {
      id: string;
      user_id: string;
      idle_expires_at: Date;
      end_reason: string | null;
      ended_at: Date | null;
    }[]
  >(`select * from sessions where account_id = ? and token_hash is not null order by authenticated_at desc, id`, [account.id]);
  return row!;
}

const secondsUntil = (moment: Date | string): number =>
  Math.round((new Date(moment).getTime() - stories.app.clock.now().getTime()) / 1000);

test('the warning appears five minutes before the end, and staying moves the deadline', async () => {
  const { page, pass, requests } = await openSignedIn();
  await pass(54 * MINUTE);
  expect(await stayOf(page).count()).toBe(0);
  await pass(2 * MINUTE);
  await stayOf(page).waitFor();
  await stayOf(page).click();
  await stayOf(page).waitFor({ state: 'hidden' });
  expect(secondsUntil((await latest()).idle_expires_at)).toBeGreaterThanOrEqual(3595);

  const toCurfew = requests.filter((request) => request.url().startsWith(stories.app.url));
  expect(toCurfew.map(nameOf)).toContain('CurfewActivity');
  for (const request of toCurfew) {
    const headers = await request.allHeaders();
    expect(headers.origin).toBe(application.origin);
    expect(headers.authorization).toMatch(/^Bearer ey/);
    expect(headers.cookie).toBeUndefined();
  }
});

test('a session revoked in the dashboard ends in the page within two seconds', async () => {
  const { page } = await openSignedIn();
  const { user_id: userId } = await latest();
  const owner = await account.owner.login();
  await owner.gql('mutation ($userId: ID!) { revokeUserSessions(userId: $userId) { revokedCount } }', {
    userId,
  });
  const committed = performance.now();
  await ended(page, 'ended REVOKED_BY_OWNER');
  expect(performance.now() - committed).toBeLessThan(2_000);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('without activity the page reports that the session has expired', async () => {
  const { page, pass } = await openSignedIn();
  await pass(61 * MINUTE);
  await ended(page, 'expired idle');
  expect(secondsUntil((await latest()).idle_expires_at)).toBeLessThanOrEqual(0);
});

test('signing out ends the session at Curfew, and the cookie of the application is gone', async () => {
  const { page, pass } = await openSignedIn();
  const { id } = await latest();
  await pass(10 * MINUTE);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await ended(page, 'left');
  expect(await latest()).toMatchObject({ id, end_reason: 'LOGOUT' });
  const cookies = await page.context().cookies(application.origin);
  expect(cookies.map(({ name }) => name)).not.toContain('app_session');
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
});

test('a reload finds the session again', async () => {
  const { page, pass } = await openSignedIn();
  await pass(10 * MINUTE);
  await page.reload();
  await page.getByRole('heading', { name: 'Ana' }).waitFor();
  await live(page);
});

test('every header of the contract passes the preflight, and the response is readable', async () => {
  const { page } = await openSignedIn();
  const status = await page.evaluate(async (url) => {
    const { accessToken } = await (await fetch('/session-access-token', { method: 'POST' })).json();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${accessToken}`,
        'content-type': 'application/json',
        'apollo-require-preflight': 'true',
      },
      body: JSON.stringify({ query: '{ currentSession { id } }' }),
    });
    return { status: response.status, body: await response.json() };
  }, stories.app.url);
  expect(status).toMatchObject({
    status: 200,
    body: { data: { currentSession: { id: expect.any(String) } } },
  });
});

test('an origin that is not allowed gets no response, and the page reports it as unreachable, not as signed out', async () => {
  stories.mayLog(UNANSWERED);
  const { page, asked } = await openApplication(application.otherName);
  await signIn(page).catch(() => {});
  await page.locator('#connection', { hasText: 'offline' }).waitFor();
  expect(asked('/session-access-token')).toBeGreaterThan(0);
  expect(await page.locator('#ending').innerText()).toBe('');
  const answers = await page.evaluate(async (url) => {
    const read = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ serverTime }' }),
    }).then(
      () => 'an answer',
      () => 'nothing',
    );
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = await new Promise((done) => {
      socket.onopen = () => done('open');
      socket.onclose = ({ code }) => done(code);
    });
    return { read, closed };
  }, stories.app.url);
  expect(answers).toEqual({ read: 'nothing', closed: 1006 });
});

test('a back end that is down for a while signs no one out', async () => {
  stories.mayLog(UNANSWERED);
  const { page, pass } = await openSignedIn();
  await application.stop();
  await pass(56 * MINUTE);
  await stayOf(page).waitFor();
  await stayOf(page).click();
  await pass(MINUTE);
  expect(await stayOf(page).isVisible()).toBe(true);
  expect(await page.locator('#ending').innerText()).toBe('');
  await application.start();
  await stayOf(page).click();
  await stayOf(page).waitFor({ state: 'hidden' });
  expect(secondsUntil((await latest()).idle_expires_at)).toBeGreaterThanOrEqual(3595);
});

test('two tabs fetch their own tokens, share none, and stay and sign out together', async () => {
  const { page: first, pass, asked, requests } = await openSignedIn();
  await first.evaluate((url) => {
    const heard: string[] = [];
    const channel = new BroadcastChannel(`curfew:${url}/graphql`);
    channel.onmessage = ({ data }) => heard.push(JSON.stringify(data));
    Object.assign(globalThis, { heard });
  }, stories.app.url);
  const second = await first.context().newPage();
  await second.goto(application.origin);
  await second.getByRole('heading', { name: 'Ana' }).waitFor();
  await live(second);
  requests.length = 0;
  await pass(56 * MINUTE);
  await Promise.all([stayOf(first).waitFor(), stayOf(second).waitFor()]);
  await stayOf(second).click();
  await Promise.all([first, second].map((tab) => stayOf(tab).waitFor({ state: 'hidden' })));
  expect(asked('/session-access-token')).toBe(2);
  const { heard, stored } = await first.evaluate(() => ({
    heard: (globalThis as any).heard.join(),
    stored: JSON.stringify([localStorage, sessionStorage]),
  }));
  expect(heard).toContain('extended');
  expect(heard + stored).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  await first.getByRole('button', { name: 'Sign out' }).click();
  await Promise.all([ended(first, 'left'), ended(second, 'left')]);
});

test('another user who signs in at the application takes over the other tab', async () => {
  const { page: first } = await openSignedIn();
  const second = await first.context().newPage();
  await second.goto(application.origin);
  await second.getByRole('heading', { name: 'Ana' }).waitFor();
  await second.evaluate(() =>
    fetch('/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'ben@app.example', password: 'open sesame' }),
    }),
  );
  await second.reload();
  await Promise.all([first, second].map((tab) => tab.getByRole('heading', { name: 'Ben' }).waitFor()));
});
