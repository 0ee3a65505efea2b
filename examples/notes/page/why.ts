import { type SessionEnding } from '@curfew/client';

/** Why a session is over, in the words of the sign-in page. The names are Curfew's. */
export const WHY: Record<string, string> = {
  IDLE: 'You were signed out because you had been inactive.',
  ABSOLUTE: 'Your session had reached its time limit. Sign in to go on.',
  REVOKED: 'An administrator signed you out.',
  PASSWORD_CHANGED: 'You were signed out because your password was changed.',
};

/** What the address of the sign-in page says of an end; nothing after a sign-out of one's own. */
export function whyItEnded(ending: SessionEnding | null): string {
  switch (ending?.kind) {
    case 'expired':
      return ending.limit.toUpperCase();
    case 'ended':
      return Object.hasOwn(WHY, ending.endReason) ? ending.endReason : 'REVOKED';
    default:
      return '';
  }
}
