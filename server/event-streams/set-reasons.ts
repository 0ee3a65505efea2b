import type { SessionEndReason } from '../generated/schema.ts';
import { inWords } from '../rules/explained-words.ts';

/** In seconds. Null: of an imported session, which no policy has reached. */
export interface SessionLimits {
  idleSeconds: number | null;
  absoluteSeconds: number | null;
}

/**
 * Why a session ended, for the people who run the receiver (`reason_admin`). Names no one: the token is read in places
 * that know none of the account's users.
 */
export function reasonOfEnd(reason: SessionEndReason, limits: SessionLimits | null): string {
  switch (reason) {
    case 'LOGOUT':
      return 'The user signed out.';
    case 'IDLE_TIMEOUT':
      return `The session had no activity for longer than its idle limit${lengthOf(limits?.idleSeconds)}.`;
    case 'ABSOLUTE_TIMEOUT':
      return `The session reached its absolute limit${lengthOf(limits?.absoluteSeconds)}.`;
    case 'REVOKED_BY_USER':
      return 'The user ended it from another session.';
    case 'REVOKED_BY_OWNER':
      return 'An owner of the account ended it.';
    case 'REVOKED_BY_SERVICE':
      return 'An application ended it.';
    case 'PASSWORD_CHANGED':
      return "The user's password was changed.";
    case 'USER_DEACTIVATED':
      return 'The user may no longer sign in.';
    case 'POLICY_CHANGED':
      return 'A new session policy was applied, and the session was past its limits.';
    case 'REFRESH_TOKEN_REUSED':
      return 'A refresh token that had been replaced was used again, so someone may have a copy.';
    case 'REPLACED':
      return 'The user signed in again in the same browser.';
    case 'SESSION_LIMIT':
      return 'The user signed in elsewhere, and the policy allows no more sessions at once.';
    case 'SECURITY_EVENT':
      return 'An identity provider reported a security event about the user.';
    default:
      return reason satisfies never;
  }
}

const lengthOf = (seconds: number | null | undefined): string =>
  seconds == null ? '' : ` of ${inWords(seconds / 60)}`;
