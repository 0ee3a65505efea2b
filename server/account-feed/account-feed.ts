import { createFreshnessProbe } from '../background/freshness.ts';
import { supervise, type Turn } from '../background/watchdog.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { unavailable } from '../database/database-errors.ts';
import type { Logger } from '../logger.ts';
import { createOneSlotIterator } from '../events/one-slot-iterator.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { createEventBuffer } from './event-buffer.ts';
import { FEED_KINDS, toFeedEvents, type AccountSessionEvent } from './feed-events.ts';
import type { FeedProof } from './feed-proofs.ts';
import { createFeedReader } from './feed-reader.ts';

export interface AccountFeed {
  /** Null: every account. */
  accountId: string | null;
  /** Whether the subscriber may still listen. Checked before every batch and every few seconds. */
  isAllowed(): Promise<boolean>;
  /**
   * Whether the feed ends on an account revocation. Its sessions are reported one by one as it is applied to them, which
   * is too late for a subscriber that takes a session for live until its end is reported.
   */
  endsOnAccountRevocation: boolean;
  /** Calls back when the subscriber's session or key has ended. Returns a function that unsubscribes. */
  onEnd(callback: () => void): () => void;
  /** Takes the proof of the feed. Returns a function that withdraws it. */
  onProof?(proof: FeedProof): () => void;
}

const BATCH_EVERY_MS = 1_000;
/** How long the lost event of an end can stay unnoticed. */
const POLL_EVERY_MS = 3_000;
/** The interval for a subscriber that takes a session for live until its end is reported: it needs frequent proof. */
const PROVE_EVERY_MS = 1_000;
/** Short, so that one failed read does not use up the time after which the feed is stale. */
const RETRY_AFTER_MS = 500;
/** The timeout of a poll; each of its reads has a shorter one. */
const POLL_TIMEOUT_MS = 10_000;

/**
 * Yields the events of the sessions of one account, or of all, in at most one batch a second, until the subscriber may
 * no longer listen. The database is polled for ends, so a lost event only delays them. Fails with UNAVAILABLE when the
 * rows could not be read for five seconds: a subscriber must not take silence for proof that its sessions live.
 */
export function subscribeToAccount(
  feed: AccountFeed,
  dependencies: {
    database: Database;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    sweepSeconds: number;
    staleAfterMs?: number;
  },
): AsyncIterableIterator<AccountSessionEvent> {
  const { bus, clock, logger, staleAfterMs } = dependencies;
  const pollEveryMs = feed.endsOnAccountRevocation ? PROVE_EVERY_MS : POLL_EVERY_MS;
  const buffer = createEventBuffer(clock);
  let batch: AccountSessionEvent[] = [];
  let hasEnded = false;
  let failure: Error | null = null;
  /** The start of the last poll whose events are all in a batch, and of the last one whose events are all sent. */
  let polledAt: number | null = null;
  let completeAt: number | null = null;
  let cancelTimer = clock.after(pollEveryMs, () => void runPoll());
  let isPolling = false;
  let lastPollAt = -Infinity;

  const iterator = createOneSlotIterator<AccountSessionEvent>(
    () => {
      const item = batch.shift();
      if (item) return { state: 'item', item, isLast: false };
      if (failure) return { state: 'failed', error: failure };
      if (hasEnded) return { state: 'done' };
      // A reader that pulls again has sent the last event.
      completeAt = polledAt;
      return { state: 'nothing' };
    },
    () => {
      hasEnded = true;
      cancelTimer();
      unsubscribe();
      stopEndWatch();
      withdrawProof();
      probe.close();
    },
  );
  const probe = createFreshnessProbe((isStale) => {
    if (!isStale) return;
    failure = unavailable();
    logger.warn('an account feed cannot read the sessions: ending it');
    end();
  }, staleAfterMs);
  const reader = createFeedReader(feed, { ...dependencies, probe });
  const withdrawProof = feed.onProof?.(() => completeAt) ?? (() => {});

  function end(): void {
    hasEnded = true;
    iterator.wake();
  }

  /** Brings the next poll forward, to one second after the last one or to now. */
  function pollSoon(): void {
    if (hasEnded || isPolling) return;
    cancelTimer();
    const since = clock.now().getTime() - lastPollAt;
    cancelTimer = clock.after(Math.max(0, BATCH_EVERY_MS - since), () => void runPoll());
  }

  async function runPoll(): Promise<void> {
    isPolling = true;
    lastPollAt = clock.now().getTime();
    let hasFailed = true;
    try {
      await supervise(POLL_TIMEOUT_MS, poll);
      hasFailed = false;
    } catch (error) {
      logger.warn({ err: error }, 'could not read the sessions of an account feed; trying again');
    } finally {
      isPolling = false;
    }
    if (hasEnded) return;
    cancelTimer();
    const interval = buffer.size > 0 ? BATCH_EVERY_MS : pollEveryMs;
    cancelTimer = clock.after(hasFailed ? RETRY_AFTER_MS : interval, () => void runPoll());
  }

  async function poll(turn: Turn): Promise<void> {
    const startedAt = performance.now();
    if (!(await reader.isAllowed())) return end();
    await started;
    turn.advance();
    if (await mustEnd()) return end();
    turn.advance();
    for (const id of await reader.unreportedEnds(buffer.room)) buffer.add(id, 'ENDED');
    turn.advance();
    // While a slow reader has not taken the last batch, new events stay merged in the buffer instead of queueing up.
    if (batch.length > 0) return;
    // Ends beyond a full buffer are found and sent by a later poll.
    const isFull = buffer.room === 0;
    if (buffer.size > 0) await readBatch(turn);
    if (isFull || !turn.isCurrent) return;
    polledAt = startedAt;
    iterator.wake();
  }

  async function readBatch(turn: Turn): Promise<void> {
    // Taken before the rows are read: an event that arrives during the read may be newer, and goes into the next batch.
    const taken = buffer.take();
    const sessions = await reader.sessions([...taken.keys()], turn).catch((error: unknown) => {
      buffer.putBack(taken);
      throw error;
    });
    if (!turn.isCurrent) return buffer.putBack(taken);
    batch = toFeedEvents(sessions, taken, feed.accountId);
    for (const { kind, session } of batch) buffer.markSent(session.id, kind);
    iterator.wake();
  }

  const mustEnd = async (): Promise<boolean> =>
    feed.endsOnAccountRevocation && (await reader.hasNewRevocation());

  const unsubscribe = bus.subscribe((event) => {
    if (feed.accountId !== null && event.accountId !== feed.accountId) return;
    if (event.kind === 'ACCOUNT_REVOKED' && feed.endsOnAccountRevocation) return end();
    const kind = FEED_KINDS[event.kind];
    if (kind) for (const id of event.sessionIds) buffer.add(id, kind);
    if (event.kind === 'ROLES' || event.sessionIds.length > 0) pollSoon();
  });
  const stopEndWatch = feed.onEnd(end);
  // Subscribes first and reads second, so an end between the two is reported.
  const started = start().catch((error: unknown) => {
    logger.warn({ err: error }, 'could not read the ended sessions of an account feed; trying again');
  });
  async function start(): Promise<void> {
    const startedAt = performance.now();
    await reader.unreportedEnds(0);
    await mustEnd();
    polledAt ??= startedAt;
    iterator.wake();
  }
  return iterator;
}
