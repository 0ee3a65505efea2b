import { factsOf } from './testing/facts-of.ts';
import { cleanUpAfterEach } from './testing/clean-up.ts';
import { createFakeBrowser, settle, type FakeTab } from './testing/fake-browser.ts';
import { ANA, BEN, createFakeServer } from './testing/fake-server.ts';
import { createSessionWatcher, SessionOverError, UnreachableError } from './index.ts';
import type { SessionWatcher, WatcherOptions } from './watcher.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const { running, browsers } = cleanUpAfterEach('access-');

interface Opened {
  watcher: SessionWatcher;
  tab: FakeTab;
}

/** A browser and a server, without anybody signed in yet. */
function setUp(limits?: { idleMinutes?: number; absoluteMinutes?: number }) {
  const browser = createFakeBrowser();
  browsers.add(browser);
  const server = createFakeServer(browser.now, limits);

  function open(options: Partial<WatcherOptions> & { tab?: FakeTab; hasLocks?: boolean } = {}): Opened {
    const { hasLocks } = options;
    const tab =
      options.tab ?? browser.openTab({ fetch: server.fetch, webSocketImpl: server.WebSocket, hasLocks });
    const watcher = createSessionWatcher({ url: 'https://curfew.test/graphql', env: tab.env, ...options });
    running.add(watcher);
    return { watcher, tab };
  }
  async function start(options: Parameters<typeof open>[0] = {}): Promise<Opened> {
    const opened = open(options);
    opened.watcher.start();
    await browser.advance(200);
    return opened;
  }
  return { browser, server, open, start };
}

/** A user is signed in, and one tab is open. */
async function signedIn(limits?: { idleMinutes?: number; absoluteMinutes?: number }) {
  const world = setUp(limits);
  const tokenSet = world.server.signIn();
  const { watcher, tab } = await world.start();
  world.server.calls.length = 0;
  return { ...world, tokenSet, sessionId: tokenSet.session.id, watcher, tab };
}

const count = (calls: string[], operation: string): number =>
  calls.filter((call) => call === operation).length;

describe('the start', () => {
  test('finds the session of the cookie and follows it', async () => {
    const { watcher, server, sessionId } = await signedIn();
    expect(watcher.getState()).toMatchObject({
      status: 'active',
      session: { id: sessionId, idleMinutes: 30 },
      user: { email: ANA.email },
      warning: 'none',
      connection: 'live',
    });
    expect(server.openSockets).toBe(1);
    expect(server.refreshes).toMatchObject([{ userActive: false }]);
  });

  test('without a cookie there is no session, and nothing is asked again', async () => {
    const { start, server, browser } = setUp();
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({ status: 'none', ending: null });
    await browser.advance(HOUR);
    expect(server.calls).toEqual(['CurfewRenew']);
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(SessionOverError);
  });

  test.each([
    ['a session that expired in between', 'over', { kind: 'expired', limit: 'idle' }],
    ['a session that an owner ended', 'over', { kind: 'ended', endReason: 'REVOKED_BY_OWNER' }],
    ['a session that was signed out', 'none', null],
  ])('%s is named as such', async (what, status, ending) => {
    const { start, server, browser } = setUp();
    const { session } = server.signIn();
    if (what.includes('expired')) await browser.advance(HOUR);
    if (what.includes('owner')) server.end(session.id, 'REVOKED_BY_OWNER');
    if (what.includes('signed out')) server.end(session.id, 'LOGOUT');
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({ status, ending, session: null });
  });

  test('an unreachable server is asked again until it answers', async () => {
    const { start, server, browser } = setUp();
    server.signIn();
    server.faults.isDown = true;
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({ status: 'starting', connection: 'offline' });
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    await browser.advance(5 * SECOND);
    server.faults.isDown = false;
    await browser.advance(10 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live' });
  });

  test('a new tab finds the session by itself, with a token of its own', async () => {
    const { start, server, sessionId, watcher: first } = await signedIn();
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({ status: 'active', session: { id: sessionId } });
    expect(server.calls).toEqual(['CurfewRenew']);
    expect(await watcher.getAccessToken()).not.toBe(await first.getAccessToken());
  });

  test('started twice it starts once, and a stop in between leaves nothing behind', async () => {
    const { open, server, browser } = setUp();
    server.signIn();
    const { watcher } = open();
    watcher.start();
    watcher.start();
    watcher.stop();
    watcher.start();
    await browser.advance(200);
    expect(watcher.getState().status).toBe('active');
    expect(server.openSockets).toBe(1);
    expect(browser.openChannels).toBe(1);
  });

  test('snapshots are the same object while nothing changed', async () => {
    const { watcher, browser } = await signedIn();
    const heard: unknown[] = [];
    watcher.subscribe(() => heard.push(watcher.getState()));
    const before = watcher.getState();
    await browser.advance(5 * MINUTE);
    expect(watcher.getState()).toBe(before);
    expect(heard).toEqual([]);
  });
});

describe('warnings', () => {
  test('come from the server, and go when the deadline moves', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    await browser.advance(24.5 * MINUTE);
    expect(watcher.getState().warning).toBe('none');
    server.push(sessionId, 'WARNING', 'IDLE');
    expect(watcher.getState()).toMatchObject({ warning: 'soon', reason: 'IDLE', canExtend: true });
    server.touch(sessionId);
    server.push(sessionId, 'EXTENDED', 'IDLE');
    expect(watcher.getState()).toMatchObject({ warning: 'none', reason: null, expiresAt: null });
  });

  test('come three seconds late from the local timer where the server says nothing', async () => {
    const { watcher, browser } = await signedIn();
    await browser.advance(25 * MINUTE + 2 * SECOND);
    expect(watcher.getState().warning).toBe('none');
    await browser.advance(2 * SECOND);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', reason: 'IDLE' });
  });

  test('come on time from the local timer while the socket is down', async () => {
    const { watcher, server, browser } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    await browser.advance(25 * MINUTE);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', connection: 'polling' });
  });

  test('turn to the last minute', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    await browser.advance(4 * MINUTE - SECOND);
    expect(watcher.getState().warning).toBe('soon');
    await browser.advance(2 * SECOND);
    expect(watcher.getState().warning).toBe('now');
  });

  test('a policy that shortens the session raises the notice, and the new limits are read', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    await browser.advance(8 * MINUTE);
    server.shorten(sessionId, 10);
    server.push(sessionId, 'SHORTENED', 'IDLE');
    server.push(sessionId, 'WARNING', 'IDLE');
    expect(watcher.getState()).toMatchObject({ warning: 'soon', session: { idleMinutes: 30 } });
    await browser.advance(6 * SECOND);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', session: { idleMinutes: 10 } });
  });

  test('the clock of this computer does not matter', async () => {
    const { start, server, browser } = setUp();
    server.signIn();
    browser.setClock(-3 * HOUR);
    const { watcher } = await start();
    expect(Math.abs(watcher.now() - browser.now())).toBeLessThan(SECOND);
    const { idleExpiresAt } = watcher.getState().session!;
    expect(watcher.toLocal(idleExpiresAt).getTime()).toBe(idleExpiresAt - 3 * HOUR);
    await browser.advance(25 * MINUTE + 4 * SECOND);
    expect(watcher.getState().warning).toBe('soon');
  });

  test('an absolute warning that was dismissed stays so after a reload, and in the other tabs', async () => {
    const { start, watcher, tab, browser, server } = await signedIn({ idleMinutes: 60, absoluteMinutes: 60 });
    const other = await start();
    await browser.advance(56 * MINUTE);
    expect(watcher.getState()).toMatchObject({ reason: 'ABSOLUTE', canExtend: false, isDismissed: false });
    watcher.dismiss();
    await settle();
    expect(watcher.getState().isDismissed).toBe(true);
    expect(other.watcher.getState().isDismissed).toBe(true);
    watcher.stop();
    other.watcher.stop();
    server.calls.length = 0;
    const reloaded = await start({ tab });
    expect(reloaded.watcher.getState()).toMatchObject({
      status: 'active',
      reason: 'ABSOLUTE',
      isDismissed: true,
    });
  });
});

describe('staying', () => {
  async function warned() {
    const world = await signedIn();
    await world.browser.advance(25 * MINUTE);
    world.server.push(world.sessionId, 'WARNING', 'IDLE');
    world.server.calls.length = 0;
    return world;
  }

  test('the notice goes when the server has said yes, and not before', async () => {
    const { watcher, server, browser } = await warned();
    const release = server.holdAnswers();
    const staying = watcher.stay();
    await settle();
    expect(watcher.getState()).toMatchObject({ warning: 'soon', extending: 'yes' });
    release();
    await staying;
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
    expect(watcher.getState().session!.idleExpiresAt).toBe(browser.now() + 30 * MINUTE);
    expect(server.refreshes.at(-1)).toMatchObject({ userActive: true });
  });

  test('an unreachable server is said, and a second try may work', async () => {
    const { watcher, server } = await warned();
    server.faults.isDown = true;
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ warning: 'soon', extending: 'failed' });
    server.faults.isDown = false;
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
  });

  test('a lost answer is asked for again under the same name, and the activity is recorded all the same', async () => {
    const { watcher, server, browser } = await warned();
    server.faults.losesAnswers = true;
    await watcher.stay();
    expect(watcher.getState().extending).toBe('failed');
    server.faults.losesAnswers = false;
    await browser.advance(30 * SECOND);
    await watcher.stay();
    const [first, second] = server.refreshes.slice(-2);
    expect(second!.requestId).toBe(first!.requestId);
    expect(first!.requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(watcher.getState().session!.idleExpiresAt).toBe(browser.now() + 30 * MINUTE);
  });

  test('two clicks are one request, and the other tabs follow', async () => {
    const { watcher, start, server, browser } = await warned();
    const other = await start();
    server.calls.length = 0;
    await Promise.all([watcher.stay(), watcher.stay()]);
    await settle();
    expect(server.calls).toEqual(['CurfewRenew']);
    expect(other.watcher.getState()).toMatchObject({ warning: 'none' });
    expect(other.watcher.getState().session!.idleExpiresAt).toBe(browser.now() + 30 * MINUTE);
  });

  test('too late, it tells that the session has expired', async () => {
    const { watcher, browser } = await warned();
    browser.sleep(10 * MINUTE);
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
  });
});

describe('activity', () => {
  test('is sent at once after a pause, then at most once a minute, and the last of it is not lost', async () => {
    const { server, browser, tab, watcher } = await signedIn();
    await browser.advance(2 * MINUTE);
    tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewActivity']);
    await browser.advance(10 * SECOND);
    tab.act();
    await browser.advance(20 * SECOND);
    tab.act();
    await settle();
    expect(server.calls).toHaveLength(1);
    await browser.advance(30 * SECOND);
    expect(server.calls).toHaveLength(2);
    await browser.advance(5 * MINUTE);
    expect(server.calls).toHaveLength(2);
    expect(watcher.getState().session!.lastActivityAt).toBe(browser.now() - 5 * MINUTE);
  });

  test('that an application reports counts by the same rules, and not after a stop', async () => {
    const { server, browser, tab, watcher } = await signedIn();
    await browser.advance(2 * MINUTE);
    tab.hide();
    watcher.active();
    await browser.advance(MINUTE);
    expect(server.calls).toEqual([]);
    tab.comeBack();
    await settle();
    server.calls.length = 0;
    watcher.active();
    watcher.active();
    await settle();
    expect(server.calls).toEqual(['CurfewActivity']);
    expect(watcher.getState().session!.lastActivityAt).toBe(browser.now());
    await browser.advance(2 * MINUTE);
    watcher.stop();
    watcher.active();
    await settle();
    expect(count(server.calls, 'CurfewActivity')).toBe(1);
  });

  test('renews actively when the access token has run out', async () => {
    const { server, browser, tab, watcher } = await signedIn();
    await browser.advance(10 * MINUTE);
    tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewRenew']);
    expect(server.refreshes.at(-1)).toMatchObject({ userActive: true });
    expect(watcher.getState().session!.lastActivityAt).toBe(browser.now());
  });

  test('in a hidden document does not count', async () => {
    const { server, browser, tab } = await signedIn();
    await browser.advance(2 * MINUTE);
    tab.hide();
    tab.act();
    await browser.advance(2 * MINUTE);
    expect(server.calls).toEqual([]);
  });

  test('extends while an idle warning is up, after a second that is left to an explicit answer', async () => {
    const { server, browser, tab, watcher, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    tab.act();
    await browser.advance(900);
    expect(server.calls).toEqual([]);
    expect(watcher.getState().warning).toBe('soon');
    await browser.advance(200);
    expect(server.calls).toHaveLength(1);
    expect(watcher.getState().warning).toBe('none');
  });

  test('beside an answer to an idle warning is part of that answer', async () => {
    const { server, browser, tab, watcher, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    tab.act();
    await watcher.stay();
    await browser.advance(2 * MINUTE);
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('extends nothing in the last minute', async () => {
    const { server, browser, tab, watcher, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    await browser.advance(4 * MINUTE + 10_000);
    expect(watcher.getState().warning).toBe('now');
    tab.act();
    await browser.advance(30_000);
    expect(server.calls).toEqual([]);
    expect(watcher.getState().warning).toBe('now');
  });

  test('still counts while only an absolute warning is up', async () => {
    const { server, browser, tab, watcher } = await signedIn({ idleMinutes: 40, absoluteMinutes: 60 });
    await browser.advance(30 * MINUTE);
    tab.act();
    await browser.advance(26 * MINUTE);
    expect(watcher.getState().reason).toBe('ABSOLUTE');
    server.calls.length = 0;
    tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('that could not be sent is sent when the connection is back', async () => {
    const { server, browser, tab, watcher } = await signedIn();
    await browser.advance(2 * MINUTE);
    server.faults.isDown = true;
    server.dropSockets();
    tab.act();
    await browser.advance(30 * SECOND);
    expect(watcher.getState()).toMatchObject({
      connection: 'offline',
      session: { lastActivityAt: expect.any(Number) },
    });
    server.faults.isDown = false;
    await browser.advance(15 * SECOND);
    expect(watcher.getState().connection).toBe('live');
    expect(watcher.getState().session!.lastActivityAt).toBeGreaterThan(browser.now() - 15 * SECOND);
  });

  test('of before a sleep does not lengthen the session by the sleep', async () => {
    const { server, browser, tab, watcher } = await signedIn();
    await browser.advance(2 * MINUTE);
    tab.act();
    await browser.advance(10 * SECOND);
    tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewActivity']);
    browser.sleep(27 * MINUTE);
    await browser.advance(5 * SECOND);
    expect(count(server.calls, 'CurfewActivity')).toBe(1);
    expect(server.refreshes.filter(({ userActive }) => userActive)).toEqual([]);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', reason: 'IDLE' });
  });

  test('of one tab spares the others their own message', async () => {
    const { server, browser, tab, start } = await signedIn();
    const other = await start();
    await browser.advance(2 * MINUTE);
    tab.act();
    await settle();
    other.tab.act();
    await settle();
    expect(server.calls).toEqual(['CurfewRenew', 'CurfewActivity']);
  });
});

describe('access tokens', () => {
  test('an idle tab with a live socket renews nothing', async () => {
    const { server, browser } = await signedIn();
    await browser.advance(20 * MINUTE);
    expect(server.calls).toEqual([]);
  });

  test('are renewed when they run out, once for all who ask', async () => {
    const { server, browser, watcher } = await signedIn();
    const first = await watcher.getAccessToken();
    await browser.advance(4 * MINUTE);
    expect(await watcher.getAccessToken()).toBe(first);
    await browser.advance(MINUTE);
    const tokens = await Promise.all([1, 2, 3].map(() => watcher.getAccessToken()));
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]).not.toBe(first);
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('one that the server refuses is replaced', async () => {
    const { server, watcher } = await signedIn();
    const first = await watcher.getAccessToken();
    expect(await watcher.getAccessToken({ refused: first })).not.toBe(first);
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('tabs that need one at the same moment get one each, one after the other', async () => {
    const { server, browser, watcher, start } = await signedIn();
    const others = [await start(), await start(), await start()];
    await browser.advance(6 * MINUTE);
    server.calls.length = 0;
    const watchers = [watcher, ...others.map((other) => other.watcher)];
    const release = server.holdAnswers();
    const asked = watchers.map((each) => each.getAccessToken());
    await settle();
    expect(server.calls).toEqual(['CurfewRenew']);
    release();
    await browser.advance(0);
    expect(new Set(await Promise.all(asked)).size).toBe(4);
    expect(server.calls).toEqual(Array(4).fill('CurfewRenew'));
    for (const each of watchers) expect(each.getState().status).toBe('active');
  });

  test('a tab that renews tells the others the session as it is now, and they ask for nothing', async () => {
    const { server, browser, watcher, start, sessionId } = await signedIn();
    const other = await start();
    await browser.advance(6 * MINUTE);
    server.shorten(sessionId, 20);
    server.calls.length = 0;
    await watcher.getAccessToken();
    await settle();
    expect(other.watcher.getState().session).toEqual(watcher.getState().session);
    expect(other.watcher.getState().session!.idleMinutes).toBe(20);
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('a tab that hangs with the lock does not keep the others waiting for good', async () => {
    const { server, browser, watcher, start } = await signedIn();
    const other = await start();
    await browser.advance(6 * MINUTE);
    void other.tab.env.locks!.request(
      'curfew:https://curfew.test/graphql:renewal',
      {},
      () => new Promise(() => {}),
    );
    await settle();
    server.calls.length = 0;
    const asked = watcher.getAccessToken();
    await browser.advance(19 * SECOND);
    expect(server.calls).toEqual([]);
    await browser.advance(2 * SECOND);
    await asked;
    expect(server.calls).toEqual(['CurfewRenew']);
  });

  test('without Web Locks tabs that race get by all the same', async () => {
    const { server, browser, start } = setUp();
    server.signIn();
    const [one, two] = [await start({ hasLocks: false }), await start({ hasLocks: false })];
    await browser.advance(6 * MINUTE);
    await Promise.all([one.watcher.getAccessToken(), two.watcher.getAccessToken()]);
    expect(one.watcher.getState().status).toBe('active');
    expect(two.watcher.getState().status).toBe('active');
    expect(count(server.calls, 'CurfewRenew')).toBe(4);
  });

  test('a tab that is closed before its answer came leaves the next one signed in', async () => {
    const { server, browser, watcher, start, sessionId } = await signedIn();
    await browser.advance(6 * MINUTE);
    server.faults.losesAnswers = true;
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    watcher.stop();
    server.faults.losesAnswers = false;
    await browser.advance(5 * MINUTE);
    const next = await start();
    expect(next.watcher.getState()).toMatchObject({ status: 'active', session: { id: sessionId } });
    expect([...browser.stored.keys()].filter((key) => key.endsWith(':request'))).toEqual([]);
  });

  test('a new sign-in starts without the name of a request of the old session', async () => {
    const { server, browser, watcher } = await signedIn();
    await browser.advance(6 * MINUTE);
    server.faults.losesAnswers = true;
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    server.faults.losesAnswers = false;
    const [lost] = server.refreshes.slice(-1);
    watcher.begin(server.signIn());
    await browser.advance(6 * MINUTE);
    await watcher.getAccessToken();
    expect(server.refreshes.at(-1)!.requestId).not.toBe(lost!.requestId);
  });

  test.each([[503], [500], [429]])('status %i is no verdict on the session', async (status) => {
    const { server, browser, watcher } = await signedIn();
    await browser.advance(6 * MINUTE);
    server.faults.status = status;
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState().status).toBe('active');
  });
});

describe('the end', () => {
  test.each([
    ['REVOKED_BY_OWNER', { kind: 'ended', endReason: 'REVOKED_BY_OWNER' }],
    ['PASSWORD_CHANGED', { kind: 'ended', endReason: 'PASSWORD_CHANGED' }],
    ['LOGOUT', { kind: 'left' }],
    ['ABSOLUTE_TIMEOUT', { kind: 'expired', limit: 'absolute' }],
  ])('%s is heard over the socket', async (endReason, ending) => {
    const { server, watcher, sessionId } = await signedIn();
    server.end(sessionId, endReason);
    await settle();
    expect(watcher.getState()).toMatchObject({
      status: 'over',
      ending,
      session: { id: sessionId },
      user: ANA,
    });
    await expect(watcher.getAccessToken()).rejects.toMatchObject({ name: 'SessionOverError', ending });
  });

  test('an EXPIRED event ends it', async () => {
    const { server, browser, watcher, sessionId } = await signedIn();
    await browser.advance(30 * MINUTE - SECOND);
    server.push(sessionId, 'EXPIRED', 'IDLE');
    await settle();
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
    expect(server.openSockets).toBe(0);
  });

  test('the local deadline asks the server, which may know of activity elsewhere', async () => {
    const { server, browser, watcher, sessionId } = await signedIn();
    await browser.advance(29 * MINUTE);
    server.touch(sessionId);
    await browser.advance(2 * MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'active', warning: 'none' });
    expect(watcher.getState().session!.idleExpiresAt).toBeGreaterThan(browser.now() + 25 * MINUTE);
  });

  test('the local deadline asks the server, which agrees', async () => {
    const { browser, watcher } = await signedIn();
    await browser.advance(30 * MINUTE + SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
  });

  test('past the idle deadline, without a server to ask, nothing is claimed; then the answer counts', async () => {
    const { server, browser, watcher } = await signedIn();
    await browser.advance(29 * MINUTE);
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(2 * MINUTE);
    expect(watcher.getState()).toMatchObject({
      status: 'unconfirmed',
      connection: 'offline',
      warning: 'none',
    });
    server.faults.isDown = false;
    await browser.advance(40 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
  });

  test('past the idle deadline the session may turn out to live on', async () => {
    const { server, browser, watcher, sessionId, tab } = await signedIn();
    await browser.advance(29 * MINUTE);
    server.touch(sessionId);
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(2 * MINUTE);
    expect(watcher.getState().status).toBe('unconfirmed');
    server.faults.isDown = false;
    tab.comeBack();
    await browser.advance(0);
    expect(watcher.getState()).toMatchObject({ status: 'active', warning: 'none' });
  });

  test('past the absolute deadline it is over, whether the server can be asked or not', async () => {
    const { server, browser, watcher } = await signedIn({ idleMinutes: 60, absoluteMinutes: 60 });
    await browser.advance(59 * MINUTE);
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(2 * MINUTE);
    expect(watcher.getState()).toMatchObject({
      status: 'over',
      ending: { kind: 'expired', limit: 'absolute' },
    });
  });

  test('an unconfirmed session is over when its absolute deadline passes, too', async () => {
    const { server, browser, watcher } = await signedIn({ idleMinutes: 30, absoluteMinutes: 40 });
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(35 * MINUTE);
    expect(watcher.getState().status).toBe('unconfirmed');
    await browser.advance(6 * MINUTE);
    expect(watcher.getState()).toMatchObject({
      status: 'over',
      ending: { kind: 'expired', limit: 'absolute' },
    });
  });

  test('signing out is real, and every tab hears of it', async () => {
    const { server, watcher, start } = await signedIn();
    const other = await start();
    server.faults.isDown = true;
    await expect(watcher.signOut()).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState().status).toBe('active');
    server.faults.isDown = false;
    await watcher.signOut();
    await settle();
    for (const each of [watcher, other.watcher])
      expect(each.getState()).toMatchObject({ status: 'over', ending: { kind: 'left' } });
  });

  test('leaving makes it the own doing, also where the socket was faster', async () => {
    const { server, watcher, start, sessionId } = await signedIn();
    const other = await start();
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await settle();
    watcher.leave();
    await settle();
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
    expect(other.watcher.getState().ending).toEqual({ kind: 'left' });
  });

  test('an end that was announced is the own doing in every tab, from the first moment', async () => {
    const { server, watcher, start, sessionId } = await signedIn();
    const other = await start();
    const ends: unknown[] = [];
    for (const each of [watcher, other.watcher]) each.subscribe(() => ends.push(each.getState().ending));
    watcher.leaving();
    await settle();
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await settle();
    expect(ends.filter(Boolean)).toEqual([{ kind: 'left' }, { kind: 'left' }]);
  });

  test('an announced end that was taken back is another party’s doing again, and a timeout stays one', async () => {
    const { server, watcher, start, sessionId } = await signedIn();
    const other = await start();
    watcher.leaving()();
    await settle();
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await settle();
    for (const each of [watcher, other.watcher])
      expect(each.getState().ending).toEqual({ kind: 'ended', endReason: 'REVOKED_BY_OWNER' });

    const second = await signedIn();
    second.watcher.leaving();
    second.server.end(second.sessionId, 'IDLE_TIMEOUT');
    await settle();
    expect(second.watcher.getState().ending).toEqual({ kind: 'expired', limit: 'idle' });
  });

  test('a refusal without a reason is no expiry', async () => {
    const { server, watcher, browser } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    server.forgetCookie();
    await browser.advance(6 * MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'refused' } });
  });
});

describe('waking up', () => {
  test('asks first: a session that expired in the sleep shows neither a notice nor its end before the answer', async () => {
    const { server, browser, watcher, tab } = await signedIn();
    const seen: string[] = [];
    watcher.subscribe(() => seen.push(`${watcher.getState().status} ${watcher.getState().warning}`));
    browser.sleep(8 * HOUR);
    const release = server.holdAnswers();
    tab.comeBack();
    await browser.advance(SECOND);
    expect(seen).toEqual([]);
    release();
    await browser.advance(0);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
    expect(seen).toEqual(['over none']);
  });

  test('asks first: a notice of before the sleep is not shown again when the session was extended elsewhere', async () => {
    const { server, browser, watcher, sessionId } = await signedIn();
    const seen: string[] = [];
    watcher.subscribe(() => seen.push(watcher.getState().warning));
    server.faults.socketsDown = true;
    server.dropSockets();
    browser.sleep(26 * MINUTE);
    server.touch(sessionId);
    await browser.advance(SECOND);
    expect(seen).not.toContain('soon');
    expect(watcher.getState().session!.idleExpiresAt).toBeGreaterThan(browser.now() + 29 * MINUTE);
  });

  test('shows what is known when there is no answer within three seconds', async () => {
    const { server, browser, watcher, tab } = await signedIn();
    browser.sleep(HOUR);
    const release = server.holdAnswers();
    tab.comeBack();
    await browser.advance(2 * SECOND);
    expect(watcher.getState().status).toBe('active');
    await browser.advance(2 * SECOND);
    expect(watcher.getState().status).toBe('unconfirmed');
    release();
    await browser.advance(0);
    expect(watcher.getState().status).toBe('over');
  });

  test('several events of one return are one question', async () => {
    const { server, browser, tab } = await signedIn();
    await browser.advance(MINUTE);
    server.calls.length = 0;
    tab.comeBack();
    tab.comeBack();
    await browser.advance(SECOND);
    tab.comeBack();
    await browser.advance(SECOND);
    expect(server.calls).toEqual(['CurfewSession']);
  });

  test('a clock that was set does not end the session', async () => {
    const { browser, watcher } = await signedIn();
    browser.setClock(HOUR);
    await browser.advance(MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'active', warning: 'none' });
    browser.setClock(-HOUR);
    await browser.advance(MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'active', warning: 'none' });
    expect(Math.abs(watcher.now() - browser.now())).toBeLessThan(SECOND);
  });
});

describe('tabs', () => {
  test('the same user who signs in again in one tab is signed in in all', async () => {
    const { server, watcher, start, sessionId } = await signedIn();
    const other = await start();
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await settle();
    expect(other.watcher.getState().status).toBe('over');
    const tokenSet = server.signIn();
    watcher.begin(tokenSet);
    await settle();
    for (const each of [watcher, other.watcher])
      expect(each.getState()).toMatchObject({
        status: 'active',
        session: { id: tokenSet.session.id },
        ending: null,
      });
    expect(server.openSockets).toBe(2);
  });

  test('another user who signs in in one tab is announced to the others, which stop', async () => {
    const { server, browser, watcher, start } = await signedIn();
    let told = 0;
    const other = await start({ onOtherUser: () => (told += 1) });
    watcher.begin(server.signIn(BEN));
    await browser.advance(MINUTE);
    expect(told).toBe(1);
    expect(watcher.getState().user).toEqual(BEN);
    expect(other.watcher.getState().user).toEqual(ANA);
    await expect(other.watcher.getAccessToken()).rejects.toBeInstanceOf(SessionOverError);
  });

  test('another user found by a refresh is announced, too, and hands no token out', async () => {
    const { server, browser, open } = setUp();
    server.signIn();
    let told = 0;
    const { watcher } = open({ onOtherUser: () => (told += 1) });
    watcher.start();
    await browser.advance(6 * MINUTE);
    server.signIn(BEN);
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(SessionOverError);
    expect(told).toBe(1);
  });

  test('a sign-in in a tab without a session reaches the others without one', async () => {
    const { server, start } = setUp();
    const [one, two] = [await start(), await start()];
    one.watcher.begin(server.signIn());
    await settle();
    expect(two.watcher.getState()).toMatchObject({ status: 'active', user: ANA });
    expect(count(server.calls, 'CurfewRenew')).toBe(3);
  });

  test('a sign-in that is told of while a tab looks for its session is found by that tab', async () => {
    const { server, start, open, browser } = setUp();
    const one = await start();
    const release = server.holdAnswers();
    const two = open();
    two.watcher.start();
    await settle();
    const tokenSet = server.signIn();
    one.watcher.begin(tokenSet);
    await settle();
    release();
    await browser.advance(0);
    for (const { watcher } of [one, two])
      expect(watcher.getState()).toMatchObject({ status: 'active', session: { id: tokenSet.session.id } });
  });

  test('a sign-in in another tab during a refresh of the former session is followed, and no user is signed out', async () => {
    const { server, browser, watcher, start, sessionId } = await signedIn();
    const other = await start();
    await browser.advance(6 * MINUTE);
    const release = server.holdAnswers();
    const asked = other.watcher.getAccessToken().catch(() => {});
    await settle();
    const tokenSet = server.signIn();
    server.end(sessionId, 'REPLACED');
    watcher.begin(tokenSet);
    await settle();
    release();
    await browser.advance(0);
    await asked;
    for (const each of [watcher, other.watcher])
      expect(each.getState()).toMatchObject({ status: 'active', session: { id: tokenSet.session.id } });
    await browser.advance(6 * MINUTE);
    await other.watcher.getAccessToken();
    await watcher.getAccessToken();
    expect(watcher.getState().status).toBe('active');
  });

  test('ten tabs that are opened at once find the session, one request each', async () => {
    const { server, open, browser } = setUp();
    server.signIn();
    const tabs = Array.from({ length: 10 }, () => open());
    for (const { watcher } of tabs) watcher.start();
    await browser.advance(0);
    for (const { watcher } of tabs) expect(watcher.getState().status).toBe('active');
    expect(server.calls).toEqual(Array(10).fill('CurfewRenew'));
    expect(browser.heldLocks).toBe(0);
  });

  test('a tab that has not heard of the newer sign-in does not bring the older session back', async () => {
    const { watcher, start, server, browser } = await signedIn();
    const { tab } = await start();
    server.calls.length = 0;
    const channel = tab.env.openChannel!('curfew:https://curfew.test/graphql')!;
    const { id, authenticatedAt } = watcher.getState().session!;
    const older = { sessionId: 'older', userId: ANA.id, authenticatedAt: authenticatedAt - 1 };
    channel.post({ version: 2, news: { kind: 'signed-in', ...older } });
    channel.post({ version: 2, news: { kind: 'session-here', ...older } });
    await browser.advance(0);
    channel.close();
    expect(watcher.getState()).toMatchObject({ status: 'active', session: { id } });
    expect(server.calls).toEqual([]);
  });

  test('a token that a page of before hands over is not taken', async () => {
    const { watcher, start, server } = await signedIn();
    const { tab } = await start();
    const mine = await watcher.getAccessToken();
    const tokenSet = { ...server.signIn(), accessToken: 'theirs' };
    const channel = tab.env.openChannel!('curfew:https://curfew.test/graphql')!;
    for (const version of [1, 2]) {
      channel.post({ version, news: { kind: 'renewed', grant: tokenSet, count: 9 } });
      channel.post({ version, news: { kind: 'session-here', grant: tokenSet } });
    }
    channel.post({ version: 1, news: { kind: 'signed-in', grant: tokenSet } });
    await settle();
    channel.close();
    expect(await watcher.getAccessToken()).toBe(mine);
  });

  test('the end of a former session does not touch the present one', async () => {
    const { server, watcher, start, sessionId } = await signedIn();
    const other = await start();
    watcher.begin(server.signIn());
    server.end(sessionId, 'REVOKED_BY_USER');
    await settle();
    expect(watcher.getState().status).toBe('active');
    expect(other.watcher.getState().status).toBe('active');
  });

  test('a refresh of the former session that is in flight does not bring it back', async () => {
    const { server, browser, watcher } = await signedIn();
    await browser.advance(6 * MINUTE);
    const release = server.holdAnswers();
    const asked = watcher.getAccessToken();
    await settle();
    const tokenSet = server.signIn();
    watcher.begin(tokenSet);
    release();
    await asked;
    expect(watcher.getState().session!.id).toBe(tokenSet.session.id);
  });

  test('what is said of another session does not concern this one', async () => {
    const { watcher, start, browser } = await signedIn();
    const { tab } = await start();
    const channel = tab.env.openChannel!('curfew:https://curfew.test/graphql')!;
    const say = (news: object) => channel.post({ version: 2, news });
    const before = watcher.getState();
    const session = { ...factsOf(before.session!), id: 'another', idleMinutes: 1 };
    say({ kind: 'over', sessionId: 'another', ending: { kind: 'left' } });
    say({ kind: 'extended', session, knownAt: browser.now() });
    say({ kind: 'dismissed', sessionId: 'another', deadline: before.session!.absoluteExpiresAt });
    say({ kind: 'from-a-later-version' });
    channel.post('from somebody else');
    channel.post({
      version: 3,
      news: { kind: 'over', sessionId: before.session!.id, ending: { kind: 'left' } },
    });
    await settle();
    channel.close();
    expect(watcher.getState()).toBe(before);
  });

  test('applications tell each other what they like', async () => {
    const { watcher, start } = await signedIn();
    const other = await start();
    const heard: unknown[] = [];
    other.watcher.onMessage((message) => heard.push(message));
    watcher.announce({ kind: 'policy-changed', version: 3 });
    await settle();
    expect(heard).toEqual([{ kind: 'policy-changed', version: 3 }]);
  });
});

describe('the connection', () => {
  test('a blink of the network is not shown', async () => {
    const { server, browser, watcher } = await signedIn();
    const seen: string[] = [];
    watcher.subscribe(() => seen.push(watcher.getState().connection));
    server.dropSockets(1012);
    await browser.advance(10 * SECOND);
    expect(seen).toEqual([]);
    expect(server.openSockets).toBe(1);
  });

  test('without a socket the session is asked for, and its end is found out', async () => {
    const { server, browser, watcher, sessionId } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    await browser.advance(3 * SECOND);
    expect(watcher.getState().connection).toBe('polling');
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await browser.advance(40 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { endReason: 'REVOKED_BY_OWNER' } });
  });

  test('a hidden page asks nothing', async () => {
    const { server, browser, tab } = await signedIn();
    server.faults.socketsDown = true;
    tab.hide();
    server.dropSockets();
    await browser.advance(3 * SECOND);
    server.calls.length = 0;
    await browser.advance(4 * MINUTE);
    expect(server.calls).toEqual([]);
  });

  test('after a long outage everything is back within seconds', async () => {
    const { server, browser, watcher } = await signedIn();
    server.faults.isDown = true;
    server.dropSockets();
    await browser.advance(5 * MINUTE);
    expect(watcher.getState().connection).toBe('offline');
    server.faults.isDown = false;
    await browser.advance(11 * SECOND);
    expect(watcher.getState().connection).toBe('live');
  });

  test('a token that ran out is replaced before the socket asks for it', async () => {
    const { server, browser, watcher } = await signedIn();
    await browser.advance(6 * MINUTE);
    server.dropSockets(1012);
    await browser.advance(5 * SECOND);
    expect(server.calls).toEqual(['CurfewRenew']);
    expect(server.refreshes.at(-1)).toMatchObject({ userActive: false });
    expect(watcher.getState().connection).toBe('live');
  });

  test('a token that only the socket refuses is renewed, and the session goes on', async () => {
    const { server, browser, watcher } = await signedIn();
    server.revokeTokens();
    server.dropSockets(1012);
    await browser.advance(5 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live' });
  });
});

describe('stopping', () => {
  test('leaves no timer, listener, lock, channel or socket behind', async () => {
    const { server, browser, watcher, tab, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'SHORTENED', 'IDLE');
    tab.act();
    server.holdAnswers();
    void watcher.stay();
    await settle();
    expect(browser.heldLocks).toBe(1);
    watcher.stop();
    await settle();
    expect(browser.pendingTimers).toBe(0);
    expect(tab.listeners).toBe(0);
    expect(browser.openChannels).toBe(0);
    expect(browser.heldLocks).toBe(0);
    expect(server.openSockets).toBe(0);
  });

  test('while the server is down leaves nothing behind either', async () => {
    const { server, browser, watcher, tab } = await signedIn();
    server.faults.isDown = true;
    server.dropSockets();
    tab.act();
    await browser.advance(MINUTE);
    watcher.stop();
    await settle();
    expect(browser.pendingTimers).toBe(0);
  });
});
