import { sql } from 'kysely';
import { inIndexOrder } from '../database/index-order.ts';
import type { EntityManager } from '../database/orm.ts';
import type { SessionStatus } from '../generated/schema.ts';
import type { Connection, Cursor, Slice } from '../pagination.ts';
import { at, isEnding, SESSION_COLUMNS, toSession, type SessionRow } from './session.row.ts';
import type { Session, SessionView } from './session.ts';

export interface SessionFilter {
  accountId: string;
  userId?: string;
  status: SessionStatus;
}

const within = (filter: SessionFilter) =>
  filter.userId === undefined
    ? sql`s.account_id = ${filter.accountId}`
    : sql`s.account_id = ${filter.accountId} and s.user_id = ${filter.userId}`;

const afterCursor = (cursor: Cursor | null) =>
  cursor ? sql`(s.authenticated_at, s.id) < (${at(cursor.at)}, ${cursor.id})` : sql`true`;

const LATEST_FIRST = sql`order by s.authenticated_at desc, s.id desc`;

/** At most `limit` sessions from the cursor on, latest sign-in first: as much of an index as that takes. */
const sessionsOf = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) =>
  filter.status === 'ACTIVE'
    ? sql`select ${SESSION_COLUMNS} from live_sessions(${at(now)}) s where ${within(filter)} and ${afterCursor(after)} ${LATEST_FIRST} limit ${limit}`
    : sql`
      with overdue as materialized (${overdueSessions(filter, now)})
      select s.* from (
        (select ${SESSION_COLUMNS} from sessions s
          where s.ended_at is not null and ${within(filter)} and ${afterCursor(after)} ${LATEST_FIRST} limit ${limit})
        union all
        (${pendingEnds(filter, after)} ${LATEST_FIRST} limit ${limit})
        union all
        select s.* from overdue s where ${afterCursor(after)}) s
      ${LATEST_FIRST} limit ${limit}`;

/** Over with very many others and not marked yet. Only an account that has such an ending is looked through. */
const pendingEnds = (filter: SessionFilter, after: Cursor | null) => sql`
  select ${SESSION_COLUMNS} from sessions_as_they_stand s
  where not s.is_marked and s.ended_at is not null and ${within(filter)} and ${afterCursor(after)}
    and exists (select from account_endings where account_id = ${filter.accountId})`;

/**
 * Past a deadline and not marked yet, of which there are as many as come due between two sweeps. `next_check_at` is
 * never later than a deadline, so the sweep's index finds them. It has a lower bound, which excludes nobody, for the
 * planner's sake: it knows how often a check lies in the past among all rows, not among the few open ones, would expect
 * nearly all of them, and read the whole account.
 */
const overdueSessions = (filter: SessionFilter, now: Date) => sql`
  select ${SESSION_COLUMNS} from sessions s
  where s.ended_at is null
    and s.next_check_at between (select min(next_check_at) from sessions where ended_at is null) and ${at(now)}
    and not session_is_live(s, ${at(now)}) and not ${isEnding} and ${within(filter)}`;

/** How many rows have ended the planner knows. */
const inOrderOf = <T>(
  filter: SessionFilter,
  em: EntityManager,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> => (filter.status === 'ACTIVE' ? inIndexOrder(em, work) : work(em));

/** A page of sessions, and one row more than asked for where there is a next page. */
export async function listSessions(
  em: EntityManager,
  filter: SessionFilter,
  { first, after }: Slice,
  now: Date,
): Promise<Session[]> {
  const page = sessionsOf(filter, after, first + 1, now);
  const { rows } = await inOrderOf(filter, em, (em) => sql<SessionRow>`${page}`.execute(em.getKysely()));
  return rows.map(toSession);
}

/** Every live session of one user, latest sign-in first. */
export async function listLiveSessionsOfUser(
  em: EntityManager,
  user: { id: string; accountId: string },
  now: Date,
): Promise<Session[]> {
  const filter: SessionFilter = { accountId: user.accountId, userId: user.id, status: 'ACTIVE' };
  const { rows } = await sql<SessionRow>`
    select ${SESSION_COLUMNS} from live_sessions(${at(now)}) s where ${within(filter)} ${LATEST_FIRST}`.execute(
    em.getKysely(),
  );
  return rows.map(toSession);
}

/** How many there are, up to `limit`. */
export async function countSessions(
  em: EntityManager,
  filter: SessionFilter,
  limit: number,
  now: Date,
): Promise<number> {
  const count = sql<{ count: number }>`
    select count(*)::int as count from (${sessionsOf(filter, null, limit, now)}) s`;
  const { rows } = await inOrderOf(filter, em, (em) => count.execute(em.getKysely()));
  return rows[0]!.count;
}

export type SessionPage = Connection<SessionView>;
