import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

/** What is left to do for a deletion that is in effect: personal data of a user, or of all users of an account, goes. */
export interface Erasure {
  id: string;
  accountId: string;
  /** Null: of the whole account. */
  userId: string | null;
  /** When the deletion took effect. */
  deletedAt: Date;
}

/** Written with the deletion, so that the erasure is done even if this node is not there any more. */
export async function insertErasure(
  em: EntityManager,
  { accountId, userId, deletedAt }: Omit<Erasure, 'id'>,
): Promise<Erasure> {
  const id = randomUUID();
  await rowsOf(
    em,
    sql`
    insert into pending_erasures (id, account_id, user_id, deleted_at) values (${id}, ${accountId}, ${userId}, ${deletedAt})`,
  );
  return { id, accountId, userId, deletedAt };
}

export async function findPendingErasures(em: EntityManager): Promise<Erasure[]> {
  const rows = await rowsOf(
    em,
    sql<Omit<Erasure, 'deletedAt'> & { deletedAt: string }>`
    select id, account_id as "accountId", user_id as "userId", deleted_at as "deletedAt"
    from pending_erasures order by deleted_at, id`,
  );
  return rows.map((row) => ({ ...row, deletedAt: new Date(row.deletedAt) }));
}

/** Locks a pending erasure for one batch. False: it is done, or another node works on it at this moment. */
export async function claimErasure(em: EntityManager, id: string): Promise<boolean> {
  const rows = await rowsOf(em, sql`select 1 from pending_erasures where id = ${id} for update skip locked`);
  return rows.length === 1;
}

export async function deleteErasure(em: EntityManager, id: string): Promise<void> {
  await rowsOf(em, sql`delete from pending_erasures where id = ${id}`);
}
