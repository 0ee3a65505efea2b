import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { storedDevice } from './user-agent.ts';

/**
 * Writes the device into a batch of rows that nodes of the version before have written, in a transaction, and returns
 * their number. Rows are locked in id order, as by every other batch; those that another transaction holds wait for a
 * later batch.
 */
export async function nameDevices(em: EntityManager, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql<{ id: string; userAgent: string }>`
    select s.id, s.user_agent as "userAgent" from sessions s where s.device is null and s.user_agent is not null
    order by s.id limit ${limit} for no key update skip locked`,
  );
  if (rows.length === 0) return 0;
  const agents = [...new Set(rows.map(({ userAgent }) => userAgent))];
  await rowsOf(
    em,
    sql`
    update sessions s set device = a.device
    from unnest(${agents}::text[], ${agents.map(storedDevice)}::text[]) as a (user_agent, device)
    where s.id = any(${rows.map(({ id }) => id)}::text[]) and s.user_agent = a.user_agent`,
  );
  return rows.length;
}
