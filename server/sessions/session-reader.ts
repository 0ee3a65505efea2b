import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { findSessionsWithRefreshState, findSessionsWithUser } from './session-queries.ts';
import type { SessionWithUser } from './user-row.ts';
import type { SessionWithRefreshState, Session } from '../rules/session.ts';

export interface SessionReader {
  /** Reads a session with its user, no older than the call. @throws UNAVAILABLE */
  find(id: string): Promise<SessionWithUser | null>;
  /** Reads a session with its refresh state and user, no older than the call. @throws UNAVAILABLE */
  findWithRefreshState(id: string): Promise<SessionWithUser<SessionWithRefreshState> | null>;
}

/** Reads the sessions for all checks of tokens. Concurrent checks share one statement. */
export function createSessionReader({ database }: { database: Database }): SessionReader {
  const batched = <Row extends Session>(
    read: (em: EntityManager, ids: readonly string[]) => Promise<SessionWithUser<Row>[]>,
  ) =>
    createBatchedRead<string, SessionWithUser<Row>>(async (ids) => {
      const sessions = await database.withTimeout(read(database.em(), ids));
      return new Map(sessions.map((each) => [each.session.id, each]));
    });

  return { find: batched(findSessionsWithUser), findWithRefreshState: batched(findSessionsWithRefreshState) };
}
