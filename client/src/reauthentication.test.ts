import { cleanUpAfterEach } from './testing/clean-up.ts';
import { createFakeBrowser, settle, type FakeTab } from './testing/fake-browser.ts';
import { BEN, createFakeServer, PASSWORD } from './testing/fake-server.ts';
import { createSessionWatcher, ReauthenticationError, SessionOverError, UnreachableError } from './index.ts';
import type { SessionWatcher, WatcherOptions } from './watcher.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const { running, browsers } = cleanUpAfterEach('access-', PASSWORD);

const RIGHT = { password: PASSWORD };
const WRONG = { password: 'not that one' };

/** A user whose session lasts an hour in any case, in a browser with one tab. */
async function signedIn({ hasLocks = true }: { hasLocks?: boolean } = {}) {
  const browser = createFakeBrowser();
  browsers.add(browser);
  const server = createFakeServer(browser.now, { idleMinutes: 60, absoluteMinutes: 60 });
  const { session } = server.signIn();

  async function open(
    options: Partial<WatcherOptions> = {},
  ): Promise<{ watcher: SessionWatcher; tab: FakeTab }> {
    const tab = browser.openTab({ fetch: server.fetch, webSocketImpl: server.WebSocket, hasLocks });
    const watcher = createSessionWatcher({ url: 'https://curfew.test/graphql', env: tab.env, ...options });
    running.add(watcher);
    watcher.start();
    await browser.advance(200);
    return { watcher, tab };
  }
  const { watcher, tab } = await open();
  server.calls.length = 0;
  return { browser, server, open, watcher, tab, sessionId: session.id };
}

/** The same, with the notice of the absolute deadline, which was dismissed. */
async function warned() {
  const world = await signedIn();
  await world.browser.advance(56 * MINUTE);
  world.watcher.dismiss();
  expect(world.watcher.getState()).toMatchObject({ reason: 'ABSOLUTE', canExtend: false, isDismissed: true });
  // One that lasts until the deadline.
  await world.watcher.getAccessToken();
  world.server.calls.length = 0;
  return world;
}

/** Carries out the next request, and loses its answer. */
async function withLostAnswer(server: ReturnType<typeof createFakeServer>, call: () => Promise<unknown>) {
  server.faults.losesAnswers = true;
  await expect(call()).rejects.toBeInstanceOf(UnreachableError);
  server.faults.losesAnswers = false;
}

describe('authenticating again', () => {
  test('starts both deadlines again, takes the notice away, and brings a new token', async () => {
    const { watcher, server, browser, sessionId } = await warned();
    const old = await watcher.getAccessToken();
    server.calls.length = 0;
    const release = server.holdAnswers();
    const authenticating = watcher.reauthenticate(RIGHT);
    await settle();
    expect(watcher.getState()).toMatchObject({ reauthentication: 'pending', warning: 'soon' });
    release();
    await authenticating;
    expect(server.calls).toEqual(['CurfewReauthenticate']);
    expect(watcher.getState()).toMatchObject({
      status: 'active',
      warning: 'none',
      isDismissed: false,
      reauthentication: 'possible',
      session: {
        id: sessionId,
        authenticatedAt: browser.now(),
        absoluteExpiresAt: browser.now() + 60 * MINUTE,
        idleExpiresAt: browser.now() + 60 * MINUTE,
      },
    });
    expect(await watcher.getAccessToken()).not.toBe(old);
  });

  test('the notice of the new deadline is a new one', async () => {
    const { watcher, browser } = await warned();
    await watcher.reauthenticate(RIGHT);
    await browser.advance(56 * MINUTE);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', reason: 'ABSOLUTE', isDismissed: false });
  });

  test('the next refresh presents the new cookie', async () => {
    const { watcher, browser } = await signedIn();
    await watcher.reauthenticate(RIGHT);
    await browser.advance(6 * MINUTE);
    await watcher.getAccessToken();
    expect(watcher.getState().status).toBe('active');
  });

  test('the other tabs follow, with their own dismissed notice too', async () => {
    const { watcher, open, browser, server } = await warned();
    const other = await open();
    other.watcher.dismiss();
    await settle();
    server.calls.length = 0;
    await watcher.reauthenticate(RIGHT);
    await settle();
    expect(other.watcher.getState()).toMatchObject({
      warning: 'none',
      isDismissed: false,
      session: { authenticatedAt: browser.now(), absoluteExpiresAt: browser.now() + 60 * MINUTE },
    });
    await browser.advance(56 * MINUTE);
    expect(other.watcher.getState()).toMatchObject({ warning: 'soon', isDismissed: false });
    expect(server.calls.filter((call) => call === 'CurfewReauthenticate')).toHaveLength(1);
  });

  test('a token that has expired is refreshed first', async () => {
    const { watcher, browser, server } = await signedIn();
    await browser.advance(10 * MINUTE);
    await watcher.reauthenticate(RIGHT);
    expect(server.calls).toEqual(['CurfewRenew', 'CurfewReauthenticate']);
    expect(server.refreshes.at(-1)).toMatchObject({ userActive: false });
  });

  test('a token that the server no longer takes is replaced, once', async () => {
    const { watcher, server } = await signedIn();
    server.revokeTokens();
    await watcher.reauthenticate(RIGHT);
    expect(server.calls).toEqual(['CurfewReauthenticate', 'CurfewRenew', 'CurfewReauthenticate']);
  });

  test('two calls at once are one request', async () => {
    const { watcher, server } = await signedIn();
    await Promise.all([watcher.reauthenticate(RIGHT), watcher.reauthenticate(RIGHT)]);
    expect(server.calls).toEqual(['CurfewReauthenticate']);
  });
});

describe('a failure', () => {
  test('of the password changes nothing but is said, and the next call sends another request', async () => {
    const { watcher, server, browser } = await warned();
    const before = watcher.getState();
    const error = await watcher.reauthenticate(WRONG).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ReauthenticationError);
    expect(error).toMatchObject({ code: 'INVALID_CREDENTIALS', retryAfterSeconds: null });
    expect(watcher.getState()).toEqual(before);
    expect([...browser.stored.keys()]).toEqual([]);
    await watcher.reauthenticate(RIGHT);
    const [first, second] = server.reauthentications;
    expect(first!.requestId).not.toBe(second!.requestId);
  });

  test('too many say when to try again, and the server still counts as reached', async () => {
    const { watcher, browser, server } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    await browser.advance(5 * SECOND);
    for (let attempt = 0; attempt < 3; attempt += 1)
      await expect(watcher.reauthenticate(WRONG)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await expect(watcher.reauthenticate(RIGHT)).rejects.toMatchObject({
      name: 'ReauthenticationError',
      code: 'RATE_LIMITED',
      retryAfterSeconds: 60,
    });
    expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'polling' });
  });

  test('without a network it rejects, and works when it is back', async () => {
    const { watcher, server, browser } = await warned();
    server.faults.isDown = true;
    await expect(watcher.reauthenticate(RIGHT)).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState()).toMatchObject({ reauthentication: 'possible', warning: 'soon' });
    server.faults.isDown = false;
    await watcher.reauthenticate(RIGHT);
    expect(watcher.getState().session!.authenticatedAt).toBe(browser.now());
  });

  test('when the session is over it says how it ended, and the state does, too', async () => {
    const { watcher, server, sessionId } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    server.end(sessionId, 'REVOKED_BY_OWNER');
    const error = await watcher.reauthenticate(RIGHT).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SessionOverError);
    expect(error).toMatchObject({ ending: { kind: 'ended', endReason: 'REVOKED_BY_OWNER' } });
    expect(watcher.getState()).toMatchObject({ status: 'over', reauthentication: 'impossible' });
    await expect(watcher.reauthenticate(RIGHT)).rejects.toBeInstanceOf(SessionOverError);
  });

  test.each([
    ['an end', 'over'],
    ['a stop', 'active'],
  ])('%s during it rejects it, and a late answer changes nothing', async (what, status) => {
    const { watcher, server, sessionId, browser } = await signedIn();
    const release = server.holdAnswers();
    const authenticating = watcher.reauthenticate(RIGHT);
    const rejected = expect(authenticating).rejects.toBeInstanceOf(SessionOverError);
    await settle();
    if (what === 'a stop') watcher.stop();
    else server.end(sessionId, 'REVOKED_BY_OWNER');
    await rejected;
    release();
    await browser.advance(SECOND);
    expect(watcher.getState()).toMatchObject({ status });
    expect(watcher.getState().session!.authenticatedAt).toBeLessThan(browser.now() - SECOND);
  });

  test('of a cookie that another user has by now replaces the page', async () => {
    const { server, open } = await signedIn();
    let isReplaced = false;
    const { watcher } = await open({ onOtherUser: () => void (isReplaced = true) });
    server.signIn(BEN);
    await expect(watcher.reauthenticate(RIGHT)).rejects.toBeInstanceOf(SessionOverError);
    expect(isReplaced).toBe(true);
  });
});

describe('a lost answer', () => {
  test('is asked for again under the same id, and the user was authenticated once', async () => {
    const { watcher, server, browser } = await warned();
    await withLostAnswer(server, () => watcher.reauthenticate(RIGHT));
    const at = browser.now();
    await browser.advance(MINUTE);
    await watcher.reauthenticate(RIGHT);
    const [first, second] = server.reauthentications;
    expect(first!.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(second!.requestId).toBe(first!.requestId);
    expect(watcher.getState().session).toMatchObject({
      authenticatedAt: at,
      absoluteExpiresAt: at + 60 * MINUTE,
    });
    expect(browser.stored.size).toBe(0);
    await browser.advance(6 * MINUTE);
    await watcher.getAccessToken();
    expect(watcher.getState().status).toBe('active');
  });

  test('survives a wrong password in between', async () => {
    const { watcher, server } = await signedIn();
    await withLostAnswer(server, () => watcher.reauthenticate(RIGHT));
    await expect(watcher.reauthenticate(WRONG)).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    await watcher.reauthenticate(RIGHT);
    expect(new Set(server.reauthentications.map(({ requestId }) => requestId)).size).toBe(1);
    expect(watcher.getState().status).toBe('active');
  });

  test('makes no tab present the old cookie, which would end the session as stolen', async () => {
    const { watcher, open, server, browser } = await signedIn();
    const other = await open();
    const token = await watcher.getAccessToken();
    await withLostAnswer(server, () => watcher.reauthenticate(RIGHT));
    await browser.advance(20 * SECOND);
    server.calls.length = 0;
    for (const tab of [watcher, other.watcher])
      await expect(tab.getAccessToken({ refused: await tab.getAccessToken() })).rejects.toBeInstanceOf(
        UnreachableError,
      );
    expect(server.calls).not.toContain('CurfewRenew');
    for (const tab of [watcher, other.watcher]) expect(tab.getState().status).toBe('active');
    expect(await watcher.getAccessToken()).toBe(token);
    await watcher.reauthenticate(RIGHT);
    await other.watcher.getAccessToken({ refused: await other.watcher.getAccessToken() });
  });

  test('of a request that never arrived does not keep the tabs from refreshing', async () => {
    const { watcher, server, browser } = await signedIn();
    server.faults.isDown = true;
    await expect(watcher.reauthenticate(RIGHT)).rejects.toBeInstanceOf(UnreachableError);
    server.faults.isDown = false;
    await browser.advance(6 * MINUTE);
    await watcher.getAccessToken();
    await settle();
    expect(watcher.getState().status).toBe('active');
    expect([...browser.stored]).toEqual([]);
  });

  test('claims no end at the old deadline while no one can say what became of it', async () => {
    const { watcher, server, browser } = await signedIn();
    await browser.advance(59 * MINUTE + 50 * SECOND);
    await watcher.getAccessToken();
    await withLostAnswer(server, () => watcher.reauthenticate(RIGHT));
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(30 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'unconfirmed', ending: null });
  });
});

describe('beside a refresh', () => {
  test('of another tab, which waits for it and then presents the new cookie', async () => {
    const { watcher, open, server, browser } = await signedIn();
    const other = await open();
    await browser.advance(4 * MINUTE);
    server.calls.length = 0;
    const release = server.holdAnswers();
    const authenticating = watcher.reauthenticate(RIGHT);
    await settle();
    const refreshing = other.watcher.getAccessToken({ refused: await other.watcher.getAccessToken() });
    await settle();
    expect(server.calls.filter((call) => call === 'CurfewRenew')).toEqual([]);
    release();
    await Promise.all([authenticating, refreshing]);
    for (const tab of [watcher, other.watcher]) expect(tab.getState().status).toBe('active');
  });

  test('without locks: a refusal of the old cookie at that moment signs no one out', async () => {
    const { watcher, open, server, browser } = await signedIn({ hasLocks: false });
    const other = await open();
    await browser.advance(MINUTE);
    const refused = await other.watcher.getAccessToken();
    const release = server.holdAnswers();
    const authenticating = watcher.reauthenticate(RIGHT);
    await settle();
    // The server has replaced the cookie, and this browser has the old one until the answer is there.
    const refreshing = other.watcher.getAccessToken({ refused });
    const failed = expect(refreshing).rejects.toBeInstanceOf(UnreachableError);
    await settle();
    release();
    await Promise.all([authenticating, failed]);
    for (const tab of [watcher, other.watcher]) expect(tab.getState().status).toBe('active');
    await other.watcher.getAccessToken({ refused });
    expect(other.watcher.getState()).toMatchObject({ status: 'active', ending: null });
  });
});

describe('elsewhere', () => {
  test('an event brings the new deadlines at once, and the rest is read', async () => {
    const { watcher, server, browser, sessionId } = await warned();
    server.reauthenticateElsewhere(sessionId)();
    server.push(sessionId, 'EXTENDED', 'ABSOLUTE');
    expect(watcher.getState()).toMatchObject({ warning: 'none', isDismissed: false });
    await settle();
    expect(server.calls).toEqual(['CurfewSession']);
    expect(watcher.getState().session!.authenticatedAt).toBe(browser.now());
    await browser.advance(56 * MINUTE);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', isDismissed: false });
  });

  test('an event of the tab’s own doing reads nothing', async () => {
    const { watcher, server, browser, sessionId } = await warned();
    await watcher.reauthenticate(RIGHT);
    server.calls.length = 0;
    await browser.advance(SECOND);
    server.push(sessionId, 'EXTENDED', 'ABSOLUTE');
    await settle();
    expect(server.calls).toEqual([]);
  });

  test('a check after a window at a provider learns it without the socket', async () => {
    const { watcher, server, browser, sessionId } = await warned();
    server.faults.socketsDown = true;
    server.dropSockets();
    server.reauthenticateElsewhere(sessionId)();
    await watcher.check();
    expect(watcher.getState()).toMatchObject({
      warning: 'none',
      session: { authenticatedAt: browser.now(), absoluteExpiresAt: browser.now() + 60 * MINUTE },
    });
    await watcher.getAccessToken({ refused: await watcher.getAccessToken() });
    expect(watcher.getState().status).toBe('active');
  });

  test('a refresh before its cookie is here signs no one out', async () => {
    const { watcher, server, sessionId, browser } = await signedIn();
    await browser.advance(MINUTE);
    const refused = await watcher.getAccessToken();
    const bringCookie = server.reauthenticateElsewhere(sessionId);
    await expect(watcher.getAccessToken({ refused })).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState()).toMatchObject({ status: 'active', ending: null });
    bringCookie();
    await watcher.getAccessToken({ refused });
    expect(watcher.getState().session!.authenticatedAt).toBe(browser.now());
  });

  test('whether it is possible follows the server', async () => {
    const { watcher, server, sessionId } = await signedIn();
    expect(watcher.getState().reauthentication).toBe('possible');
    server.permit(sessionId, false);
    server.push(sessionId, 'WARNING', 'ABSOLUTE');
    expect(watcher.getState().reauthentication).toBe('impossible');
    server.permit(sessionId, true);
    await watcher.check();
    expect(watcher.getState().reauthentication).toBe('possible');
    server.end(sessionId, 'LOGOUT');
    await settle();
    expect(watcher.getState().reauthentication).toBe('impossible');
  });

  test('a touch, which does not say whether it is possible, leaves that as it was', async () => {
    const { watcher, tab, server, browser } = await signedIn();
    await browser.advance(2 * MINUTE);
    tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewActivity']);
    expect(watcher.getState().reauthentication).toBe('possible');
  });
});
