import { WebSocket, type RawData } from 'ws';

/** What Curfew reports about sessions; STARTED concerns nobody here. */
export interface SessionReport {
  kind: 'STARTED' | 'CHANGED' | 'ENDED';
  sessionId: string;
}

export interface SessionFeed {
  /**
   * Names the unbroken stretch of reports that goes on at this moment; null while an end could go unreported. What
   * was asked within a stretch stays true in it until a report says otherwise.
   */
  epoch(): number | null;
  /** Resolves when reports are being received; at once where they are. */
  following(): Promise<void>;
  close(): void;
}

export interface FeedTiming {
  pingMs: number;
  /** Reports count as being received for that long after the latest ping that was answered had been sent. */
  leaseMs: number;
  /** How long Curfew takes at most to set up a subscription; see `confirm`. */
  settleMs: number;
  firstWaitMs: number;
  longestWaitMs: number;
  /** After the service key was refused: only somebody who replaces it can help. */
  refusedWaitMs: number;
}

type Outcome = 'lost' | 'refused';

const PROTOCOL = 'graphql-transport-ws';
const QUERY = 'subscription CurfewKit { accountSessions { kind session { id } } }';
const KEY_REFUSED = 4401;
const CONNECTED_WITHIN_MS = 10_000;
const CLOSED_WITHIN_MS = 500;
/** Curfew's messages have some hundred bytes. */
const LONGEST_MESSAGE = 1024 * 1024;
const REFUSALS = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

/** Follows `accountSessions` with the service key for as long as it takes: it reconnects until it is closed. */
export function followSessions(options: {
  /** Of the GraphQL endpoint, with ws or wss. */
  url: string;
  serviceKey: string;
  timing: FeedTiming;
  onReport(report: SessionReport): void;
  /** Once in a row of failures: `refused` when the key is no good, `lost` when Curfew cannot be reached. */
  onProblem(outcome: Outcome): void;
}): SessionFeed {
  const { url, serviceKey, timing, onReport, onProblem } = options;
  const waiting = new Set<() => void>();
  let isClosed = false;
  let failures = 0;
  let told: Outcome | null = null;
  let epoch = 0;
  let isFollowing = false;
  /** Of the monotonic clock. */
  let heardUntil = -Infinity;
  let endConnection = (): void => {};
  let endPause = (): void => {};

  /** The subscription is in place: from here on every end is reported on this socket. */
  function begin(): void {
    if (isFollowing) return;
    isFollowing = true;
    epoch += 1;
    failures = 0;
    told = null;
    for (const tell of waiting) tell();
    waiting.clear();
  }

  function connect(): Promise<Outcome> {
    return new Promise((resolve) => {
      const socket = new WebSocket(url, PROTOCOL, {
        handshakeTimeout: CONNECTED_WITHIN_MS,
        maxPayload: LONGEST_MESSAGE,
        perMessageDeflate: false,
      });
      heardUntil = -Infinity;
      let isOver = false;
      let isCompleted = false;
      let timer = setTimeout(() => end('lost'), CONNECTED_WITHIN_MS);
      let pingedAt = 0;
      /** When Curfew had the subscription for certain. */
      let receivedAt: number | null = null;

      function end(outcome: Outcome): void {
        if (isOver) return;
        isOver = true;
        isFollowing = false;
        clearTimeout(timer);
        // Not a polite close: that would wait for an answer, and the other end may be gone.
        socket.terminate();
        resolve(outcome);
      }
      endConnection = () => end('lost');

      const send = (message: object): void => socket.send(JSON.stringify(message));

      function ping(): void {
        pingedAt = performance.now();
        send({ type: 'ping' });
        clearTimeout(timer);
        // Twice the lease: a process that was busy for a while finds the answer waiting, and goes on with this socket.
        timer = setTimeout(() => end('lost'), 2 * timing.leaseMs);
      }

      /**
       * The protocol does not acknowledge a subscription, so this is what tells: the first pong comes after Curfew has
       * received it, and a later one, to a ping sent `settleMs` after that, comes after everything that Curfew may take
       * its time for. A refusal would have come before; a report proves it at once.
       */
      function confirm(): void {
        heardUntil = pingedAt + timing.leaseMs;
        if (receivedAt === null) receivedAt = performance.now();
        else if (pingedAt - receivedAt >= timing.settleMs) begin();
        clearTimeout(timer);
        timer = setTimeout(ping, timing.pingMs);
      }

      function hear(text: string): void {
        const message = readMessage(text);
        switch (message.type) {
          case 'connection_ack':
            send({ type: 'subscribe', id: 'sessions', payload: { query: QUERY } });
            return ping();
          case 'pong':
            return confirm();
          case 'ping':
            return send({ type: 'pong' });
          case 'next':
            begin();
            return onReport(message.report);
          case 'error':
            return end(message.isRefusal ? 'refused' : 'lost');
          case 'complete':
            // The close that follows says whether the key is no good any more. Until then nothing else counts.
            isFollowing = false;
            isCompleted = true;
            clearTimeout(timer);
            timer = setTimeout(() => end('lost'), CLOSED_WITHIN_MS);
            return undefined;
          default:
            // A report may have been lost with what cannot be understood.
            return end('lost');
        }
      }

      socket.once('open', () => send({ type: 'connection_init', payload: { serviceKey } }));
      socket.on('message', (data: RawData) => {
        if (!isOver && !isCompleted) hear(String(data));
      });
      socket.on('error', () => end('lost'));
      socket.once('close', (code) => end(code === KEY_REFUSED ? 'refused' : 'lost'));
    });
  }

  function pause(outcome: Outcome): Promise<void> {
    const milliseconds =
      outcome === 'refused'
        ? timing.refusedWaitMs
        : Math.min(timing.longestWaitMs, timing.firstWaitMs * 2 ** Math.min(failures, 20));
    return new Promise((resolve) => {
      // Never in step with other back ends: a restarted server is not stormed.
      const timer = setTimeout(resolve, milliseconds * (0.5 + Math.random() / 2));
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function follow(): Promise<void> {
    while (!isClosed) {
      const outcome = await connect();
      if (isClosed) return;
      if (told !== outcome) onProblem((told = outcome));
      await pause(outcome);
      failures += 1;
    }
  }

  void follow();

  return {
    epoch: () => (isFollowing && performance.now() < heardUntil ? epoch : null),
    following: () =>
      isFollowing ? Promise.resolve() : new Promise<void>((resolve) => void waiting.add(resolve)),
    close() {
      isClosed = true;
      endConnection();
      endPause();
    },
  };
}

type Message =
  | { type: 'connection_ack' | 'ping' | 'pong' | 'complete' | 'unknown' }
  | { type: 'next'; report: SessionReport }
  | { type: 'error'; isRefusal: boolean };

function readMessage(text: string): Message {
  const { type, payload } = parse(text);
  switch (type) {
    case 'connection_ack':
    case 'ping':
    case 'pong':
    case 'complete':
      return { type };
    case 'error': {
      const [first] = (payload ?? []) as { extensions?: { code?: string } }[];
      return { type, isRefusal: REFUSALS.has(first?.extensions?.code ?? '') };
    }
    case 'next': {
      const event = (
        payload as { data?: { accountSessions?: { kind: SessionReport['kind']; session: { id: string } } } }
      )?.data?.accountSessions;
      return event
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
