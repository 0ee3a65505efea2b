import { lockAccount } from '../accounts/account-lock.ts';
import type { Account } from '../accounts/account.entity.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { forbidden } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import { unauthenticated, type Viewer } from '../rules/caller.ts';
import { endOfSession } from '../rules/session.ts';
import { findSessionWithUser } from './session-queries.ts';

export interface LockedAccount {
  account: Account;
  /** The caller's role under the lock. */
  role: Role;
}

/**
 * Locks the caller's account against sign-ins and against all other writers of its policy, roles and sessions' ends. Then
 * reads the caller's session and role again, since either may have changed after the request arrived. Every end of a
 * session locks its account, so a session that is live here stays so until the commit. The time is read under the lock.
 * Locks are taken in the order account, user, session, which excludes deadlocks.
 * @throws UNAUTHENTICATED with `endReason` and `endedAt` when the caller's session has ended
 */
export async function lockAccountAsCaller(
  em: EntityManager,
  viewer: Viewer,
  clock: Clock,
): Promise<LockedAccount> {
  const account = await lockAccount(em, viewer.accountId);
  const current = await findSessionWithUser(em, viewer.session.id);
  const end = current && endOfSession(current.session, clock.now());
  if (!current || end || !current.user.isActive) throw unauthenticated(end ?? {});
  return { account, role: current.user.role };
}

/** @throws like `lockAccountAsCaller`, and FORBIDDEN when the caller is no longer an owner */
export async function lockAccountAsOwner(em: EntityManager, viewer: Viewer, clock: Clock): Promise<Account> {
  const { account, role } = await lockAccountAsCaller(em, viewer, clock);
  if (role !== 'OWNER') throw forbidden();
  return account;
}
