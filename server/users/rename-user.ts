import type { User } from '../accounts/user.entity.ts';
import { requireName } from '../email.ts';
import { lockAccountAsOwner } from '../sessions/lock-as-caller.ts';
import { lockUser } from './lock-user.ts';
import { recordUserChange, type ChangedBy, type UserAdministration } from './user-administration.ts';

/**
 * Changes the name of a user. The same name changes nothing.
 * @throws NOT_FOUND, BAD_USER_INPUT
 */
export async function renameUser(
  { database, audit, clock }: UserAdministration,
  by: ChangedBy,
  userId: string,
  text: string,
): Promise<User> {
  const name = requireName(text);
  const { accountId } = by.viewer;
  return database.accountTransaction(accountId, async (em) => {
    await lockAccountAsOwner(em, by.viewer, clock);
    const user = await lockUser(em, accountId, userId);
    if (user.name === name) return user;
    const details = { old_name: user.name, new_name: name };
    user.name = name;
    await em.flush();
    await recordUserChange(audit, em, by, { action: 'user.renamed', userId: user.id, details }, clock.now());
    return user;
  });
}
