import type { SessionEndReason } from '../generated/operations.ts';

/** Why a session ended, in words for a list. */
const WORDS: Record<SessionEndReason, string> = {
  LOGOUT: 'Signed out',
  IDLE_TIMEOUT: 'No activity for too long',
  ABSOLUTE_TIMEOUT: 'Time limit reached',
  REVOKED_BY_USER: 'Signed out from another session',
  REVOKED_BY_OWNER: 'Signed out by an owner of the account',
  REVOKED_BY_SERVICE: 'Signed out by a connected service',
  PASSWORD_CHANGED: 'The password was changed',
  USER_DEACTIVATED: 'The user was deactivated',
  POLICY_CHANGED: 'Shorter limits took effect',
  REFRESH_TOKEN_REUSED: 'Ended for safety: somebody may have copied this sign-in',
};

/** A reason that this page does not know yet is shown rather than hidden. */
export const endReasonInWords = (reason: SessionEndReason): string =>
  WORDS[reason] ?? `Ended (${String(reason)})`;
