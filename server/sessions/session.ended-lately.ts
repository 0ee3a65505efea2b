import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import { at } from './session.row.ts';

/**
 * The ids of the sessions whose end is stamped with `since` or later, of one account or (null) of all. The stamp of a
 * decided end is the moment of the decision, that of a timeout its deadline; both may be committed some time later.
 */
export async function findEndedSince(
  em: EntityManager,
  accountId: string | null,
  since: Date,
): Promise<string[]> {
  const ofAccount = accountId === null ? sql`` : sql`and s.account_id = ${accountId}`;
  const { rows } = await sql<{ id: string }>`
    select s.id from sessions s where s.ended_at >= ${at(since)} ${ofAccount}`.execute(em.getKysely());
  return rows.map(({ id }) => id);
}
