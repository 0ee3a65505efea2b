import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { MAX_ROWS } from './max-rows.ts';
import { GIVE_UP_SECONDS } from './retry-rules.ts';

export interface FailedAttempt {
  /** For the owner: what the receiver answered, or why it did not. */
  error: string;
  /** Null: this was the last attempt. */
  nextAttemptAt: Date | null;
}

/** Stores a failure, in a transaction. False: the lease had run out, and another node has the delivery. */
export async function storeFailed(
  em: EntityManager,
  { id, leaseId, stream }: ClaimedDelivery,
  { error, nextAttemptAt }: FailedAttempt,
  now: Date,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    update event_deliveries set last_error = ${error}, lease_id = null,
      ${
        nextAttemptAt === null
          ? sql`status = 'DEAD', finished_at = ${at(now)}`
          : sql`due_at = ${at(nextAttemptAt)}`
      }
    where id = ${id} and lease_id = ${leaseId} and status = 'PENDING' returning 1`,
  );
  if (rows.length === 0) return false;
  await rowsOf(
    em,
    sql`
    update event_streams set failing_since = ${now} where id = ${stream.id} and failing_since is null`,
  );
  return true;
}

/**
 * Counts a failure of a stream and holds it, in a transaction. Deliveries in progress that fail during a hold belong to its
 * failure. @param probeAt until when it is held, by the failures since its last delivery; null: it is not
 */
export async function holdStream(
  em: EntityManager,
  streamId: string,
  probeAt: (failures: number) => Date | null,
  now: Date,
): Promise<void> {
  const [row] = await rowsOf(
    em,
    sql<{ failures: number }>`
    update event_streams set failures = least(failures, 1000) + 1
    where id = ${streamId} and (retry_at is null or retry_at <= ${at(now)}) returning failures`,
  );
  const retryAt = row ? probeAt(row.failures) : null;
  if (retryAt) await rowsOf(em, sql`update event_streams set retry_at = ${retryAt} where id = ${streamId}`);
}

/**
 * Gives up what has been due for a day at a stream that has failed for a day. Each would otherwise need an attempt of its
 * own, and a receiver that is gone has one a minute. Returns the ids of their events.
 */
export async function giveUpOldest(
  em: EntityManager,
  streamId: string,
  error: string,
  now: Date,
): Promise<string[]> {
  const before = at(addSeconds(now, -GIVE_UP_SECONDS));
  const rows = await rowsOf(
    em,
    sql<{ eventId: string }>`
    update event_deliveries d set status = 'DEAD', finished_at = ${now}, last_error = coalesce(d.last_error, ${error})
    from (
      select d.id from event_deliveries d join event_streams s on s.id = d.stream_id
      where s.id = ${streamId} and s.failing_since <= ${before} and d.status = 'PENDING' and d.lease_id is null
        and d.due_at <= ${before} and d.created_at <= ${before}
      order by d.due_at limit ${MAX_ROWS} for update of d skip locked) oldest
    where d.id = oldest.id returning d.event_id as "eventId"`,
  );
  return rows.map(({ eventId }) => eventId);
}
