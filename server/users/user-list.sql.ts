import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { UserStatus } from '../generated/schema.ts';
import type { Connection } from '../pagination.ts';
import type { UserView } from '../rules/user.ts';
import { toUser, USER_COLUMNS, type UserRow } from '../sessions/user-row.ts';
import type { UserCursor } from './user-cursor.ts';
import { matchesSearch, type UserSearch } from './user-search.ts';

export interface UserFilter extends UserSearch {
  accountId: string;
  /** Null: all of them. */
  status: UserStatus | null;
}

/** A user in the list, with the name by which the list orders. */
export type ListedUser = UserView & { sortName: string };

export type UserPage = Connection<UserView>;

// The expressions of the index `users_account_name`.
const SIGN_IN = sql`(case when not u.is_active then 'DEACTIVATED' when u.sign_in_email is null then 'EXTERNAL'
  when u.password_hash is null then 'NO_PASSWORD' else 'PASSWORD' end)`;
const SORT_NAME = sql`lower(u.name collate "C")`;

const IS_LINKED = sql`exists (select from user_identities i where i.user_id = u.id)`;

/** Parts of the index, each in the order of the list, and the state of the users in them. */
const PARTS: readonly { status: UserStatus; condition: ReturnType<typeof sql> }[] = [
  { status: 'DEACTIVATED', condition: sql`${SIGN_IN} = 'DEACTIVATED'` },
  { status: 'EXTERNAL', condition: sql`${SIGN_IN} = 'EXTERNAL'` },
  { status: 'INVITED', condition: sql`${SIGN_IN} = 'NO_PASSWORD' and not ${IS_LINKED}` },
  { status: 'ACTIVE', condition: sql`${SIGN_IN} = 'NO_PASSWORD' and ${IS_LINKED}` },
  { status: 'ACTIVE', condition: sql`${SIGN_IN} = 'PASSWORD'` },
];

/** Selects users from each part that the filter names, at most `limit` of each. */
const selectParts = (
  columns: ReturnType<typeof sql>,
  filter: UserFilter,
  after: UserCursor | null,
  limit: number,
) =>
  sql.join(
    PARTS.filter(({ status }) => filter.status === null || status === filter.status).map(
      ({ status, condition }) => sql`
      (select ${columns}, ${status}::text as status from users u
        where u.account_id = ${filter.accountId} and u.deleted_at is null and ${condition}
          and ${matchesSearch(filter)}
          and ${after ? sql`(${SORT_NAME}, u.id) > (${after.name}, ${after.id}::uuid)` : sql`true`}
        order by ${SORT_NAME}, u.id limit ${limit})`,
    ),
    sql` union all `,
  );

/** Lists a page of the account's users by name, and one extra row when there is a next page. */
export async function listUsers(
  em: EntityManager,
  filter: UserFilter,
  { first, after }: { first: number; after: UserCursor | null },
): Promise<ListedUser[]> {
  const columns = sql`u.id as user_id, u.account_id, ${USER_COLUMNS}, ${SORT_NAME} as sort_name`;
  const rows = await rowsOf(
    em,
    sql<UserRow & { user_id: string; account_id: string; sort_name: string; status: UserStatus }>`
    select * from (${selectParts(columns, filter, after, first + 1)}) u
    order by sort_name collate "C", user_id limit ${first + 1}`,
  );
  return rows.map((row) => ({ ...toUser(row), sortName: row.sort_name, status: row.status }));
}

/** Counts the users of a filter, up to `limit`. */
export async function countUsers(em: EntityManager, filter: UserFilter, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql<{ count: number }>`
    select least(count(*), ${limit})::int as count from (${selectParts(sql`u.id`, filter, null, limit)}) u`,
  );
  return rows[0]!.count;
}
