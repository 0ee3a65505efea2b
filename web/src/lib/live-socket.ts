import { type Client, createClient } from 'graphql-ws';
import type { SessionWatcher } from '@curfew/client';

/** The state of the subscription socket. Events are lost while it is down. */
export interface LiveSocket {
  /** `waiting`: not needed, or not connected yet. */
  getState(): 'waiting' | 'up' | 'down';
  subscribe(listener: () => void): () => void;
}

// Browsers do not notice when the other end of a socket is gone.
const PING_INTERVAL_MS = 20_000;
const PONG_TIMEOUT_MS = 5_000;
const MAX_RETRY_WAIT_MS = 15_000;

/** Creates the socket for all subscriptions of Apollo. It reconnects as long as there is a session. */
export function createLiveSocket(watcher: SessionWatcher): { client: Client; socket: LiveSocket } {
  const listeners = new Set<() => void>();
  let state: ReturnType<LiveSocket['getState']> = 'waiting';
  let pongTimeout: ReturnType<typeof setTimeout> | undefined;

  function enter(next: typeof state): void {
    state = next;
    listeners.forEach((listener) => listener());
  }

  const client = createClient({
    url: new URL('/graphql', location.href.replace(/^http/, 'ws')).href,
    lazy: true,
    connectionParams: async () => ({ accessToken: await watcher.getAccessToken() }),
    keepAlive: PING_INTERVAL_MS,
    retryAttempts: Infinity,
    shouldRetry: () => watcher.getState().status === 'active',
    retryWait: (retries) =>
      new Promise((done) =>
        setTimeout(done, Math.min(MAX_RETRY_WAIT_MS, 500 * 2 ** retries) * (0.5 + Math.random() / 2)),
      ),
    on: {
      connected: () => enter('up'),
      closed(event) {
        clearTimeout(pongTimeout);
        // Closed normally: there are no subscriptions left.
        if ((event as CloseEvent).code === 1000) enter('waiting');
        else if (state === 'up') enter('down');
      },
      ping(isFromServer) {
        if (!isFromServer) pongTimeout = setTimeout(() => client.terminate(), PONG_TIMEOUT_MS);
      },
      pong(isFromServer) {
        if (isFromServer) clearTimeout(pongTimeout);
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
