import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';
import { claimsOf, isClaimed } from './dispatch.sql.ts';
import type { ClaimedDelivery } from './event-stream.ts';

/** Gives a delivery back whose attempt was broken off, so that another node need not wait for the end of its lease. */
export async function releaseDelivery(
  em: EntityManager,
  delivery: ClaimedDelivery,
  now: Date,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_deliveries d set lease_id = null, due_at = ${at(now)} from ${claimsOf([delivery])} where ${isClaimed}`,
  );
}

/** Gives deliveries back of which no attempt has begun, and none is counted. */
export async function releaseUnbegun(
  em: EntityManager,
  deliveries: readonly ClaimedDelivery[],
  now: Date,
): Promise<void> {
  const before = deliveries.map(({ previousAttemptAt }) => previousAttemptAt?.toISOString() ?? null);
  await rowsOf(
    em,
    sql`
    update event_deliveries d set lease_id = null, due_at = ${at(now)}, attempts = d.attempts - 1,
      first_attempt_at = case when d.attempts > 1 then d.first_attempt_at end, last_attempt_at = b.last_attempt_at
    from ${claimsOf(deliveries)},
      unnest(${deliveries.map(({ id }) => id)}::uuid[], ${before}::timestamptz[]) as b (id, last_attempt_at)
    where ${isClaimed} and b.id = c.id`,
  );
}
