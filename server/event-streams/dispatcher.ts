import { startLoop } from '../background/loop.ts';
import type { Turn } from '../background/watchdog.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { EventStreamKind } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { attemptDelivery } from './attempt.ts';
import { claimDelivery, findReadyStreams, storeDelivered } from './dispatch.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import type { SendPost } from './outgoing-post.ts';
import { createFailureStore } from './store-failure.ts';
import type { StreamKind } from './stream-kind.ts';

/** The kinds of streams whose events are posted. One that is not here is left to nodes that know it. */
export type StreamKinds = Partial<Record<EventStreamKind, StreamKind>>;

export interface Dispatcher {
  /** Looks for deliveries that are due, now. */
  wake(): void;
  /** Ends requests in progress; their deliveries are made again, by another node or after the lease. */
  stop(): Promise<void>;
}

/** How often the outbox is looked at: for retries, and for changes that other nodes made. */
const POLL_MS = 1_000;
const POLL_TIMEOUT_MS = 30_000;
/** Under load a look is for all the sessions that start and end in this time. */
const GATHER_MS = 20;
/** Deliveries of one stream at a time on this node. A stream that fails has one. */
const MAX_LANES = 8;

/**
 * Delivers what is in the outbox. Any number of nodes do so at once: a delivery is claimed for a while by one of them. Each
 * stream has lanes of its own, so that a receiver which is slow or down delays no other.
 */
export function startDispatcher(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  audit: Audit;
  metrics: Metrics;
  kinds: StreamKinds;
  send: SendPost;
}): Dispatcher {
  const { database, bus, clock, logger, metrics, kinds, send } = dependencies;
  const known = Object.keys(kinds) as EventStreamKind[];
  const failures = createFailureStore(dependencies);
  const lanes = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();
  let looking: Promise<void> | null = null;
  let isAskedAgain = false;

  const isStopped = (): boolean => stopped.signal.aborted;

  /** Returns whether the receiver may be asked to take another one. */
  async function deliver(delivery: ClaimedDelivery): Promise<boolean> {
    const kind = kinds[delivery.stream.kind]!;
    const result = await attemptDelivery(kind, delivery, {
      send,
      now: clock.now(),
      signal: stopped.signal,
    });
    if (result.outcome !== 'delivered') {
      // The request was ended by this node, and the lease leaves the delivery to another one.
      if (isStopped()) return false;
      metrics.eventDelivery(kind.label, await failures.store(delivery, result));
      return !result.isUnreachable && result.outcome !== 'gone';
    }
    const isStored = await database.statement((em) => storeDelivered(em, delivery, clock.now()));
    if (isStored) metrics.eventDelivery(kind.label, 'delivered');
    return true;
  }

  /** Makes one delivery after the other. Starts a second lane when there is more, so that one event costs few statements. */
  async function runLane(streamId: string): Promise<void> {
    while (!isStopped()) {
      const delivery = await database.statement((em) => claimDelivery(em, streamId, clock.now()));
      if (!delivery) return;
      if (!delivery.stream.isFailing) addLane(streamId, MAX_LANES);
      if (!(await deliver(delivery))) return;
    }
  }

  function addLane(streamId: string, maxLanes: number): void {
    const count = lanes.get(streamId) ?? 0;
    if (count >= maxLanes || isStopped()) return;
    lanes.set(streamId, count + 1);
    const lane = runLane(streamId)
      .catch((error: unknown) => {
        logger.warn({ err: error, streamId }, 'security events could not be delivered; trying again');
      })
      .finally(() => {
        running.delete(lane);
        const left = (lanes.get(streamId) ?? 1) - 1;
        if (left > 0) lanes.set(streamId, left);
        else lanes.delete(streamId);
      });
    running.add(lane);
  }

  async function look(): Promise<void> {
    do {
      isAskedAgain = false;
      const ready = await database.withTimeout(findReadyStreams(database.em(), known, clock.now()));
      // Also where there is one: it may have found nothing just before the commit.
      for (const { id, isFailing } of ready) addLane(id, isFailing ? 1 : MAX_LANES);
    } while (isAskedAgain && !isStopped());
  }

  /** Joins a look in progress, and has it look once more: it may have read before the commit. */
  function lookSoon(): Promise<void> {
    if (isStopped()) return Promise.resolve();
    isAskedAgain = true;
    looking ??= look().finally(() => (looking = null));
    return looking;
  }

  const wake = (): void =>
    void lookSoon().catch((error: unknown) => {
      logger.warn({ err: error }, 'could not look for security events; trying again');
    });

  const loop = startLoop({
    clock,
    logger,
    everyMs: POLL_MS,
    timeoutMs: POLL_TIMEOUT_MS,
    failure: 'could not look for security events; trying again',
    turn: (_: Turn) => lookSoon(),
  });
  // Published after the commit, by this node and others. What it misses the loop finds.
  let soon: NodeJS.Timeout | null = null;
  const unsubscribe = bus.subscribe(({ kind }) => {
    if (kind !== 'STARTED' && kind !== 'ENDED') return;
    soon ??= setTimeout(() => {
      soon = null;
      wake();
    }, GATHER_MS).unref();
  });

  return {
    wake,
    async stop() {
      unsubscribe();
      if (soon) clearTimeout(soon);
      stopped.abort();
      await loop.stop();
      await looking?.catch(() => undefined);
      await Promise.all(running);
    },
  };
}
