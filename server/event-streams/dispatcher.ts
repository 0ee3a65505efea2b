import { setTimeout as pause } from 'node:timers/promises';
import { addSeconds } from '../clock.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { EventStreamKind } from '../generated/schema.ts';
import {
  BEGIN_WITHIN_SECONDS,
  claimDeliveries,
  deferBlocked,
  findReadyStreams,
  type ReadyStream,
  type WantedDeliveries,
} from './dispatch.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { createDeliveryMaker, type DeliveryMakerDependencies } from './make-delivery.ts';
import { createReadyStreams } from './ready-streams.ts';
import { createSharedLook } from './shared-look.ts';

export interface Dispatcher {
  /** Looks for deliveries that are due, now. */
  wake(): void;
  /** Ends requests in progress; their deliveries are made again at once, by another node or this one when it is back. */
  stop(): Promise<void>;
}

/**
 * Deliveries that this node begins in a second, at most. They share its event loop and its database with the checks of
 * sessions, which must not notice that ten thousand sessions have ended; an outbox twice as large takes twice as long, or
 * another node.
 */
const DELIVERIES_PER_SECOND = 250;
/** Deliveries that one claim takes. They begin one after the other until the next claim, so that no request waits for many. */
const ROUND = 8;
const SPACING_MS = 1_000 / DELIVERIES_PER_SECOND;

/**
 * Delivers what is in the outbox, in rounds. Any number of nodes do so at once: a delivery is claimed for a while by one of
 * them. Streams take turns, and each has lanes of its own, so that a receiver which is slow or down delays no other.
 */
export function startDispatcher(dependencies: DeliveryMakerDependencies & { bus: SessionBus }): Dispatcher {
  const { database, clock, logger, kinds } = dependencies;
  const known = Object.keys(kinds) as EventStreamKind[];
  const maker = createDeliveryMaker(dependencies);
  const ready = createReadyStreams();
  /** Streams of which the last look has found something due, until their next claim. */
  const found = new Set<string>();
  const running = new Set<Promise<void>>();
  const stopped = new AbortController();
  let isInRounds = false;

  const isStopped = (): boolean => stopped.signal.aborted;

  /** Deliveries that fail here stay claimed until the end of their lease. */
  function run(work: Promise<void>): void {
    const watched = work
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'security events could not be delivered; trying again');
      })
      .finally(() => running.delete(watched));
    running.add(watched);
  }

  function addReady(stream: ReadyStream): void {
    ready.add(stream);
    startRounds();
  }

  function closeLane(streamId: string): void {
    ready.closeLane(streamId);
    startRounds();
  }

  /** Makes one delivery, on a lane that is open. The lane is free for another one while this one is stored as taken. */
  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const { stream } = delivery;
    const outcome = await maker.attempt(delivery, stopped.signal).finally(() => closeLane(stream.id));
    if (outcome === 'held') return ready.remove(stream.id);
    if (outcome === 'taken') await maker.storeTaken(delivery);
    // What has waited for this one may be made now.
    addReady({ ...stream, isFailing: outcome === 'failed' || (outcome === 'covered' && stream.isFailing) });
  }

  /** Something was due, and none of it can be made. */
  async function deferBehindFailures(stream: ReadyStream): Promise<void> {
    const deferred = await database.statement((em) => deferBlocked(em, stream.id, clock.now()));
    if (deferred > 0) addReady(stream);
  }

  /** Claims deliveries for the open lanes, and closes the lanes that are left over. */
  async function claim(wanted: readonly WantedDeliveries[], now: Date): Promise<ClaimedDelivery[]> {
    const claimed: ClaimedDelivery[] = [];
    const countOf = (id: string): number => claimed.filter(({ stream }) => stream.id === id).length;
    const wereFound = wanted.filter(({ stream }) => found.delete(stream.id));
    try {
      claimed.push(...(await database.statement((em) => claimDeliveries(em, wanted, now))));
    } finally {
      for (const { stream, count } of wanted) {
        const unused = count - countOf(stream.id);
        if (unused === 0) ready.add(stream);
        for (let lane = 0; lane < unused; lane += 1) ready.closeLane(stream.id);
      }
    }
    for (const { stream } of wereFound) if (countOf(stream.id) === 0) run(deferBehindFailures(stream));
    return claimed;
  }

  /** Claims deliveries and begins with them one after the other, then rests. */
  async function runRound(wanted: readonly WantedDeliveries[]): Promise<void> {
    const now = clock.now();
    const claimed = await claim(wanted, now);
    for (const [index, delivery] of claimed.entries()) {
      // This process was stopped, or stood still, and by now another node may have what is left, and what follows it.
      if (isStopped() || addSeconds(now, BEGIN_WITHIN_SECONDS) < clock.now()) {
        const left = claimed.slice(index);
        await maker.giveBack(left).finally(() => left.forEach(({ stream }) => ready.closeLane(stream.id)));
        return left.forEach(({ stream }) => ready.add(stream));
      }
      run(deliver(delivery));
      await pause(SPACING_MS);
    }
    await pause((ROUND - claimed.length) * SPACING_MS);
  }

  async function runRounds(): Promise<void> {
    try {
      while (!isStopped()) {
        const wanted = ready.openLanes(ROUND);
        if (wanted.length === 0) return;
        await runRound(wanted);
      }
    } finally {
      isInRounds = false;
    }
  }

  function startRounds(): void {
    if (isInRounds || isStopped()) return;
    isInRounds = true;
    run(runRounds());
  }

  const shared = createSharedLook({
    ...dependencies,
    async look() {
      const due = await database.withTimeout(findReadyStreams(database.em(), known, clock.now()));
      found.clear();
      for (const stream of due) {
        found.add(stream.id);
        ready.add(stream);
      }
      startRounds();
    },
    isWanted: () => true,
    failure: 'could not look for security events; trying again',
  });

  return {
    wake: shared.wake,
    async stop() {
      stopped.abort();
      await shared.stop();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
