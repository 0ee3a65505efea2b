import { sql, type Expression, type RawBuilder } from 'kysely';
import type { User } from '../accounts/user.entity.ts';
import { inIndexOrder } from '../database/index-order.ts';
import type { EntityManager } from '../database/orm.ts';
import { at, instantOrNull } from './session.row.ts';

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

/** Up to so many live sessions a page of users begins with these, above it with the users. */
const FEW_SESSIONS = 1_000;

const liveSessions = (accountId: string, now: Date) =>
  sql`live_sessions(${at(now)}) s where s.account_id = ${accountId}`;

const isSignedIn = (accountId: string, now: Date) =>
  sql`exists (select from ${liveSessions(accountId, now)} and s.user_id = u.id)`;

const isFound = (search: string | null) =>
  search === null
    ? sql`true`
    : sql`(${contains(sql.ref('u.name'), search)} or ${contains(sql.ref('u.email'), search)})`;

/** Not LIKE: nothing in the text has a meaning of its own. */
const contains = (column: Expression<unknown>, search: string) =>
  sql`strpos(lower(${column}), lower(${search}::text)) > 0`;

// Last login first, and those last of whom none is known; just as the index `users_account` has it.
const LAST_LOGIN = sql`coalesce(u.last_login_at, '-infinity')`;
const LAST_LOGIN_FIRST = sql`order by ${LAST_LOGIN} desc, u.id`;

/** Users with at least one live session, last login first, from where the user `after` stands in that order. */
export async function listActiveUsers(
  em: EntityManager,
  filter: ActiveUserFilter,
  viewerId: string,
  page: { first: number; after: Pick<User, 'id' | 'lastLoginAt'> | null },
  now: Date,
): Promise<ActiveUserView[]> {
  const { accountId, search } = filter;
  const pageOf = (candidates: RawBuilder<unknown>) => sql<ActiveUserRow>`
    select u.id as "userId", u.name, u.email, u.last_login_at as "lastLoginAt", live.count as "sessionCount",
      u.id = ${viewerId} as "isViewer"
    from (
      select u.*, ${LAST_LOGIN} as last_login from users u
      where u.account_id = ${accountId} and ${isFound(search)} and ${afterUser(page.after)}
        and ${candidates} and ${isSignedIn(accountId, now)}
      ${LAST_LOGIN_FIRST} limit ${page.first}) u
    cross join lateral (
      select count(*)::int as count from ${liveSessions(accountId, now)} and s.user_id = u.id) live
    order by u.last_login desc, u.id`;
  const few = await findUsersOfFew(em, accountId, now);
  const { rows } = few
    ? await pageOf(sql`u.id = any(${few}::uuid[])`).execute(em.getKysely())
    : await inIndexOrder(em, (em) => pageOf(sql`true`).execute(em.getKysely()));
  return rows.map((row) => ({ ...row, lastLoginAt: instantOrNull(row.lastLoginAt) }));
}

type ActiveUserRow = Omit<ActiveUserView, 'lastLoginAt'> & { lastLoginAt: string | null };

/**
 * Whose sessions they are, where few are live; else null. After everybody was signed out hardly a user would be found
 * among all those of the account, and where everybody is signed in hardly a session has to be looked at.
 */
async function findUsersOfFew(em: EntityManager, accountId: string, now: Date): Promise<string[] | null> {
  const { rows } = await inIndexOrder(em, (em) =>
    sql<{ userId: string }>`
      select s.user_id as "userId" from ${liveSessions(accountId, now)}
      order by s.authenticated_at desc, s.id desc limit ${FEW_SESSIONS + 1}`.execute(em.getKysely()),
  );
  return rows.length > FEW_SESSIONS ? null : rows.map(({ userId }) => userId);
}

function afterUser(user: Pick<User, 'id' | 'lastLoginAt'> | null) {
  if (user === null) return sql`true`;
  if (user.lastLoginAt == null) return sql`${LAST_LOGIN} = '-infinity' and u.id > ${user.id}`;
  const login = at(user.lastLoginAt);
  // The first half is where the index begins; the rest is about those who signed in at the same moment.
  return sql`${LAST_LOGIN} <= ${login} and (${LAST_LOGIN} < ${login} or u.id > ${user.id})`;
}

/** All of them: as much work as there are live sessions. */
export async function countActiveUsers(
  em: EntityManager,
  { accountId, search }: ActiveUserFilter,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from users u
    where u.account_id = ${accountId} and ${isFound(search)} and ${isSignedIn(accountId, now)}`.execute(
    em.getKysely(),
  );
  return rows[0]!.count;
}
