import type { User } from '../accounts/user.entity.ts';
import { badInput } from '../errors.ts';
import { revokeSessions } from '../sessions/revoke.sql.ts';
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
 * Deactivates a user, which revokes their sessions and password links, or reactivates them. Someone whom an event source has
 * disabled can be deactivated beside that, and not be reactivated before the source allows it.
 * @throws NOT_FOUND, BAD_USER_INPUT with `reason` LAST_OWNER or DISABLED_BY_EVENT_SOURCE
 */
export async function setUserActive(
  administration: Omit<UserAdministration, 'publicUrl'>,
  by: ChangedBy | ChangedByOperator,
  userId: string,
  isActive: boolean,
): Promise<User> {
  const { database, audit, bus, clock } = administration;
  const accountId = accountOf(by);
  const { user, endedIds } = await database.accountTransaction(accountId, async (em) => {
    await lockForChange(em, by, administration);
    const user = await lockUser(em, accountId, userId);
    const now = clock.now();
    if (!isActive) {
      await requireAnotherOwner(em, user, 'isActive');
      await revokePasswordLinks(em, user.id, now);
    }
    if (isActive && user.isActiveWhenEnabled !== null) throw disabledBySource();
    // Under a source's decision the owner's waits, and is in effect once that is over.
    const decision = user.isActiveWhenEnabled === null ? 'isActive' : 'isActiveWhenEnabled';
    if (user[decision] === isActive) return { user, endedIds: [] };
    user[decision] = isActive;
    await em.flush();
    const scope = { accountId, userId: user.id };
    const endedIds = isActive ? [] : await revokeSessions(em, scope, 'USER_DEACTIVATED', now);
    const action = isActive ? 'user.reactivated' : 'user.deactivated';
    const details = isActive ? {} : { ended_sessions: endedIds.length };
    await recordUserChange(audit, em, by, { action, userId: user.id, details }, now);
    return { user, endedIds };
  });
  bus.publish({ accountId, kind: 'ENDED', reason: 'USER_DEACTIVATED', sessionIds: endedIds });
  bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
  return user;
}

const disabledBySource = () =>
  badInput(
    'isActive',
    'An event source has disabled this user. They can sign in again when it enables them, or when the source is deleted.',
    { reason: 'DISABLED_BY_EVENT_SOURCE' },
  );
