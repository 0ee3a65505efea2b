import { type BrowserEnv } from './browser-env.ts';
import { followSessionExpiry, type SessionExpiryEvent } from './follow-session-expiry.ts';
import { type SessionState } from './session-state.ts';

/** How the server is listened to: over the socket, and by asking now and then while there is none. */
export interface Connection {
  /** Follows the session. Called again, it follows anew. */
  open(): void;
  close(): void;
  /** The network may be back: does not wait out the pause between two attempts. */
  hurry(): void;
  /** What there is a need for has changed. */
  replan(): void;
  /** A request has just shown whether the server can be reached. */
  observe(isReached: boolean): void;
}

const POLL_MS = 30_000;
const POLL_WHILE_WARNED_MS = 10_000;
const FIRST_RETRY_MS = 2_000;
/** A socket that is back by then has not been missed. */
const BLINK_MS = 2_000;
/** A server that refuses one fresh token after the other is not asked for a socket more often. */
const DOUBT_EVERY_MS = 30_000;

export function createConnection(dependencies: {
  env: Pick<BrowserEnv, 'setTimeout' | 'clearTimeout' | 'webSocketImpl' | 'now'>;
  socketUrl: string;
  getAccessToken(options: { refused?: string }): Promise<string>;
  onEvent(event: SessionExpiryEvent): void;
  onEnded(endReason: string): void;
  onChange(connection: SessionState['connection']): void;
  /** `urgent`: the answer decides whether there still is a session · `never`: nobody looks. */
  need(): 'urgent' | 'warned' | 'usual' | 'never';
  ask(): Promise<void>;
}): Connection {
  const { env, socketUrl, getAccessToken, onEnded, onChange, need, ask } = dependencies;
  let stopFollowing: (() => void) | null = null;
  let isUp = false;
  let isReached = true;
  let isBlink = false;
  let failures = 0;
  let followedAt = -Infinity;
  let token: string | undefined;
  let doubtedAt = -Infinity;
  let blink: unknown;
  let poll: unknown;
  let plannedFor: ReturnType<typeof need> | null = null;

  function tell(): void {
    if (isUp) onChange('live');
    else if (!stopFollowing) onChange(isReached ? 'live' : 'offline');
    else if (!isBlink) onChange(isReached ? 'polling' : 'offline');
  }

  function socketChanged(isConnected: boolean): void {
    isUp = isConnected;
    if (isConnected) {
      env.clearTimeout(blink);
      isBlink = false;
      failures = 0;
    } else awaitReturn();
    tell();
    schedule();
  }

  function awaitReturn(): void {
    env.clearTimeout(blink);
    isBlink = true;
    blink = env.setTimeout(() => {
      isBlink = false;
      // Says which of the two it is: no socket, or no network.
      void ask().then(tell);
    }, BLINK_MS);
  }

  function pause(): number {
    switch (need()) {
      case 'urgent':
        return Math.min(POLL_MS, FIRST_RETRY_MS * 2 ** failures);
      case 'warned':
        return POLL_WHILE_WARNED_MS;
      default:
        return POLL_MS;
    }
  }

  function schedule(): void {
    env.clearTimeout(poll);
    if (!stopFollowing) return;
    plannedFor = need();
    poll = env.setTimeout(
      () => {
        const wanted = need();
        // While the socket is up it tells everything, but for a session that nobody could confirm.
        if (wanted === 'never' || (isUp && wanted !== 'urgent')) return schedule();
        void ask().then(schedule);
      },
      pause() * (0.8 + 0.4 * Math.random()),
    );
  }

  function follow(): void {
    stopFollowing?.();
    followedAt = env.now();
    stopFollowing = followSessionExpiry({
      url: socketUrl,
      webSocketImpl: env.webSocketImpl,
      timers: env,
      async getAccessToken({ isRefused }) {
        token = await getAccessToken({ refused: isRefused ? token : undefined });
        return token;
      },
      onEvent: dependencies.onEvent,
      onOver: ({ reason }) => void (reason === 'UNAUTHENTICATED' ? doubt() : onEnded(reason)),
      onConnection: socketChanged,
    });
  }

  /** The token is no good, which says nothing of the session: the renewal knows. */
  async function doubt(): Promise<void> {
    const isRecent = Math.abs(env.now() - doubtedAt) < DOUBT_EVERY_MS;
    doubtedAt = env.now();
    try {
      await getAccessToken({ refused: token });
      if (stopFollowing && !isRecent) follow();
    } catch {
      // Over, which has been dealt with, or out of reach: the next poll asks again.
    }
  }

  function close(): void {
    env.clearTimeout(blink);
    env.clearTimeout(poll);
    const stop = stopFollowing;
    stopFollowing = null;
    stop?.();
    env.clearTimeout(blink);
    isUp = false;
    isBlink = false;
  }

  return {
    open() {
      close();
      failures = 0;
      follow();
      awaitReturn();
      schedule();
    },
    close,
    hurry() {
      // Not each of the several events of one return.
      if (!stopFollowing || isUp || Math.abs(env.now() - followedAt) < 1_000) return;
      follow();
      schedule();
    },
    replan() {
      if (need() !== plannedFor) schedule();
    },
    observe(wasReached) {
      isReached = wasReached;
      failures = wasReached ? 0 : failures + 1;
      tell();
    },
  };
}
