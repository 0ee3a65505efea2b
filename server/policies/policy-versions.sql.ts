import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { PolicyApplication } from '../generated/schema.ts';
import type { PolicyColumns } from '../rules/account-policy.ts';

/** A saved version of an account's policy, with the columns of the account as they were stored with it. */
export interface PolicyVersion extends Required<PolicyColumns> {
  version: number;
  createdAt: Date;
  /** Null: no user, or not known. */
  createdById: string | null;
  /** What was in force with it, in minutes. Null: not known, where the trail no longer had the row of the change. */
  effectiveIdleMinutes: number | null;
  effectiveAbsoluteMinutes: number | null;
  apply: PolicyApplication;
  endedSessions: number;
  shortenedSessions: number;
  restoredFrom: number | null;
}

/** Writes a version in the transaction of its save. The caller holds the account's lock. */
export async function insertPolicyVersion(
  em: EntityManager,
  accountId: string,
  saved: PolicyVersion,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    insert into session_policy_versions (account_id, version, created_at, created_by_id, idle_minutes, absolute_minutes,
      effective_idle_minutes, effective_absolute_minutes, policy_rules, max_sessions_per_user, session_limit_action, apply,
      ended_sessions, shortened_sessions, restored_from)
    values (${accountId}, ${saved.version}, ${saved.createdAt}, ${saved.createdById}, ${saved.idleMinutes},
      ${saved.absoluteMinutes}, ${saved.effectiveIdleMinutes}, ${saved.effectiveAbsoluteMinutes},
      ${JSON.stringify(saved.policyRules)}::jsonb, ${saved.maxSessionsPerUser}, ${saved.sessionLimitAction}, ${saved.apply},
      ${saved.endedSessions}, ${saved.shortenedSessions}, ${saved.restoredFrom})`,
  );
}

const COLUMNS =
  sql.raw(`v.version, v.created_at as "createdAt", v.created_by_id as "createdById", v.idle_minutes as "idleMinutes",
  v.absolute_minutes as "absoluteMinutes", v.effective_idle_minutes as "effectiveIdleMinutes",
  v.effective_absolute_minutes as "effectiveAbsoluteMinutes", v.policy_rules as "policyRules",
  v.max_sessions_per_user as "maxSessionsPerUser", v.session_limit_action as "sessionLimitAction", v.apply,
  v.ended_sessions as "endedSessions", v.shortened_sessions as "shortenedSessions", v.restored_from as "restoredFrom"`);

type VersionRow = Omit<PolicyVersion, 'createdAt'> & { createdAt: string };

const toVersion = (row: VersionRow): PolicyVersion => ({ ...row, createdAt: instant(row.createdAt) });

/** Lists up to `limit` versions before `before`, newest first. Null: from the latest. */
export async function listPolicyVersions(
  em: EntityManager,
  accountId: string,
  before: number | null,
  limit: number,
): Promise<PolicyVersion[]> {
  const rows = await rowsOf(
    em,
    sql<VersionRow>`
    select ${COLUMNS} from session_policy_versions v
    where v.account_id = ${accountId} and ${before === null ? sql`true` : sql`v.version < ${before}`}
    order by v.version desc limit ${limit}`,
  );
  return rows.map(toVersion);
}

/** Null: the account has no such version. */
export async function findPolicyVersion(
  em: EntityManager,
  accountId: string,
  version: number,
): Promise<PolicyVersion | null> {
  const [row] = await rowsOf(
    em,
    sql<VersionRow>`
    select ${COLUMNS} from session_policy_versions v where v.account_id = ${accountId} and v.version = ${version}`,
  );
  return row ? toVersion(row) : null;
}

/** Counts the versions of an account, up to `limit`. */
export async function countPolicyVersions(
  em: EntityManager,
  accountId: string,
  limit: number,
): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count
    from (select from session_policy_versions where account_id = ${accountId} limit ${limit}) v`,
  );
  return row!.count;
}

/** Reads the versions that may count for a session: the one at its authentication, and those up to its end. In order. */
export async function readVersionsDuring(
  em: EntityManager,
  accountId: string,
  authenticatedAt: Date,
  until: Date,
): Promise<PolicyVersion[]> {
  const rows = await rowsOf(
    em,
    sql<VersionRow>`
    select ${COLUMNS} from session_policy_versions v
    where v.account_id = ${accountId} and v.created_at <= ${until}::timestamptz and v.version >= coalesce((
      -- Before that very millisecond: what was saved in it may be older or newer than the session.
      select max(b.version) from session_policy_versions b
      where b.account_id = ${accountId} and b.created_at < ${authenticatedAt}::timestamptz), 1)
    order by v.version`,
  );
  return rows.map(toVersion);
}
