import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { listOf, PREPARED, type ListType } from '../database/prepared-statements.ts';
import { writePendingPolicies } from './policy-application.sql.ts';
import { at, hasPendingPolicy, isLive, SESSION_COLUMNS, toSession, type SessionRow } from './session-row.ts';
import type { Session } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';

/**
 * The idle deadline after activity at a moment: never earlier than before, never later than the absolute deadline. An
 * imported session has no idle limit before its one rotation, so activity moves nothing: `least` would ignore the null
 * and undo an applied policy.
 */
export const idleAfterActivity = (moment: RawBuilder<string>) =>
  sql`greatest(s.idle_expires_at, case when s.idle_seconds is not null
    then least(${moment} + s.idle_seconds * interval '1 second', s.absolute_expires_at) end)`;

export const lastActivity = (moment: RawBuilder<string>) => sql`greatest(s.last_activity_at, ${moment})`;

/** Waits for the session's row lock, in a transaction, and writes a pending policy into the row. */
export async function lockSession(em: EntityManager, id: string): Promise<void> {
  await rowsOf(em, sql`select from sessions where id = ${id} for no key update`);
  await writePendingPolicies(em, sql`s.id = ${id}`);
}

/** Records activity on a live session. Null: it is no longer live or, with `skipLocked`, its row is locked. */
export async function touchSession(
  em: EntityManager,
  id: string,
  now: Date,
  { skipLocked } = { skipLocked: false },
): Promise<Session | null> {
  const row = skipLocked ? sql`(select id from sessions where id = ${id} for no key update skip locked)` : id;
  const rows = await rowsOf(
    em,
    sql<SessionRow>`
    update sessions s set last_activity_at = ${lastActivity(at(now))}, idle_expires_at = ${idleAfterActivity(at(now))}
    where s.id = ${row} and ${isLive(at(now))}
    returning ${SESSION_COLUMNS}`,
  );
  return rows[0] ? toSession(rows[0]) : null;
}

/** Activity on one session. Only its first and its last moment matter. */
export interface ActivitySpan {
  id: string;
  /** The session must be live at this moment. From there, each activity carried it to the next. */
  firstAt: Date;
  lastAt: Date;
}

export interface WrittenActivity {
  writtenIds: string[];
  /** Live sessions whose rows were locked, to try again later. Only with `skipLocked`. */
  skippedIds: string[];
  /** Sessions into which a policy has to be written first. */
  underPolicyIds: string[];
}

/**
 * Records activity on many sessions in one statement. It passes only moments and computes each deadline from the row, so
 * an applied policy stays applied and an ended session stays ended.
 */
export async function writeActivity(
  em: EntityManager,
  spans: readonly ActivitySpan[],
  { skipLocked }: { skipLocked: boolean },
): Promise<WrittenActivity> {
  const column = (type: ListType, of: (span: ActivitySpan) => unknown) => listOf(type, spans.map(of));
  const rows = await rowsOf(
    em,
    sql<{ id: string; outcome: 'written' | 'skipped' | 'under policy' }>`${PREPARED}
    with span as (
      select * from unnest(
        ${column('text', ({ id }) => id)},
        ${column('timestamptz', ({ firstAt }) => firstAt.toISOString())},
        ${column('timestamptz', ({ lastAt }) => lastAt.toISOString())}) as given (id, first_at, last_at)),
    locked as (
      select s.id, span.first_at, span.last_at from sessions s join span on span.id = s.id
      order by s.id for no key update of s ${skipLocked ? sql`skip locked` : sql``}),
    missed as (
      select * from span where not exists (select from locked where locked.id = span.id)),
    written as (
      update sessions s set
        last_activity_at = ${lastActivity(sql`locked.last_at`)}, idle_expires_at = ${idleAfterActivity(sql`locked.last_at`)}
      from locked where s.id = locked.id and ${isLive(sql`locked.first_at`)}
      returning s.id)
    select id, 'written' as outcome from written
    union all
    select s.id, 'skipped' from missed join sessions s on s.id = missed.id where ${isLive(sql`missed.first_at`)}
    union all
    select s.id, 'under policy' from span join sessions s on s.id = span.id
      where s.ended_at is null and ${hasPendingPolicy}`,
  );
  const idsOf = (outcome: string): string[] =>
    rows.filter((row) => row.outcome === outcome).map(({ id }) => id);
  return {
    writtenIds: idsOf('written'),
    skippedIds: idsOf('skipped'),
    underPolicyIds: idsOf('under policy'),
  };
}

/** Like `writeActivity`, where a policy is pending: in a transaction, writes the policy first. */
export async function writeActivityUnderPolicy(
  em: EntityManager,
  spans: readonly ActivitySpan[],
): Promise<WrittenActivity> {
  await writePendingPolicies(em, sql`s.id = any(${spans.map(({ id }) => id)}::text[])`);
  return writeActivity(em, spans, { skipLocked: false });
}
