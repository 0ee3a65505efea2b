import { lockAccount } from '../accounts/account-lock.ts';
import type { Account } from '../accounts/account.entity.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { AppError, forbidden } from '../errors.ts';
import type { Role } from '../generated/schema.ts';
import { unauthenticated, type Viewer } from '../rules/caller.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import { findProviderAuthentication } from './provider-authentication.sql.ts';
import { findSessionWithUser } from './session-queries.ts';

export interface LockedAccount {
  account: Account;
  /** The caller's role and session under the lock. */
  role: Role;
  session: Session;
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
  return { account, role: current.user.role, session: current.session };
}

/** @throws like `lockAccountAsCaller`, and FORBIDDEN when the caller is no longer an owner */
export const lockAccountAsOwner = async (em: EntityManager, viewer: Viewer, clock: Clock): Promise<Account> =>
  (await lockAsOwner(em, viewer, clock)).account;

async function lockAsOwner(em: EntityManager, viewer: Viewer, clock: Clock): Promise<LockedAccount> {
  const locked = await lockAccountAsCaller(em, viewer, clock);
  if (locked.role !== 'OWNER') throw forbidden();
  return locked;
}

/** How old the caller's authentication may be for a sensitive operation, in seconds. 0: as old as their session. */
export interface SensitiveOperations {
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
}

/**
 * The same for an operation that a stranger at an open page must not get: the caller has to have authenticated a short time
 * ago. An age equal to the limit passes.
 * @throws like `lockAccountAsOwner`, then REAUTHENTICATION_REQUIRED with `maxAgeSeconds` and `authenticatedAt`
 */
export async function lockAccountForSensitiveOperation(
  em: EntityManager,
  viewer: Viewer,
  { clock, sensitiveMaxAgeSeconds: maxAgeSeconds }: SensitiveOperations,
): Promise<Account> {
  const { account, session } = await lockAsOwner(em, viewer, clock);
  if (maxAgeSeconds === 0) return account;
  // The provider may have asked nothing at the sign-in, because the person was signed in there.
  const authenticatedAt = (await findProviderAuthentication(em, session.id)) ?? session.authenticatedAt;
  if (addSeconds(authenticatedAt, maxAgeSeconds) < clock.now())
    throw new AppError('REAUTHENTICATION_REQUIRED', 'Confirm who you are, then try again.', {
      maxAgeSeconds,
      authenticatedAt,
    });
  return account;
}
