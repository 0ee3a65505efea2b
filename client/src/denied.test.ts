import { createFakeBrowser, settle } from './testing/fake-browser.ts';
import { createFakeServer, type FakeServer } from './testing/fake-server.ts';
import { createSessionWatcher, UnreachableError } from './index.ts';
import { createExclusiveTask } from './tokens/exclusive-task.ts';
import type { BrowserEnv, KeyValueStore } from './browser/browser-env.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const unhandled: unknown[] = [];
const noteUnhandled = (reason: unknown) => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', noteUnhandled));
afterAll(() => void process.off('unhandledRejection', noteUnhandled));
afterEach(() => expect(unhandled.splice(0)).toEqual([]));

function deny(): never {
  throw new DOMException('The operation is insecure.', 'SecurityError');
}
const noStore: KeyValueStore = { getItem: deny, setItem: deny, removeItem: deny };
const fullStore: KeyValueStore = { getItem: () => null, setItem: deny, removeItem: () => {} };
const closedChannel = { post: deny, listen: () => {}, close: () => {} };

function open(denied: (server: FakeServer) => Partial<BrowserEnv>) {
  const browser = createFakeBrowser();
  const server = createFakeServer(browser.now);
  server.signIn();
  const tab = browser.openTab({ fetch: server.fetch, webSocketImpl: server.WebSocket });
  const env = { ...tab.env, ...denied(server) };
  const watcher = createSessionWatcher({ url: 'https://curfew.test/graphql', env });
  return { browser, server, tab, watcher };
}

test.each<[string, Partial<BrowserEnv>]>([
  ['channels throw', { openChannel: deny }],
  ['a channel is closed', { openChannel: () => closedChannel }],
  ['locks throw', { locks: { request: deny } }],
  ['locks reject', { locks: { request: async () => deny() } }],
  ['storage throws', { localStorage: noStore, sessionStorage: noStore }],
  ['storage is full', { localStorage: fullStore, sessionStorage: fullStore }],
  [
    'all of it is denied',
    { openChannel: deny, locks: { request: deny }, localStorage: noStore, sessionStorage: noStore },
  ],
])('where %s, the session is found, warned of and extended', async (_what, denied) => {
  const { browser, server, tab, watcher } = open(() => denied);
  watcher.start();
  await browser.advance(25 * MINUTE + 5 * SECOND);
  expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live', warning: 'soon' });
  await watcher.stay();
  expect(watcher.getState()).toMatchObject({ warning: 'none', extending: 'no' });
  watcher.stop();
  watcher.start();
  await settle();
  expect(watcher.getState().status).toBe('active');
  watcher.stop();
  await settle();
  expect([browser.pendingTimers, tab.listeners, browser.heldLocks, server.openSockets]).toEqual([0, 0, 0, 0]);
});

test('where storage is denied, a lost answer is asked for again under its id by the same tab', async () => {
  const { browser, server, watcher } = open(() => ({ localStorage: noStore }));
  watcher.start();
  await browser.advance(6 * MINUTE);
  server.faults.losesAnswers = true;
  await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
  server.faults.losesAnswers = false;
  await browser.advance(MINUTE);
  await watcher.getAccessToken();
  await browser.advance(6 * MINUTE);
  await watcher.getAccessToken();
  const [first, lost, repeated, next] = server.refreshes.map(({ requestId }) => requestId);
  expect(repeated).toBe(lost);
  expect(new Set([first, lost, next]).size).toBe(3);
  watcher.stop();
});

test('an application learns that its message cannot be sent, and the watch goes on', async () => {
  const { browser, watcher } = open(() => ({}));
  watcher.start();
  await settle();
  expect(() => watcher.announce({ kind: 'saved', by: () => {} })).toThrow('could not be cloned');
  await browser.advance(25 * MINUTE + 5 * SECOND);
  expect(watcher.getState().warning).toBe('soon');
  watcher.stop();
});

test('a WebSocket that throws is a lost connection: the session is polled, and followed later', async () => {
  const network = { denies: true };
  const { browser, watcher } = open(({ WebSocket }) => ({
    webSocketImpl: class extends WebSocket {
      constructor() {
        if (network.denies) deny();
        super();
      }
    },
  }));
  watcher.start();
  await browser.advance(20 * SECOND);
  expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'polling' });
  network.denies = false;
  await browser.advance(20 * SECOND);
  expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'live' });
  watcher.stop();
});

test('where there is no WebSocket, the session is polled, and a stop leaves nothing behind', async () => {
  const { browser, watcher } = open(() => ({ webSocketImpl: null }));
  watcher.start();
  await browser.advance(25 * MINUTE + 5 * SECOND);
  expect(watcher.getState()).toMatchObject({ status: 'active', connection: 'polling', warning: 'soon' });
  watcher.stop();
  await settle();
  expect(browser.pendingTimers).toBe(0);
});

test.each([
  'null',
  '"text"',
  '[]',
  '{}',
  '{"data":null}',
  '{"data":[]}',
  '{"data":{"refreshSession":null}}',
  '{"errors":{}}',
  '{"errors":[null]}',
])('a body of %s says nothing about the session', async (body) => {
  const proxy = { isThere: false };
  const { browser, watcher } = open(({ fetch }) => ({
    fetch: (...request) => (proxy.isThere ? Promise.resolve(new Response(body)) : fetch(...request)),
  }));
  watcher.start();
  await settle();
  proxy.isThere = true;
  await browser.advance(6 * MINUTE);
  await expect(watcher.getAccessToken()).rejects.toBeInstanceOf(UnreachableError);
  expect(watcher.getState().status).toBe('active');
  proxy.isThere = false;
  expect(await watcher.getAccessToken()).toEqual(expect.any(String));
  watcher.stop();
});

describe('a task under a lock', () => {
  const dropped = new AbortController().signal;
  const timers = { setTimeout: () => 0, clearTimeout: () => {} };

  test('that is taken away runs on, and only once', async () => {
    let runs = 0;
    let finish = (): void => {};
    const locks: BrowserEnv['locks'] = {
      async request(_name, _options, task) {
        void task({});
        throw new DOMException('Stolen.', 'AbortError');
      },
    };
    const done = createExclusiveTask({ ...timers, locks }, 'curfew')(dropped, () => {
      runs += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    await settle();
    finish();
    await done;
    expect(runs).toBe(1);
  });

  test('that fails, fails with its own error, and only once', async () => {
    let runs = 0;
    const locks: BrowserEnv['locks'] = { request: async (_name, _options, task) => task({}) };
    const done = createExclusiveTask({ ...timers, locks }, 'curfew')(dropped, async () => {
      runs += 1;
      throw new Error('Its own.');
    });
    await expect(done).rejects.toThrow('Its own.');
    expect(runs).toBe(1);
  });
});
