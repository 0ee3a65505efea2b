import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { metByMany } from '../database/index-order.ts';
import { rowsOf } from '../database/rows.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import type { Cursor } from '../pagination.ts';
import { limitsInSeconds } from '../rules/policy.ts';
import type { PolicyInForce } from '../rules/policy-rules.ts';
import { instant } from '../database/instants.ts';
import {
  LIMITS_BY_RULE,
  limitsByKind,
  policyRow,
  SESSIONS_WITH_PENDING_POLICY,
} from './policy-limits.sql.ts';
import { at, hasRevocationPendingBefore } from './session-row.ts';

// A policy is applied to the live sessions of an account: at once to few, and to many by one row that is in effect with
// its commit. Such an application is pending until it has been written into every session. Until then readers take it
// into account (`effective_sessions`, `live_sessions`), and writers write it first (`writePendingPolicies`).

/** What an application changed. */
export interface PolicyApplied {
  /** Sessions already past the policy, which ended with POLICY_CHANGED. */
  endedIds: string[];
  shortenedIds: string[];
}

interface Limits {
  idle: RawBuilder<unknown>;
  absolute: RawBuilder<unknown>;
}

/**
 * The deadlines of `s` under limits in seconds: the earlier of old and new, so no session is lengthened, and never an
 * idle deadline after the absolute one. With limits that are null they are the old ones.
 */
const absoluteUnder = ({ absolute }: Limits) =>
  sql`least(s.absolute_expires_at, s.authenticated_at + ${absolute} * interval '1 second')`;
const idleUnder = (limits: Limits) =>
  sql`least(s.idle_expires_at, s.last_activity_at + ${limits.idle} * interval '1 second', ${absoluteUnder(limits)})`;

/** Under a row `p` with the limits for `s` (policy-limits.sql.ts). */
const LIMITS_OF_ROW: Limits = { idle: sql`p.idle_seconds`, absolute: sql`p.absolute_seconds` };
const absoluteUnderPolicy = absoluteUnder(LIMITS_OF_ROW);
export const idleUnderPolicy = idleUnder(LIMITS_OF_ROW);

/** The live sessions of an account as readers see them, as a table `s` with the columns of a `SessionRow`. */
export const liveSessionsOf = (accountId: string, now: Date) =>
  sql`(${underPendingPolicy(sql`live_sessions(${at(now)})`)} where s.account_id = ${accountId}) s`;

/** Selects sessions from a table of live ones, as readers see them. */
export const underPendingPolicy = (liveSessions: RawBuilder<unknown>) => sql`
  select s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at,
    case when s.idle_seconds is not null then least(s.idle_seconds, ${LIMITS_BY_RULE.idle}) end as idle_seconds,
    case when s.absolute_seconds is not null then least(s.absolute_seconds, ${LIMITS_BY_RULE.absolute}) end as absolute_seconds,
    ${idleUnder(LIMITS_BY_RULE)} as idle_expires_at, ${absoluteUnder(LIMITS_BY_RULE)} as absolute_expires_at,
    s.ip_address, s.user_agent, s.ended_at, s.end_reason
  from ${liveSessions} s
  left join policy_applications p on p.account_id = s.account_id and p.epoch > s.revocation_epoch`;

const isPast = sql`${idleUnderPolicy} <= p.applied_at`;
export const isShorter = sql`(${idleUnderPolicy} < s.idle_expires_at or ${absoluteUnderPolicy} < s.absolute_expires_at)`;
const wasWithinDeadlines = sql`session_is_live(s, p.applied_at)`;
const wasNotRevoked = sql`not ${hasRevocationPendingBefore(sql`p.epoch`)}`;
const wasLive = sql`${wasWithinDeadlines} and ${wasNotRevoked}`;
/** Also where only the snapshot changes, such as the limit of an idle session that is near its absolute deadline. */
const isAffected = sql`(${isShorter} or s.idle_seconds > p.idle_seconds or s.absolute_seconds > p.absolute_seconds)`;

/** Writes the policy of `picked` into its sessions. Rows are locked in id order, as by every other batch. */
async function writePolicy(em: EntityManager, picked: RawBuilder<unknown>): Promise<PolicyApplied> {
  // An imported session has no snapshot (null) before its first rotation, so only its deadlines are shortened.
  const rows = await rowsOf(
    em,
    sql<{ id: string; is_past: boolean; is_shorter: boolean }>`
    with affected as (${picked} order by s.id for no key update of s)
    update sessions s set
      idle_expires_at = case when a.is_past then s.idle_expires_at else a.idle_at end,
      absolute_expires_at = case when a.is_past then s.absolute_expires_at else a.absolute_at end,
      idle_seconds = case when s.idle_seconds is null then null else least(s.idle_seconds, a.idle_seconds) end,
      absolute_seconds = case when s.absolute_seconds is null then null else least(s.absolute_seconds, a.absolute_seconds) end,
      next_check_at = least(s.next_check_at, a.idle_at),
      ended_at = case when a.is_past then a.applied_at end,
      end_reason = case when a.is_past then 'POLICY_CHANGED' end,
      revocation_epoch = coalesce(a.epoch, s.revocation_epoch)
    from affected a where s.id = a.id
    returning s.id, a.is_past, a.is_shorter`,
  );
  return {
    endedIds: rows.filter((row) => row.is_past).map((row) => row.id),
    shortenedIds: rows.filter((row) => row.is_shorter && !row.is_past).map((row) => row.id),
  };
}

/** How many sessions an application changes. */
export interface PolicyCounts {
  /** Live sessions of the account before it. */
  live: number;
  ended: number;
  shortened: number;
}

/** Counts what `policy` does to the live sessions of an account that has no pending policy, in one scan. */
export async function countUnderPolicy(
  em: EntityManager,
  accountId: string,
  policy: PolicyInForce,
  now: Date,
): Promise<PolicyCounts> {
  const rows = await rowsOf(
    em,
    sql<PolicyCounts>`
      select count(*)::int as live,
        count(*) filter (where ${isPast})::int as ended,
        count(*) filter (where not ${isPast} and ${isShorter})::int as shortened
      from live_sessions(${at(now)}) s cross join ${policyRow(policy, now)}
      where s.account_id = ${accountId}`,
  );
  return rows[0]!;
}

const AFFECTED_COLUMNS = sql`s.id, p.epoch, p.applied_at, p.idle_seconds, p.absolute_seconds, ${idleUnderPolicy} as idle_at,
  ${absoluteUnderPolicy} as absolute_at, ${isPast} as is_past, ${isShorter} as is_shorter`;

/** Sessions of an account, or of one of its users. */
export interface PolicyScope {
  accountId: string;
  userId?: string;
}

/**
 * Applies `policy` to every live session in scope. The caller holds the account's lock, and no policy is pending for those
 * sessions.
 */
export const applyPolicy = (
  em: EntityManager,
  { accountId, userId }: PolicyScope,
  policy: PolicyInForce,
  now: Date,
): Promise<PolicyApplied> =>
  writePolicy(
    em,
    sql`select ${AFFECTED_COLUMNS} from sessions s cross join ${policyRow(policy, now)}
    where s.account_id = ${accountId} and ${userId === undefined ? sql`true` : sql`s.user_id = ${userId}`}
      and ${wasLive} and ${isAffected}`,
  );

/** Puts `policy` into effect for every live session of the account. The caller holds the account's lock. */
export async function insertPolicyApplication(
  em: EntityManager,
  accountId: string,
  policy: PolicyInForce,
  now: Date,
): Promise<void> {
  const { idleSeconds, absoluteSeconds } = limitsInSeconds(policy);
  await rowsOf(
    em,
    sql`
      with account as (
        update accounts set revocation_epoch = revocation_epoch + 1 where id = ${accountId}
        returning id, revocation_epoch)
      insert into policy_applications (account_id, epoch, applied_at, idle_seconds, absolute_seconds, limits)
      select id, revocation_epoch, ${at(now)}, ${idleSeconds}::int, ${absoluteSeconds}::int, ${limitsByKind(policy)}::jsonb
      from account`,
  );
}

export async function isPolicyPending(em: EntityManager, accountId: string): Promise<boolean> {
  const rows = await rowsOf(em, sql`select from policy_applications where account_id = ${accountId}`);
  return rows.length > 0;
}

/**
 * Writes pending policies into those of the sessions `s` that `condition` selects, before they change in another way.
 * In a transaction: the rows stay locked until its end.
 */
export async function writePendingPolicies(em: EntityManager, condition: RawBuilder<unknown>): Promise<void> {
  await writePolicy(
    em,
    sql`select ${AFFECTED_COLUMNS} from ${SESSIONS_WITH_PENDING_POLICY}
    where ${condition} and p.epoch > s.revocation_epoch and ${wasLive}`,
  );
}

/** A batch of sessions into which a pending change of their account was written. */
export interface ChangedBatch extends PolicyApplied {
  /** Why those of `endedIds` ended. */
  endReason: SessionEndReason;
  /** Where the next batch starts, so that it skips the sessions before it. Null: at the top. */
  next: Cursor | null;
}

/**
 * Writes the account's pending policy into some of its sessions, latest sign-in first, in a transaction. Deletes the
 * application when a batch from the top finds no session. Null when none is pending, when a revocation is pending that
 * came before it, or when another node is writing it.
 */
export async function writePolicyBatch(
  em: EntityManager,
  accountId: string,
  after: Cursor | null,
  limit: number,
): Promise<ChangedBatch | null> {
  const locked = await rowsOf(
    em,
    sql`
      select from policy_applications p
      where p.account_id = ${accountId}
        and not exists (select from account_revocations r where r.account_id = ${accountId} and r.epoch < p.epoch)
      for update skip locked`,
  );
  if (locked.length === 0) return null;

  const isNext = sql`a.account_id = ${accountId} and s.ended_at is null and ${isAfter(after)}`;
  const isPending = sql`p.epoch > s.revocation_epoch and ${isAffected} and ${wasWithinDeadlines}`;
  const [last] = await rowsOf(
    em,
    sql<{ id: string; authenticated_at: string }>`
      select id, authenticated_at from (
        select s.id, s.authenticated_at from ${SESSIONS_WITH_PENDING_POLICY}
        where ${isNext} and ${metByMany(isPending)} and ${wasNotRevoked} order by s.authenticated_at desc, s.id desc limit ${limit}) picked
      order by authenticated_at, id limit 1`,
  );
  if (!last) {
    if (after === null) await deletePolicyApplication(em, accountId);
    return { endReason: 'POLICY_CHANGED', endedIds: [], shortenedIds: [], next: null };
  }
  const next = { at: instant(last.authenticated_at), id: last.id };
  const written = await writePolicy(
    em,
    sql`select ${AFFECTED_COLUMNS} from ${SESSIONS_WITH_PENDING_POLICY}
    where ${isNext} and ${isPending} and ${wasNotRevoked} and (s.authenticated_at, s.id) >= (${at(next.at)}, ${next.id})`,
  );
  return { ...written, endReason: 'POLICY_CHANGED', next };
}

const isAfter = (after: Cursor | null) =>
  after ? sql`(s.authenticated_at, s.id) < (${at(after.at)}, ${after.id})` : sql`true`;

async function deletePolicyApplication(em: EntityManager, accountId: string): Promise<void> {
  await rowsOf(
    em,
    sql`
      with applied as (delete from policy_applications where account_id = ${accountId} returning epoch)
      update accounts set applied_revocation_epoch = applied.epoch from applied where accounts.id = ${accountId}`,
  );
}
