import type { MessageDescriptor } from '@lingui/core';
import { i18n } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { SessionEndReason } from '../generated/account-operations.ts';

/** End reasons as shown in lists. */
const WORDS: Record<SessionEndReason, MessageDescriptor> = {
  LOGOUT: msg`Signed out`,
  IDLE_TIMEOUT: msg`Inactive too long`,
  ABSOLUTE_TIMEOUT: msg`Absolute limit reached`,
  REVOKED_BY_USER: msg`Signed out from another session`,
  REVOKED_BY_OWNER: msg`Signed out by an owner of the account`,
  REVOKED_BY_SERVICE: msg`Signed out by a connected service`,
  PASSWORD_CHANGED: msg`Password changed`,
  USER_DEACTIVATED: msg`User deactivated`,
  POLICY_CHANGED: msg`Shorter limits applied`,
  REFRESH_TOKEN_REUSED: msg`Ended for safety: someone may have copied this session`,
  REPLACED: msg`Replaced by a new sign-in`,
  SESSION_LIMIT: msg`Too many sessions`,
  SECURITY_EVENT: msg`Security event at the identity provider`,
};

/** The end reason in words. A reason that this page does not know is shown as its code. */
export function endReasonInWords(reason: SessionEndReason): string {
  const words: MessageDescriptor | undefined = WORDS[reason];
  if (words) return i18n._(words);
  const code = String(reason);
  return t`Ended (${code})`;
}
