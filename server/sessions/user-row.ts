import { sql } from 'kysely';
import type { Role } from '../generated/schema.ts';
import type { Session } from '../rules/session.ts';
import type { UserView } from '../rules/user.ts';
import { instantOrNull } from './session-row.ts';

const COLUMNS = ['name', 'email', 'external_id', 'sign_in_email', 'role', 'is_active', 'last_login_at'];

/** Columns of a `UserRow`, from the table `users` with the alias `u`. */
export const USER_COLUMNS = sql.raw(COLUMNS.map((name) => `u.${name} as user_${name}`).join(', '));

/** The same columns out of a common table expression that selected them. */
export const userColumnsOf = (table: string) =>
  sql.raw(COLUMNS.map((name) => `${table}.user_${name}`).join(', '));

/** The user of a session, in the row of that session. */
export interface UserRow {
  user_name: string;
  user_email: string;
  user_external_id: string | null;
  user_sign_in_email: string | null;
  user_role: Role;
  user_is_active: boolean;
  user_last_login_at: string | null;
}

export const toUser = (row: UserRow & { user_id: string; account_id: string }): UserView => ({
  id: row.user_id,
  accountId: row.account_id,
  externalId: row.user_external_id,
  name: row.user_name,
  email: row.user_email,
  signInEmail: row.user_sign_in_email,
  // A role that only a newer version knows has the fewest rights here.
  role: row.user_role === 'OWNER' ? 'OWNER' : 'MEMBER',
  isActive: row.user_is_active,
  lastLoginAt: instantOrNull(row.user_last_login_at),
});

/** A session with its user, from one row. */
export interface SessionWithUser<Row extends Session = Session> {
  session: Row;
  user: UserView;
}

/** Adds the user of `row` to its session, where the API finds it without another read. */
export function withUser<Row extends Session>(
  session: Row,
  row: UserRow & { user_id: string; account_id: string },
): SessionWithUser<Row> {
  const user = toUser(row);
  session.user = user;
  return { session, user };
}
