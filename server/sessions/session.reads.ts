import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import type { Role } from '../generated/schema.ts';
import {
  RENEWABLE_SESSION_COLUMNS,
  SESSION_COLUMNS,
  toRenewableSession,
  toSession,
  type RenewableSessionRow,
  type SessionRow,
} from './session.row.ts';
import type { RenewableSession, Session } from './session.ts';

/** A session with the standing of its user. */
export interface SessionOfUser<Row extends Session = Session> {
  session: Row;
  user: { name: string; role: Role; isActive: boolean };
}

/** The columns of a `UserOfSessionRow`, of a table that is called `u`. */
export const USER_COLUMNS = sql.raw(
  'u.name as user_name, u.role as user_role, u.is_active as user_is_active',
);

export interface UserOfSessionRow {
  user_name: string;
  user_role: Role;
  user_is_active: boolean;
}

export const toUser = (row: UserOfSessionRow): SessionOfUser['user'] => ({
  name: row.user_name,
  role: row.user_role,
  isActive: row.user_is_active,
});

/** The rows that checks of tokens read. */
export async function findSessionsOfUsers(
  em: EntityManager,
  ids: readonly string[],
): Promise<SessionOfUser[]> {
  const { rows } = await sql<SessionRow & UserOfSessionRow>`${PREPARED}
    select ${SESSION_COLUMNS}, ${USER_COLUMNS}
    from sessions_as_they_stand s join users u on u.id = s.user_id where s.id = any(${listOf('text', ids)}::text[])`.execute(
    em.getKysely(),
  );
  return rows.map((row) => ({ session: toSession(row), user: toUser(row) }));
}

/** One of them. */
export async function findSessionOfUser(em: EntityManager, id: string): Promise<SessionOfUser | null> {
  const [found] = await findSessionsOfUsers(em, [id]);
  return found ?? null;
}

/** What refresh tokens are judged by. */
export async function findRenewableSessions(
  em: EntityManager,
  ids: readonly string[],
): Promise<SessionOfUser<RenewableSession>[]> {
  const { rows } = await sql<RenewableSessionRow & UserOfSessionRow>`${PREPARED}
    select ${RENEWABLE_SESSION_COLUMNS}, ${USER_COLUMNS}
    from sessions_as_they_stand s join users u on u.id = s.user_id
    where s.id = any(${listOf('text', ids)}::text[])`.execute(em.getKysely());
  return rows.map((row) => ({ session: toRenewableSession(row), user: toUser(row) }));
}

export async function findSession(em: EntityManager, id: string): Promise<Session | null> {
  const { rows } =
    await sql<SessionRow>`select ${SESSION_COLUMNS} from sessions_as_they_stand s where s.id = ${id}`.execute(
      em.getKysely(),
    );
  return rows[0] ? toSession(rows[0]) : null;
}

export async function findSessions(em: EntityManager, ids: readonly string[]): Promise<Session[]> {
  const { rows } =
    await sql<SessionRow>`select ${SESSION_COLUMNS} from sessions_as_they_stand s where s.id = any(${ids}::text[])`.execute(
      em.getKysely(),
    );
  return rows.map(toSession);
}

/** What a node last knew of a session that it watches. */
export interface KnownDeadlines {
  id: string;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
}

/** Of the given sessions those that have ended or moved since, whatever messages were lost. */
export async function findChanged(em: EntityManager, known: readonly KnownDeadlines[]): Promise<Session[]> {
  const { rows } = await sql<SessionRow>`
    select ${SESSION_COLUMNS} from unnest(
      ${known.map(({ id }) => id)}::text[],
      ${known.map(({ idleExpiresAt }) => idleExpiresAt.toISOString())}::timestamptz[],
      ${known.map(({ absoluteExpiresAt }) => absoluteExpiresAt.toISOString())}::timestamptz[]) as k (id, idle_at, absolute_at)
    join sessions_as_they_stand s on s.id = k.id
    where s.ended_at is not null or s.idle_expires_at <> k.idle_at or s.absolute_expires_at <> k.absolute_at`.execute(
    em.getKysely(),
  );
  return rows.map(toSession);
}
