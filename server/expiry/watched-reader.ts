import type { FreshnessProbe } from '../background/freshness.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import { evaluateSession, type WatchedSession } from '../rules/session.ts';
import { createSessionExpirer } from '../sessions/expire-sessions.ts';
import { findWatched } from './watched-sessions.sql.ts';

/** Reads sessions by id. Stores the end of those past a deadline first, so EXPIRED always follows a committed end. */
export type WatchedReader = (ids: readonly string[]) => Promise<WatchedSession[]>;

export function createWatchedReader(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  probe: FreshnessProbe;
}): WatchedReader {
  const { database, clock, logger, probe } = dependencies;
  const expireOverdue = createSessionExpirer(dependencies);

  const readRows = (ids: readonly string[]): Promise<WatchedSession[]> =>
    probe.run(() => database.withTimeout(findWatched(database.em(), ids)));

  return async (ids) => {
    const sessions = await readRows(ids);
    const now = clock.now();
    const overdue = sessions.filter(
      (session) => session.endedAt === null && evaluateSession(session, now).state === 'expired',
    );
    if (overdue.length === 0) return sessions;

    const overdueIds = overdue.map(({ id }) => id);
    try {
      await database.withTimeout(expireOverdue(overdueIds));
    } catch (error) {
      // One of the rows may be locked. The other sessions are delivered nevertheless, and the watch retries soon.
      logger.warn(
        { err: error, sessions: overdueIds.length },
        'could not expire watched sessions; trying again',
      );
      return sessions;
    }
    const isOverdue = new Set(overdueIds);
    return [...sessions.filter(({ id }) => !isOverdue.has(id)), ...(await readRows(overdueIds))];
  };
}
