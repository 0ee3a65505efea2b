import type { EntityManager } from '../database/database.ts';
import { User } from '../accounts/user.entity.ts';
import { badInput } from '../errors.ts';

/** True when the account would have no active owner without this user. The caller has locked the account. */
export async function isLastOwner(em: EntityManager, user: User): Promise<boolean> {
  if (user.role !== 'OWNER' || !user.isActive) return false;
  const others = await em.count(User, {
    accountId: user.accountId,
    role: 'OWNER',
    isActive: true,
    id: { $ne: user.id },
  });
  return others === 0;
}

/**
 * The caller has locked the account, so two owners cannot step down at the same time.
 * @throws BAD_USER_INPUT with `reason` LAST_OWNER for the last active owner
 */
export async function requireAnotherOwner(em: EntityManager, user: User, field: string): Promise<void> {
  if (await isLastOwner(em, user))
    throw badInput(field, 'This is the last active owner of the account.', { reason: 'LAST_OWNER' });
}
