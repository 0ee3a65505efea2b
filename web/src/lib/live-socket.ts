import { type Client, createClient } from 'graphql-ws';
import type { SessionWatcher } from '@curfew/client';

/** Whether the socket of the subscriptions is up; what changes while it is down goes unheard. */
export interface LiveSocket {
  /** `waiting`: it has not been needed, or not been up yet. */
  getState(): 'waiting' | 'up' | 'down';
  subscribe(listener: () => void): () => void;
}

// A browser does not notice by itself that the other end of its socket is gone.
const PING_EVERY_MS = 20_000;
const PONG_WITHIN_MS = 5_000;
const LONGEST_WAIT_MS = 15_000;

/** The one socket that carries Apollo's subscriptions; it comes back by itself as long as there is a session. */
export function createLiveSocket(watcher: SessionWatcher): { client: Client; socket: LiveSocket } {
  const listeners = new Set<() => void>();
  let state: ReturnType<LiveSocket['getState']> = 'waiting';
  let awaitedPong: ReturnType<typeof setTimeout> | undefined;

  function enter(next: typeof state): void {
    state = next;
    listeners.forEach((listener) => listener());
  }

  const client = createClient({
    url: new URL('/graphql', location.href.replace(/^http/, 'ws')).href,
    lazy: true,
    connectionParams: async () => ({ accessToken: await watcher.getAccessToken() }),
    keepAlive: PING_EVERY_MS,
    retryAttempts: Infinity,
    shouldRetry: () => watcher.getState().status === 'active',
    retryWait: (retries) =>
      new Promise((done) =>
        setTimeout(done, Math.min(LONGEST_WAIT_MS, 500 * 2 ** retries) * (0.5 + Math.random() / 2)),
      ),
    on: {
      connected: () => enter('up'),
      closed(event) {
        clearTimeout(awaitedPong);
        // Closed in good order: nobody subscribes to anything any more.
        if ((event as CloseEvent).code === 1000) enter('waiting');
        else if (state === 'up') enter('down');
      },
      ping(isFromServer) {
        if (!isFromServer) awaitedPong = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong(isFromServer) {
        if (isFromServer) clearTimeout(awaitedPong);
      },
    },
  });

  return {
    client,
    socket: {
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
