import { addSeconds, type Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/orm.ts';
import { createActivityNews } from '../expiry/activity-news.ts';
import type { WarningSettings } from '../expiry/lead.ts';
import { announce, type SessionBus } from '../expiry/session-bus.ts';
import type { Logger } from '../logger.ts';
import { findSessions } from '../sessions/session.reads.ts';
import { writeActivity, type WrittenActivity } from '../sessions/session.touches.ts';
import type { Session } from '../sessions/session.ts';
import { together, withActivity, type Noted } from './noted-activity.ts';

/** Activity that other applications report, written in batches. */
export interface Activity {
  /**
   * Counts `now` as activity of a session that lives at `now`, and returns the session as that makes it. What is
   * acknowledged near a deadline is written before this resolves; the rest within a second. The session that is
   * returned may have ended meanwhile. Takes a row as it was read.
   * @throws UNAVAILABLE when it has to be written and cannot be in time
   */
  touch(session: Session, now: Date): Promise<Session>;
  /** A row as it was read, with the activity that this node has acknowledged and not written yet. */
  seen<Row extends Session>(session: Row): Row;
  /** Writes what is left. */
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 1_000;
/** This close to the idle deadline a write that comes a second late, or twice, could come after the end. */
const URGENT_SECONDS = 5;
const BATCH = 1_000;

type Notes = Map<string, Noted>;

export function createActivity(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  warnings: WarningSettings;
}): Activity {
  const { database, bus, clock, logger } = dependencies;
  const { isNews } = createActivityNews(dependencies);

  const waiting: Notes = new Map();
  /** Taken by the flush under way; other writers and readers still count with it. */
  let underWay: Notes = new Map();
  let flushing: Promise<void> = Promise.resolve();
  let cancelTimer: (() => void) | null = null;
  let hasFailed = false;
  let isStopped = false;

  function note(id: string, noted: Noted): void {
    waiting.set(id, together(noted, waiting.get(id)));
  }

  const notedOf = (id: string): Noted | undefined => {
    const [late, early] = [waiting.get(id), underWay.get(id)];
    return late ? together(late, early) : early;
  };

  function take(ids: Iterable<string>): Notes {
    const taken: Notes = new Map();
    for (const id of [...ids].slice(0, BATCH)) {
      const noted = notedOf(id);
      if (noted) taken.set(id, noted);
      waiting.delete(id);
    }
    return taken;
  }

  function putBack(notes: Notes): void {
    for (const [id, noted] of notes) note(id, noted);
  }

  async function write(notes: Notes, options: { skipLocked: boolean }): Promise<WrittenActivity> {
    const spans = [...notes].map(([id, { firstAt, lastAt }]) => ({ id, firstAt, lastAt }));
    const result = await database
      .inTime(database.statement((em) => writeActivity(em, spans, options)))
      .catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    hasFailed = false;
    const news = result.writtenIds.flatMap((id) => {
      const { accountId, isNews } = notes.get(id)!;
      return isNews ? [{ id, accountId }] : [];
    });
    announce(bus, 'EXTENDED', news);
    return result;
  }

  /** Everything that waits. What fails, and what somebody else holds locked, waits for the next time. */
  async function flush(options: { skipLocked: boolean }): Promise<void> {
    const everything = [...waiting.keys()];
    try {
      for (let start = 0; start < everything.length; start += BATCH) {
        underWay = take(everything.slice(start, start + BATCH));
        const { skippedIds } = await write(underWay, options);
        for (const id of skippedIds) note(id, underWay.get(id)!);
      }
    } catch (error) {
      putBack(underWay);
      logger.warn({ err: error, sessions: waiting.size }, 'could not write activity; trying again');
    } finally {
      underWay = new Map();
    }
  }

  function schedule(): void {
    if (isStopped) return;
    cancelTimer ??= clock.after(FLUSH_EVERY_MS, () => {
      flushing = flush({ skipLocked: true }).finally(() => {
        cancelTimer = null;
        if (waiting.size > 0) schedule();
      });
    });
  }

  /** Concurrent calls share one statement, which waits for locks: whoever asked is told only of what is written. */
  const writeNow = createBatchedRead<string, Session>(async (ids) => {
    const sessions = new Map<string, Session>();
    for (let start = 0; start < ids.length; start += BATCH) {
      const chunk = ids.slice(start, start + BATCH);
      const notes = take(chunk);
      try {
        await write(notes, { skipLocked: false });
      } catch (error) {
        // Also what an earlier call was told is kept: it is among these.
        putBack(notes);
        schedule();
        throw error;
      }
      // Whoever was not written has ended meanwhile, and the row says how.
      for (const session of await database.inTime(findSessions(database.em(), chunk)))
        sessions.set(session.id, session);
    }
    return sessions;
  });

  return {
    async touch(session, now) {
      const noted = { accountId: session.accountId, firstAt: now, lastAt: now, isNews: isNews(session, now) };
      const isUrgent = hasFailed || isStopped || now >= addSeconds(session.idleExpiresAt, -URGENT_SECONDS);
      note(session.id, noted);
      if (isUrgent) return (await writeNow(session.id)) ?? session;
      schedule();
      return withActivity(session, notedOf(session.id)!);
    },

    seen(session) {
      const noted = notedOf(session.id);
      return noted === undefined ? session : withActivity(session, noted);
    },

    async stop() {
      isStopped = true;
      cancelTimer?.();
      await flushing;
      if (waiting.size > 0) await flush({ skipLocked: false });
    },
  };
}
