import WebSocket from 'ws';
import { createFakeBrowser } from '../../client/src/testing/fake-browser.ts';
import { createSessionWatcher, type SessionState, type SessionWatcher } from '../../client/src/index.ts';
import type { TokenSet, WatcherOptions } from '../../client/src/index.ts';
import type { TestApp } from '../harness.ts';
import { PASSWORD } from '../seed.ts';

const TIMEOUT_MS = 30_000;

/** A browser with a cookie jar whose tabs talk to a real Curfew; its time is the server's where that stands still. */
export function createBrowser(app: Pick<TestApp, 'url'>, clock: TestApp['clock'] | null) {
  const shared = createFakeBrowser();
  const jar = new Map<string, string>();
  const running = new Set<SessionWatcher>();
  const operations: string[] = [];
  const faults = { losesAnswers: false };

  const fetchWithCookies: typeof fetch = async (input, init) => {
    const { query } = JSON.parse(String(init?.body)) as { query: string };
    operations.push(/(?:query|mutation) (\w+)/.exec(query)![1]!);
    const headers = new Headers(init?.headers);
    if (jar.size > 0) headers.set('cookie', [...jar].map((pair) => pair.join('=')).join('; '));
    const response = await fetch(input, { ...init, headers });
    if (faults.losesAnswers) throw new TypeError('The connection was lost.');
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') jar.delete(name!);
      else jar.set(name!, value!);
    }
    return response;
  };

  return {
    operations,
    faults,
    jar,
    shown: shared.shown,
    open({ env: given, ...options }: Partial<WatcherOptions> = {}): SessionWatcher {
      const { env } = shared.openTab({ fetch: fetchWithCookies, webSocketImpl: WebSocket });
      const time = clock
        ? {
            now: () => clock.now().getTime(),
            setTimeout: (task: () => void, milliseconds: number) => clock.after(milliseconds, task),
            clearTimeout: (cancel: unknown) => (cancel as (() => void) | undefined)?.(),
          }
        : {
            now: () => Date.now(),
            setTimeout: (task: () => void, milliseconds: number) => setTimeout(task, milliseconds),
            clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
          };
      const watcher = createSessionWatcher({
        url: `${app.url}/graphql`,
        env: { ...env, ...time, ...given },
        ...options,
      });
      running.add(watcher);
      return watcher;
    },
    /** Signs in as the dashboard does: the refresh token goes into the cookie. */
    async signIn(email: string): Promise<TokenSet> {
      const query = `mutation SignIn($input: LoginInput!) { login(input: $input) {
        accessToken accessTokenExpiresAt serverTime
        session { id authenticatedAt lastActivityAt idleExpiresAt absoluteExpiresAt idleMinutes absoluteMinutes
          idleWarningSeconds absoluteWarningSeconds }
        user { id name email role account { id name } } } }`;
      const variables = { input: { email, password: PASSWORD, transport: 'COOKIE' } };
      const response = await fetchWithCookies(`${app.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return ((await response.json()) as { data: { login: TokenSet } }).data.login;
    },
    close: () => running.forEach((watcher) => watcher.stop()),
  };
}

/** Sockets that find no server while the network is down. */
export const socketOn = (network: { isDown: boolean }): new (...args: any[]) => WebSocket =>
  class extends WebSocket {
    constructor(address: string, protocols?: string | string[]) {
      super(network.isDown ? 'ws://127.0.0.1:1' : address, protocols);
    }
  };

/** Resolves as soon as the watcher's state is as wanted; fails after ten seconds of real time. */
export function until(
  watcher: SessionWatcher,
  isWanted: (state: SessionState) => boolean,
): Promise<SessionState> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (!isWanted(watcher.getState())) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(watcher.getState());
    };
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`The session did not get there: ${JSON.stringify(watcher.getState())}`));
    }, TIMEOUT_MS);
    const unsubscribe = watcher.subscribe(look);
    look();
  });
}
