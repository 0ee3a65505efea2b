import { LockMode } from '@mikro-orm/core';
import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { Account } from './account.entity.ts';
import { rowsOf } from '../database/rows.ts';

/** Locks the account against all other writers of its policy, users and sessions' ends, to the end of the transaction. */
export async function lockAccount(em: EntityManager, accountId: string): Promise<Account> {
  await rowsOf(em, sql`select 1 from accounts where id = ${accountId} for no key update`);
  return em.findOneOrFail(Account, accountId, { refresh: true });
}

/** Locks the account against changes of its policy while a session is created from it. Sign-ins share the lock. */
export async function lockAccountForShare(em: EntityManager, accountId: string): Promise<Account> {
  return em.findOneOrFail(Account, accountId, { lockMode: LockMode.PESSIMISTIC_READ, refresh: true });
}
