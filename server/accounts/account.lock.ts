import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { forbidden } from '../errors.ts';
import { Account } from './account.entity.ts';
import type { Viewer } from './caller.ts';

/**
 * Locks the caller's account against sign-ins and other writers of policy, roles or many sessions, and reads the
 * caller's role again under that lock: what was true when the request arrived may have been taken away since.
 * Locks go account, user, session; whoever follows that order cannot deadlock.
 * @throws FORBIDDEN when the caller is no longer an active owner
 */
export async function lockAccountAsOwner(em: EntityManager, viewer: Viewer): Promise<Account> {
  const account = await lockAccount(em, viewer.accountId);
  const { rows } =
    await sql`select 1 from users where id = ${viewer.userId} and role = 'OWNER' and is_active for share`.execute(
      em.getKysely(),
    );
  if (rows.length === 0) throw forbidden();
  return account;
}

export async function lockAccount(em: EntityManager, accountId: string): Promise<Account> {
  await sql`select 1 from accounts where id = ${accountId} for no key update`.execute(em.getKysely());
  return em.findOneOrFail(Account, accountId, { refresh: true });
}

/** Holds the account's policy still while a session is born from it. Any number of sign-ins may hold it together. */
export async function shareAccount(em: EntityManager, accountId: string): Promise<Account> {
  return em.findOneOrFail(Account, accountId, { lockMode: LockMode.PESSIMISTIC_READ, refresh: true });
}
