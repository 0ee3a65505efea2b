import type { AppType, ExpiryReason, SessionEndReason } from '../generated/schema.ts';
import type { UserView } from './user.ts';

/**
 * A session row without its refresh state. Times are the database's, to the millisecond; limits are in seconds.
 */
export interface Session {
  id: string;
  accountId: string;
  userId: string;
  appType: AppType;
  authenticatedAt: Date;
  lastActivityAt: Date;
  /** Policy snapshot. Null only on an imported session before its first rotation. */
  idleSeconds: number | null;
  absoluteSeconds: number | null;
  /** Never later than `absoluteExpiresAt`. */
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  ipAddress: string | null;
  userAgent: string | null;
  endedAt: Date | null;
  endReason: SessionEndReason | null;
  /** As of the session's read. Absent where the session was read without its user. */
  user?: UserView;
}

/** The complete row. Only code that mints or checks refresh tokens reads it. */
export interface SessionWithRefreshState extends Session {
  /** Number of rotations. The live refresh token carries it. */
  generation: number;
  /** When the live token replaced its parent. Before the first rotation: when the session was created. */
  rotatedAt: Date;
  /** Rotation times before `rotatedAt`, latest first. `replacedAt` says how many are kept. */
  recentRotations: readonly Date[];
  /** Claims of the live refresh token, so that a replay mints an identical one. */
  tokenExpiresAt: Date;
  tokenIdleSeconds: number | null;
  tokenAbsoluteSeconds: number | null;
  tokenSecret: Uint8Array;
  /** The hash of the `requestId` of the last rotation or new authentication, each kind hashed in its own way. */
  refreshRequestHash: Uint8Array | null;
  /**
   * The generation whose token a new authentication replaced its parent with. While it is the live one, the parent is
   * refused at once and nothing but that authentication itself is repeated. Null: the user never authenticated again.
   */
  reauthenticatedGeneration: number | null;
  isImported: boolean;
  /** The `sub` of the imported token. It may differ from the user's id. */
  importedSubject: string | null;
  /** False: its refresh cookies last only until the browser is closed. */
  isPersistent: boolean;
}

/** A session as the API returns it. `isCurrent` is set where the request itself created or refreshed the session. */
export type SessionView = Session & { isCurrent?: true };

export type TimeoutReason = 'IDLE_TIMEOUT' | 'ABSOLUTE_TIMEOUT';

export type SessionState =
  | { state: 'live'; expiresAt: Date; reason: ExpiryReason }
  /** Past a deadline, whether or not the row says so yet. */
  | { state: 'expired'; at: Date; reason: ExpiryReason }
  /** Ended before its deadline, for any other reason. */
  | { state: 'ended'; at: Date; reason: Exclude<SessionEndReason, TimeoutReason> };

/**
 * Returns the state of a session at `now`. A deadline equal to `now` has passed. With both deadlines passed, or equal,
 * the reason is ABSOLUTE.
 */
export function evaluateSession(session: EvaluatedFields, now: Date): SessionState {
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

type EvaluatedFields = Deadlines & Pick<Session, 'endedAt' | 'endReason'>;

/** The fields needed to follow a session to its end. */
export type WatchedSession = EvaluatedFields &
  Pick<Session, 'id' | 'accountId' | 'authenticatedAt' | 'idleSeconds' | 'absoluteSeconds'>;

export function nearerDeadline(session: Deadlines): { expiresAt: Date; reason: ExpiryReason } {
  return session.idleExpiresAt < session.absoluteExpiresAt
    ? { expiresAt: session.idleExpiresAt, reason: 'IDLE' }
    : { expiresAt: session.absoluteExpiresAt, reason: 'ABSOLUTE' };
}

export const timeoutReason = (reason: ExpiryReason): TimeoutReason =>
  reason === 'IDLE' ? 'IDLE_TIMEOUT' : 'ABSOLUTE_TIMEOUT';

/** Returns when and why the session had ended by `now`. Null: it is live. */
export function endOfSession(
  session: EvaluatedFields,
  now: Date,
): { endedAt: Date; endReason: SessionEndReason } | null {
  const state = evaluateSession(session, now);
  switch (state.state) {
    case 'live':
      return null;
    case 'expired':
      return { endedAt: state.at, endReason: timeoutReason(state.reason) };
    case 'ended':
      return { endedAt: state.at, endReason: state.reason };
    default:
      return state satisfies never;
  }
}
