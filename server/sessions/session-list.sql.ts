import { sql, type RawBuilder } from 'kysely';
import { inIndexOrder } from '../database/index-order.ts';
import { PREPARED } from '../database/prepared-statements.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionOrder, SessionStatus } from '../generated/schema.ts';
import type { Connection, Cursor, Slice } from '../pagination.ts';
import { passedDeadline } from './expire.sql.ts';
import { matchesSearch, type SearchOptions, type SessionSearch } from './session-search.sql.ts';
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
  /** Of ended sessions. Absent: latest sign-in first. */
  orderBy?: SessionOrder;
  search?: SessionSearch;
}

const within = ({ accountId, userId, search }: SessionFilter, options?: SearchOptions) => {
  const conditions = [sql`s.account_id = ${accountId}`];
  if (userId !== undefined) conditions.push(sql`s.user_id = ${userId}`);
  if (search !== undefined) conditions.push(matchesSearch(search, accountId, options));
  return sql.join(conditions, sql` and `);
};

const SIGN_IN = sql`s.authenticated_at`;

const afterCursor = (cursor: Cursor | null, position = SIGN_IN) =>
  cursor ? sql`(${position}, s.id) < (${at(cursor.at)}, ${cursor.id})` : sql`true`;

const latestFirst = (position: RawBuilder<unknown>) => sql`order by ${position} desc, s.id desc`;
const LATEST_FIRST = latestFirst(SIGN_IN);

/** When a session of the list of ended ones ended: its row may not say so yet. */
const endOf = (now: Date) => sql`coalesce(s.ended_at, ${passedDeadline(now)})`;

/** Of a session within the list. */
const positionIn = ({ orderBy }: SessionFilter, now: Date) => (orderBy === 'ENDED_AT' ? endOf(now) : SIGN_IN);

/** Selects up to `limit` sessions after the cursor, in the order of the list, and reads no more of the index than that. */
const selectSessions = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) =>
  filter.status === 'ACTIVE'
    ? selectLiveSessions(filter, after, limit, now)
    : selectEndedSessions(filter, after, limit, now);

/** The function reads an index in order (migrations/*-page-of-live-sessions-by-name.ts). */
const selectLiveSessions = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) =>
  filter.search === undefined
    ? underPendingPolicy(sql`page_of_live_sessions(${filter.accountId}::uuid, ${filter.userId ?? null}::uuid,
        ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text, ${limit}::int, ${at(now)})`)
    : underPendingPolicy(sql`(
        select s.* from live_sessions(${at(now)}) s where ${within(filter)} and ${afterCursor(after)}
        ${LATEST_FIRST} limit ${limit})`);

/** The latest sessions that a search looks at first. Most searches fill their page from them. */
const SEARCHED_FIRST = 2_000;

/** The same page of a search, if the latest sessions fill it. */
const selectAmongLatest = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) =>
  underPendingPolicy(sql`(
    select s.* from (
      select s.* from live_sessions(${at(now)}) s where ${within({ ...filter, search: undefined })} and ${afterCursor(after)}
      ${LATEST_FIRST} limit ${SEARCHED_FIRST}) s
    where ${within(filter, { isForFew: true })} ${LATEST_FIRST} limit ${limit})`);

const selectEndedSessions = (filter: SessionFilter, after: Cursor | null, limit: number, now: Date) => {
  const position = positionIn(filter, now);
  // As the index has it.
  const stored = filter.orderBy === 'ENDED_AT' ? sql`s.ended_at` : SIGN_IN;
  return sql`
  with expired as materialized (${expiredSessions(filter, now)})
  select s.* from (
    (select ${SESSION_COLUMNS} from sessions s
      where s.ended_at is not null and ${within(filter)} and ${afterCursor(after, stored)} ${latestFirst(stored)} limit ${limit})
    union all
    (${endedByPendingChange(filter, after, now)} ${latestFirst(position)} limit ${limit})
    union all
    select s.* from expired s where ${afterCursor(after, position)}) s
  ${latestFirst(position)} limit ${limit}`;
};

/**
 * Sessions that a pending change of the account has ended, or has shortened to a deadline that has passed since. Their
 * rows do not say so yet. Skipped for other accounts.
 */
const endedByPendingChange = (filter: SessionFilter, after: Cursor | null, now: Date) => sql`
  select ${SESSION_COLUMNS} from effective_sessions s
  where not s.is_end_stored and ${within(filter, { device: sql`(select d.device from sessions d where d.id = s.id)` })}
    and ${afterCursor(after, positionIn(filter, now))}
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
  const limit = first + 1;
  if (filter.search !== undefined && filter.status === 'ACTIVE') {
    const latest = await readPage(em, filter, selectAmongLatest(filter, after, limit, now), now);
    if (latest.length === limit) return latest;
  }
  return readPage(em, filter, selectSessions(filter, after, limit, now), now);
}

async function readPage(
  em: EntityManager,
  filter: SessionFilter,
  sessions: RawBuilder<unknown>,
  now: Date,
): Promise<Session[]> {
  const isSearch = filter.search !== undefined;
  // The text is the same for every page of live sessions.
  const prepared = filter.status === 'ACTIVE' && !isSearch ? PREPARED : sql``;
  // `limit 1` makes the planner look up one user a row.
  const page = sql<SessionRow & UserRow>`${prepared}
    select s.*, ${USER_COLUMNS} from (${sessions}) s
    cross join lateral (select * from users where id = s.user_id limit 1) u
    ${latestFirst(positionIn(filter, now))}`;
  // The ends of one user have no index in their order: those are sorted.
  const hasIndex = filter.orderBy === 'ENDED_AT' ? filter.userId === undefined : isSearch;
  const rows = hasIndex ? await inIndexOrder(em, (em) => rowsOf(em, page)) : await rowsOf(em, page);
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
  if (filter.status === 'ENDED') {
    // The order makes no difference to the number, and this one has an index for every filter.
    const ended = selectEndedSessions({ ...filter, orderBy: 'SIGN_IN' }, null, limit, now);
    return filter.search === undefined ? countOf(em, ended) : inIndexOrder(em, (em) => countOf(em, ended));
  }
  const live = sql`select from live_sessions(${at(now)}) s where ${within(filter)} ${LATEST_FIRST} limit ${limit}`;
  return inIndexOrder(em, (em) => countOf(em, live));
}

export type SessionPage = Connection<SessionView>;
