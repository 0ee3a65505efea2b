import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

/** Whether the user signs in at an identity provider. */
export async function hasIdentity(em: EntityManager, userId: string): Promise<boolean> {
  const rows = await rowsOf(em, sql`select 1 from user_identities where user_id = ${userId} limit 1`);
  return rows.length === 1;
}
