import { sql } from 'kysely';
import type { EntityManager } from '../../database/database.ts';
import { rowsOf } from '../../database/rows.ts';
import { sha256 } from '../../sha256.ts';

/** Uses the flow up. False: it was used before. Of two concurrent calls one gets true. */
export async function useFlow(em: EntityManager, flowToken: string, expiresAt: Date): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    insert into used_oauth_flows (flow_hash, expires_at) values (${sha256(flowToken)}, ${expiresAt})
    on conflict (flow_hash) do nothing returning 1 as used`,
  );
  return rows.length === 1;
}

/** Releases a flow after a failure, so that its callback may be retried. */
export async function releaseFlow(em: EntityManager, flowToken: string): Promise<void> {
  await rowsOf(em, sql`delete from used_oauth_flows where flow_hash = ${sha256(flowToken)}`);
}

/** Deletes a batch of expired flows, which cannot be presented any more, and returns their number. */
export async function purgeUsedFlows(em: EntityManager, now: Date, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    delete from used_oauth_flows where flow_hash in (
      select flow_hash from used_oauth_flows where expires_at <= ${now} order by expires_at limit ${limit}
      for update skip locked)
    returning 1 as purged`,
  );
  return rows.length;
}
