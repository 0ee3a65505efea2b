import type { SessionState, SessionWatcher } from '../../client/src/index.ts';
import { createTestDatabase, onPostgres } from '../databases.ts';
import { startApp, type TestApp } from '../harness.ts';
import type { SeededAccount } from '../seed.ts';
import { createBrowser, until } from './browser.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

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
  afterEach(() => browser.close());

  async function signedIn(): Promise<SessionWatcher> {
    const watcher = browser.open();
    watcher.begin(await browser.signIn(account.owner.email));
    await until(watcher, isLive);
    return watcher;
  }

  test('the warning comes, somebody stays, and the warning goes', async () => {
    const watcher = await signedIn();
    app.clock.advance(25 * MINUTE);
    const { expiresAt } = await until(watcher, ({ warning }) => warning === 'soon');
    expect(expiresAt).toBe(app.clock.now().getTime() + 5 * MINUTE);
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
    expect(watcher.getState().session!.idleExpiresAt).toBe(app.clock.now().getTime() + 30 * MINUTE);
  });

  test('nobody stays, and the session expires', async () => {
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
    expect(browser.jar.size).toBe(0);
    const answer = await app.gql('{ currentSession { id } }', {}, { token });
    expect(answer).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { endReason: 'LOGOUT' } });
  });

  test('a reload finds the session again, long after the access token has run out', async () => {
    const watcher = await signedIn();
    watcher.stop();
    app.clock.advance(10 * MINUTE);
    const reloaded = browser.open();
    reloaded.start();
    // Nobody answers among the tabs.
    app.clock.advance(100);
    const { session, user } = await until(reloaded, isActive);
    expect(session!.id).toBe(watcher.getState().session!.id);
    expect(user!.email).toBe(account.owner.email);
    expect(session!.lastActivityAt).toBe(app.clock.now().getTime() - 10 * MINUTE - 100);
  });

  test('a tab that is killed before the answer to its renewal came is signed in when it is opened again', async () => {
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
    app.clock.advance(100);
    const { session } = await until(reopened, isActive);
    expect(session!.id).toBe(watcher.getState().session!.id);
    // And it goes on from there.
    app.clock.advance(6 * MINUTE);
    expect(await reopened.getAccessToken()).toEqual(expect.any(String));
  });

  test('two tabs renew once', async () => {
    const one = await signedIn();
    const two = browser.open();
    two.start();
    await until(two, isLive);
    app.clock.advance(6 * MINUTE);
    browser.operations.length = 0;
    const [first, second] = await Promise.all([one.getAccessToken(), two.getAccessToken()]);
    expect(second).toBe(first);
    expect(browser.operations).toEqual(['CurfewRenew']);
  });

  test('a policy that is applied to live sessions shortens what is shown', async () => {
    const watcher = await signedIn();
    // Who has been warned is known to follow.
    app.clock.advance(25 * MINUTE);
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
