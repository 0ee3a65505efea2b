import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { waitUntil } from '../wait-until.ts';
import { type Bidi, connectBidi } from './bidi.ts';
import { find, type Found, installClock } from './firefox-in-page.ts';

// Playwright drives only a Firefox of its own, which is downloaded. This drives the installed one, and does no more than
// the stories in Firefox need.

/** The command of the installed Firefox: Debian's package `firefox-esr`, else any. Null: there is none. */
export const FIREFOX: string | null =
  ['firefox-esr', 'firefox'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;

/** Control characters of WebDriver. */
export const KEYS = { Tab: '\uE004', Enter: '\uE007', Escape: '\uE00C' };

export interface FirefoxPage {
  goto(url: string): Promise<void>;
  /** Runs a function in the page. It uses nothing from outside of itself, and JSON carries what it takes and returns. */
  run<A extends unknown[], R>(work: (...given: A) => R, ...given: A): Promise<Awaited<R>>;
  /** Waits until an element is shown that matches `css` and contains `text`, in an open shadow root too. */
  shown(css: string, text?: string): Promise<Found>;
  gone(css: string, text?: string): Promise<void>;
  /** Waits for an address of the page that matches. */
  at(url: RegExp): Promise<void>;
  /** A click of the mouse in the middle of an element. */
  click(css: string, text?: string): Promise<void>;
  /** Presses the keys of a text, or of `KEYS`, one after the other. */
  press(keys: string): Promise<void>;
  /** Moves the clock of the page. `alongside` runs in the same turn, such as to move that of the server. */
  pass(milliseconds: number, alongside: () => void): Promise<void>;
  /** Console errors and uncaught errors. */
  readonly errors: string[];
  close(): Promise<void>;
}

export interface Firefox {
  /** Opens a page with its own cookies and storage. */
  newPage(): Promise<FirefoxPage>;
  /** A setting for pages that are opened from now on. */
  setPreference(name: string, value: boolean | number): Promise<void>;
  close(): Promise<void>;
}

/** What a Firefox of a test does not do: ask the network for anything, and show what a new profile is shown. */
const PREFERENCES: Record<string, boolean | number | string> = {
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.ipc.processCount': 1,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  // Second line of defence: what is not on this machine would go to a proxy that is not there.
  'network.proxy.type': 1,
  'network.proxy.http': '127.0.0.1',
  'network.proxy.http_port': 9,
  'network.proxy.ssl': '127.0.0.1',
  'network.proxy.ssl_port': 9,
  'signon.rememberSignons': false,
  'ui.prefersReducedMotion': 1,
};

const END_TIMEOUT_MS = 5_000;

/** Starts the installed Firefox without a display. Takes some seconds, and much longer on a busy machine. */
export async function launchFirefox(): Promise<Firefox> {
  if (FIREFOX === null) throw new Error("There is no Firefox. Install Debian's package firefox-esr.");
  const profile = await mkdtemp(join(tmpdir(), 'curfew-firefox-'));
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const command = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const browser = spawn(FIREFOX, [...command, '--remote-allow-system-access', 'about:blank'], {
    env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(browser, 'exit');
  const bidi = await connectBidi(`${await addressIn(browser.stderr)}/session`);
  await bidi.send('session.new', { capabilities: {} });
  await bidi.send('session.subscribe', {
    events: [
      'log.entryAdded',
      'network.beforeRequestSent',
      'network.responseCompleted',
      'network.fetchError',
    ],
  });
  return {
    newPage: () => openPage(bidi),
    async setPreference(name, value) {
      const { contexts } = await bidi.send<{ contexts: { context: string }[] }>('browsingContext.getTree', {
        'moz:scope': 'chrome',
      });
      const set = typeof value === 'boolean' ? 'setBoolPref' : 'setIntPref';
      await bidi.send('script.evaluate', {
        expression: `Services.prefs.${set}(${JSON.stringify(name)}, ${value})`,
        target: { context: contexts[0]!.context },
        awaitPromise: false,
      });
    },
    async close() {
      const ended = Promise.race([exited, pause(END_TIMEOUT_MS, null, { ref: false })]);
      await bidi.send('browser.close').catch(() => {});
      bidi.close();
      await ended;
      browser.kill('SIGKILL');
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function addressIn(stderr: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface(stderr);
  let all = '';
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  // Read to the end: a browser whose output is not read stops at some time.
  lines.on('line', (line) => {
    all += `${line}\n`;
    const [, address] = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(line) ?? [];
    if (address !== undefined) resolve(address);
  });
  lines.on('close', () => reject(new Error(`Firefox has ended: ${all}`)));
  return promise;
}

interface RequestEvent {
  context: string | null;
  request: { request: string; url: string };
}

interface LogEntry {
  level: string;
  text: string | null;
  source: { context?: string };
}

type CallResult =
  { type: 'success'; result: { value?: string } } | { type: 'exception'; exceptionDetails: { text: string } };

/** Limits the wait for requests before a jump of the clock: some tests have requests without a response. */
const MAX_QUIET_WAIT_MS = 2_000;

async function openPage(bidi: Bidi): Promise<FirefoxPage> {
  const { userContext } = await bidi.send<{ userContext: string }>('browser.createUserContext');
  const { context } = await bidi.send<{ context: string }>('browsingContext.create', {
    type: 'tab',
    userContext,
  });
  const errors: string[] = [];
  bidi.on<LogEntry>('log.entryAdded', ({ level, text, source }) => {
    if (level === 'error' && source.context === context) errors.push(text ?? '');
  });
  const unanswered = new Set<string>();
  bidi.on<RequestEvent>('network.beforeRequestSent', ({ context: from, request: { request, url } }) => {
    if (from === context && url.startsWith('http')) unanswered.add(request);
  });
  for (const event of ['network.responseCompleted', 'network.fetchError'])
    bidi.on<RequestEvent>(event, ({ request: { request } }) => unanswered.delete(request));

  let passed = 0;
  let preloaded: string | null = null;
  /** For the next document, too: it goes on with the time of this one. */
  async function preloadClock(): Promise<void> {
    const before = preloaded;
    const { script } = await bidi.send<{ script: string }>('script.addPreloadScript', {
      functionDeclaration: `() => (${String(installClock)})(${passed})`,
      contexts: [context],
    });
    preloaded = script;
    if (before !== null) await bidi.send('script.removePreloadScript', { script: before });
  }
  await preloadClock();

  async function run<A extends unknown[], R>(work: (...given: A) => R, ...given: A): Promise<Awaited<R>> {
    const answer = await bidi.send<CallResult>('script.callFunction', {
      functionDeclaration: `async (...given) => JSON.stringify(await (${String(work)})(...given.map((each) => JSON.parse(each))))`,
      arguments: given.map((each) => ({ type: 'string', value: JSON.stringify(each) })),
      target: { context },
      awaitPromise: true,
    });
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    const { value } = answer.result;
    return (value === undefined ? undefined : JSON.parse(value)) as Awaited<R>;
  }

  /** Null also while another document loads: its realm is not there yet. */
  const look = (css: string, text: string, isWanted: boolean): Promise<Found | null> =>
    run(find, css, text, isWanted).catch(() => null);
  async function shown(css: string, text = '', isWanted = false): Promise<Found> {
    let found: Found | null = null;
    await waitUntil(async () => (found = await look(css, text, isWanted)) !== null, {
      what: `${css} with "${text}"`,
      timeoutMs: WAIT_TIMEOUT_MS,
    });
    return found!;
  }
  const act = (actions: object) => bidi.send('input.performActions', { context, actions: [actions] });

  return {
    errors,
    run,
    shown,
    goto: async (url) =>
      void (await bidi.send('browsingContext.navigate', { context, url, wait: 'complete' })),
    gone: (css, text = '') =>
      waitUntil(
        () =>
          run(find, css, text, false).then(
            (found) => found === null,
            () => false,
          ),
        {
          what: `no ${css} with "${text}"`,
          timeoutMs: WAIT_TIMEOUT_MS,
        },
      ),
    at: (url) =>
      waitUntil(
        () =>
          run(() => location.href).then(
            (href) => url.test(href),
            () => false,
          ),
        {
          what: `the page at ${url}`,
          timeoutMs: WAIT_TIMEOUT_MS,
        },
      ),
    async click(css, text = '') {
      let [before, { x, y }] = [-1, await shown(css, text, true)];
      // Until it stays where it is.
      while (before !== y) [before, { x, y }] = [y, await shown(css, text, true)];
      await act({
        type: 'pointer',
        id: 'mouse',
        actions: [
          { type: 'pointerMove', x, y },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      });
    },
    async press(keys) {
      const actions = [...keys].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ]);
      await act({ type: 'key', id: 'keyboard', actions });
    },
    async pass(milliseconds, alongside) {
      // A request that is pending during the jump would time out.
      const until = performance.now() + MAX_QUIET_WAIT_MS;
      await waitUntil(() => unanswered.size === 0 || performance.now() > until);
      passed += milliseconds;
      await preloadClock();
      // In one turn: a page that wakes up checks the status, so the server's clock must have moved by then.
      const jumped = run((jump: number) => window.passTime(jump), milliseconds);
      alongside();
      await jumped;
    },
    async close() {
      await bidi.send('browsingContext.close', { context });
      await bidi.send('browser.removeUserContext', { userContext });
    },
  };
}

/** As long as Playwright waits. */
const WAIT_TIMEOUT_MS = 30_000;
