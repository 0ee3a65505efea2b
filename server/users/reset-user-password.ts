import { badInput } from '../errors.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { lockUser } from './lock-user.ts';
import { createPasswordLink } from './password-links.ts';
import {
  recordUserChange,
  type ChangedBy,
  type UserAdministration,
  type UserWithPasswordLink,
} from './user-administration.ts';

/**
 * Creates a one-time link to set a new password. The old password and all sessions stay valid until it is used.
 * @throws NOT_FOUND, BAD_USER_INPUT with `reason` NOT_INVITED for a user without a sign-in e-mail
 */
export async function resetUserPassword(
  administration: UserAdministration,
  by: ChangedBy,
  userId: string,
): Promise<UserWithPasswordLink> {
  const { database, audit, clock, publicUrl } = administration;
  const { accountId } = by.viewer;
  return database.accountTransaction(accountId, async (em) => {
    const { name: accountName } = await lockAccountForSensitiveOperation(em, by.viewer, administration);
    const user = await lockUser(em, accountId, userId);
    if (user.signInEmail === null)
      throw badInput('userId', 'This user has not been invited yet.', { reason: 'NOT_INVITED' });
    const now = clock.now();
    const setPasswordUrl = await createPasswordLink(em, { id: user.id }, publicUrl, now);
    const change = { action: 'user.password_reset_requested', userId: user.id, details: {} } as const;
    await recordUserChange(audit, em, by, change, now);
    return { user, setPasswordUrl, accountName };
  });
}
