import { sql } from 'kysely';
import type { AppType, SessionEndReason } from '../generated/schema.ts';
import type { Session } from './session.ts';

/** A row of `sessions` as both drivers deliver it: instants as text, bytea as bytes. */
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
  generation: number;
  rotated_at: string;
  token_expires_at: string;
  token_idle_seconds: number | null;
  token_absolute_seconds: number | null;
  token_secret: Uint8Array;
  refresh_request_hash: Uint8Array | null;
  is_imported: boolean;
  imported_subject: string | null;
  ip_address: string | null;
  user_agent: string | null;
  ended_at: string | null;
  end_reason: SessionEndReason | null;
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
    generation: row.generation,
    rotatedAt: instant(row.rotated_at),
    tokenExpiresAt: instant(row.token_expires_at),
    tokenIdleSeconds: row.token_idle_seconds,
    tokenAbsoluteSeconds: row.token_absolute_seconds,
    tokenSecret: row.token_secret,
    refreshRequestHash: row.refresh_request_hash,
    isImported: row.is_imported,
    importedSubject: row.imported_subject,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    endedAt: instantOrNull(row.ended_at),
    endReason: row.end_reason,
  };
}

/** A parameter that is an instant: PostgreSQL cannot always infer it where it is part of an expression. */
export const at = (moment: Date) => sql<string>`${moment}::timestamptz`;
