import { absoluteWarningAt, idleWarningAt, type WarningSettings } from '../rules/warning-lead.ts';
import type { SessionInvalidReason } from '../generated/schema.ts';
import type { ValidationOutcome } from '../metrics/metrics.ts';
import { nearerDeadline, evaluateSession, type Session } from '../rules/session.ts';
import { toInt } from '../graphql-int.ts';

/** The state of a session as trusted back ends get it. Seconds are rounded down, and null unless the session is valid. */
export interface Validation {
  valid: boolean;
  reason: SessionInvalidReason | null;
  warning: boolean;
  secondsRemaining: number | null;
  absoluteSecondsRemaining: number | null;
  session: Session | null;
}

/** How a validation is counted. */
export function outcomeOf({ reason }: Validation): ValidationOutcome {
  switch (reason) {
    case null:
      return 'valid';
    case 'IDLE':
      return 'idle';
    case 'ABSOLUTE':
      return 'absolute';
    case 'REVOKED':
      return 'revoked';
    case 'NOT_FOUND':
      return 'not_found';
    default:
      return reason satisfies never;
  }
}

const invalid = (reason: SessionInvalidReason, session: Session | null): Validation => ({
  valid: false,
  reason,
  warning: false,
  secondsRemaining: null,
  absoluteSecondsRemaining: null,
  session,
});

/** The result for an unknown token and for a session outside the key's reach. */
export const UNKNOWN_SESSION: Validation = invalid('NOT_FOUND', null);

/**
 * Returns whether the session is live at `now`. A deadline equal to `now` has passed. With both deadlines passed the
 * reason is ABSOLUTE; for a deactivated user it is REVOKED. It depends on the row alone, so every call returns the same.
 */
export function validationOf(
  session: Session,
  isUserActive: boolean,
  warnings: WarningSettings,
  now: Date,
): Validation {
  const found = evaluateSession(session, now);
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

/** When the warning of the nearer deadline is due. */
const warningAt = (session: Session, warnings: WarningSettings): Date =>
  nearerDeadline(session).reason === 'IDLE'
    ? idleWarningAt(session, warnings)
    : absoluteWarningAt(session, warnings);

const secondsBetween = (from: Date, to: Date): number =>
  toInt(Math.floor((to.getTime() - from.getTime()) / 1000));
