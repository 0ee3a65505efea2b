import { SessionOverError } from './core/errors.ts';
import { type SessionExpiryEvent } from './core/session-expiry-event.ts';
import { subscribe as openSubscription } from './runtime/graphql-socket.ts';

export { type SessionExpiryEvent };

/** The end of what was followed. `reason` is the session's end reason, or UNAUTHENTICATED. */
export interface SessionOver {
  reason: string;
}

export interface FollowOptions {
  /** Curfew's GraphQL endpoint, such as `wss://curfew.example.com/graphql`. */
  url: string;
  /**
   * Called before every connection. `isRefused`: the server has just called the last token expired while its session
   * lives on, so refresh and return the new one. Reject with `SessionOverError` to stop following; after any other
   * rejection it is called again, as after a lost connection.
   */
  getAccessToken(state: { isRefused: boolean }): string | Promise<string>;
  onEvent(event: SessionExpiryEvent): void;
  /** Called once: only a new sign-in helps. */
  onOver(over: SessionOver): void;
  /** The socket is lost (`false`) or back (`true`). While it is lost, the last deadlines received still hold. */
  onConnection?: ((isConnected: boolean) => void) | undefined;
  /** Needed in Node before 22, which has no WebSocket. */
  webSocketImpl?: unknown;
  timers?: FollowTimers | undefined;
}

export interface FollowTimers {
  setTimeout(task: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** Exported for the benchmarks. */
export const SESSION_EXPIRY = `subscription CurfewSessionExpiry {
  sessionExpiry {
    kind reason endReason sessionId expiresAt secondsRemaining canExtend canReauthenticate idleExpiresAt absoluteExpiresAt serverTime
  }
}`;

const SIGN_IN_AGAIN = 4401;
const FRESH_TOKEN_NEEDED = 4403;
const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 6_000;
const ACKNOWLEDGE_TIMEOUT_MS = 10_000;
// A browser does not detect by itself that the other end of its socket is gone.
const PING_INTERVAL_MS = 10_000;
const PONG_TIMEOUT_MS = 5_000;

/** How a connection ended: with the session, for lack of a fresh token, or by accident. */
type Outcome = { kind: 'over'; reason: string } | { kind: 'stale-token' } | { kind: 'lost' };

/**
 * Follows the caller's session over one socket, through network losses and expired access tokens, until the session
 * is over or the returned function is called. Following is not activity.
 */
export function followSessionExpiry(options: FollowOptions): () => void {
  const timers: FollowTimers = options.timers ?? {
    setTimeout: (task, milliseconds) => setTimeout(task, milliseconds),
    clearTimeout: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
  };
  let resolveStopped = (): void => {};
  const stopped = new Promise<void>((resolve) => (resolveStopped = resolve));
  let isStopped = false;
  let closeConnection = (): void => {};
  let failures = 0;

  /** Resolves early when stopped, and leaves no timer. */
  async function wait(milliseconds: number): Promise<void> {
    let timer: unknown;
    await Promise.race([
      stopped,
      new Promise<void>((done) => (timer = timers.setTimeout(done, milliseconds))),
    ]);
    timers.clearTimeout(timer);
  }

  async function follow(): Promise<void> {
    let isRefused = false;
    while (!isStopped) {
      const outcome = await connect(isRefused);
      if (isStopped) return;
      if (outcome.kind === 'over') return options.onOver({ reason: outcome.reason });
      // The first fresh token is sent at once. If the server calls that expired too, it waits.
      const isFirstRefusal = outcome.kind === 'stale-token' && !isRefused;
      isRefused = outcome.kind === 'stale-token';
      if (isFirstRefusal) continue;
      await wait(jittered(Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures)));
      failures += 1;
    }
  }

  async function connect(isRefused: boolean): Promise<Outcome> {
    let accessToken: string;
    try {
      // Before the socket is opened, because the server soon closes a socket that has not authenticated.
      accessToken = await options.getAccessToken({ isRefused });
    } catch (error) {
      return error instanceof SessionOverError
        ? { kind: 'over', reason: 'UNAUTHENTICATED' }
        : { kind: 'lost' };
    }
    return isStopped ? { kind: 'lost' } : subscribe(accessToken);
  }

  function subscribe(accessToken: string): Promise<Outcome> {
    let resolve = (_outcome: Outcome): void => {};
    const outcome = new Promise<Outcome>((done) => (resolve = done));
    let isConnected = false;
    let awaitedPong: unknown;

    function finish(result: Outcome): void {
      timers.clearTimeout(awaitedPong);
      resolve(result);
      if (isConnected) options.onConnection?.(false);
      isConnected = false;
    }

    const subscription = openSubscription({
      url: options.url,
      webSocketImpl: options.webSocketImpl,
      connectionParams: { accessToken },
      query: SESSION_EXPIRY,
      acknowledgeTimeoutMs: ACKNOWLEDGE_TIMEOUT_MS,
      pingIntervalMs: PING_INTERVAL_MS,
      onConnected() {
        if (isStopped) return;
        isConnected = true;
        failures = 0;
        options.onConnection?.(true);
      },
      onPing() {
        awaitedPong = timers.setTimeout(() => subscription.terminate(), PONG_TIMEOUT_MS);
      },
      onPong: () => timers.clearTimeout(awaitedPong),
      onNext({ data }) {
        const event = (data as { sessionExpiry?: SessionExpiryEvent | null } | null | undefined)
          ?.sessionExpiry;
        if (!event || isStopped) return;
        options.onEvent(event);
        if (event.kind === 'EXPIRED' || event.kind === 'REVOKED')
          finish({ kind: 'over', reason: event.endReason ?? 'UNAUTHENTICATED' });
      },
      onError(errors) {
        finish(outcomeOfRefusal(errors));
        subscription.close();
      },
      onComplete() {
        finish({ kind: 'lost' });
        subscription.close();
      },
      onClosed({ code, reason }) {
        if (code === SIGN_IN_AGAIN) finish({ kind: 'over', reason: reason || 'UNAUTHENTICATED' });
        else finish({ kind: code === FRESH_TOKEN_NEEDED ? 'stale-token' : 'lost' });
      },
    });

    closeConnection = () => {
      subscription.close();
      finish({ kind: 'lost' });
    };
    return outcome;
  }

  void follow();

  return () => {
    if (isStopped) return;
    isStopped = true;
    resolveStopped();
    closeConnection();
  };
}

/** The session may end between connection and subscription: then the refusal carries the reason. */
function outcomeOfRefusal(error: unknown): Outcome {
  if (!Array.isArray(error)) return { kind: 'lost' };
  const [first] = error as { extensions?: { code?: string; endReason?: string } }[];
  if (first?.extensions?.code !== 'UNAUTHENTICATED') return { kind: 'lost' };
  return { kind: 'over', reason: first.extensions.endReason ?? 'UNAUTHENTICATED' };
}

/** Randomised, so that clients do not reconnect to a restarted server all at once. */
const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2);
