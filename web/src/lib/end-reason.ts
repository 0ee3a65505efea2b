import type { SessionEndReason } from '../generated/operations.ts';

/** End reasons as shown in lists. */
const WORDS: Record<SessionEndReason, string> = {
  LOGOUT: 'Signed out',
  IDLE_TIMEOUT: 'Inactive too long',
  ABSOLUTE_TIMEOUT: 'Absolute limit reached',
  REVOKED_BY_USER: 'Signed out from another session',
  REVOKED_BY_OWNER: 'Signed out by an owner of the account',
  REVOKED_BY_SERVICE: 'Signed out by a connected service',
  PASSWORD_CHANGED: 'Password changed',
  USER_DEACTIVATED: 'User deactivated',
  POLICY_CHANGED: 'Shorter limits applied',
  REFRESH_TOKEN_REUSED: 'Ended for safety: someone may have copied this session',
  REPLACED: 'Replaced by a new sign-in',
  SESSION_LIMIT: 'Too many sessions',
  SECURITY_EVENT: 'Security event at the identity provider',
};

/** The end reason in words. A reason that this page does not know is shown as its code. */
export const endReasonInWords = (reason: SessionEndReason): string =>
  WORDS[reason] ?? `Ended (${String(reason)})`;
