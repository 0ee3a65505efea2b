import { sql, type RawBuilder } from 'kysely';
import type { User } from '../accounts/user.entity.ts';
import { inIndexOrder } from '../database/index-order.ts';
import type { EntityManager } from '../database/database.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import { rowsOf } from '../database/rows.ts';
import type { Role } from '../generated/schema.ts';
import { matchesSearch, type UserSearch } from './user-search.ts';

export interface ActiveUserView {
  userId: string;
  name: string;
  email: string;
  lastLoginAt: Date | null;
  sessionCount: number;
  isViewer: boolean;
  role: Role;
}

export interface ActiveUserFilter extends UserSearch {
  accountId: string;
}

/** Maximum live sessions of an account up to which a page starts from the sessions; above it, from the users. */
const MAX_SESSIONS_TO_START_FROM = 1_000;

const liveSessions = (accountId: string, now: Date) =>
  sql`live_sessions(${at(now)}) s where s.account_id = ${accountId}`;

const isSignedIn = (accountId: string, now: Date) =>
  sql`exists (select from ${liveSessions(accountId, now)} and s.user_id = u.id)`;

// Last login first, users without a login last: the order of the index `users_account`.
const LAST_LOGIN = sql`coalesce(u.last_login_at, '-infinity')`;
const LAST_LOGIN_FIRST = sql`order by ${LAST_LOGIN} desc, u.id`;

/** Lists the users with a live session, last login first, starting after the user `page.after`. */
export async function listActiveUsers(
  em: EntityManager,
  filter: ActiveUserFilter,
  viewerId: string,
  page: { first: number; after: Pick<User, 'id' | 'lastLoginAt'> | null },
  now: Date,
): Promise<ActiveUserView[]> {
  const { accountId } = filter;
  const pageOf = (candidates: RawBuilder<unknown>) => sql<ActiveUserRow>`
    select u.id as "userId", u.name, u.email, u.last_login_at as "lastLoginAt", live.count as "sessionCount",
      u.role, u.id = ${viewerId} as "isViewer"
    from (
      select u.*, ${LAST_LOGIN} as last_login from users u
      where u.account_id = ${accountId} and ${matchesSearch(filter)} and ${afterUser(page.after)}
        and ${candidates} and ${isSignedIn(accountId, now)}
      ${LAST_LOGIN_FIRST} limit ${page.first}) u
    cross join lateral (
      select count(*)::int as count from ${liveSessions(accountId, now)} and s.user_id = u.id) live
    order by u.last_login desc, u.id`;
  const userIds = await findUsersOfFewSessions(em, accountId, now);
  const rows = userIds
    ? await rowsOf(em, pageOf(sql`u.id = any(${userIds}::uuid[])`))
    : await inIndexOrder(em, (em) => rowsOf(em, pageOf(sql`true`)));
  return rows.map((row) => ({ ...row, lastLoginAt: instantOrNull(row.lastLoginAt) }));
}

type ActiveUserRow = Omit<ActiveUserView, 'lastLoginAt'> & { lastLoginAt: string | null };

/**
 * Returns the user id of each live session when the account has few, else null. With few live sessions a scan of all
 * users finds hardly any match; with many, a scan of the users fills its page soon.
 */
async function findUsersOfFewSessions(
  em: EntityManager,
  accountId: string,
  now: Date,
): Promise<string[] | null> {
  const rows = await inIndexOrder(em, (em) =>
    rowsOf(
      em,
      sql<{ userId: string }>`
      select s.user_id as "userId" from ${liveSessions(accountId, now)}
      order by s.authenticated_at desc, s.id desc limit ${MAX_SESSIONS_TO_START_FROM + 1}`,
    ),
  );
  return rows.length > MAX_SESSIONS_TO_START_FROM ? null : rows.map(({ userId }) => userId);
}

function afterUser(user: Pick<User, 'id' | 'lastLoginAt'> | null) {
  if (user === null) return sql`true`;
  if (user.lastLoginAt == null) return sql`${LAST_LOGIN} = '-infinity' and u.id > ${user.id}`;
  const login = at(user.lastLoginAt);
  // The first condition bounds the index scan; the second one decides among users with an equal last login.
  return sql`${LAST_LOGIN} <= ${login} and (${LAST_LOGIN} < ${login} or u.id > ${user.id})`;
}

/** Counts the users with a live session. Takes time in proportion to the live sessions. */
export async function countActiveUsers(
  em: EntityManager,
  filter: ActiveUserFilter,
  now: Date,
): Promise<number> {
  const rows = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from users u
    where u.account_id = ${filter.accountId} and ${matchesSearch(filter)} and ${isSignedIn(filter.accountId, now)}`,
  );
  return rows[0]!.count;
}
