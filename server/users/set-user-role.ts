import type { User } from '../accounts/user.entity.ts';
import type { Role } from '../generated/schema.ts';
import { requireAnotherOwner } from './last-owner.ts';
import { lockUser } from './lock-user.ts';
import { revokePasswordLinks } from './password-links.ts';
import {
  accountOf,
  lockForChange,
  recordUserChange,
  type ChangedBy,
  type ChangedByOperator,
  type UserAdministration,
} from './user-administration.ts';

/**
 * Sets a user's role and revokes their password links.
 * @throws NOT_FOUND, BAD_USER_INPUT with `reason` LAST_OWNER
 */
export async function setUserRole(
  administration: Omit<UserAdministration, 'publicUrl'>,
  by: ChangedBy | ChangedByOperator,
  userId: string,
  role: Role,
): Promise<User> {
  const { database, audit, bus, clock } = administration;
  const accountId = accountOf(by);
  const user = await database.accountTransaction(accountId, async (em) => {
    await lockForChange(em, by, administration);
    const user = await lockUser(em, accountId, userId);
    const now = clock.now();
    if (role !== 'OWNER') await requireAnotherOwner(em, user, 'role');
    // Also when the role is unchanged: an open invitation carries a role, which would apply later.
    await revokePasswordLinks(em, user.id, now);
    if (user.role === role) return user;
    const details = { old: user.role, new: role };
    user.role = role;
    await recordUserChange(audit, em, by, { action: 'user.role_changed', userId: user.id, details }, now);
    return user;
  });
  bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
  return user;
}
