import { WebSocket, type RawData } from 'ws';

/** Curfew's report about a session. STARTED is ignored here. */
export interface SessionReport {
  kind: 'STARTED' | 'CHANGED' | 'ENDED';
  sessionId: string;
}

export interface SessionFeed {
  /**
   * Numbers the uninterrupted stretch of reports in progress; null while an end could go unreported. An answer from
   * within a stretch stays true in it until a report contradicts it.
   */
  epoch(): number | null;
  /** Resolves when reports are being received. */
  following(): Promise<void>;
  close(): void;
}

export interface FeedTiming {
  pingMs: number;
  /** For this long after their last proof of completeness, reports count as received. */
  leaseMs: number;
  firstWaitMs: number;
  maxWaitMs: number;
  /** After the service key was refused: it has to be replaced. */
  refusedWaitMs: number;
}

type Outcome = 'lost' | 'refused';
/** `cause`: why, where that is known. */
type Ended = { outcome: Outcome; cause?: unknown };

const PROTOCOL = 'graphql-transport-ws';
const QUERY = 'subscription CurfewKit { accountSessions { kind session { id } } }';
const KEY_REFUSED = 4401;
const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 500;
/** Curfew's messages have a few hundred bytes. */
const MAX_MESSAGE_BYTES = 1024 * 1024;
const SOCKET_OPTIONS = {
  handshakeTimeout: CONNECT_TIMEOUT_MS,
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
};
const REFUSALS = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

/** Follows `accountSessions` with the service key, and reconnects until it is closed. */
export function followSessions(options: {
  /** The GraphQL endpoint, with `ws:` or `wss:`. */
  url: string;
  serviceKey: string;
  timing: FeedTiming;
  onReport(report: SessionReport): void;
  /** Called once for consecutive failures: `refused` for an invalid key, `lost` when Curfew cannot be reached. */
  onProblem(outcome: Outcome, cause: unknown): void;
}): SessionFeed {
  const { url, serviceKey, timing, onReport, onProblem } = options;
  const waiting = new Set<() => void>();
  let isClosed = false;
  let failures = 0;
  let reported: Outcome | null = null;
  let epoch = 0;
  let isFollowing = false;
  /** On the monotonic clock. */
  let provenUntil = -Infinity;
  let endConnection = (): void => {};
  let endPause = (): void => {};

  /** The subscription sees the rows: from now on every end is reported on this socket. */
  function begin(): void {
    if (isFollowing) return;
    isFollowing = true;
    epoch += 1;
    failures = 0;
    reported = null;
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  /** Rejects if a socket cannot even be created. */
  function connect(): Promise<Ended> {
    return new Promise((resolve) => {
      const socket = new WebSocket(url, PROTOCOL, SOCKET_OPTIONS);
      provenUntil = -Infinity;
      let isOver = false;
      let isCompleted = false;
      let timer = setTimeout(() => end('lost'), CONNECT_TIMEOUT_MS);
      let pingedAt = 0;

      function end(outcome: Outcome, cause?: unknown): void {
        if (isOver) return;
        isOver = true;
        isFollowing = false;
        clearTimeout(timer);
        // A close would wait for an answer from a peer that may be gone.
        socket.terminate();
        resolve({ outcome, cause });
      }
      endConnection = () => end('lost');

      const send = (message: object): void => socket.send(JSON.stringify(message));

      function ping(): void {
        pingedAt = performance.now();
        send({ type: 'ping' });
        clearTimeout(timer);
        // Twice the lease: a process that was busy finds the answer waiting and keeps this socket.
        timer = setTimeout(() => end('lost'), 2 * timing.leaseMs);
      }

      /**
       * An open socket proves nothing: Curfew may have lost its database. A pong says how long ago the reports were
       * complete, counted from the ping, which was sent earlier. Until the subscription has seen the rows, it says null.
       */
      function confirm(completeMsAgo: number | null): void {
        clearTimeout(timer);
        if (completeMsAgo !== null) {
          provenUntil = Math.max(provenUntil, pingedAt - completeMsAgo + timing.leaseMs);
          if (performance.now() < provenUntil) begin();
        } else if (isFollowing) return end('lost');
        // Another node may have a working database connection.
        if (isFollowing && performance.now() > provenUntil + timing.leaseMs) return end('lost');
        timer = setTimeout(ping, timing.pingMs);
      }

      function receive(text: string): void {
        const message = readMessage(text);
        switch (message.type) {
          case 'connection_ack':
            send({ type: 'subscribe', id: 'sessions', payload: { query: QUERY } });
            return ping();
          case 'pong':
            return confirm(message.completeMsAgo);
          case 'ping':
            return send({ type: 'pong' });
          case 'next':
            return onReport(message.report);
          case 'error':
            return end(message.isRefusal ? 'refused' : 'lost');
          case 'complete':
            // The close that follows tells whether the key was refused. Until then nothing else counts.
            isFollowing = false;
            isCompleted = true;
            clearTimeout(timer);
            timer = setTimeout(() => end('lost'), CLOSE_TIMEOUT_MS);
            return undefined;
          default:
            // The unreadable message may have been a report.
            return end('lost');
        }
      }

      socket.once('open', () => send({ type: 'connection_init', payload: { serviceKey } }));
      socket.on('message', (data: RawData) => {
        if (!isOver && !isCompleted) receive(String(data));
      });
      socket.on('error', (error) => end('lost', error));
      socket.once('close', (code) => end(code === KEY_REFUSED ? 'refused' : 'lost'));
    });
  }

  function pause(outcome: Outcome): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pauseMs(outcome, failures, timing));
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function follow(): Promise<void> {
    while (!isClosed) {
      const { outcome, cause } = await connect().catch((error: unknown): Ended => ({
        outcome: 'lost',
        cause: error,
      }));
      if (isClosed) return;
      if (reported !== outcome) onProblem((reported = outcome), cause);
      await pause(outcome);
      failures += 1;
    }
  }

  void follow();

  return {
    epoch: () => (isFollowing && performance.now() < provenUntil ? epoch : null),
    following: () =>
      isFollowing ? Promise.resolve() : new Promise<void>((resolve) => void waiting.add(resolve)),
    close() {
      isClosed = true;
      endConnection();
      endPause();
    },
  };
}

/** Randomised, so that back ends do not reconnect to a restarted server all at once. */
function pauseMs(outcome: Outcome, failures: number, timing: FeedTiming): number {
  const milliseconds =
    outcome === 'refused'
      ? timing.refusedWaitMs
      : Math.min(timing.maxWaitMs, timing.firstWaitMs * 2 ** Math.min(failures, 20));
  return milliseconds * (0.5 + Math.random() / 2);
}

type Message =
  | { type: 'connection_ack' | 'ping' | 'complete' | 'unknown' }
  /** How long ago, in milliseconds, the reports on this socket were complete. Null: Curfew does not say. */
  | { type: 'pong'; completeMsAgo: number | null }
  | { type: 'next'; report: SessionReport }
  | { type: 'error'; isRefusal: boolean };

function readMessage(text: string): Message {
  const { type, payload } = parse(text);
  switch (type) {
    case 'connection_ack':
    case 'ping':
    case 'complete':
      return { type };
    case 'pong': {
      const { completeMsAgo } = (payload ?? {}) as { completeMsAgo?: unknown };
      const isProof = typeof completeMsAgo === 'number' && completeMsAgo >= 0;
      return { type, completeMsAgo: isProof ? completeMsAgo : null };
    }
    case 'error': {
      const [first] = Array.isArray(payload)
        ? (payload as ({ extensions?: { code?: string } } | null)[])
        : [];
      return { type, isRefusal: REFUSALS.has(first?.extensions?.code ?? '') };
    }
    case 'next': {
      const event = (
        payload as {
          data?: { accountSessions?: { kind: SessionReport['kind']; session?: { id: string } | null } };
        } | null
      )?.data?.accountSessions;
      return event?.session
        ? { type, report: { kind: event.kind, sessionId: event.session.id } }
        : { type: 'unknown' };
    }
    default:
      return { type: 'unknown' };
  }
}

function parse(text: string): { type?: unknown; payload?: unknown } {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? message : {};
  } catch {
    return {};
  }
}
