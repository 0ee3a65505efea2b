import { SECOND } from '../refresh/session-rows.ts';
import { isLive, iso, type ModelSession } from './session-model.ts';

// Events that a subscriber of `sessionExpiry` gets by the contract.

/** Events that one subscription has got. */
export interface Told {
  /** Deadlines with a sent warning. */
  readonly warnedIdle: number | null;
  readonly warnedAbsolute: number | null;
  /** A stricter policy was applied and is not sent yet. */
  readonly isShortened: boolean;
  /** The user has authenticated again, which is not sent yet. */
  readonly isReauthenticated: boolean;
}

const NO_CHANGE = { isShortened: false, isReauthenticated: false };
export const TOLD_NOTHING: Told = { warnedIdle: null, warnedAbsolute: null, ...NO_CHANGE };

export type ExpiryEvent = Record<string, unknown> & { kind: string };

const WARNING_SECONDS = 300;

const lead = (limitSeconds: number): number =>
  Math.min(WARNING_SECONDS, Math.floor(limitSeconds / 2)) * SECOND;

export const idleWarningAt = (session: ModelSession): number =>
  session.idleExpiresAt - lead(session.idleSeconds);
export const absoluteWarningAt = (session: ModelSession): number =>
  session.absoluteExpiresAt - lead(session.absoluteSeconds);

/**
 * Everything due at `now`. Nothing is due for a session past its deadline whose end is not committed yet: EXPIRED
 * follows the commit.
 */
export function tell(session: ModelSession, told: Told, now: number): { events: ExpiryEvent[]; told: Told } {
  if (session.end !== null) return { events: [endEvent(session, now)], told };
  if (!isLive(session, now)) return { events: [], told };

  const events: ExpiryEvent[] = [];
  let { warnedIdle, warnedAbsolute } = told;
  const { idleExpiresAt, absoluteExpiresAt } = session;
  const nearer = idleExpiresAt < absoluteExpiresAt ? 'IDLE' : 'ABSOLUTE';
  const add = (kind: string, reason: 'IDLE' | 'ABSOLUTE') =>
    events.push({
      ...eventBase(session, reason === 'IDLE' ? idleExpiresAt : absoluteExpiresAt, now),
      kind,
      reason,
      endReason: null,
      canExtend: reason === 'IDLE',
    });

  const hasMovedLater =
    (warnedIdle !== null && idleExpiresAt > warnedIdle) ||
    (warnedAbsolute !== null && absoluteExpiresAt > warnedAbsolute);
  // A new authentication is sent to all, wherever the deadlines are now, and every warning starts again.
  if (told.isReauthenticated) {
    add('EXTENDED', nearer);
    warnedIdle = warnedAbsolute = null;
  } else if (told.isShortened) add('SHORTENED', nearer);
  else if (hasMovedLater) add('EXTENDED', nearer);
  // Another deadline gets another warning, the same one does not.
  if (warnedIdle !== idleExpiresAt) warnedIdle = null;
  if (warnedAbsolute !== absoluteExpiresAt) warnedAbsolute = null;

  // With both due, the nearer one; an idle deadline cut off by the absolute one counts as absolute.
  if (nearer === 'IDLE' && now >= idleWarningAt(session)) {
    if (warnedIdle === null) add('WARNING', 'IDLE');
    warnedIdle = idleExpiresAt;
  } else if (now >= absoluteWarningAt(session)) {
    if (warnedAbsolute === null) add('WARNING', 'ABSOLUTE');
    warnedAbsolute = absoluteExpiresAt;
  }
  return { events, told: { warnedIdle, warnedAbsolute, ...NO_CHANGE } };
}

function endEvent(session: ModelSession, now: number): ExpiryEvent {
  const { reason, at } = session.end!;
  const isExpired = reason.endsWith('_TIMEOUT');
  return {
    ...eventBase(session, at, now),
    kind: isExpired ? 'EXPIRED' : 'REVOKED',
    reason: isExpired ? reason.replace('_TIMEOUT', '') : null,
    endReason: reason,
    secondsRemaining: 0,
    canExtend: false,
  };
}

const eventBase = (session: ModelSession, expiresAt: number, now: number) => ({
  sessionId: session.id,
  expiresAt: iso(expiresAt),
  secondsRemaining: Math.floor((expiresAt - now) / SECOND),
  idleExpiresAt: iso(session.idleExpiresAt),
  absoluteExpiresAt: iso(session.absoluteExpiresAt),
  serverTime: iso(now),
});
