import { type SessionEnd } from '@curfew/client';

/** The sign-in page's text for each of Curfew's end reasons. */
export const WHY: Record<string, string> = {
  IDLE: 'You were signed out because you had been inactive.',
  ABSOLUTE: 'Your session had reached its time limit. Sign in to go on.',
  REVOKED: 'An administrator signed you out.',
  PASSWORD_CHANGED: 'You were signed out because your password was changed.',
};

/** Returns the query of the sign-in page for an end. Empty after a self sign-out. */
export function whyItEnded(end: SessionEnd | null): string {
  switch (end?.kind) {
    case 'expired':
      return end.limit.toUpperCase();
    case 'ended':
      return Object.hasOwn(WHY, end.endReason) ? end.endReason : 'REVOKED';
    default:
      return '';
  }
}
