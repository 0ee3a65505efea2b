import { sql, type RawBuilder } from 'kysely';
import type { AppType, SessionEndReason } from '../generated/schema.ts';
import type { RenewableSession, Session } from './session.ts';

/** The columns of a `SessionRow`, of a table that is called `s`. */
export const SESSION_COLUMNS = sql.raw(
  `s.id, s.account_id, s.user_id, s.app_type, s.authenticated_at, s.last_activity_at, s.idle_seconds, s.absolute_seconds,
    s.idle_expires_at, s.absolute_expires_at, s.ip_address, s.user_agent, s.ended_at, s.end_reason`,
);

/** Those of a `RenewableSessionRow`. Named, not `s.*`: a migration must not change what a prepared statement returns. */
export const RENEWABLE_SESSION_COLUMNS = sql`${SESSION_COLUMNS}, s.generation, s.rotated_at, s.token_expires_at, s.token_idle_seconds,
    s.token_absolute_seconds, s.token_secret, s.refresh_request_hash, s.is_imported, s.imported_subject`;

/** A row of `sessions` as both drivers deliver it: instants as text. */
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

/** The same with bytea as bytes. */
export interface RenewableSessionRow extends SessionRow {
  generation: number;
  rotated_at: string;
  token_expires_at: string;
  token_idle_seconds: number | null;
  token_absolute_seconds: number | null;
  token_secret: Uint8Array;
  refresh_request_hash: Uint8Array | null;
  is_imported: boolean;
  imported_subject: string | null;
}

export const instant = (text: string): Date => new Date(text);
export const instantOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));

export function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    accountId: row.account_id,
    userId: row.user_id,
    appType: row.app_type,
    authenticatedAt: instant(row.authenticated_at),
    lastActivityAt: instant(row.last_activity_at),
    idleSeconds: row.idle_seconds,
    absoluteSeconds: row.absolute_seconds,
    idleExpiresAt: instant(row.idle_expires_at),
    absoluteExpiresAt: instant(row.absolute_expires_at),
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    endedAt: instantOrNull(row.ended_at),
    endReason: row.end_reason,
  };
}

export function toRenewableSession(row: RenewableSessionRow): RenewableSession {
  return {
    ...toSession(row),
    generation: row.generation,
    rotatedAt: instant(row.rotated_at),
    tokenExpiresAt: instant(row.token_expires_at),
    tokenIdleSeconds: row.token_idle_seconds,
    tokenAbsoluteSeconds: row.token_absolute_seconds,
    tokenSecret: row.token_secret,
    refreshRequestHash: row.refresh_request_hash,
    isImported: row.is_imported,
    importedSubject: row.imported_subject,
  };
}

/**
 * Whether `s` is among the sessions of an ending that is not wholly marked (docs/decisions/018). Writers ask for it beside
 * their own conditions; the functions that reads select from hold it too (migrations/*-pending-endings.ts).
 */
export const isEnding = sql`exists (
  select from account_endings e
  where e.account_id = s.account_id and e.number > s.born_after and e.except_user_id is distinct from s.user_id
    and e.ended_at < s.idle_expires_at and e.ended_at < s.absolute_expires_at)`;

/** The condition on `s` of every writer that is about live sessions. */
export const isLive = (moment: RawBuilder<unknown>) => sql`session_is_live(s, ${moment}) and not ${isEnding}`;

/** How many endings the account has had: what a session that is born now is not ended by. The caller holds the account. */
export const endingsOf = (account: RawBuilder<unknown>) =>
  sql`(select a.endings from accounts a where a.id = ${account})`;

/** A parameter that is an instant: PostgreSQL cannot always infer it where it is part of an expression. */
export const at = (moment: Date) => sql<string>`${moment}::timestamptz`;
