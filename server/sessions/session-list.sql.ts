import { sql, type RawBuilder } from 'kysely';
import { inIndexOrder, inStoredOrder } from '../database/index-order.ts';
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

/** Of which sessions a search is answered. Absent: of all. */
interface SearchStep extends SearchOptions {
  /** Only of so many after the cursor. */
  latest?: number;
  /** See `expiredSessions`. */
  checkedFrom?: RawBuilder<unknown>;
}

/** The function reads an index in order (migrations/*-page-of-live-sessions-by-name.ts). */
const selectLiveSessions = (
  filter: SessionFilter,
  after: Cursor | null,
  limit: number,
  now: Date,
  step: SearchStep = {},
) =>
  filter.search === undefined
    ? underPendingPolicy(sql`page_of_live_sessions(${filter.accountId}::uuid, ${filter.userId ?? null}::uuid,
        ${after?.at ?? null}::timestamptz, ${after?.id ?? null}::text, ${limit}::int, ${at(now)})`)
    : underPendingPolicy(sql`(
        select s.* from ${latestOf(liveAfter(filter, after, now), LATEST_FIRST, step)} s
        where ${within(filter, step)} and ${afterCursor(after)} ${LATEST_FIRST} limit ${limit})`);

/** The list without its search. */
const liveAfter = (filter: SessionFilter, after: Cursor | null, now: Date) => sql`
  select s.* from live_sessions(${at(now)}) s where ${within({ ...filter, search: undefined })} and ${afterCursor(after)}`;

const latestOf = (sessions: RawBuilder<unknown>, order: RawBuilder<unknown>, { latest }: SearchStep) =>
  latest === undefined ? sql`(${sessions})` : sql`(${sessions} ${order} limit ${latest})`;

/** As the index has it. */
const storedPositionIn = ({ orderBy }: SessionFilter) => (orderBy === 'ENDED_AT' ? sql`s.ended_at` : SIGN_IN);

/** The stored part of the list without its search. */
const endedAfter = (filter: SessionFilter, after: Cursor | null) => sql`
  select s.* from sessions s where s.ended_at is not null and ${within({ ...filter, search: undefined })}
    and ${afterCursor(after, storedPositionIn(filter))}`;

/**
 * With `latest`: empty, unless those rows alone fill the page. Among the others there may be some that come before the rest
 * of it.
 */
const selectEndedSessions = (
  filter: SessionFilter,
  after: Cursor | null,
  limit: number,
  now: Date,
  step: SearchStep = {},
) => {
  const position = positionIn(filter, now);
  const storedFirst = latestFirst(storedPositionIn(filter));
  return sql`
  with expired as materialized (${expiredSessions(filter, now, step.checkedFrom)}), stored as materialized (
    select ${SESSION_COLUMNS} from ${latestOf(endedAfter(filter, after), storedFirst, step)} s
    where ${within(filter, step)} ${storedFirst} limit ${limit})
  select s.* from (
    select s.* from stored s
    union all
    (${endedByPendingChange(filter, after, now)} ${latestFirst(position)} limit ${limit})
    union all
    select s.* from expired s where ${afterCursor(after, position)}) s
  where ${step.latest === undefined ? sql`true` : sql`(select count(*) from stored) = ${limit}`}
  ${latestFirst(position)} limit ${limit}`;
};

/** As many as there are, up to `limit`. In no order, so that the first ones found are enough. */
const selectFoundSessions = (
  filter: SessionFilter,
  limit: number,
  now: Date,
  checkedFrom: RawBuilder<unknown>,
) =>
  filter.status === 'ACTIVE'
    ? sql`select from live_sessions(${at(now)}) s where ${within(filter)} limit ${limit}`
    : sql`select from (
        (select from sessions s where s.ended_at is not null and ${within(filter)} limit ${limit})
        union all (select from (${endedByPendingChange(filter, null, now)} limit ${limit}) s)
        union all select from (${expiredSessions(filter, now, checkedFrom)}) s) s limit ${limit}`;

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
const expiredSessions = (filter: SessionFilter, now: Date, checkedFrom = sql`(${FIRST_CHECK})`) => sql`
  select ${SESSION_COLUMNS} from sessions s
  where s.ended_at is null and s.next_check_at between ${checkedFrom} and ${at(now)}
    and not session_is_live(s, ${at(now)}) and not ${hasPendingRevocation} and not ${hasPendingPolicy} and ${within(filter)}`;

const FIRST_CHECK = sql`select min(next_check_at) from sessions where ended_at is null`;

/** The lower bound of `expiredSessions`, for a statement in stored order, which would read the whole table for it. */
async function readFirstCheck(em: EntityManager): Promise<RawBuilder<unknown>> {
  const rows = await rowsOf(em, sql<{ first: string | null }>`select (${FIRST_CHECK})::text as first`);
  return sql`${rows[0]!.first}::timestamptz`;
}

/** Lists a page of sessions with their users, and one extra row when there is a next page. */
export async function listSessions(
  em: EntityManager,
  filter: SessionFilter,
  { first, after }: Slice,
  now: Date,
): Promise<Session[]> {
  const limit = first + 1;
  return filter.search !== undefined && hasIndexInOrder(filter)
    ? searchSessions(em, filter, { after, limit }, now)
    : readPage(em, filter, selectSessions(filter, after, limit, now), now);
}

/** The latest sessions that a search looks at first. Most searches fill their page from them. */
const FEW = 2_000;
/** Those that it looks at next: they fill the page where one in a thousand matches. */
const MANY = 20_000;

/** Reads a page of a search: from few sessions, from many, and then from the whole list. */
async function searchSessions(
  em: EntityManager,
  filter: SessionFilter,
  { after, limit }: { after: Cursor | null; limit: number },
  now: Date,
): Promise<Session[]> {
  const select = filter.status === 'ACTIVE' ? selectLiveSessions : selectEndedSessions;
  const search = (step: SearchStep) => readPage(em, filter, select(filter, after, limit, now, step), now);
  const amongFew = await search({ latest: FEW, isForFew: true });
  if (amongFew.length === limit) return amongFew;
  if (!(await hasMoreThan(FEW, em, filter, after, now))) return search({ isForFew: true });
  const amongMany = await search({ latest: MANY });
  if (amongMany.length === limit) return amongMany;
  const checkedFrom = await readFirstCheck(em);
  return readPage(em, filter, select(filter, after, limit, now, { checkedFrom }), now, inStoredOrder);
}

/** Whether the list, without its search, has more than `count` sessions after the cursor. */
async function hasMoreThan(
  count: number,
  em: EntityManager,
  filter: SessionFilter,
  after: Cursor | null,
  now: Date,
): Promise<boolean> {
  const isActive = filter.status === 'ACTIVE';
  const sessions = isActive ? liveAfter(filter, after, now) : endedAfter(filter, after);
  const order = isActive ? LATEST_FIRST : latestFirst(storedPositionIn(filter));
  const rows = await inIndexOrder(em, (em) =>
    rowsOf(em, sql`select from (${sessions} ${order} offset ${count} limit 1) s`),
  );
  return rows.length > 0;
}

/** The ends of one user have no index in their order: those are sorted. */
const hasIndexInOrder = ({ orderBy, userId }: SessionFilter): boolean =>
  orderBy !== 'ENDED_AT' || userId === undefined;

/** @param reading how a search is read */
async function readPage(
  em: EntityManager,
  filter: SessionFilter,
  sessions: RawBuilder<unknown>,
  now: Date,
  reading = inIndexOrder,
): Promise<Session[]> {
  const isSearch = filter.search !== undefined;
  // The text is the same for every page of live sessions.
  const prepared = filter.status === 'ACTIVE' && !isSearch ? PREPARED : sql``;
  // `limit 1` makes the planner look up one user a row.
  const page = sql<SessionRow & UserRow>`${prepared}
    select s.*, ${USER_COLUMNS} from (${sessions}) s
    cross join lateral (select * from users where id = s.user_id limit 1) u
    ${latestFirst(positionIn(filter, now))}`;
  const isOrdered = hasIndexInOrder(filter) && (isSearch || filter.orderBy === 'ENDED_AT');
  const rows = isOrdered ? await reading(em, (em) => rowsOf(em, page)) : await rowsOf(em, page);
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
  if (filter.search !== undefined) {
    const checkedFrom = await readFirstCheck(em);
    return inStoredOrder(em, (em) => countOf(em, selectFoundSessions(filter, limit, now, checkedFrom)));
  }
  // The order makes no difference to the number, and this one has an index for every filter.
  if (filter.status === 'ENDED')
    return countOf(em, selectEndedSessions({ ...filter, orderBy: 'SIGN_IN' }, null, limit, now));
  const live = sql`select from live_sessions(${at(now)}) s where ${within(filter)} ${LATEST_FIRST} limit ${limit}`;
  return inIndexOrder(em, (em) => countOf(em, live));
}

export type SessionPage = Connection<SessionView>;
