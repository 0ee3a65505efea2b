import { absoluteWarningAt, idleWarningAt, type WarningSettings } from '../expiry/lead.ts';
import type { SessionInvalidReason } from '../generated/schema.ts';
import { nearerDeadline, verdict, type Session } from '../sessions/session.ts';

/** What a trusted back end is told of a session. Seconds are whole, rounded down, and null once it is over. */
export interface Validation {
  valid: boolean;
  reason: SessionInvalidReason | null;
  warning: boolean;
  secondsRemaining: number | null;
  absoluteSecondsRemaining: number | null;
  session: Session | null;
}

const invalid = (reason: SessionInvalidReason, session: Session | null): Validation => ({
  valid: false,
  reason,
  warning: false,
  secondsRemaining: null,
  absoluteSecondsRemaining: null,
  session,
});

/** For no token of ours, and for one outside the key's reach. */
export const UNKNOWN_SESSION: Validation = invalid('NOT_FOUND', null);

/**
 * Whether the session lives at `now`. A deadline equal to now is over, both past is ABSOLUTE, and the session of a
 * user who was deactivated is REVOKED. The reason is that of the row, so it is the same every time it is asked.
 */
export function validationOf(
  session: Session,
  isUserActive: boolean,
  warnings: WarningSettings,
  now: Date,
): Validation {
  const found = verdict(session, now);
  switch (found.state) {
    case 'expired':
      return invalid(found.reason, session);
    case 'ended':
      return invalid('REVOKED', session);
    case 'live':
      if (!isUserActive) return invalid('REVOKED', session);
      return {
        valid: true,
        reason: null,
        warning: now >= warningAt(session, warnings),
        secondsRemaining: secondsBetween(now, nearerDeadline(session).expiresAt),
        absoluteSecondsRemaining: secondsBetween(now, session.absoluteExpiresAt),
        session,
      };
    default:
      return found satisfies never;
  }
}

/** The warning time of the nearer deadline begins here. */
const warningAt = (session: Session, warnings: WarningSettings): Date =>
  nearerDeadline(session).reason === 'IDLE'
    ? idleWarningAt(session, warnings)
    : absoluteWarningAt(session, warnings);

const secondsBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 1000);
