import { sql, type RawBuilder } from 'kysely';
import { instant } from '../database/instants.ts';
import type { AppType, SessionEndReason } from '../generated/schema.ts';
import type { SessionWithRefreshState, Session } from '../rules/session.ts';

/** Columns of a `SessionRow`, from a table with the alias `s`. */
export const SESSION_COLUMNS = sql.raw(
  `s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_seconds, s.absolute_seconds,
    s.idle_expires_at, s.absolute_expires_at, s.ip_address, s.user_agent, s.ended_at, s.end_reason`,
);

/** Columns of a `RefreshStateRow`. Not `s.*`: a migration must not change the result of a prepared statement. */
export const REFRESH_STATE_COLUMNS = sql`${SESSION_COLUMNS}, s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
    s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.reauthenticated_generation, s.is_imported, s.imported_subject,
    array_to_string(s.recent_rotations, ',') as recent_rotations,
    s.is_persistent`;

/** A row of `sessions` as both database drivers return it, with timestamps as text. */
export interface SessionRow {
  id: string;
  account_id: string;
  user_id: string;
  app_type: AppType;
  authenticated_at: string;
  last_activity_at: string;
  idle_seconds: number | null;
  absolute_seconds: number | null;
  idle_expires_at: string;
  absolute_expires_at: string;
  ip_address: string | null;
  user_agent: string | null;
  ended_at: string | null;
  end_reason: SessionEndReason | null;
}

/** A complete row of `sessions`, with bytea as bytes. */
export interface RefreshStateRow extends SessionRow {
  generation: number;
  rotated_at: string;
  token_expires_at: string;
  token_idle_seconds: number | null;
  token_absolute_seconds: number | null;
  token_secret: Uint8Array;
  refresh_request_hash: Uint8Array | null;
  reauthenticated_generation: number | null;
  is_imported: boolean;
  imported_subject: string | null;
  /** Comma separated, because the two drivers parse arrays differently. */
  recent_rotations: string;
  is_persistent: boolean;
}

export const instantOrNull = (text: string | null): Date | null => (text === null ? null : instant(text));

/** What an end of a kind that only a newer version knows is shown as. Its node is still running in a rolling upgrade. */
const OTHER_END: SessionEndReason = 'REVOKED_BY_SERVICE';

export const toEndReason = (text: string | null): SessionEndReason | null =>
  text === null || isOneOf(END_REASONS, text) ? text : OTHER_END;

export const toAppType = (text: string): AppType => (isOneOf(APP_TYPES, text) ? text : 'TENANT_APP');

const isOneOf = <Name extends string>(names: Readonly<Record<Name, true>>, text: string): text is Name =>
  Object.hasOwn(names, text);

const APP_TYPES: Readonly<Record<AppType, true>> = { CONTROL_PANEL: true, TENANT_APP: true };
const END_REASONS: Readonly<Record<SessionEndReason, true>> = {
  LOGOUT: true,
  IDLE_TIMEOUT: true,
  ABSOLUTE_TIMEOUT: true,
  REVOKED_BY_USER: true,
  REVOKED_BY_OWNER: true,
  REVOKED_BY_SERVICE: true,
  PASSWORD_CHANGED: true,
  USER_DEACTIVATED: true,
  POLICY_CHANGED: true,
  REFRESH_TOKEN_REUSED: true,
  REPLACED: true,
  SESSION_LIMIT: true,
  SECURITY_EVENT: true,
};

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    accountId: row.account_id,
    userId: row.user_id,
    appType: toAppType(row.app_type),
    authenticatedAt: instant(row.authenticated_at),
    lastActivityAt: instant(row.last_activity_at),
    idleSeconds: row.idle_seconds,
    absoluteSeconds: row.absolute_seconds,
    idleExpiresAt: instant(row.idle_expires_at),
    absoluteExpiresAt: instant(row.absolute_expires_at),
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    endedAt: instantOrNull(row.ended_at),
    endReason: toEndReason(row.end_reason),
  };
}

export function toSessionWithRefreshState(row: RefreshStateRow): SessionWithRefreshState {
  return {
    ...toSession(row),
    generation: row.generation,
    rotatedAt: instant(row.rotated_at),
    tokenExpiresAt: instant(row.token_expires_at),
    tokenIdleSeconds: row.token_idle_seconds,
    tokenAbsoluteSeconds: row.token_absolute_seconds,
    tokenSecret: row.token_secret,
    refreshRequestHash: row.refresh_request_hash,
    reauthenticatedGeneration: row.reauthenticated_generation,
    isImported: row.is_imported,
    importedSubject: row.imported_subject,
    recentRotations: row.recent_rotations === '' ? [] : row.recent_rotations.split(',').map(instant),
    isPersistent: row.is_persistent,
  };
}

/**
 * Whether a pending account revocation ends `s` (docs/decisions/018). Writers add it to their own conditions; readers get
 * it from `effective_sessions` and `live_sessions` (migrations/*-policy-applications.ts).
 */
export const hasPendingRevocation = hasRevocationPendingBefore(sql`null::int`);

/** Of the revocations before a change of the account with that epoch. Null: of all. */
export function hasRevocationPendingBefore(epoch: RawBuilder<unknown>) {
  return sql`exists (
  select from account_revocations r
  where r.account_id = s.account_id and r.epoch > s.revocation_epoch and (${epoch} is null or r.epoch < ${epoch})
    and r.except_user_id is distinct from s.user_id
    and r.ended_at < s.idle_expires_at and r.ended_at < s.absolute_expires_at)`;
}

/**
 * Whether a policy that is in effect has not been written into `s` yet (docs/decisions/037). Its stored deadlines are
 * not the ones that count then: writers write the policy first (`writePendingPolicies`).
 */
export const hasPendingPolicy = sql`exists (
  select from policy_applications p
  where p.account_id = s.account_id and p.epoch > s.revocation_epoch
    and p.applied_at < s.idle_expires_at and p.applied_at < s.absolute_expires_at)`;

/** True when `s` is live at `moment` and no policy is pending. Every writer of live sessions has this condition. */
export const isLive = (moment: RawBuilder<unknown>) =>
  sql`session_is_live(s, ${moment}) and not ${hasPendingRevocation} and not ${hasPendingPolicy}`;

/**
 * Number of account revocations and pending policies so far, which do not affect a session created now. The caller has
 * locked the account.
 */
export const revocationEpochOf = (account: RawBuilder<unknown>) =>
  sql`(select a.revocation_epoch from accounts a where a.id = ${account})`;

/** A timestamp parameter with its type, which PostgreSQL cannot always infer inside an expression. */
export const at = (moment: Date) => sql<string>`${moment}::timestamptz`;
