import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { PREPARED } from '../database/prepared-statements.ts';
import type { Role } from '../generated/schema.ts';
import { toSession, type SessionRow } from './session.row.ts';
import type { Session } from './session.ts';

export interface SessionOfUser {
  session: Session;
  user: { name: string; role: Role; isActive: boolean };
}

export type SessionOfUserRow = SessionRow & { user_name: string; user_role: Role; user_is_active: boolean };

export const toSessionOfUser = (row: SessionOfUserRow): SessionOfUser => ({
  session: toSession(row),
  user: { name: row.user_name, role: row.user_role, isActive: row.user_is_active },
});

/** The rows that checks of tokens read, with the standing of their users. */
export async function findSessionsOfUsers(
  em: EntityManager,
  ids: readonly string[],
): Promise<SessionOfUser[]> {
  const { rows } = await sql<SessionOfUserRow>`${PREPARED}
    select s.*, u.name as user_name, u.role as user_role, u.is_active as user_is_active
    from sessions s join users u on u.id = s.user_id where s.id = any(${ids}::text[])`.execute(
    em.getKysely(),
  );
  return rows.map(toSessionOfUser);
}

/** One of them. */
export async function findSessionOfUser(em: EntityManager, id: string): Promise<SessionOfUser | null> {
  const [found] = await findSessionsOfUsers(em, [id]);
  return found ?? null;
}

export async function findSession(em: EntityManager, id: string): Promise<Session | null> {
  const { rows } = await sql<SessionRow>`select s.* from sessions s where s.id = ${id}`.execute(
    em.getKysely(),
  );
  return rows[0] ? toSession(rows[0]) : null;
}

export async function findSessions(em: EntityManager, ids: readonly string[]): Promise<Session[]> {
  const { rows } = await sql<SessionRow>`select s.* from sessions s where s.id = any(${ids}::text[])`.execute(
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
    select s.* from unnest(
      ${known.map(({ id }) => id)}::text[],
      ${known.map(({ idleExpiresAt }) => idleExpiresAt.toISOString())}::timestamptz[],
      ${known.map(({ absoluteExpiresAt }) => absoluteExpiresAt.toISOString())}::timestamptz[]) as k (id, idle_at, absolute_at)
    join sessions s on s.id = k.id
    where s.ended_at is not null or s.idle_expires_at <> k.idle_at or s.absolute_expires_at <> k.absolute_at`.execute(
    em.getKysely(),
  );
  return rows.map(toSession);
}
