import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import { endExpired } from '../sessions/session.endings.ts';
import { announce, type SessionBus } from './session-bus.ts';

/** Ends those of the sessions that are past a deadline and not marked yet, and tells everybody. The rows say which. */
export type EndOverdue = (ids: readonly string[]) => Promise<void>;

export function createOverdueEnds(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
}): EndOverdue {
  const { database, bus, clock } = dependencies;
  return async (ids) => {
    const ended = await database.transaction((em) => endExpired(em, ids, clock.now()));
    announce(bus, 'ENDED', ended);
  };
}
