import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { listOf, PREPARED, type ListType } from '../database/prepared-statements.ts';
import { at, isLive, SESSION_COLUMNS, toSession, type SessionRow } from './session.row.ts';
import type { Session } from './session.ts';

/** Where activity at a moment moves the idle deadline: never back, and never past the absolute one. */
export const idleAfterActivity = (moment: RawBuilder<string>) =>
  sql`greatest(s.idle_expires_at, least(${moment} + s.idle_seconds * interval '1 second', s.absolute_expires_at))`;

export const lastActivity = (moment: RawBuilder<string>) => sql`greatest(s.last_activity_at, ${moment})`;

/** Records activity on a live session. Null when it is no longer live. */
export async function touchSession(em: EntityManager, id: string, now: Date): Promise<Session | null> {
  const { rows } = await sql<SessionRow>`
    update sessions s set last_activity_at = ${lastActivity(at(now))}, idle_expires_at = ${idleAfterActivity(at(now))}
    where s.id = ${id} and ${isLive(at(now))}
    returning ${SESSION_COLUMNS}`.execute(em.getKysely());
  return rows[0] ? toSession(rows[0]) : null;
}

/** Activity on one session, of which only the first and the last moment matter. */
export interface ActivitySpan {
  id: string;
  /** The session has to have lived then; from there on one moment of activity carried it to the next. */
  firstAt: Date;
  lastAt: Date;
}

export interface WrittenActivity {
  writtenIds: string[];
  /** Live sessions that somebody else held locked, left alone for another time. Only with `skipLocked`. */
  skippedIds: string[];
}

/**
 * Records activity on many sessions at once. Only moments are passed: the deadline is computed from the row as it is
 * then, so a policy that was applied meanwhile stays applied, and a session that has ended stays ended.
 */
export async function writeActivity(
  em: EntityManager,
  spans: readonly ActivitySpan[],
  { skipLocked }: { skipLocked: boolean },
): Promise<WrittenActivity> {
  const column = (type: ListType, of: (span: ActivitySpan) => unknown) => listOf(type, spans.map(of));
  const { rows } = await sql<{ id: string; is_skipped: boolean }>`${PREPARED}
    with span as (
      select * from unnest(
        ${column('text', ({ id }) => id)},
        ${column('timestamptz', ({ firstAt }) => firstAt.toISOString())},
        ${column('timestamptz', ({ lastAt }) => lastAt.toISOString())}) as given (id, first_at, last_at)),
    held as (
      select s.id, span.first_at, span.last_at from sessions s join span on span.id = s.id
      order by s.id for no key update of s ${skipLocked ? sql`skip locked` : sql``}),
    missed as (
      select * from span where not exists (select from held where held.id = span.id)),
    written as (
      update sessions s set
        last_activity_at = ${lastActivity(sql`held.last_at`)}, idle_expires_at = ${idleAfterActivity(sql`held.last_at`)}
      from held where s.id = held.id and ${isLive(sql`held.first_at`)}
      returning s.id)
    select id, false as is_skipped from written
    union all
    select s.id, true from missed join sessions s on s.id = missed.id where ${isLive(sql`missed.first_at`)}`.execute(
    em.getKysely(),
  );
  return {
    writtenIds: rows.filter((row) => !row.is_skipped).map(({ id }) => id),
    skippedIds: rows.filter((row) => row.is_skipped).map(({ id }) => id),
  };
}
