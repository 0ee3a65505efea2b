import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import { createSessionExpirer } from '../sessions/expire-sessions.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { findSessions } from '../sessions/session-queries.ts';
import type { Session } from '../rules/session.ts';

/** Stores the end of sessions that were read past a deadline. Concurrent calls share one statement. */
export function createPresentedExpirer(dependencies: { database: Database; bus: SessionBus; clock: Clock }) {
  const { database } = dependencies;
  const expireOverdue = createSessionExpirer(dependencies);

  /** Returns the session as it is afterwards: still live if activity was written first. */
  return createBatchedRead<string, Session>(async (ids) => {
    await database.withTimeout(expireOverdue(ids));
    const sessions = await database.withTimeout(findSessions(database.em(), ids));
    return new Map(sessions.map((session) => [session.id, session]));
  });
}
