import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { findRenewableSessions, findSessionsOfUsers, type SessionOfUser } from './session.reads.ts';
import type { RenewableSession, Session } from './session.ts';

export interface SessionReader {
  /** The row as it is when this is called, or later, with the standing of its user. @throws UNAVAILABLE */
  find(id: string): Promise<SessionOfUser | null>;
  /** The same with what its refresh tokens are judged by. @throws UNAVAILABLE */
  findRenewable(id: string): Promise<SessionOfUser<RenewableSession> | null>;
}

/** What every check of a token asks. Concurrent checks share one read. */
export function createSessionReader({ database }: { database: Database }): SessionReader {
  const shared = <Row extends Session>(
    read: (em: EntityManager, ids: readonly string[]) => Promise<SessionOfUser<Row>[]>,
  ) =>
    createBatchedRead<string, SessionOfUser<Row>>(async (ids) => {
      const found = await database.inTime(read(database.em(), ids));
      return new Map(found.map((each) => [each.session.id, each]));
    });

  return { find: shared(findSessionsOfUsers), findRenewable: shared(findRenewableSessions) };
}
