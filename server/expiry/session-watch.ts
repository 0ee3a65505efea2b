import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { Logger } from '../logger.ts';
import { endExpired } from '../sessions/session.endings.ts';
import { findChanged, findSessions } from '../sessions/session.reads.ts';
import { verdict, type Session } from '../sessions/session.ts';
import { createDeadlineWheel } from './deadline-wheel.ts';
import { nextMoment } from './expiry.ts';
import type { WarningSettings } from './lead.ts';
import type { SessionBus } from './session-bus.ts';

/** Hears of every state of a session that this node reads, the first one soon after it began to watch. */
export type Watcher = (session: Session) => void;

export interface SessionWatch {
  /** Returns what ends the watch. */
  watch(sessionId: string, watcher: Watcher): () => void;
  readonly watchedSessions: number;
  stop(): void;
}

interface Watched {
  session: Session | null;
  watchers: Set<Watcher>;
}

/** How long a lost message can stay unnoticed. */
const RECHECK_EVERY_MS = 2_000;
const RETRY_AFTER_MS = 500;
const CHUNK = 1_000;

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
  const watched = new Map<string, Watched>();
  const pending = new Set<string>();
  const wheel = createDeadlineWheel(clock, (ids) => recheck(ids));
  let isReading = false;
  let isStopped = false;

  function recheck(ids: Iterable<string>): void {
    for (const id of ids) if (watched.has(id)) pending.add(id);
    if (pending.size > 0 && !isReading) void readPending();
  }

  async function readPending(): Promise<void> {
    isReading = true;
    while (pending.size > 0 && !isStopped) {
      const ids = [...pending].slice(0, CHUNK);
      for (const id of ids) pending.delete(id);
      try {
        for (const session of await readAndEnd(ids)) tell(session);
      } catch (error) {
        logger.warn({ err: error, sessions: ids.length }, 'could not read watched sessions; trying again');
        for (const id of ids) pending.add(id);
        await new Promise<void>((done) => clock.after(RETRY_AFTER_MS, done));
      }
    }
    isReading = false;
  }

  /** Reads the rows; those whose deadline has passed are ended first, so that EXPIRED follows the committed end. */
  async function readAndEnd(ids: string[]): Promise<Session[]> {
    const sessions = await findSessions(database.em(), ids);
    const now = clock.now();
    const overdue = sessions.filter(
      (session) => session.endedAt === null && verdict(session, now).state === 'expired',
    );
    if (overdue.length === 0) return sessions;

    const overdueIds = overdue.map(({ id }) => id);
    const ended = await endExpired(database.em(), overdueIds, now);
    for (const { id, accountId } of ended) bus.publish({ accountId, kind: 'ENDED', sessionIds: [id] });
    const isOverdue = new Set(overdueIds);
    return [
      ...sessions.filter(({ id }) => !isOverdue.has(id)),
      ...(await findSessions(database.em(), overdueIds)),
    ];
  }

  function tell(session: Session): void {
    const entry = watched.get(session.id);
    if (!entry) return;
    entry.session = session;
    if (session.endedAt === null) wheel.arm(session.id, nextMoment(session, warnings, clock.now()));
    else wheel.disarm(session.id);
    for (const watcher of [...entry.watchers]) watcher(session);
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
  const unsubscribe = bus.subscribe((message) => recheck(message.sessionIds));

  return {
    watch(sessionId, watcher) {
      const entry = watched.get(sessionId) ?? { session: null, watchers: new Set() };
      watched.set(sessionId, entry);
      entry.watchers.add(watcher);
      // Watched first, read second: nothing that happens between the two is missed.
      recheck([sessionId]);
      return () => {
        entry.watchers.delete(watcher);
        if (entry.watchers.size > 0 || watched.get(sessionId) !== entry) return;
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
