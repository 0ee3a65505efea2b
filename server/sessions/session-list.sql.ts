import { sql, type RawBuilder } from 'kysely';
import { inIndexOrder } from '../database/index-order.ts';
import { PREPARED } from '../database/prepared-statements.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionStatus } from '../generated/schema.ts';
import type { Connection, Cursor, Slice } from '../pagination.ts';
import { liveSessionsOf, underPendingPolicy } from './policy-application.sql.ts';
import {
  at,
  hasPendingPolicy,
  hasPendingRevocation,
  SESSION_COLUMNS,
  toSession,
  type SessionRow,
} from './session-row.ts';
import type { Session, SessionView } from '../rules/session.ts';
import { rowsOf } from '../database/rows.ts';
import { USER_COLUMNS, withUser, type UserRow } from './user-row.ts';

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

/** Selects up to `limit` sessions after the cursor, latest sign-in first, and reads no more of the index than that. */
const selectSessions = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) =>
  filter.status === 'ACTIVE'
    ? selectLiveSessions(filter, after, limit, now)
    : selectEndedSessions(filter, after, limit, now);

/** The function reads an index in order (migrations/*-page-of-live-sessions-by-name.ts). */
const selectLiveSessions = (
  { accountId, userId }: SessionFilter,
  after: Cursor | null,
  limit: number,
  now: Date,
) =>
  underPendingPolicy(sql`page_of_live_sessions(${accountId}::uuid, ${userId ?? null}::uuid,
    ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text, ${limit}::int, ${at(now)})`);

const selectEndedSessions = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) => sql`
  with expired as materialized (${expiredSessions(filter, now)})
  select s.* from (
    (select ${SESSION_COLUMNS} from sessions s
      where s.ended_at is not null and ${within(filter)} and ${afterCursor(after)} ${LATEST_FIRST} limit ${limit})
    union all
    (${endedByPendingChange(filter, after, now)} ${LATEST_FIRST} limit ${limit})
    union all
    select s.* from expired s where ${afterCursor(after)}) s
  ${LATEST_FIRST} limit ${limit}`;

/**
 * Sessions that a pending change of the account has ended, or has shortened to a deadline that has passed since. Their
 * rows do not say so yet. Skipped for other accounts.
 */
const endedByPendingChange = (filter: SessionFilter, after: Cursor | null, now: Date) => sql`
  select ${SESSION_COLUMNS} from effective_sessions s
  where not s.is_end_stored and ${within(filter)} and ${afterCursor(after)}
    and (s.ended_at is not null or (s.policy_epoch is not null and s.idle_expires_at <= ${at(now)}))
    and (exists (select from account_revocations where account_id = ${filter.accountId})
      or exists (select from policy_applications where account_id = ${filter.accountId}))`;

/**
 * Expired sessions whose rows do not say so yet: at most those of one sweep interval. `next_check_at` is never later than
 * a deadline, so the sweep's index finds them. Its lower bound excludes no row and is for the planner, whose statistics
 * cover all rows, ended ones included. Without it the planner expects nearly every row and reads the whole account.
 */
const expiredSessions = (filter: SessionFilter, now: Date) => sql`
  select ${SESSION_COLUMNS} from sessions s
  where s.ended_at is null
    and s.next_check_at between (select min(next_check_at) from sessions where ended_at is null) and ${at(now)}
    and not session_is_live(s, ${at(now)}) and not ${hasPendingRevocation} and not ${hasPendingPolicy} and ${within(filter)}`;

/** Lists a page of sessions with their users, and one extra row when there is a next page. */
export async function listSessions(
  em: EntityManager,
  filter: SessionFilter,
  { first, after }: Slice,
  now: Date,
): Promise<Session[]> {
  // The text is the same for every page of live sessions.
  const prepared = filter.status === 'ACTIVE' ? PREPARED : sql``;
  // `limit 1` makes the planner look up one user a row.
  const rows = await rowsOf(
    em,
    sql<SessionRow & UserRow>`${prepared}
    select s.*, ${USER_COLUMNS} from (${selectSessions(filter, after, first + 1, now)}) s
    cross join lateral (select * from users where id = s.user_id limit 1) u
    ${LATEST_FIRST}`,
  );
  return rows.map((row) => withUser(toSession(row), row).session);
}

/** Lists every live session of a user, latest sign-in first. */
export async function listLiveSessionsOfUser(
  em: EntityManager,
  user: { id: string; accountId: string },
  now: Date,
): Promise<Session[]> {
  const filter: SessionFilter = { accountId: user.accountId, userId: user.id, status: 'ACTIVE' };
  const rows = await rowsOf(
    em,
    sql<SessionRow>`
    select ${SESSION_COLUMNS} from ${liveSessionsOf(user.accountId, now)} where ${within(filter)} ${LATEST_FIRST}`,
  );
  return rows.map(toSession);
}

/** Counts the sessions of a filter, up to `limit`. */
export async function countSessions(
  em: EntityManager,
  filter: SessionFilter,
  limit: number,
  now: Date,
): Promise<number> {
  const countOf = async (em: EntityManager, sessions: RawBuilder<unknown>): Promise<number> => {
    const rows = await rowsOf(em, sql<{ count: number }>`select count(*)::int as count from (${sessions}) s`);
    return rows[0]!.count;
  };
  if (filter.status === 'ENDED') return countOf(em, selectEndedSessions(filter, null, limit, now));
  const live = sql`select from live_sessions(${at(now)}) s where ${within(filter)} ${LATEST_FIRST} limit ${limit}`;
  return inIndexOrder(em, (em) => countOf(em, live));
}

export type SessionPage = Connection<SessionView>;
