import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { listOf } from '../database/prepared-statements.ts';
import { rowsOf } from '../database/rows.ts';
import type { Session } from '../rules/session.ts';
import { SESSION_COLUMNS, toSession, type SessionRow } from '../sessions/session-row.ts';

export interface SignIn {
  session: Session;
  isNewDevice: boolean;
}

/** Reads sessions, and whether each was signed in from a new device. Unknown ids are left out. */
export async function findSignIns(
  em: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SignIn>> {
  const rows = await rowsOf(
    em,
    sql<SessionRow & { is_new_device: boolean }>`
    select ${SESSION_COLUMNS}, n.is_new_device from effective_sessions s join sessions n on n.id = s.id
    where s.id = any(${listOf('text', ids)}::text[])`,
  );
  return new Map(rows.map((row) => [row.id, { session: toSession(row), isNewDevice: row.is_new_device }]));
}
