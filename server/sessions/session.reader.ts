import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/orm.ts';
import { findSessionsOfUsers, type SessionOfUser } from './session.reads.ts';

export interface SessionReader {
  /** The row as it is when this is called, or later, with the standing of its user. @throws UNAVAILABLE */
  find(id: string): Promise<SessionOfUser | null>;
}

/** What every check of a token asks. Concurrent checks share one read. */
export function createSessionReader({ database }: { database: Database }): SessionReader {
  return {
    find: createBatchedRead(async (ids) => {
      const found = await database.inTime(findSessionsOfUsers(database.em(), ids));
      return new Map(found.map((each) => [each.session.id, each]));
    }),
  };
}
