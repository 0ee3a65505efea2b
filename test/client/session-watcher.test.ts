import type { SessionState, SessionWatcher } from '../../client/src/index.ts';
import { createTestDatabase, onPostgres } from '../databases.ts';
import { gauge, untilGauge } from '../expiry/raw-socket.ts';
import { startApp, type TestApp } from '../harness.ts';
import { claimsOf, PASSWORD, type SeededAccount } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';
import { createBrowser, socketOn, until } from './browser.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The server warns less than a second after the warning time. */
const WARNED = 25 * MINUTE + SECOND;

const POLICY = `mutation {
  updateSessionPolicy(input: { idleMinutes: 30, absoluteMinutes: 60 }) { sessionPolicy { version } } }`;

const isActive = (state: SessionState): boolean => state.status === 'active';
const isLive = (state: SessionState): boolean => state.status === 'active' && state.connection === 'live';
const isOver = (state: SessionState): boolean => state.status === 'over';

describe('against a server whose time stands still', () => {
  let app: TestApp;
  let account: SeededAccount;
  let browser: ReturnType<typeof createBrowser>;

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    account = await app.seed.account();
    const owner = await account.owner.login();
    await owner.gql(POLICY);
    browser = createBrowser(app, app.clock);
  });
  afterEach(async () => {
    browser.close();
    await followed(0);
  });

  async function signedIn(): Promise<SessionWatcher> {
    const watcher = browser.open();
    watcher.begin(await browser.signIn(account.owner.email));
    await until(watcher, isLive);
    await followed(1);
    return watcher;
  }

  /** A connection counts as live before its socket is open: only the server knows that it is followed. */
  const followed = (sessions: number): Promise<void> => untilGauge(app, 'curfew_watched_sessions', sessions);

  test('the warning comes, the user stays, and the warning goes', async () => {
    const watcher = await signedIn();
    app.clock.advance(WARNED);
    const { expiresAt } = await until(watcher, ({ warning }) => warning === 'soon');
    expect(expiresAt).toBe(app.clock.now().getTime() - WARNED + 30 * MINUTE);
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
    expect(watcher.getState().session!.idleExpiresAt).toBe(app.clock.now().getTime() + 30 * MINUTE);
  });

  test('the user does not stay, and the session expires', async () => {
    const watcher = await signedIn();
    app.clock.advance(30 * MINUTE + SECOND);
    const { ending } = await until(watcher, isOver);
    expect(ending).toEqual({ kind: 'expired', limit: 'idle' });
  });

  test('an owner ends it, and the page is told so', async () => {
    const watcher = await signedIn();
    const owner = await account.owner.login();
    await owner.gql(`mutation { revokeSessions(scope: ALL) { revokedCount } }`);
    const { ending } = await until(watcher, isOver);
    expect(ending).toEqual({ kind: 'ended', endReason: 'REVOKED_BY_OWNER' });
  });

  test('signing out ends the session on the server and clears the cookie', async () => {
    const watcher = await signedIn();
    const token = await watcher.getAccessToken();
    await watcher.signOut();
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
    expect(browser.jar.has('curfew_refresh')).toBe(false);
    const answer = await app.gql('{ currentSession { id } }', {}, { token });
    expect(answer).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { endReason: 'LOGOUT' } });
  });

  test('a reload finds the session again, long after the access token has run out', async () => {
    const watcher = await signedIn();
    watcher.stop();
    app.clock.advance(10 * MINUTE);
    const reloaded = browser.open();
    reloaded.start();
    const { session, user } = await until(reloaded, isActive);
    expect(session!.id).toBe(watcher.getState().session!.id);
    expect(user!.email).toBe(account.owner.email);
    expect(session!.lastActivityAt).toBe(app.clock.now().getTime() - 10 * MINUTE);
  });

  test('a tab that is killed before the answer to its refresh came is signed in when it is opened again', async () => {
    const watcher = await signedIn();
    app.clock.advance(6 * MINUTE);
    browser.faults.losesAnswers = true;
    await expect(watcher.getAccessToken()).rejects.toThrow('The server could not be reached.');
    watcher.stop();
    browser.faults.losesAnswers = false;
    // Well past the grace within which any client may repeat itself.
    app.clock.advance(5 * MINUTE);
    const reopened = browser.open();
    reopened.start();
    const { session } = await until(reopened, isActive);
    expect(session!.id).toBe(watcher.getState().session!.id);
    // And it goes on from there.
    app.clock.advance(6 * MINUTE);
    expect(await reopened.getAccessToken()).toEqual(expect.any(String));
  });

  test('two tabs renew one after the other, and neither hands its token over', async () => {
    const one = await signedIn();
    const two = browser.open();
    two.start();
    await until(two, isLive);
    // Longer than a replaced refresh token may be repeated for.
    for (let round = 0; round < 3; round += 1) {
      app.clock.advance(6 * MINUTE);
      const [first, second] = await Promise.all([one.getAccessToken(), two.getAccessToken()]);
      expect(second).not.toBe(first);
    }
    const { sid } = claimsOf(await one.getAccessToken());
    expect(sid).toBe(claimsOf(await two.getAccessToken()).sid);
    expect(browser.shown.length).toBeGreaterThan(0);
    for (const text of browser.shown) expect(text).not.toMatch(/eyJ/);
  });

  test('ten tabs that wake up together are signed in afterwards, without Web Locks too', async () => {
    const first = await signedIn();
    const tabs = [first, ...Array.from({ length: 9 }, () => browser.open({ env: { locks: null } }))];
    for (const tab of tabs) tab.start();
    for (const tab of tabs) await until(tab, isLive);
    app.clock.advance(6 * MINUTE);
    await Promise.all(tabs.map((tab) => tab.getAccessToken()));
    app.clock.advance(6 * MINUTE);
    for (const tab of tabs) await tab.getAccessToken();
    for (const tab of tabs) expect(tab.getState().status).toBe('active');
  });

  /** Of the limits of the test's policy. */
  const untilLater = (watcher: SessionWatcher, minutes: number): Promise<SessionState> =>
    until(
      watcher,
      ({ session }) => session!.absoluteExpiresAt === app.clock.now().getTime() + minutes * MINUTE,
    );

  test('the user authenticates again at the absolute limit, and all tabs follow', async () => {
    const one = await signedIn();
    const two = browser.open();
    two.start();
    await until(two, isLive);
    await followed(1);
    app.clock.advance(29 * MINUTE);
    await one.stay();
    app.clock.advance(27 * MINUTE);
    await one.stay();
    for (const tab of [one, two]) await until(tab, ({ reason }) => reason === 'ABSOLUTE');
    one.dismiss();
    await expect(one.reauthenticate({ password: 'not this one' })).rejects.toMatchObject({
      name: 'ReauthenticationError',
      code: 'INVALID_CREDENTIALS',
    });
    expect(one.getState()).toMatchObject({ status: 'active', reauthentication: 'possible' });

    await one.reauthenticate({ password: PASSWORD });
    for (const tab of [one, two]) {
      const { session, warning } = await untilLater(tab, 60);
      expect({ warning, at: session!.authenticatedAt }).toEqual({
        warning: 'none',
        at: app.clock.now().getTime(),
      });
    }
    expect(claimsOf(await one.getAccessToken()).auth_time).toBe(
      Math.floor(app.clock.now().getTime() / SECOND),
    );
    // Past the grace: the cookie of before would be taken for stolen.
    app.clock.advance(6 * MINUTE);
    for (const tab of [one, two]) await tab.getAccessToken();
    expect(browser.shown.filter((text) => text.includes(PASSWORD))).toEqual([]);
  });

  test('an answer that is lost is repeated, and no tab presents the replaced cookie before that', async () => {
    const one = await signedIn();
    const two = browser.open();
    two.start();
    await until(two, isLive);
    app.clock.advance(MINUTE);
    browser.faults.losesAnswers = true;
    await expect(one.reauthenticate({ password: PASSWORD })).rejects.toThrow('could not be reached');
    browser.faults.losesAnswers = false;
    const at = app.clock.now().getTime();
    app.clock.advance(MINUTE);
    const refused = await two.getAccessToken();
    await expect(two.getAccessToken({ refused })).rejects.toThrow('authenticate again');
    await one.reauthenticate({ password: PASSWORD });
    expect(one.getState()).toMatchObject({ status: 'active', session: { authenticatedAt: at } });
    await two.getAccessToken({ refused });
    const owner = await account.owner.login();
    const { data } = await owner.gql(`{ auditEvents(action: "session.reauthenticated") { totalCount } }`);
    expect(data.auditEvents.totalCount).toBe(1);
  });

  test('an authentication in another window of the browser is followed by its event, or by a check', async () => {
    const watcher = await signedIn();
    app.clock.advance(10 * MINUTE);
    const token = await watcher.getAccessToken();
    const refreshToken = browser.jar.get('curfew_refresh');
    const { data } = await app.gql(
      `mutation ($input: ReauthenticateInput!) { reauthenticate(input: $input) { refreshToken } }`,
      { input: { password: PASSWORD, refreshToken } },
      { token },
    );
    browser.jar.set('curfew_refresh', data.reauthenticate.refreshToken);
    await untilLater(watcher, 60);
    await until(watcher, ({ session }) => session!.authenticatedAt === app.clock.now().getTime());
    await watcher.getAccessToken({ refused: token });
  });

  test('a policy that is applied to live sessions shortens what is shown', async () => {
    const watcher = await signedIn();
    // Who has been warned is known to follow.
    app.clock.advance(WARNED);
    await until(watcher, ({ warning }) => warning === 'soon');
    await watcher.stay();

    const owner = await account.owner.login();
    await owner.gql(`mutation { updateSessionPolicy(input: { idleMinutes: 10, absoluteMinutes: 60, apply: ACTIVE_SESSIONS }) {
      sessionPolicy { version } } }`);
    const { session } = await until(watcher, (state) => state.session!.idleExpiresAt < untilIdle());
    expect(session!.idleMinutes).toBe(30);
    app.clock.advance(5 * SECOND);
    await until(watcher, (state) => state.session!.idleMinutes === 10);

    function untilIdle(): number {
      return app.clock.now().getTime() + 20 * MINUTE;
    }
  });

  test('a change from before the socket came up is found by the next poll', async () => {
    const network = { isDown: true };
    const watcher = browser.open({ env: { webSocketImpl: socketOn(network) } });
    watcher.begin(await browser.signIn(account.owner.email));
    app.clock.advance(3 * SECOND);
    await until(watcher, ({ connection }) => connection === 'polling');

    const owner = await account.owner.login();
    await owner.gql(`mutation { updateSessionPolicy(input: { idleMinutes: 20, absoluteMinutes: 60, apply: ACTIVE_SESSIONS }) {
      sessionPolicy { version } } }`);
    network.isDown = false;
    await waitUntil(async () => {
      app.clock.advance(SECOND);
      return (await gauge(app, 'curfew_watched_sessions')) === 1;
    });
    expect(watcher.getState().session!.idleMinutes).toBe(30);
    app.clock.advance(36 * SECOND);
    await until(watcher, (state) => state.session!.idleMinutes === 20);
  });
});

onPostgres(() => {
  test('a server that goes away and comes back with new keys is followed again', async () => {
    const sharedDatabase = await createTestDatabase('postgresql');
    const before = await startApp({ sharedDatabase, clock: 'real' });
    const { email } = (await before.seed.account()).owner;
    const browser = createBrowser(before, null);
    const watcher = browser.open();
    watcher.begin(await browser.signIn(email));
    await until(watcher, isLive);

    await before.close();
    await until(watcher, ({ connection }) => connection === 'offline');
    const after = await startApp({
      sharedDatabase,
      clock: 'real',
      env: { PORT: new URL(before.url).port, PUBLIC_URL: before.url },
    });
    const { ending } = await until(watcher, isLive);
    expect(ending).toBeNull();

    browser.close();
    await after.close();
    await sharedDatabase.drop();
  });
});
