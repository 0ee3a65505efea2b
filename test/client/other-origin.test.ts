import WebSocket from 'ws';
import { createFakeBrowser } from '../../client/src/testing/fake-browser.ts';
import { createSessionWatcher, type SessionState, type SessionWatcher } from '../../client/src/index.ts';
import type { Credentials, SessionAccessToken, WatcherOptions } from '../../client/src/index.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { until } from './browser.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PAGE = 'https://app.example';

const CREATE = `mutation Create($input: CreateSessionInput!) {
  createSession(input: $input) { sessionToken session { id } } }`;
const ISSUE = `mutation Issue($sessionToken: String!) {
  issueSessionAccessToken(sessionToken: $sessionToken) { accessToken expiresAt } }`;
const REAUTHENTICATE = `mutation Reauthenticate($sessionToken: String!) {
  reauthenticateSession(sessionToken: $sessionToken) { sessionToken } }`;
const END = `mutation End($input: EndSessionInput!) { endSession(input: $input) }`;

const isLive = (state: SessionState): boolean => state.status === 'active' && state.connection === 'live';
const isOver = (state: SessionState): boolean => state.status === 'over';

let app: TestApp;
let account: SeededAccount;
let key: string;
const running = new Set<SessionWatcher>();

beforeAll(async () => {
  const env = { SESSION_IDLE_MINUTES_DEFAULT: '30', SESSION_ABSOLUTE_MINUTES_DEFAULT: '60' };
  app = await startApp({ env: { ...env, ALLOWED_ORIGINS: PAGE } });
  account = await app.seed.account();
  ({ key } = await app.seed.serviceKey(account.id));
});
afterAll(() => app.close());
afterEach(() => {
  for (const watcher of running) watcher.stop();
  running.clear();
});

const asBackEnd = (query: string, variables: Record<string, unknown>) =>
  app.gql(query, variables, { token: key });

/** What an application's back end answers its own page, from the session token in its cookie. */
async function answerPage(sessionToken: string): Promise<SessionAccessToken | null> {
  const answer = await asBackEnd(ISSUE, { sessionToken });
  if (answer.code === 'NOT_FOUND') return null;
  if (answer.code !== undefined) throw new Error(answer.code);
  return answer.data.issueSessionAccessToken;
}

/** A user is signed in at an application, and its page follows the session. */
async function openPage(
  options: Partial<WatcherOptions> = {},
  who: Record<string, string> = {},
  /** The back end, with the cookie of the page. */
  authenticate?: (
    cookie: { sessionToken: string },
    credentials: Credentials,
  ) => Promise<SessionAccessToken | null>,
) {
  const input = { externalId: 'ana', email: 'ana@app.example', name: 'Ana', ...who };
  const created = await asBackEnd(CREATE, { input });
  const { sessionToken, session } = created.data.createSession;
  const cookie = { sessionToken: sessionToken as string };
  const requests: RequestInit[] = [];
  const { env } = createFakeBrowser().openTab({
    fetch(url, init) {
      requests.push(init!);
      return fetch(url, { ...init, headers: { ...(init!.headers as Record<string, string>), origin: PAGE } });
    },
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { origin: PAGE });
      }
    },
  });
  const watcher = createSessionWatcher({
    url: `${app.url}/graphql`,
    env: {
      ...env,
      now: () => app.clock.now().getTime(),
      setTimeout: (task, milliseconds) => app.clock.after(milliseconds, task),
      clearTimeout: (cancel) => (cancel as (() => void) | undefined)?.(),
    },
    getSessionAccessToken: () => answerPage(cookie.sessionToken),
    onReauthenticate: authenticate && ((credentials) => authenticate(cookie, credentials)),
    ...options,
  });
  running.add(watcher);
  watcher.start();
  await until(watcher, isLive);
  return { watcher, sessionToken, sessionId: session.id as string, requests };
}

async function rowOf(sessionId: string) {
  const connection = app.database.em().getConnection();
  const [row] = await connection.execute<{ idle_expires_at: Date; end_reason: string | null }[]>(
    'select idle_expires_at, end_reason from sessions where id = ?',
    [sessionId],
  );
  return row!;
}

test('a page of another origin finds its session, and whose it is', async () => {
  const { watcher, sessionId, requests } = await openPage();
  expect(watcher.getState()).toMatchObject({
    session: { id: sessionId, idleMinutes: 30, absoluteMinutes: 60 },
    user: { name: 'Ana', role: 'MEMBER', account: { id: account.id } },
  });
  expect(requests.map(({ credentials }) => credentials)).toEqual(['omit']);
});

test('the warning comes, the user stays, and the row follows', async () => {
  const { watcher, sessionId } = await openPage();
  app.clock.advance(25 * MINUTE + SECOND);
  await until(watcher, ({ warning }) => warning === 'soon');
  await watcher.stay();
  expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
  const { idle_expires_at: idleExpiresAt } = await rowOf(sessionId);
  expect(new Date(idleExpiresAt).getTime()).toBe(app.clock.now().getTime() + 30 * MINUTE);
});

test('the user does not stay, and the session expires', async () => {
  const { watcher } = await openPage();
  app.clock.advance(30 * MINUTE + SECOND);
  expect((await until(watcher, isOver)).ending).toEqual({ kind: 'expired', limit: 'idle' });
});

test.each([
  ['LOGOUT', { kind: 'left' }],
  ['PASSWORD_CHANGED', { kind: 'ended', endReason: 'PASSWORD_CHANGED' }],
])('the back end ends it with %s, and the page is told so', async (reason, ending) => {
  const { watcher, sessionToken } = await openPage();
  await asBackEnd(END, { input: { sessionToken, reason } });
  expect((await until(watcher, isOver)).ending).toEqual(ending);
});

test('an end that the page slept through is named, although its token has run out', async () => {
  const { watcher, sessionToken } = await openPage();
  watcher.stop();
  await asBackEnd(END, { input: { sessionToken, reason: 'USER_DEACTIVATED' } });
  app.clock.advance(10 * MINUTE);
  watcher.start();
  const { ending } = await until(watcher, isOver);
  expect(ending).toEqual({ kind: 'ended', endReason: 'USER_DEACTIVATED' });
});

test('signing out ends the session, with a new token where the old one has run out', async () => {
  const told: string[] = [];
  const { watcher, sessionId } = await openPage({ onSignOut: () => void told.push('application') });
  app.clock.advance(10 * MINUTE);
  await watcher.signOut();
  expect(watcher.getState().ending).toEqual({ kind: 'left' });
  expect(told).toEqual(['application']);
  expect(await rowOf(sessionId)).toMatchObject({ end_reason: 'LOGOUT' });
});

test('the application authenticates its user again, and the page goes on in the same session', async () => {
  const { watcher, sessionToken, sessionId } = await openPage({}, {}, async (cookie, { password }) => {
    if (password !== 'the one of the application') return null;
    const answer = await asBackEnd(REAUTHENTICATE, { sessionToken: cookie.sessionToken });
    cookie.sessionToken = answer.data.reauthenticateSession.sessionToken;
    return answerPage(cookie.sessionToken);
  });
  expect(watcher.getState().reauthentication).toBe('possible');
  app.clock.advance(20 * MINUTE);
  await expect(watcher.reauthenticate({ password: 'another' })).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
  });
  await watcher.reauthenticate({ password: 'the one of the application' });
  const now = app.clock.now().getTime();
  expect(watcher.getState()).toMatchObject({
    reauthentication: 'possible',
    session: { id: sessionId, authenticatedAt: now, absoluteExpiresAt: now + 60 * MINUTE },
  });
  app.clock.advance(6 * MINUTE);
  await watcher.getAccessToken();
  expect(await answerPage(sessionToken)).toBeNull();
});

test('the token of the page is good for nothing else, not even over the socket and for an owner', async () => {
  const { watcher } = await openPage({}, { externalId: 'boss', email: 'boss@app.example', name: 'Boss' });
  const { id } = watcher.getState().user!;
  const owner = await account.owner.login();
  await owner.gql('mutation ($id: ID!) { setUserRole(userId: $id, role: OWNER) { role } }', { id });
  const token = await watcher.getAccessToken();
  for (const query of [
    '{ viewer { id } }',
    '{ sessionPolicy { version } }',
    'mutation { revokeSessions { revokedCount } }',
  ])
    expect(await app.gql(query, {}, { token })).toMatchObject({ code: 'FORBIDDEN' });
  const feed = app.subscribe('subscription { accountSessions { kind } }', { accessToken: token });
  expect(await feed.next()).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
  await feed.stop();
});

test('the preflight of an allowed origin passes, and that of another is answered with nothing to go by', async () => {
  const ask = (origin: string) =>
    fetch(`${app.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'apollo-require-preflight,authorization,content-type',
      },
    });
  const allowed = (await ask(PAGE)).headers;
  expect(allowed.get('access-control-allow-origin')).toBe(PAGE);
  expect(allowed.get('access-control-allow-credentials')).toBeNull();
  for (const header of ['authorization', 'content-type', 'apollo-require-preflight'])
    expect(allowed.get('access-control-allow-headers')!.toLowerCase()).toContain(header);
  const other = 'https://evil.example';
  expect((await ask(other)).headers.get('access-control-allow-origin')).not.toBe(other);
});
