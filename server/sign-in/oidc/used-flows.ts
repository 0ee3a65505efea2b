import { sql } from 'kysely';
import { createHash } from 'node:crypto';
import type { EntityManager } from '../../database/orm.ts';

const hashOf = (flowToken: string): Buffer => createHash('sha256').update(flowToken).digest();

/** Uses the flow up; false when it was used before. One of two racers wins. */
export async function useFlow(em: EntityManager, flowToken: string, expiresAt: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into used_oauth_flows (flow_hash, expires_at) values (${hashOf(flowToken)}, ${expiresAt})
    on conflict (flow_hash) do nothing returning 1 as used`.execute(em.getKysely());
  return rows.length === 1;
}

/** Gives a flow back that came to nothing, so that the same callback may be tried again. */
export async function releaseFlow(em: EntityManager, flowToken: string): Promise<void> {
  await sql`delete from used_oauth_flows where flow_hash = ${hashOf(flowToken)}`.execute(em.getKysely());
}

/** Deletes a batch of flows that are too old to be presented again, and returns how many. */
export async function forgetUsedFlows(em: EntityManager, now: Date, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from used_oauth_flows where flow_hash in (
      select flow_hash from used_oauth_flows where expires_at <= ${now} order by expires_at limit ${limit}
      for update skip locked)
    returning 1 as forgotten`.execute(em.getKysely());
  return rows.length;
}
