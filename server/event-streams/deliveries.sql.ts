import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { notFound } from '../errors.ts';
import type { DeliveryStatus } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, type Slice } from '../pagination.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import type { EventDeliveryView } from './event-stream.ts';
import { TEST_EVENT } from './event-types.ts';
import { MAX_ROWS } from './max-rows.ts';
import { deleteUnused, eraseEventsOfDeleted } from './purge.sql.ts';
import { VERIFICATION_EVENT } from './set-events.ts';

interface DeliveryRow extends Omit<EventDeliveryView, 'createdAt' | 'lastAttemptAt' | 'nextAttemptAt'> {
  createdAt: string;
  lastAttemptAt: string | null;
  /** Null: it is being made. */
  dueAt: string | null;
}

async function readDeliveries(
  em: EntityManager,
  matches: RawBuilder<unknown>,
  limit: number,
): Promise<EventDeliveryView[]> {
  const rows = await rowsOf(
    em,
    sql<DeliveryRow>`
    select d.id, d.stream_id as "streamId", d.type as "eventType", d.session_id as "sessionId", d.created_at as "createdAt",
      d.status, d.attempts, d.last_attempt_at as "lastAttemptAt", d.last_error as "lastError", 
      case when d.lease_id is null then d.due_at end as "dueAt"
    from event_deliveries d where ${matches} order by d.created_at desc, d.id desc limit ${limit}`,
  );
  return rows.map(({ dueAt, ...row }) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastAttemptAt: instantOrNull(row.lastAttemptAt),
    nextAttemptAt: row.status === 'PENDING' && row.attempts > 0 ? instantOrNull(dueAt) : null,
  }));
}

export interface DeliveryFilter {
  streamId: string;
  /** Null: any. */
  status: DeliveryStatus | null;
}

const isOf = ({ streamId, status }: DeliveryFilter) =>
  sql`d.stream_id = ${streamId} and ${status === null ? sql`true` : sql`d.status = ${status}`}`;

/** Newest first; one more than the slice has, if there is one. */
export const listDeliveries = (
  em: EntityManager,
  filter: DeliveryFilter,
  { first, after }: Slice,
): Promise<EventDeliveryView[]> =>
  readDeliveries(
    em,
    sql`${isOf(filter)}
      and ${after ? sql`(d.created_at, d.id) < (${at(after.at)}, ${after.id}::uuid)` : sql`true`}`,
    first + 1,
  );

export async function countDeliveries(
  em: EntityManager,
  filter: DeliveryFilter,
  atMost: number,
): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from (select from event_deliveries d where ${isOf(filter)} limit ${atMost}) d`,
  );
  return row!.count;
}

/** Pending deliveries by stream, each exact up to 10,000. */
export async function countPending(
  em: EntityManager,
  streamIds: readonly string[],
): Promise<Map<string, number>> {
  const rows = await rowsOf(
    em,
    sql<{ id: string; count: number }>`
    select s.id, (select count(*)::int from (
      select from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING' limit ${MAX_EXACT_COUNT}) d) as count
    from unnest(${[...streamIds]}::uuid[]) s (id)`,
  );
  return new Map(rows.map(({ id, count }) => [id, count]));
}

/** Deliveries that wait, in the whole installation. */
export async function countPendingOfAll(em: EntityManager): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from event_streams s join event_deliveries d on d.stream_id = s.id
    where d.status = 'PENDING'`,
  );
  return row!.count;
}

/** @throws NOT_FOUND, identical for an unknown delivery and one of another account */
export async function readDelivery(
  em: EntityManager,
  { id, accountId }: { id: string; accountId: string },
): Promise<EventDeliveryView> {
  const [delivery] = isUuid(id)
    ? await readDeliveries(
        em,
        sql`d.id = ${id} and exists (
          select from event_streams s where s.id = d.stream_id and s.account_id = ${accountId})`,
        1,
      )
    : [];
  if (!delivery) throw notFound('Event delivery');
  return delivery;
}

/** Tests and verifications of a stream that wait. With literals: an index has the same ones as its condition. */
export async function countPendingTests(em: EntityManager, streamId: string): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from event_deliveries
    where stream_id = ${streamId} and status = 'PENDING' and type in (${sql.lit(TEST_EVENT)}, ${sql.lit(VERIFICATION_EVENT)})`,
  );
  return row!.count;
}

/**
 * Writes an event for one stream only, in a transaction, and returns the id of its delivery.
 * @param isControl whether it goes before all others, also while the stream is held; such events keep their order
 */
export async function insertStreamDelivery(
  em: EntityManager,
  { id: streamId, accountId }: { id: string; accountId: string },
  { type, details, isControl }: { type: string; details: Record<string, unknown>; isControl: boolean },
  now: Date,
): Promise<string> {
  const [row] = await rowsOf(
    em,
    sql<{ id: string }>`
    with event as (
      insert into security_events (account_id, type, occurred_at, details)
      values (${accountId}, ${type}, ${now}, ${JSON.stringify(details)}::jsonb)
      returning id)
    insert into event_deliveries (stream_id, event_id, type, order_key, due_at, is_control)
    select ${streamId}::uuid, event.id, ${type}, case when ${isControl}::boolean then 'stream ' || ${streamId} else event.id::text end,
      ${at(now)}, ${isControl} from event
    returning id`,
  );
  return row!.id;
}

/** Notices about a stream that wait. A receiver that does not come for them needs the latest ones. */
const MAX_NOTICES = 10;

/** Deletes the oldest notices about a stream that wait, so that one more can follow, in a transaction. */
export async function dropOldNotices(em: EntityManager, streamId: string): Promise<void> {
  const dropped = await rowsOf(
    em,
    sql<{ eventId: string }>`
    delete from event_deliveries where id in (
      select d.id from event_deliveries d
      where d.stream_id = ${streamId} and d.is_control and d.status = 'PENDING' and d.lease_id is null
      order by d.sequence desc offset ${MAX_NOTICES - 1} for update skip locked)
    returning event_id as "eventId"`,
  );
  await deleteUnused(em, dropped);
}

const waitingAgain = (now: Date) => sql`
  status = 'PENDING', due_at = ${at(now)}, attempts = 0, first_attempt_at = null, finished_at = null, lease_id = null`;

/** Makes a delivery once more, or a waiting one and those behind it at once. One that is being made goes on. */
export async function redeliver(em: EntityManager, id: string, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    with again as (
      update event_deliveries set ${waitingAgain(now)}
      where id = ${id} and (status <> 'PENDING' or lease_id is null or due_at <= ${at(now)})
      returning stream_id, order_key, sequence)
    update event_deliveries d set due_at = ${at(now)} from again
    where d.stream_id = again.stream_id and d.order_key = again.order_key and d.status = 'PENDING'
      and d.sequence > again.sequence and d.lease_id is null and d.due_at > ${at(now)}`,
  );
}

/** Makes the earliest dead deliveries of a stream once more, and returns how many these are. */
export async function redeliverDead(em: EntityManager, streamId: string, now: Date): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    update event_deliveries set ${waitingAgain(now)} where id in (
      select d.id from event_deliveries d where d.stream_id = ${streamId} and d.status = 'DEAD'
      order by d.created_at, d.id limit ${MAX_ROWS} for update skip locked)
    returning 1`,
  );
  return rows.length;
}

/**
 * Starts again with what waits for a stream that goes on, and with what waits behind that: it is due now, and has 24 hours.
 * @param isMoved whether the stream has another address: what is on its way to the one of before is made again, and the
 * answer to it counts no more. Otherwise it goes on.
 */
export async function restartPending(
  em: EntityManager,
  streamId: string,
  { isMoved }: { isMoved: boolean },
  now: Date,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_deliveries set ${waitingAgain(now)} where id in (
      select d.id from event_deliveries d
      where d.stream_id = ${streamId} and d.status = 'PENDING' and (d.attempts > 0 or d.due_at > ${at(now)})
        and (${isMoved}::boolean or d.lease_id is null or d.due_at <= ${at(now)})
      limit ${MAX_ROWS} for update skip locked)`,
  );
}

/**
 * Gives up what waits for a stream that is disabled. The sweep goes on with what is too much for one statement, and what
 * another transaction holds: waiting for it, with the stream's row locked, could be a deadlock.
 */
export async function dropPending(
  em: EntityManager,
  streamId: string,
  why: string,
  now: Date,
): Promise<void> {
  const dropped = await rowsOf(
    em,
    sql<{ eventId: string }>`
    update event_deliveries set status = 'DEAD', finished_at = ${now}, last_error = ${why}, lease_id = null
    where id in (
      select d.id from event_deliveries d where d.stream_id = ${streamId} and d.status = 'PENDING'
      limit ${MAX_ROWS} for update skip locked)
    returning event_id as "eventId"`,
  );
  await eraseEventsOfDeleted(
    em,
    dropped.map(({ eventId }) => eventId),
  );
}
