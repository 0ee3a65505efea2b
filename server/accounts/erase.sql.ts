import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { DELETED_ACCOUNT_NAME, DELETED_USER_NAME } from './deleted.ts';

// A deleted user or account keeps its row, without personal data: sessions and the audit trail refer to it by id. That id
// is the pseudonym (docs/decisions/045-deleting.md).

const erasedColumns = (now: Date) => sql`
  name = ${DELETED_USER_NAME}, email = '', sign_in_email = null, external_id = null, password_hash = null,
  password_version = password_version + 1, role = 'MEMBER', is_active = false, is_active_when_enabled = null,
  last_login_at = null, deleted_at = ${now}`;

/**
 * Locks a user who is to be deleted, after the account. Also waits for transactions that hold `keepUser`. The caller has
 * found the user under the account's lock.
 */
export const lockUserForDeletion = (em: EntityManager, userId: string): Promise<unknown> =>
  rowsOf(em, sql`select 1 from users where id = ${userId} for update`);

/**
 * Keeps a user from being deleted until the commit, for a transaction that writes their personal data without holding
 * the account's lock. False: they are deleted. Does not hold up sign-ins.
 */
export async function keepUser(em: EntityManager, userId: string): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`select 1 from users where id = ${userId} and deleted_at is null for key share`,
  );
  return rows.length === 1;
}

/** Makes a user deleted. The e-mail and the external id are free with the commit. */
export async function eraseUser(em: EntityManager, userId: string, now: Date): Promise<void> {
  await rowsOf(em, sql`update users set ${erasedColumns(now)} where id = ${userId}`);
}

/** Makes an account deleted. Its users are erased later: until then `createSession` refuses them. */
export async function eraseAccount(em: EntityManager, accountId: string, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`update accounts set name = ${DELETED_ACCOUNT_NAME}, external_id = null, deleted_at = ${now} where id = ${accountId}`,
  );
}

/** A position in the index `users_account`. */
export interface UserPosition {
  lastLogin: string;
  id: string;
}

export interface ErasedUsers {
  ids: string[];
  signInEmails: string[];
  /** Null: there are no more. */
  next: UserPosition | null;
}

/** Makes some users of a deleted account deleted, in a transaction. */
export async function eraseUsersOfAccount(
  em: EntityManager,
  accountId: string,
  after: UserPosition | null,
  limit: number,
  now: Date,
): Promise<ErasedUsers> {
  const lastLogin = sql`coalesce(last_login_at, '-infinity')`;
  const isAfter = after
    ? sql`${lastLogin} <= ${after.lastLogin}::timestamptz
        and (${lastLogin} < ${after.lastLogin}::timestamptz or id > ${after.id})`
    : sql`true`;
  const rows = await rowsOf(
    em,
    sql<{ id: string; sign_in_email: string | null; last_login: string }>`
    select id, sign_in_email, ${lastLogin}::text as last_login from users
    where account_id = ${accountId} and deleted_at is null and ${isAfter}
    order by ${lastLogin} desc, id limit ${limit} for update`,
  );
  const ids = rows.map(({ id }) => id);
  await rowsOf(em, sql`update users set ${erasedColumns(now)} where id = any(${ids}::uuid[])`);
  const last = rows.at(-1);
  return {
    ids,
    signInEmails: rows.map((row) => row.sign_in_email).filter((email) => email !== null),
    next: last ? { lastLogin: last.last_login, id: last.id } : null,
  };
}

/** Frees sign-in e-mails that users of a deleted account still have because erasing has not come to them yet. */
export async function releaseEmailsOfDeletedAccounts(
  em: EntityManager,
  signInEmails: readonly string[],
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update users u set sign_in_email = null from accounts a
    where u.sign_in_email = any(${[...signInEmails]}::text[]) and a.id = u.account_id and a.deleted_at is not null`,
  );
}
