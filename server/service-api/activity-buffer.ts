import { supervise, type Turn } from '../background/watchdog.ts';
import { addSeconds, type Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { createActivityPublisher } from '../events/activity-publisher.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import { findSessions } from '../sessions/session-queries.ts';
import type { Session } from '../rules/session.ts';
import { createActivityWriter } from './activity-writer.ts';
import { applyBufferedActivity } from './buffered-activity.ts';
import { createPendingActivity, type ActivityBatch } from './pending-activity.ts';

/** Activity that other applications report. It is acknowledged at once and written in batches. */
export interface ActivityBuffer {
  /**
   * Counts `now` as activity in a session that is live at `now`, and returns the session with it. Takes the row as read.
   * Activity near a deadline is written before this resolves, other activity within a second. The returned session may
   * have ended since it was read.
   * @throws UNAVAILABLE when it has to be written at once and the database does not answer in time
   */
  touch(session: Session, now: Date): Promise<Session>;
  /** Adds the activity that this node has acknowledged and not written yet to a row as read. */
  applyTo<Row extends Session>(session: Row): Row;
  /** Writes the remaining activity. */
  stop(): Promise<void>;
}

const FLUSH_EVERY_MS = 1_000;
/** The timeout of one batch; its statement has a shorter one. */
const BATCH_TIMEOUT_MS = 10_000;
/** This close to the idle deadline, a write that is a second late or retried could come after the session's end. */
const URGENT_SECONDS = 5;
const BATCH = 1_000;

export function createActivityBuffer(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  warnings: WarningSettings;
}): ActivityBuffer {
  const { database, clock, logger } = dependencies;
  const { mustPublish } = createActivityPublisher(dependencies);
  const writer = createActivityWriter(dependencies);
  const pending = createPendingActivity();
  let flushing: Promise<void> = Promise.resolve();
  let cancelTimer: (() => void) | null = null;
  let isStopped = false;

  /** Writes all pending activity. Failed and locked sessions wait for the next flush. */
  async function flush(options: { skipLocked: boolean }): Promise<void> {
    const ids = pending.ids();
    let batch: ActivityBatch = new Map();
    async function writeAll(turn: Turn): Promise<void> {
      for (let start = 0; start < ids.length && turn.isCurrent; start += BATCH) {
        batch = pending.take(ids.slice(start, start + BATCH));
        pending.setInFlight(batch);
        const { skippedIds } = await writer.write(batch, options);
        // When the run was abandoned, the whole batch has been put back.
        if (!turn.isCurrent) return;
        turn.advance();
        putBack(batch, skippedIds);
      }
    }
    try {
      await supervise(BATCH_TIMEOUT_MS, writeAll);
    } catch (error) {
      pending.putBack(batch);
      logger.warn({ err: error, sessions: pending.size }, 'could not write activity; trying again');
    } finally {
      pending.setInFlight(new Map());
    }
  }

  function putBack(batch: ActivityBatch, ids: readonly string[]): void {
    for (const id of ids) pending.add(id, batch.get(id)!);
  }

  function schedule(): void {
    if (isStopped) return;
    cancelTimer ??= clock.after(FLUSH_EVERY_MS, () => {
      flushing = flush({ skipLocked: true }).finally(() => {
        cancelTimer = null;
        if (pending.size > 0) schedule();
      });
    });
  }

  /** Batches concurrent calls into one statement. Locked sessions are missing from the result. */
  const writeBatched = createBatchedRead<string, Session>(async (ids) => {
    const sessions = new Map<string, Session>();
    for (let start = 0; start < ids.length; start += BATCH) {
      const chunk = ids.slice(start, start + BATCH);
      const { skippedIds } = await writeTaken(chunk, async (batch) => {
        const written = await writer.write(batch, { skipLocked: true });
        putBack(batch, written.skippedIds);
        return written;
      });
      const skipped = new Set(skippedIds);
      // A session neither written nor skipped has ended since, and its row says how.
      for (const session of await database.withTimeout(findSessions(database.em(), chunk)))
        if (!skipped.has(session.id)) sessions.set(session.id, session);
    }
    return sessions;
  });

  async function writeInQueue({ id, accountId }: Session): Promise<Session | null> {
    await writeTaken([id], (batch) => writer.writeInQueue(accountId, batch));
    const [written] = await database.withTimeout(findSessions(database.em(), [id]));
    return written ?? null;
  }

  /** After a failure all of the batch waits again: it also holds activity that earlier calls have acknowledged. */
  async function writeTaken<T>(
    ids: readonly string[],
    write: (batch: ActivityBatch) => Promise<T>,
  ): Promise<T> {
    const batch = pending.take(ids);
    try {
      return await write(batch);
    } catch (error) {
      pending.putBack(batch);
      schedule();
      throw error;
    }
  }

  const writeNow = async (session: Session): Promise<Session | null> =>
    (await writeBatched(session.id)) ?? writeInQueue(session);

  return {
    async touch(session, now) {
      pending.add(session.id, {
        accountId: session.accountId,
        firstAt: now,
        lastAt: now,
        mustPublish: mustPublish(session, now),
      });
      const isUrgent =
        writer.hasFailed || isStopped || now >= addSeconds(session.idleExpiresAt, -URGENT_SECONDS);
      if (isUrgent) return (await writeNow(session)) ?? session;
      schedule();
      return applyBufferedActivity(session, pending.get(session.id)!);
    },

    applyTo(session) {
      const activity = pending.get(session.id);
      return activity === undefined ? session : applyBufferedActivity(session, activity);
    },

    async stop() {
      isStopped = true;
      cancelTimer?.();
      await flushing;
      if (pending.size > 0) await flush({ skipLocked: false });
    },
  };
}
