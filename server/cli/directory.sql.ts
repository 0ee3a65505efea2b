import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Role, SessionLimitAction } from '../generated/schema.ts';
import type { StoredPolicyRule } from '../accounts/account.entity.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';

export interface ListedAccount {
  id: string;
  name: string;
  externalId: string | null;
  createdAt: Date;
  userCount: number;
  liveSessionCount: number;
  /** Limits that the account chose, in minutes. Null: the system default. */
  idleMinutes: number | null;
  absoluteMinutes: number | null;
  policyRules: readonly StoredPolicyRule[];
  maxSessionsPerUser: number | null;
  sessionLimitAction: SessionLimitAction | null;
  policyVersion: number;
  /** The active ones. */
  owners: { id: string; name: string; email: string }[];
}

export interface ListedUser {
  id: string;
  accountId: string;
  accountName: string;
  externalId: string | null;
  name: string;
  email: string;
  /** Whether the e-mail signs in here. */
  canSignIn: boolean;
  hasPassword: boolean;
  role: Role;
  isActive: boolean;
  lastLoginAt: Date | null;
  createdAt: Date;
  liveSessionCount: number;
}

/** A search matches a part of a name or e-mail, or a whole id. */
const matches = (search: string | null, columns: readonly string[], id: string) => {
  if (search === null) return sql`true`;
  const pattern = `%${search.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`;
  const parts = columns.map((column) => sql`${sql.ref(column)} ilike ${pattern}`);
  return sql`(${sql.join([...parts, sql`${sql.ref(id)}::text = ${search.toLowerCase()}`], sql` or `)})`;
};

/** Lists up to `limit` accounts, oldest first. */
export async function listAccounts(
  em: EntityManager,
  { search, limit }: { search: string | null; limit: number },
  now: Date,
): Promise<ListedAccount[]> {
  const rows = await rowsOf(
    em,
    sql<Omit<ListedAccount, 'createdAt'> & { createdAt: string }>`
    select a.id, a.name, a.external_id as "externalId", a.created_at as "createdAt", a.idle_minutes as "idleMinutes",
      a.absolute_minutes as "absoluteMinutes", a.policy_rules as "policyRules",
      a.max_sessions_per_user as "maxSessionsPerUser", a.session_limit_action as "sessionLimitAction", a.policy_version as "policyVersion",
      (select count(*)::int from users u where u.account_id = a.id) as "userCount",
      (select count(*)::int from live_sessions(${at(now)}) s where s.account_id = a.id) as "liveSessionCount",
      (select coalesce(json_agg(json_build_object('id', u.id, 'name', u.name, 'email', u.email) order by u.created_at, u.id), '[]')
        from users u where u.account_id = a.id and u.role = 'OWNER' and u.is_active) as owners
    from (select * from accounts a where ${matches(search, ['a.name', 'a.external_id'], 'a.id')}
      order by created_at, id limit ${limit}) a
    order by a.created_at, a.id`,
  );
  return rows.map((row) => ({ ...row, createdAt: instant(row.createdAt) }));
}

/** Lists up to `limit` users, of one account or (null) of all, oldest first. */
export async function listUsers(
  em: EntityManager,
  { accountId, search, limit }: { accountId: string | null; search: string | null; limit: number },
  now: Date,
): Promise<ListedUser[]> {
  type Row = Omit<ListedUser, 'createdAt' | 'lastLoginAt'> & {
    createdAt: string;
    lastLoginAt: string | null;
  };
  const rows = await rowsOf(
    em,
    sql<Row>`
    select u.id, u.account_id as "accountId", a.name as "accountName", u.external_id as "externalId", u.name, u.email,
      u.sign_in_email is not null as "canSignIn", u.password_hash is not null as "hasPassword", u.role,
      u.is_active as "isActive", u.last_login_at as "lastLoginAt", u.created_at as "createdAt",
      (select count(*)::int from live_sessions(${at(now)}) s where s.account_id = u.account_id and s.user_id = u.id)
        as "liveSessionCount"
    from (select * from users u
      where ${accountId === null ? sql`true` : sql`u.account_id = ${accountId}`}
        and ${matches(search, ['u.name', 'u.email', 'u.external_id'], 'u.id')}
      order by created_at, id limit ${limit}) u
    join accounts a on a.id = u.account_id
    order by u.created_at, u.id`,
  );
  return rows.map((row) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastLoginAt: instantOrNull(row.lastLoginAt),
  }));
}
