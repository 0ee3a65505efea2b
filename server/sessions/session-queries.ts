import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import {
  at,
  REFRESH_STATE_COLUMNS,
  SESSION_COLUMNS,
  toSessionWithRefreshState,
  toSession,
  type RefreshStateRow,
  type SessionRow,
} from './session-row.ts';
import type { SessionWithRefreshState, Session } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';
import { USER_COLUMNS, withUser, type SessionWithUser, type UserRow } from './user-row.ts';

/** Reads sessions with their users, for checks of access tokens. Unknown ids are left out. */
export async function findSessionsWithUser(
  em: EntityManager,
  ids: readonly string[],
): Promise<SessionWithUser[]> {
  const rows = await rowsOf(
    em,
    sql<SessionRow & UserRow>`${PREPARED}
    select ${SESSION_COLUMNS}, ${USER_COLUMNS}
    from effective_sessions s join users u on u.id = s.user_id where s.id = any(${listOf('text', ids)}::text[])`,
  );
  return rows.map((row) => withUser(toSession(row), row));
}

/** Reads one session with its user. Null: no such session. */
export async function findSessionWithUser(em: EntityManager, id: string): Promise<SessionWithUser | null> {
  const [session] = await findSessionsWithUser(em, [id]);
  return session ?? null;
}

/** Reads sessions with refresh state and user, for checks of refresh tokens. Unknown ids are left out. */
export async function findSessionsWithRefreshState(
  em: EntityManager,
  ids: readonly string[],
): Promise<SessionWithUser<SessionWithRefreshState>[]> {
  const rows = await rowsOf(
    em,
    sql<RefreshStateRow & UserRow>`${PREPARED}
    select ${REFRESH_STATE_COLUMNS}, ${USER_COLUMNS}
    from effective_sessions s join users u on u.id = s.user_id
    where s.id = any(${listOf('text', ids)}::text[])`,
  );
  return rows.map((row) => withUser(toSessionWithRefreshState(row), row));
}

export async function findSession(em: EntityManager, id: string): Promise<Session | null> {
  const rows = await rowsOf(
    em,
    sql<SessionRow>`select ${SESSION_COLUMNS} from effective_sessions s where s.id = ${id}`,
  );
  return rows[0] ? toSession(rows[0]) : null;
}

export async function findSessions(em: EntityManager, ids: readonly string[]): Promise<Session[]> {
  const rows = await rowsOf(
    em,
    sql<SessionRow>`select ${SESSION_COLUMNS} from effective_sessions s where s.id = any(${ids}::text[])`,
  );
  return rows.map(toSession);
}

/** Deadlines of a watched session as its node last read them, and the authentication that they count from. */
export interface KnownDeadlines {
  id: string;
  authenticatedAt: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
}

/**
 * Returns those sessions that have ended, whose deadlines have moved or whose user authenticated again, also where the
 * session event was lost.
 */
export async function findChangedSessions(
  em: EntityManager,
  known: readonly KnownDeadlines[],
): Promise<Session[]> {
  const rows = await rowsOf(
    em,
    sql<SessionRow>`
    select ${SESSION_COLUMNS} from unnest(
      ${known.map(({ id }) => id)}::text[],
      ${known.map(({ idleExpiresAt }) => idleExpiresAt.toISOString())}::timestamptz[],
      ${known.map(({ absoluteExpiresAt }) => absoluteExpiresAt.toISOString())}::timestamptz[],
      ${known.map(({ authenticatedAt }) => authenticatedAt.toISOString())}::timestamptz[])
      as k (id, idle_at, absolute_at, authenticated_at)
    join effective_sessions s on s.id = k.id
    where s.ended_at is not null or s.idle_expires_at <> k.idle_at or s.absolute_expires_at <> k.absolute_at
      or s.authenticated_at <> k.authenticated_at`,
  );
  return rows.map(toSession);
}

/**
 * Returns the ids of the sessions with `ended_at` at or after `since`, of one account or (null) of all accounts. For a
 * revocation `ended_at` is the time of the decision, for an expiry the deadline. Both may be committed later.
 */
export async function findEndedSince(
  em: EntityManager,
  accountId: string | null,
  since: Date,
): Promise<string[]> {
  const ofAccount = accountId === null ? sql`` : sql`and s.account_id = ${accountId}`;
  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    select s.id from sessions s where s.ended_at >= ${at(since)} ${ofAccount}`,
  );
  return rows.map(({ id }) => id);
}
