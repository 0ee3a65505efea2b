import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';
import type { TokenDelivery } from './security-event-token.ts';

/** What a poll may return of the stream `s`: what is about the stream itself also while it is paused or disabled. */
const isOpen = sql`d.status = 'PENDING' and (s.status = 'ENABLED' or d.is_control)`;

type PolledRow = Omit<TokenDelivery['event'], 'occurredAt'> &
  TokenDelivery['stream'] & { deliveryId: string; eventId: string; occurredAt: string };

/**
 * Takes up to `limit` deliveries of a stream that are not acknowledged, in their order: none comes before an earlier one of
 * the same session. Counts an attempt of each. Nothing reserves them, so a repeat of the call returns the same ones.
 */
export async function takePolled(
  em: EntityManager,
  streamId: string,
  limit: number,
  now: Date,
): Promise<TokenDelivery[]> {
  const rows = await rowsOf(
    em,
    sql<PolledRow>`
    with picked as (
      select d.id from event_streams s join event_deliveries d on d.stream_id = s.id
      where s.id = ${streamId} and ${isOpen}
      order by d.is_control desc, d.sequence limit ${limit} for update of d),
    taken as (
      update event_deliveries d set attempts = d.attempts + 1, last_attempt_at = ${at(now)},
        first_attempt_at = coalesce(d.first_attempt_at, ${at(now)})
      from picked where d.id = picked.id and d.status = 'PENDING' returning d.*)
    select d.id as "deliveryId", d.event_id as "eventId", s.id, s.subject_format as "subjectFormat", s.audience,
      e.type, e.account_id as "accountId", e.session_id as "sessionId", e.user_id as "userId",
      e.external_id as "externalId", e.occurred_at as "occurredAt", e.details, e.cause_id as "causeId"
    from taken d join event_streams s on s.id = d.stream_id join security_events e on e.id = d.event_id
    order by d.is_control desc, d.sequence`,
  );
  return rows.map(({ deliveryId, eventId, id, subjectFormat, audience, ...event }) => ({
    id: deliveryId,
    eventId,
    stream: { id, subjectFormat, audience },
    event: { ...event, occurredAt: instant(event.occurredAt) },
  }));
}

/** Those of the streams that a poll returns something of now. */
export async function findStreamsWithPolled(
  em: EntityManager,
  streamIds: readonly string[],
): Promise<string[]> {
  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    select s.id from event_streams s where s.id = any(${[...streamIds]}::uuid[]) and (
      s.status = 'ENABLED' and exists (
        select from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING')
      or exists (
        select from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING' and d.is_control))`,
  );
  return rows.map(({ id }) => id);
}

/** Whether a stream has more that a poll returns than `taken` deliveries. Each part is a walk along an index. */
export async function hasMorePolled(em: EntityManager, streamId: string, taken: number): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    select 1 from (
      select d.id from event_deliveries d where d.stream_id = ${streamId} and d.status = 'PENDING' and d.is_control
      union all
      select d.id from event_streams s join event_deliveries d on d.stream_id = s.id
      where s.id = ${streamId} and s.status = 'ENABLED' and d.status = 'PENDING' and not d.is_control) d
    offset ${taken} limit 1`,
  );
  return rows.length > 0;
}

/** Within the second the stream's row is written once. */
const STAMP_SECONDS = 1;

/**
 * Stores that the receiver has taken deliveries, and returns the ids of their events. An id that is none of the stream's, or
 * is acknowledged already, changes nothing.
 */
export async function storeAcknowledged(
  em: EntityManager,
  streamId: string,
  ids: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await rowsOf(
    em,
    sql<{ eventId: string }>`
    with wanted as (
      select id from event_deliveries
      where id = any(${[...ids]}::uuid[]) and stream_id = ${streamId} and status = 'PENDING'
      order by is_control desc, sequence for update),
    done as (
      update event_deliveries d set status = 'DELIVERED', finished_at = ${now}, last_error = null, lease_id = null
      from wanted where d.id = wanted.id returning d.id, d.event_id),
    stamped as (
      update event_streams s set last_delivered_at = ${now}, failing_since = null, failures = 0, retry_at = null
      where s.id = ${streamId} and exists (select from done) and (
        s.failing_since is not null or s.last_delivered_at is null
        or s.last_delivered_at < ${at(addSeconds(now, -STAMP_SECONDS))}))
    select event_id as "eventId" from done`,
  );
  return rows.map(({ eventId }) => eventId);
}

/**
 * Stores that the receiver cannot take a delivery: it is dead. Returns the id of its event; null: it is none of the stream's
 * that waits.
 */
export async function storeRefused(
  em: EntityManager,
  streamId: string,
  { id, error }: { id: string; error: string },
  now: Date,
): Promise<string | null> {
  const [row] = await rowsOf(
    em,
    sql<{ eventId: string }>`
    update event_deliveries set status = 'DEAD', finished_at = ${now}, last_error = ${error}, lease_id = null
    where id = ${id} and stream_id = ${streamId} and status = 'PENDING' returning event_id as "eventId"`,
  );
  return row?.eventId ?? null;
}
