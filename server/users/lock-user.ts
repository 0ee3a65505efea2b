import { sql } from 'kysely';
import { User } from '../accounts/user.entity.ts';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { rowsOf } from '../database/rows.ts';
import { notFound } from '../errors.ts';

/** Locks a user of the account to the end of the transaction. @throws NOT_FOUND, also for a user of another account and a deleted one */
export async function lockUser(em: EntityManager, accountId: string, userId: string): Promise<User> {
  if (!isUuid(userId)) throw notFound('User');
  await rowsOf(
    em,
    sql`select 1 from users where id = ${userId} and account_id = ${accountId} for no key update`,
  );
  const user = await em.findOne(User, { id: userId, accountId, deletedAt: null }, { refresh: true });
  if (!user) throw notFound('User');
  return user;
}
