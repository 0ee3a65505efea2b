import { jest } from '@jest/globals';
import { cleanUpAfterEach } from './testing/clean-up.ts';
import { createFakeBrowser, settle, type FakeTab } from './testing/fake-browser.ts';
import { ANA, BEN, createFakeServer, PASSWORD } from './testing/fake-server.ts';
import { createSessionWatcher, ReauthenticationError, SessionOverError, UnreachableError } from './index.ts';
import type { SessionWatcher, WatcherOptions } from './watcher.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const { running, browsers } = cleanUpAfterEach('access-');

interface Opened {
  watcher: SessionWatcher;
  tab: FakeTab;
}

/** An application with a sign-in of its own, whose page is on another origin than Curfew. */
function setUp() {
  const browser = createFakeBrowser();
  browsers.add(browser);
  const server = createFakeServer(browser.now);
  const { application } = server;

  async function start(options: Partial<WatcherOptions> = {}): Promise<Opened> {
    const tab = browser.openTab({ fetch: server.fetch, webSocketImpl: server.WebSocket });
    const watcher = createSessionWatcher({
      url: 'https://curfew.test/graphql',
      env: tab.env,
      getSessionAccessToken: application.getSessionAccessToken,
      ...options,
    });
    running.add(watcher);
    watcher.start();
    await browser.advance(0);
    return { watcher, tab };
  }
  return { browser, server, application, start };
}

/** A user is signed in at the application, and one tab is open. */
async function signedIn(options: Partial<WatcherOptions> = {}) {
  const world = setUp();
  const sessionId = world.application.signIn();
  const opened = await world.start(options);
  world.server.calls.length = 0;
  return { ...world, ...opened, sessionId };
}

describe('the start', () => {
  test('fetches a token at the application and reads the session with it at Curfew', async () => {
    const { start, server, application, browser } = setUp();
    const sessionId = application.signIn();
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({
      status: 'active',
      session: { id: sessionId, idleMinutes: 30 },
      user: ANA,
      connection: 'live',
    });
    expect(server.calls).toEqual(['application', 'CurfewFind']);
    expect(server.openSockets).toBe(1);
    expect(browser.stored.size).toBe(0);
  });

  test('no user is signed in there, and nothing is asked again', async () => {
    const { start, server, browser } = setUp();
    const { watcher } = await start();
    expect(watcher.getState()).toMatchObject({ status: 'none', ending: null });
    await browser.advance(60 * MINUTE);
    expect(server.calls).toEqual(['application']);
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(SessionOverError);
  });

  test.each([
    ['isDown', []],
    ['hangs', []],
    ['babbles', [['Curfew: The application did not answer with { accessToken, expiresAt } or null.']]],
  ] as const)(
    'an application that %s is asked again until it answers; of what it should not say the console tells',
    async (fault, said) => {
      const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
      const { start, application, browser } = setUp();
      application.signIn();
      application.faults[fault] = true;
      const { watcher } = await start();
      await browser.advance(16 * SECOND);
      expect(watcher.getState()).toMatchObject({ status: 'starting', connection: 'offline' });
      application.faults[fault] = false;
      await browser.advance(40 * SECOND);
      expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live' });
      // Once, although it was asked again and again.
      expect(logged.mock.calls).toEqual(said);
      logged.mockRestore();
    },
  );

  test('a page in place of JSON is named in the console', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { start } = setUp();
    const { watcher } = await start({ getSessionAccessToken: async () => JSON.parse('<!doctype html>') });
    expect(watcher.getState().status).toBe('starting');
    expect(String(logged.mock.calls)).toMatch(
      /^Curfew: The application did not answer with \{ accessToken, expiresAt \} or null: Unexpected token/,
    );
    logged.mockRestore();
  });

  test('a token that Curfew refuses signs no user out, and is reported', async () => {
    const { start, browser } = setUp();
    const getSessionAccessToken = async () => ({
      accessToken: 'of-somebody-else',
      expiresAt: new Date(browser.now() + MINUTE).toISOString(),
    });
    const { watcher } = await start({ getSessionAccessToken });
    expect(watcher.getState().status).toBe('starting');
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    await browser.advance(5 * MINUTE);
    expect(watcher.getState().status).toBe('starting');
  });

  test('a sign-in without a page load begins the session, also in the tabs that have none', async () => {
    const { start, application, browser } = setUp();
    const one = await start();
    const two = await start();
    const sessionId = application.signIn();
    one.watcher.begin();
    await browser.advance(0);
    for (const { watcher } of [one, two])
      expect(watcher.getState()).toMatchObject({ status: 'active', session: { id: sessionId } });
  });

  test('a sign-in while the application hangs does not wait for that', async () => {
    const { start, application, browser } = setUp();
    application.faults.hangs = true;
    const { watcher } = await start();
    application.faults.hangs = false;
    const sessionId = application.signIn();
    watcher.begin();
    await browser.advance(3 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'active', session: { id: sessionId } });
  });
});

describe('the session', () => {
  test('is warned of by the socket, and by the local timer without one', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    expect(watcher.getState()).toMatchObject({ warning: 'soon', reason: 'IDLE', canExtend: true });
    server.touch(sessionId);
    server.push(sessionId, 'EXTENDED', 'IDLE');
    server.faults.socketsDown = true;
    server.dropSockets();
    await browser.advance(25 * MINUTE + SECOND);
    expect(watcher.getState()).toMatchObject({ warning: 'soon', connection: 'polling' });
  });

  test('needs no new token while the socket is up', async () => {
    const { server, browser } = await signedIn();
    await browser.advance(24 * MINUTE);
    expect(server.calls).toEqual([]);
  });

  test('stays by a touch: with the token at hand, or with a new one', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    await browser.advance(25 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    await watcher.stay();
    expect(server.calls).toEqual(['application', 'CurfewFind', 'CurfewActivity']);
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
    expect(watcher.getState().session!.idleExpiresAt).toBe(browser.now() + 30 * MINUTE);
    server.calls.length = 0;
    await browser.advance(MINUTE);
    await watcher.stay();
    expect(server.calls).toEqual(['CurfewActivity']);
  });

  test('cannot be extended while the application is down and the token has run out; the next try works', async () => {
    const { watcher, application, server, browser, sessionId } = await signedIn();
    await browser.advance(26 * MINUTE);
    server.push(sessionId, 'WARNING', 'IDLE');
    application.faults.isDown = true;
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ status: 'active', warning: 'soon', extending: 'failed' });
    application.faults.isDown = false;
    await watcher.stay();
    expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
  });

  test('has its activity told at most once a minute', async () => {
    const { server, browser, tab } = await signedIn();
    await browser.advance(2 * MINUTE);
    for (let second = 0; second < 60; second += 5) {
      tab.act();
      await browser.advance(5 * SECOND);
    }
    expect(server.calls.filter((call) => call === 'CurfewActivity').length).toBeLessThanOrEqual(2);
    expect(server.calls).not.toContain('application');
  });

  test('takes no cookie along', async () => {
    const { watcher, server } = await signedIn();
    await watcher.stay();
    await watcher.signOut();
    expect([...server.credentials]).toEqual(['omit']);
  });
});

describe('the end', () => {
  /** The page's socket is down, and the application for as long: the token has run out, and nothing was heard. */
  async function outOfTouch() {
    const world = await signedIn();
    world.server.faults.socketsDown = true;
    world.server.dropSockets();
    world.application.faults.isDown = true;
    world.tab.hide();
    await world.browser.advance(6 * MINUTE);
    world.application.faults.isDown = false;
    world.server.calls.length = 0;
    return world;
  }

  test('by a timeout is named as such', async () => {
    const { watcher, browser } = await outOfTouch();
    await browser.advance(25 * MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'expired', limit: 'idle' } });
  });

  test.each(['says null', 'is down'])(
    'is named as Curfew knows it where the application %s',
    async (what) => {
      const { watcher, server, application, sessionId } = await outOfTouch();
      application.faults.isDown = what === 'is down';
      server.end(sessionId, 'PASSWORD_CHANGED');
      await watcher.check();
      const ending = { kind: 'ended', endReason: 'PASSWORD_CHANGED' };
      expect(watcher.getState()).toMatchObject({ status: 'over', ending });
      expect(server.calls).toEqual(['application', 'CurfewSession']);
    },
  );

  test('is a refusal where only the application knows of it', async () => {
    const { watcher, browser, application } = await signedIn();
    await browser.advance(6 * MINUTE);
    application.faults.forgets = true;
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(SessionOverError);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'refused' } });
  });

  test('is not to be had of a token that Curfew does not take', async () => {
    const { watcher, browser, application } = await signedIn();
    await browser.advance(6 * MINUTE);
    application.faults.mixesUp = true;
    const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState().status).toBe('active');
    expect(logged.mock.calls).toEqual([
      ["Curfew: Curfew refuses the application's access token (UNAUTHENTICATED)."],
    ]);
    logged.mockRestore();
  });

  test('an application that is down for a while signs no user out', async () => {
    const { watcher, server, browser, application } = await signedIn();
    server.faults.socketsDown = true;
    server.dropSockets();
    application.faults.isDown = true;
    await browser.advance(20 * MINUTE);
    expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'offline' });
    await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
    application.faults.isDown = false;
    server.faults.socketsDown = false;
    await browser.advance(40 * SECOND);
    expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live' });
  });
});

describe('signing out', () => {
  test('ends the session at Curfew, then tells the application, then the page', async () => {
    const steps: string[] = [];
    const { watcher, server } = await signedIn({
      async onSignOut() {
        steps.push(...server.calls, `application, the page being ${watcher.getState().status}`);
        await settle();
        steps.push(`done, the page being ${watcher.getState().status}`);
      },
    });
    watcher.subscribe(() => steps.push(watcher.getState().status));
    await watcher.signOut();
    expect(steps).toEqual([
      'CurfewSignOut',
      'application, the page being active',
      'done, the page being active',
      'over',
    ]);
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
  });

  test('takes a new token where the old one has run out', async () => {
    const { watcher, server, browser } = await signedIn();
    await browser.advance(10 * MINUTE);
    await watcher.signOut();
    expect(server.calls).toEqual(['application', 'CurfewSignOut']);
    expect(watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'left' } });
  });

  test('takes a new token where Curfew no longer knows the old one', async () => {
    const { watcher, server } = await signedIn();
    server.revokeTokens();
    await watcher.signOut();
    expect(server.calls).toEqual(['CurfewSignOut', 'application', 'CurfewSignOut']);
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
  });

  test.each([
    ['Curfew', 1],
    ['the application, when the token has run out,', 10],
  ])('changes nothing, nor tells the application, while %s is down', async (who, minutes) => {
    let told = 0;
    const onSignOut = () => void (told += 1);
    const { watcher, server, browser, application } = await signedIn({ onSignOut });
    await browser.advance(minutes * MINUTE);
    if (who === 'Curfew') server.faults.isDown = true;
    else application.faults.isDown = true;
    await expect(watcher.signOut()).rejects.toBeInstanceOf(UnreachableError);
    expect(watcher.getState().status).toBe('active');
    expect(told).toBe(0);
    server.faults.isDown = false;
    application.faults.isDown = false;
    await watcher.signOut();
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
    expect(told).toBe(1);
  });

  test('that the application fails at is over all the same, and the failure is said', async () => {
    const cause = new Error('The cookie is still there.');
    const { watcher, server } = await signedIn({ onSignOut: () => Promise.reject(cause) });
    server.faults.socketsDown = true;
    server.dropSockets();
    await expect(watcher.signOut()).rejects.toMatchObject({ name: 'UnreachableError', cause });
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
  });

  test('waits for the application for 15 seconds', async () => {
    const { watcher, browser } = await signedIn({ onSignOut: () => new Promise(() => {}) });
    const outcome = expect(watcher.signOut()).rejects.toBeInstanceOf(UnreachableError);
    await browser.advance(14 * SECOND);
    expect(watcher.getState().status).toBe('active');
    await browser.advance(2 * SECOND);
    await outcome;
    expect(watcher.getState().ending).toEqual({ kind: 'left' });
  });

  test('that fails while another party ends the session reports that end', async () => {
    const { watcher, server, browser, sessionId } = await signedIn();
    const letAnswersGo = server.holdAnswers();
    const outcome = expect(watcher.signOut()).rejects.toBeInstanceOf(UnreachableError);
    await browser.advance(0);
    server.end(sessionId, 'REVOKED_BY_OWNER');
    await browser.advance(0);
    expect(watcher.getState().status).toBe('active');
    server.faults.losesAnswers = true;
    letAnswersGo();
    await outcome;
    expect(watcher.getState().status).toBe('over');
  });

  test('twice at once is once', async () => {
    let told = 0;
    const { watcher, server } = await signedIn({ onSignOut: () => void (told += 1) });
    await Promise.all([watcher.signOut(), watcher.signOut()]);
    expect([server.calls, told]).toEqual([['CurfewSignOut'], 1]);
  });
});

describe('tabs', () => {
  test('each fetches a token of its own, one after the other', async () => {
    const { watcher, start, server, browser } = await signedIn();
    const second = await start();
    await browser.advance(6 * MINUTE);
    server.calls.length = 0;
    const asked = Promise.all([watcher.getAccessToken(), second.watcher.getAccessToken()]);
    await browser.advance(SECOND);
    const [one, two] = await asked;
    expect(two).not.toBe(one);
    expect(server.calls).toEqual(['application', 'CurfewFind', 'application', 'CurfewFind']);
  });

  test('one that opens asks its own application and not an older tab, which may watch another user', async () => {
    let reloads = 0;
    const { start, application, browser } = await signedIn({ onOtherUser: () => void (reloads += 1) });
    application.signIn(BEN);
    const { watcher } = await start();
    await browser.advance(0);
    expect(watcher.getState().user).toMatchObject({ email: BEN.email });
    expect(reloads).toBe(1);
  });

  test('hear of a sign-out in one of them', async () => {
    const { watcher, start, browser } = await signedIn();
    const second = await start();
    await watcher.signOut();
    await browser.advance(0);
    expect(second.watcher.getState()).toMatchObject({ status: 'over', ending: { kind: 'left' } });
  });
});

describe('authenticating again', () => {
  const authenticating = async () => {
    const world = setUp();
    const { onReauthenticate } = world.application;
    const sessionId = world.application.signIn();
    const opened = await world.start({ onReauthenticate });
    await world.browser.advance(MINUTE);
    world.server.calls.length = 0;
    return { ...world, ...opened, onReauthenticate, sessionId };
  };

  test('is impossible without a function for it, and no request is sent', async () => {
    const { watcher, server } = await signedIn();
    expect(watcher.getState().reauthentication).toBe('impossible');
    await expect(watcher.reauthenticate({ password: PASSWORD })).rejects.toMatchObject({
      code: 'IMPOSSIBLE',
    });
    expect(server.calls).toEqual([]);
  });

  test('goes to the application, and the new deadlines are read at Curfew', async () => {
    const { watcher, server, browser, sessionId } = await authenticating();
    // Curfew itself says no for a session of an application.
    server.permit(sessionId, false);
    await watcher.check();
    expect(watcher.getState().reauthentication).toBe('possible');
    server.calls.length = 0;
    await watcher.reauthenticate({ password: PASSWORD });
    expect(server.calls).toEqual(['application reauthenticates', 'CurfewFind']);
    expect(watcher.getState()).toMatchObject({
      reauthentication: 'possible',
      session: { id: sessionId, authenticatedAt: browser.now() },
    });
    expect(browser.stored.size).toBe(0);
  });

  test('null is a refusal of the credentials, an error of its own kind is passed on, any other is no answer', async () => {
    const { watcher, application, start } = await authenticating();
    await expect(watcher.reauthenticate({ password: 'wrong' })).rejects.toMatchObject({
      name: 'ReauthenticationError',
      code: 'INVALID_CREDENTIALS',
    });
    application.faults.isDown = true;
    await expect(watcher.reauthenticate({ password: PASSWORD })).rejects.toBeInstanceOf(UnreachableError);
    application.faults.isDown = false;
    const limited = await start({
      onReauthenticate: async () => {
        throw new ReauthenticationError('RATE_LIMITED', { retryAfterSeconds: 30 });
      },
    });
    await expect(limited.watcher.reauthenticate({ code: '123456' })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterSeconds: 30,
    });
    expect(watcher.getState().status).toBe('active');
  });

  test('asks for no token in another tab during it, when the old cookie is worth nothing any more', async () => {
    const { server, application, start, onReauthenticate, watcher: other } = await authenticating();
    let answer = (): void => {};
    const answered = new Promise<void>((done) => (answer = done));
    const { watcher } = await start({
      async onReauthenticate(credentials) {
        await answered;
        return onReauthenticate(credentials);
      },
    });
    const calling = watcher.reauthenticate({ password: PASSWORD });
    await settle();
    application.faults.forgets = true;
    server.calls.length = 0;
    const asking = other.getAccessToken({ refused: await other.getAccessToken() });
    await settle();
    expect(server.calls).toEqual([]);
    application.faults.forgets = false;
    answer();
    await Promise.all([calling, asking]);
    expect(other.getState()).toMatchObject({ status: 'active', session: watcher.getState().session });
  });
});

test('a stop leaves nothing behind, also while the application hangs', async () => {
  const { watcher, tab, browser, server, application } = await signedIn();
  await browser.advance(6 * MINUTE);
  application.faults.hangs = true;
  const asked = expect(watcher.getAccessToken()).rejects.toBeInstanceOf(Error);
  await browser.advance(0);
  watcher.stop();
  await asked;
  await settle();
  expect({
    timers: browser.pendingTimers,
    channels: browser.openChannels,
    locks: browser.heldLocks,
    listeners: tab.listeners,
    sockets: server.openSockets,
  }).toEqual({ timers: 0, channels: 0, locks: 0, listeners: 0, sockets: 0 });
});
