import { createClient } from 'graphql-ws';

/** What the server pushes about the session; see `SessionExpiryEvent` in Curfew's schema. Times are RFC 3339. */
export interface SessionExpiryEvent {
  kind: 'WARNING' | 'EXTENDED' | 'SHORTENED' | 'EXPIRED' | 'REVOKED';
  reason: 'IDLE' | 'ABSOLUTE' | null;
  endReason: string | null;
  sessionId: string;
  expiresAt: string;
  secondsRemaining: number;
  canExtend: boolean;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  serverTime: string;
}

/** Why there is nothing left to follow. `reason` is the session's end reason, or UNAUTHENTICATED. */
export interface SessionOver {
  reason: string;
}

export interface FollowOptions {
  /** Curfew's GraphQL endpoint, such as `wss://curfew.example.com/graphql`. */
  url: string;
  /**
   * Asked before every connection. `isRefused` is true when the server has just called the last token expired while
   * its session lives on: refresh, and answer with the new one. A rejection ends the following.
   */
  getAccessToken(state: { isRefused: boolean }): string | Promise<string>;
  onEvent(event: SessionExpiryEvent): void;
  /** Called once: only a new sign-in helps. */
  onOver(over: SessionOver): void;
  /** The socket is gone (`false`) or back (`true`). While it is gone, the deadlines last heard of still hold. */
  onConnection?(isConnected: boolean): void;
  /** For Node before 22, which has no WebSocket of its own. */
  webSocketImpl?: unknown;
}

const SESSION_EXPIRY = `subscription CurfewSessionExpiry {
  sessionExpiry {
    kind reason endReason sessionId expiresAt secondsRemaining canExtend idleExpiresAt absoluteExpiresAt serverTime
  }
}`;

const SIGN_IN_AGAIN = 4401;
const FRESH_TOKEN_NEEDED = 4403;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follows the caller's session over one socket, through network losses and expired access tokens, until the session
 * is over or the returned function is called. Following a session is not activity in it.
 */
export function followSessionExpiry(options: FollowOptions): () => void {
  let isRefused = false;
  let isDone = false;

  function finish(reason: string): void {
    if (isDone) return;
    isDone = true;
    options.onOver({ reason });
  }

  const client = createClient({
    url: options.url,
    webSocketImpl: options.webSocketImpl,
    // In the connection's first message, never in the URL, which ends up in logs.
    connectionParams: async () => {
      const accessToken = await options.getAccessToken({ isRefused });
      isRefused = false;
      return { accessToken };
    },
    retryAttempts: Infinity,
    shouldRetry: () => !isDone,
    retryWait: (retries) => (isRefused ? Promise.resolve() : wait(retries)),
    on: {
      connected: () => options.onConnection?.(true),
      closed(event) {
        const { code, reason } = event as { code?: number; reason?: string };
        options.onConnection?.(false);
        isRefused = code === FRESH_TOKEN_NEEDED;
        if (code === SIGN_IN_AGAIN) finish(reason || 'UNAUTHENTICATED');
      },
    },
  });

  client.subscribe<{ sessionExpiry: SessionExpiryEvent }>(
    { query: SESSION_EXPIRY },
    {
      next({ data }) {
        if (!data) return;
        const event = data.sessionExpiry;
        options.onEvent(event);
        if (event.kind === 'EXPIRED' || event.kind === 'REVOKED')
          finish(event.endReason ?? 'UNAUTHENTICATED');
      },
      error: (error) => finish(endReasonIn(error) ?? 'UNAUTHENTICATED'),
      complete: () => {},
    },
  );

  return () => {
    isDone = true;
    void client.dispose();
  };
}

/** The session may end between the connection and the subscription: then the refusal says how. */
function endReasonIn(error: unknown): string | undefined {
  if (!Array.isArray(error)) return undefined;
  const [first] = error as { extensions?: { endReason?: string } }[];
  return first?.extensions?.endReason;
}

/** Twice as long each time, and never in step with other clients: a restarted server is not stormed. */
function wait(retries: number): Promise<void> {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries);
  return new Promise((done) => setTimeout(done, longest * (0.5 + Math.random() / 2)));
}
