import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { expireSessions } from './expire.sql.ts';
import { publishEnds, type SessionBus } from '../events/session-bus.ts';

/** Stores the end of those sessions that are past a deadline, and publishes it. Live sessions are left alone. */
export type ExpireSessions = (ids: readonly string[]) => Promise<void>;

export function createSessionExpirer(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
}): ExpireSessions {
  const { database, bus, clock } = dependencies;
  return async (ids) => {
    const ended = await database.transaction((em) => expireSessions(em, ids, clock.now()));
    publishEnds(bus, ended);
  };
}
