import { setImmediate as nextTurn } from 'node:timers/promises';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { Logger } from '../logger.ts';
import { findChanged } from '../sessions/session.reads.ts';
import { verdict, type WatchedSession } from '../sessions/session.ts';
import { findWatched } from '../sessions/session.watched.ts';
import { createDeadlineWheel } from './deadline-wheel.ts';
import { nextMoment } from './expiry.ts';
import type { WarningSettings } from './lead.ts';
import { createOverdueEnds } from './overdue-ends.ts';
import type { SessionBus } from './session-bus.ts';

export interface Watcher {
  /** Every state of the session that this node reads, the first one soon after the watch began. */
  onState?(session: WatchedSession): void;
  /** The session has ended, and everybody who watches any of the sessions that ended with it has heard. */
  onOver?(session: WatchedSession): void;
}

export interface SessionWatch {
  /** Returns what ends the watch. */
  watch(sessionId: string, watcher: Watcher): () => void;
  readonly watchedSessions: number;
  stop(): void;
}

interface Watched {
  session: WatchedSession | null;
  /** Few of them, most often two: a socket and its one subscription. */
  watchers: Watcher[];
}

/** How long a lost message can stay unnoticed. */
const RECHECK_EVERY_MS = 2_000;
const RETRY_AFTER_MS = 500;
const CHUNK = 1_000;
/** How many are told in one turn of the event loop: everybody else's requests wait that long. */
const TOLD_PER_TURN = 100;

/**
 * Follows the sessions that somebody on this node is connected with. Messages and deadlines only say which rows to
 * read again; rows are read one batch after the other, so no older state ever follows a newer one.
 */
export function createSessionWatch(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  warnings: WarningSettings;
}): SessionWatch {
  const { database, bus, clock, logger, warnings } = dependencies;
  const endOverdue = createOverdueEnds(dependencies);
  const watched = new Map<string, Watched>();
  const pending = new Set<string>();
  const wheel = createDeadlineWheel(clock, (ids) => recheck(ids));
  /** Whose turn comes when all have been told. */
  let over: { entry: Watched; watcher: Watcher; session: WatchedSession }[] = [];
  let isReading = false;
  let isCallingOver = false;
  let isStopped = false;

  function recheck(ids: Iterable<string>): void {
    for (const id of ids) if (watched.has(id)) pending.add(id);
    if (pending.size > 0 && !isReading) void readPending();
  }

  /** And those of which it is not known yet. */
  const watchedOf = (accountId: string): string[] =>
    [...watched].flatMap(([id, { session }]) =>
      session === null || session.accountId === accountId ? [id] : [],
    );

  async function readPending(): Promise<void> {
    isReading = true;
    let telling = Promise.resolve();
    while (pending.size > 0 && !isStopped) {
      const ids = take(pending, CHUNK);
      try {
        const sessions = await readAndEnd(ids);
        // One batch is told while the next is read, and never before the one that was read before it.
        await telling;
        telling = tellAll(sessions);
      } catch (error) {
        logger.warn({ err: error, sessions: ids.length }, 'could not read watched sessions; trying again');
        for (const id of ids) pending.add(id);
        await telling;
        void callOver();
        await new Promise<void>((done) => clock.after(RETRY_AFTER_MS, done));
      }
    }
    await telling;
    isReading = false;
    void callOver();
    // What came while the last batch was told.
    if (!isStopped) recheck([]);
  }

  /** Reads the rows; those whose deadline has passed are ended first, so that EXPIRED follows the committed end. */
  async function readAndEnd(ids: string[]): Promise<WatchedSession[]> {
    const sessions = await findWatched(database.em(), ids);
    const now = clock.now();
    const overdue = sessions.filter(
      (session) => session.endedAt === null && verdict(session, now).state === 'expired',
    );
    if (overdue.length === 0) return sessions;

    const overdueIds = overdue.map(({ id }) => id);
    await endOverdue(overdueIds);
    const isOverdue = new Set(overdueIds);
    return [
      ...sessions.filter(({ id }) => !isOverdue.has(id)),
      ...(await findWatched(database.em(), overdueIds)),
    ];
  }

  async function tellAll(sessions: WatchedSession[]): Promise<void> {
    for (const [index, session] of sessions.entries()) {
      if (index > 0 && index % TOLD_PER_TURN === 0) await nextTurn();
      tell(session);
    }
  }

  function tell(session: WatchedSession): void {
    const entry = watched.get(session.id);
    if (!entry) return;
    entry.session = session;
    if (session.endedAt === null) wheel.arm(session.id, nextLook(session));
    else wheel.disarm(session.id);
    for (const watcher of [...entry.watchers]) {
      watcher.onState?.(session);
      if (watcher.onOver && session.endedAt !== null) over.push({ entry, watcher, session });
    }
  }

  /** What is overdue and could not be ended, because somebody holds its account, is tried again a little later. */
  function nextLook(session: WatchedSession): Date {
    const now = clock.now();
    const moment = nextMoment(session, warnings, now);
    return moment > now ? moment : addSeconds(now, RETRY_AFTER_MS / 1000);
  }

  /** To close a socket costs more than to tell it: nobody waits for the news while others are being closed. */
  async function callOver(): Promise<void> {
    if (isCallingOver) return;
    isCallingOver = true;
    for (let called = 0; called < over.length; called += TOLD_PER_TURN) {
      if (called > 0) await nextTurn();
      for (const { entry, watcher, session } of over.slice(called, called + TOLD_PER_TURN))
        if (entry.watchers.includes(watcher)) watcher.onOver?.(session);
    }
    over = [];
    isCallingOver = false;
  }

  /** Asks which watched sessions have ended or moved since they were last read, whatever messages were lost. */
  async function recheckAll(): Promise<void> {
    const known = [...watched.values()].flatMap(({ session }) =>
      session && session.endedAt === null ? [session] : [],
    );
    for (let start = 0; start < known.length && !isStopped; start += CHUNK) {
      const changed = await findChanged(database.em(), known.slice(start, start + CHUNK));
      recheck(changed.map(({ id }) => id));
    }
  }

  function scheduleRecheck(): () => void {
    return clock.after(RECHECK_EVERY_MS, () => {
      recheckAll()
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'could not check the watched sessions; trying again'),
        )
        .finally(() => {
          if (!isStopped) cancelRecheck = scheduleRecheck();
        });
    });
  }

  let cancelRecheck = scheduleRecheck();
  const unsubscribe = bus.subscribe((message) =>
    recheck(message.kind === 'MANY_ENDED' ? watchedOf(message.accountId) : message.sessionIds),
  );

  return {
    watch(sessionId, watcher) {
      const entry = watched.get(sessionId) ?? { session: null, watchers: [] };
      watched.set(sessionId, entry);
      entry.watchers.push(watcher);
      // Watched first, read second: nothing that happens between the two is missed.
      recheck([sessionId]);
      return () => {
        entry.watchers = entry.watchers.filter((each) => each !== watcher);
        if (entry.watchers.length > 0 || watched.get(sessionId) !== entry) return;
        watched.delete(sessionId);
        wheel.disarm(sessionId);
      };
    },
    get watchedSessions() {
      return watched.size;
    },
    stop() {
      isStopped = true;
      cancelRecheck();
      unsubscribe();
      wheel.stop();
    },
  };
}

/** The first `count` of a set, which loses them. */
function take<T>(set: Set<T>, count: number): T[] {
  const taken: T[] = [];
  for (const item of set) {
    if (taken.length === count) break;
    taken.push(item);
    set.delete(item);
  }
  return taken;
}
