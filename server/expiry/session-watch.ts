import { createFreshness, type Freshness } from '../background/freshness.ts';
import { startLoop } from '../background/loop.ts';
import { supervise, type Turn } from '../background/watchdog.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import type { WatchedSession } from '../rules/session.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import { findChangedSessions } from '../sessions/session-queries.ts';
import { createDeadlineWheel } from './deadline-wheel.ts';
import { nextCheckAt } from './delivery-state.ts';
import { createSessionListeners, type SessionListener } from './session-listeners.ts';
import { createWatchedReader } from './watched-reader.ts';

export interface SessionWatch {
  /** Adds a listener to a session. Returns a function that removes it. */
  watch(sessionId: string, listener: SessionListener): () => void;
  /** The number of sessions with a listener on this node. */
  readonly watchedSessions: number;
  /** Whether this node can read the rows of sessions. While it is stale, the states it has delivered may be outdated. */
  readonly freshness: Freshness;
  stop(): void;
}

/** How long a lost event can stay unnoticed. */
const RECHECK_EVERY_MS = 2_000;
/** How often a read in between proves that the rows can be read. */
const PROBE_EVERY_MS = 1_000;
const RETRY_AFTER_MS = 500;
/** The timeout of a chunk; each of its statements has a shorter one. */
const CHUNK_TIMEOUT_MS = 10_000;
const CHUNK = 1_000;

/**
 * Follows the sessions that clients of this node are connected with. Events and deadlines only say which rows to read
 * again. Rows are read one batch after the other, so an older state never follows a newer one.
 */
export function createSessionWatch(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  warnings: WarningSettings;
  staleAfterMs?: number;
}): SessionWatch {
  const { database, bus, clock, logger, warnings } = dependencies;
  const freshness = createFreshness(dependencies);
  const emptyProbe = freshness.probe('read of sessions');
  // A change is found by one read and fetched by another: if either fails, no end is delivered.
  const searchProbe = freshness.probe('search for changed sessions');
  const readProbe = freshness.probe('read of watched sessions');
  const read = createWatchedReader({ ...dependencies, probe: readProbe });
  const pendingIds = new Set<string>();
  const wheel = createDeadlineWheel(clock, (ids) => recheck(ids));
  const listeners = createSessionListeners({
    onDeliver(session) {
      if (session.endedAt === null) wheel.arm(session.id, checkAt(session));
      else wheel.disarm(session.id);
    },
    onUnused: (sessionId) => wheel.disarm(sessionId),
  });
  let isReading = false;
  let isStopped = false;

  function recheck(ids: Iterable<string>): void {
    for (const id of ids) if (listeners.has(id)) pendingIds.add(id);
    if (pendingIds.size > 0 && !isReading) void readPending();
  }

  async function readPending(): Promise<void> {
    isReading = true;
    let delivery = Promise.resolve();
    while (pendingIds.size > 0 && !isStopped) {
      const ids = takeFirst(pendingIds, CHUNK);
      try {
        const sessions = await supervise(CHUNK_TIMEOUT_MS, () => read(ids));
        // Delivers one batch while the next is read, in the order in which they were read.
        await delivery;
        delivery = listeners.deliver(sessions);
      } catch (error) {
        logger.warn({ err: error, sessions: ids.length }, 'could not read watched sessions; trying again');
        for (const id of ids) pendingIds.add(id);
        await delivery;
        void listeners.completeEnds();
        await new Promise<void>((done) => clock.after(RETRY_AFTER_MS, done));
      }
    }
    await delivery;
    isReading = false;
    void listeners.completeEnds();
    // Reads what was added during the last delivery.
    if (!isStopped) recheck([]);
  }

  /** An overdue session that could not be expired, because its row is locked, is checked again a little later. */
  function checkAt(session: WatchedSession): Date {
    const now = clock.now();
    const dueAt = nextCheckAt(session, warnings, now);
    return dueAt > now ? dueAt : addSeconds(now, RETRY_AFTER_MS / 1000);
  }

  /**
   * Finds the watched sessions that have ended or changed since they were last read, in case events were lost. Also
   * searches when none is watched: a node that has closed all its sockets learns this way that it can read again.
   */
  async function recheckAll(turn: Turn): Promise<void> {
    const known = listeners.live();
    for (
      let start = 0;
      start === 0 || (start < known.length && turn.isCurrent && !isStopped);
      start += CHUNK
    ) {
      const chunk = known.slice(start, start + CHUNK);
      const changed = await searchProbe.run(() => findChangedInTime(chunk));
      recheck(changed.map(({ id }) => id));
      turn.advance();
    }
  }

  const findChangedInTime = (known: WatchedSession[]) =>
    database.withTimeout(findChangedSessions(database.em(), known));

  const everyLoop = { clock, logger, retryMs: RETRY_AFTER_MS, timeoutMs: CHUNK_TIMEOUT_MS };
  const loops = [
    startLoop({
      ...everyLoop,
      everyMs: RECHECK_EVERY_MS,
      failure: 'could not check the watched sessions; trying again',
      turn: recheckAll,
    }),
    startLoop({
      ...everyLoop,
      everyMs: PROBE_EVERY_MS,
      failure: 'could not read the sessions; trying again',
      turn: () => emptyProbe.run(() => findChangedInTime([])),
    }),
  ];
  const unsubscribe = bus.subscribe((event) =>
    recheck(event.kind === 'ACCOUNT_REVOKED' ? listeners.idsOf(event.accountId) : event.sessionIds),
  );

  return {
    watch(sessionId, listener) {
      const remove = listeners.add(sessionId, listener);
      // Reads after adding the listener, so no change between the two is missed.
      recheck([sessionId]);
      return remove;
    },
    get watchedSessions() {
      return listeners.size;
    },
    freshness,
    stop() {
      isStopped = true;
      for (const loop of loops) void loop.stop();
      for (const probe of [emptyProbe, searchProbe, readProbe]) probe.close();
      unsubscribe();
      wheel.stop();
    },
  };
}

/** Removes and returns the first `count` items of a set. */
function takeFirst<T>(set: Set<T>, count: number): T[] {
  const items = [...set.values().take(count)];
  for (const item of items) set.delete(item);
  return items;
}
