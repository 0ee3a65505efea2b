import { sql, type Expression } from 'kysely';
import type { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/orm.ts';
import type { SessionStatus } from '../generated/schema.ts';
import type { Connection, Cursor, Slice } from '../pagination.ts';
import { at, instantOrNull, toSession, type SessionRow } from './session.row.ts';
import type { Session, SessionView } from './session.ts';

export interface SessionFilter {
  accountId: string;
  userId?: string;
  status: SessionStatus;
}

const source = (filter: SessionFilter, now: Date) =>
  filter.status === 'ACTIVE'
    ? sql`live_sessions(${at(now)}) s where true`
    : sql`sessions s where not session_is_live(s, ${at(now)})`;

const within = (filter: SessionFilter) =>
  filter.userId === undefined
    ? sql`s.account_id = ${filter.accountId}`
    : sql`s.account_id = ${filter.accountId} and s.user_id = ${filter.userId}`;

/** A page of sessions, latest sign-in first, and one row more than asked for where there is a next page. */
export async function listSessions(
  em: EntityManager,
  filter: SessionFilter,
  slice: Slice,
  now: Date,
): Promise<Session[]> {
  const { rows } = await sql<SessionRow>`
    select s.* from ${source(filter, now)} and ${within(filter)} and ${afterCursor(slice.after)}
    order by s.authenticated_at desc, s.id desc limit ${slice.first + 1}`.execute(em.getKysely());
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
    select s.* from ${source(filter, now)} and ${within(filter)}
    order by s.authenticated_at desc, s.id desc`.execute(em.getKysely());
  return rows.map(toSession);
}

const afterCursor = (cursor: Cursor | null) =>
  cursor ? sql`(s.authenticated_at, s.id) < (${at(cursor.at)}, ${cursor.id})` : sql`true`;

export async function countSessions(
  em: EntityManager,
  filter: SessionFilter,
  limit: number,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from (
      select 1 from ${source(filter, now)} and ${within(filter)} limit ${limit}) s`.execute(em.getKysely());
  return rows[0]!.count;
}

export interface ActiveUserView {
  userId: string;
  name: string;
  email: string;
  lastLoginAt: Date | null;
  sessionCount: number;
  isViewer: boolean;
}

export interface ActiveUserFilter {
  accountId: string;
  /** Part of the name or the e-mail, in whatever case; null: everybody. */
  search: string | null;
}

const activeUsers = ({ accountId, search }: ActiveUserFilter, now: Date) => sql`
  (select s.user_id, count(*) from live_sessions(${at(now)}) s where s.account_id = ${accountId} group by s.user_id) live
  join users u on u.id = live.user_id
  where ${search === null ? sql`true` : sql`(${contains(sql.ref('u.name'), search)} or ${contains(sql.ref('u.email'), search)})`}`;

/** Not LIKE: nothing in the text has a meaning of its own. */
const contains = (column: Expression<unknown>, search: string) =>
  sql`strpos(lower(${column}), lower(${search}::text)) > 0`;

/** Users with at least one live session, last login first, from where the user `after` stands in that order. */
export async function listActiveUsers(
  em: EntityManager,
  filter: ActiveUserFilter,
  viewerId: string,
  page: { first: number; after: Pick<User, 'id' | 'lastLoginAt'> | null },
  now: Date,
): Promise<ActiveUserView[]> {
  const { rows } = await sql<Omit<ActiveUserView, 'lastLoginAt'> & { lastLoginAt: string | null }>`
    select u.id as "userId", u.name, u.email, u.last_login_at as "lastLoginAt", live.count::int as "sessionCount",
      u.id = ${viewerId} as "isViewer"
    from ${activeUsers(filter, now)} and ${afterUser(page.after)}
    order by u.last_login_at desc nulls last, u.id limit ${page.first}`.execute(em.getKysely());
  return rows.map((row) => ({ ...row, lastLoginAt: instantOrNull(row.lastLoginAt) }));
}

function afterUser(user: Pick<User, 'id' | 'lastLoginAt'> | null) {
  if (user === null) return sql`true`;
  if (user.lastLoginAt == null) return sql`(u.last_login_at is null and u.id > ${user.id})`;
  const login = at(user.lastLoginAt);
  return sql`(u.last_login_at < ${login} or u.last_login_at is null or (u.last_login_at = ${login} and u.id > ${user.id}))`;
}

export async function countActiveUsers(
  em: EntityManager,
  filter: ActiveUserFilter,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${activeUsers(filter, now)}`.execute(em.getKysely());
  return rows[0]!.count;
}

export type SessionPage = Connection<SessionView>;
