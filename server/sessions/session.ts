import type { AppType, ExpiryReason, SessionEndReason } from '../generated/schema.ts';

/**
 * The row that decides, without what only its refresh tokens are made of. Times are the database's, to the millisecond;
 * limits are seconds.
 */
export interface Session {
  id: string;
  accountId: string;
  userId: string;
  appType: AppType;
  authenticatedAt: Date;
  lastActivityAt: Date;
  /** The policy snapshot. Null only on an imported session that has not rotated yet. */
  idleSeconds: number | null;
  absoluteSeconds: number | null;
  /** Never later than `absoluteExpiresAt`. */
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  endedAt: Date | null;
  endReason: SessionEndReason | null;
}

/** The whole row: read where refresh tokens are minted or judged, and nowhere else. */
export interface RenewableSession extends Session {
  /** How often the refresh token was exchanged; the live token carries this number. */
  generation: number;
  rotatedAt: Date;
  /** The claims the live refresh token was minted with, so that a replay mints the identical one. */
  tokenExpiresAt: Date;
  tokenIdleSeconds: number | null;
  tokenAbsoluteSeconds: number | null;
  tokenSecret: Uint8Array;
  /** SHA-256 of the `requestId` of the last rotation. */
  refreshRequestHash: Uint8Array | null;
  isImported: boolean;
  /** The `sub` of the token that was imported, which need not be the user's id here. */
  importedSubject: string | null;
}

/** As a caller sees it; `isCurrent` is set where the caller has only just got the session. */
export type SessionView = Session & { isCurrent?: true };

export type TimeoutReason = 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT';

export type Verdict =
  | { state: 'live'; expiresAt: Date; reason: ExpiryReason }
  /** Past a deadline, whether or not the sweeper has marked the row yet. */
  | { state: 'expired'; at: Date; reason: ExpiryReason }
  /** Ended before its deadline by somebody or something. */
  | { state: 'ended'; at: Date; reason: Exclude<SessionEndReason, TimeoutReason> };

/** Whether the session lives at `now`. A deadline equal to now is expired; with both past, or equal, it is ABSOLUTE. */
export function verdict(session: Judged, now: Date): Verdict {
  if (session.endedAt && session.endReason) {
    switch (session.endReason) {
      case 'IDLE_TIMEOUT':
        return { state: 'expired', at: session.endedAt, reason: 'IDLE' };
      case 'ABSOLUTE_TIMEOUT':
        return { state: 'expired', at: session.endedAt, reason: 'ABSOLUTE' };
      default:
        return { state: 'ended', at: session.endedAt, reason: session.endReason };
    }
  }
  if (now >= session.absoluteExpiresAt)
    return { state: 'expired', at: session.absoluteExpiresAt, reason: 'ABSOLUTE' };
  if (now >= session.idleExpiresAt) return { state: 'expired', at: session.idleExpiresAt, reason: 'IDLE' };
  return { state: 'live', ...nearerDeadline(session) };
}

export type Deadlines = Pick<Session, 'idleExpiresAt' | 'absoluteExpiresAt'>;

type Judged = Deadlines & Pick<Session, 'endedAt' | 'endReason'>;

/** What whoever follows a session to its end has to know of it. */
export type WatchedSession = Judged & Pick<Session, 'id' | 'accountId' | 'idleSeconds' | 'absoluteSeconds'>;

export function nearerDeadline(session: Deadlines): { expiresAt: Date; reason: ExpiryReason } {
  return session.idleExpiresAt < session.absoluteExpiresAt
    ? { expiresAt: session.idleExpiresAt, reason: 'IDLE' }
    : { expiresAt: session.absoluteExpiresAt, reason: 'ABSOLUTE' };
}

export const timeoutReason = (reason: ExpiryReason): TimeoutReason =>
  reason === 'IDLE' ? 'IDLE_TIMEOUT' : 'ABSOLUTE_TIMEOUT';

/** When and why the session was over at `now`; null while it lives. */
export function endOf(session: Judged, now: Date): { endedAt: Date; endReason: SessionEndReason } | null {
  const found = verdict(session, now);
  switch (found.state) {
    case 'live':
      return null;
    case 'expired':
      return { endedAt: found.at, endReason: timeoutReason(found.reason) };
    case 'ended':
      return { endedAt: found.at, endReason: found.reason };
    default:
      return found satisfies never;
  }
}
