import { releaseEmailsOfDeletedAccounts } from '../accounts/erase.sql.ts';
import type { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import { requireEmail, requireName, toAsciiLowerCase } from '../email.ts';
import { AppError, badInput } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { hasIdentity } from './has-identity.ts';
import { lockUser } from './lock-user.ts';
import { newUser, requireFreeEmail } from './new-user.ts';
import { createPasswordLink } from './password-links.ts';
import {
  recordUserChange,
  type ChangedBy,
  type UserAdministration,
  type UserWithPasswordLink,
} from './user-administration.ts';

export interface Invitation {
  /** A user without a sign-in. Null: a new user. */
  userId: string | null;
  /** Null: unchanged. Required for a new user. */
  email: string | null;
  name: string | null;
  /** The user's role once the link is used. */
  role: Role;
}

/**
 * Invites a new user, or one without a sign-in, by a one-time link to set a password.
 * @throws BAD_USER_INPUT, NOT_FOUND, CONFLICT with `reason` EMAIL_TAKEN or HAS_SIGN_IN
 */
export async function inviteUser(
  administration: UserAdministration,
  by: ChangedBy,
  invitation: Invitation,
): Promise<UserWithPasswordLink> {
  const { database, audit, clock, publicUrl } = administration;
  const { userId, role } = invitation;
  const email = invitation.email === null ? null : requireEmail(invitation.email);
  const name = invitation.name === null ? null : requireName(invitation.name);
  if (userId === null && email === null) throw required('email');
  if (userId === null && name === null) throw required('name');
  return requireFreeEmail(() =>
    database.accountTransaction(by.viewer.accountId, async (em) => {
      const account = await lockAccountForSensitiveOperation(em, by.viewer, administration);
      const now = clock.now();
      const user =
        userId === null
          ? newUser({ accountId: account.id, email: email!, name: name!, role: 'MEMBER' }, now)
          : await lockUserWithoutSignIn(em, account.id, userId);
      user.email = email ?? user.email;
      user.name = name ?? user.name;
      user.signInEmail = toAsciiLowerCase(user.email);
      await releaseEmailsOfDeletedAccounts(em, [user.signInEmail]);
      em.persist(user);
      await em.flush();
      const setPasswordUrl = await createPasswordLink(em, { id: user.id, role }, publicUrl, now);
      const details = { email: user.email, role };
      await recordUserChange(audit, em, by, { action: 'user.invited', userId: user.id, details }, now);
      return { user, setPasswordUrl, accountName: account.name };
    }),
  );
}

const required = (field: 'email' | 'name') =>
  badInput(field, `A new user needs ${field === 'email' ? 'an e-mail address' : 'a name'}.`, {
    reason: 'REQUIRED',
  });

/**
 * Locks a user whom an application created, or who was invited and has not signed in yet.
 * @throws NOT_FOUND, BAD_USER_INPUT with `reason` USER_INACTIVE, CONFLICT with `reason` HAS_SIGN_IN
 */
async function lockUserWithoutSignIn(em: EntityManager, accountId: string, userId: string): Promise<User> {
  const user = await lockUser(em, accountId, userId);
  if (!user.isActive) throw badInput('userId', 'This user is deactivated.', { reason: 'USER_INACTIVE' });
  if (user.passwordHash === null && !(await hasIdentity(em, user.id))) return user;
  throw new AppError('CONFLICT', 'This user can already sign in. Reset their password instead.', {
    field: 'userId',
    reason: 'HAS_SIGN_IN',
  });
}
