import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/orm.ts';
import { createOverdueEnds } from '../expiry/overdue-ends.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import { findSessions } from '../sessions/session.reads.ts';
import type { Session } from '../sessions/session.ts';

/** Ends sessions that were found past a deadline and not marked yet. Concurrent calls share one statement. */
export function createOverdueSessions(dependencies: { database: Database; bus: SessionBus; clock: Clock }) {
  const { database } = dependencies;
  const endOverdue = createOverdueEnds(dependencies);

  /** The session as it is then: should activity have come first, it lives. */
  return createBatchedRead<string, Session>(async (ids) => {
    await database.inTime(endOverdue(ids));
    const sessions = await database.inTime(findSessions(database.em(), ids));
    return new Map(sessions.map((session) => [session.id, session]));
  });
}
