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

interface DeliveryRow extends Omit<EventDeliveryView, 'createdAt' | 'lastAttemptAt' | 'nextAttemptAt'> {
  createdAt: string;
  lastAttemptAt: string | null;
  dueAt: string;
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
      d.status, d.attempts, d.last_attempt_at as "lastAttemptAt", d.last_error as "lastError", d.due_at as "dueAt"
    from event_deliveries d where ${matches} order by d.created_at desc, d.id desc limit ${limit}`,
  );
  return rows.map(({ dueAt, ...row }) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastAttemptAt: instantOrNull(row.lastAttemptAt),
    nextAttemptAt: row.status === 'PENDING' && row.attempts > 0 ? instant(dueAt) : null,
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

/** Tests of a stream that wait. */
export async function countPendingTests(em: EntityManager, streamId: string): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from event_deliveries
    where stream_id = ${streamId} and status = 'PENDING' and type = ${TEST_EVENT}`,
  );
  return row!.count;
}

/** Writes a test event for one stream only, in a transaction, and returns the id of its delivery. */
export async function insertTestDelivery(
  em: EntityManager,
  { id: streamId, accountId }: { id: string; accountId: string },
  now: Date,
): Promise<string> {
  const [row] = await rowsOf(
    em,
    sql<{ id: string }>`
    with event as (
      insert into security_events (account_id, type, occurred_at) values (${accountId}, ${TEST_EVENT}, ${now})
      returning id)
    insert into event_deliveries (stream_id, event_id, type, order_key, due_at)
    select ${streamId}::uuid, event.id, ${TEST_EVENT}, event.id::text, ${at(now)} from event
    returning id`,
  );
  return row!.id;
}

const waitingAgain = (now: Date) => sql`
  status = 'PENDING', due_at = ${at(now)}, attempts = 0, first_attempt_at = null, finished_at = null, lease_id = null`;

/** Makes a delivery once more, or a waiting one at once. One that is being made goes on. */
export async function redeliver(em: EntityManager, id: string, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_deliveries set ${waitingAgain(now)}
    where id = ${id} and (status <> 'PENDING' or lease_id is null or due_at <= ${at(now)})`,
  );
}

/** Makes every dead delivery of a stream once more, and returns how many these are. */
export async function redeliverDead(em: EntityManager, streamId: string, now: Date): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    update event_deliveries set ${waitingAgain(now)} where stream_id = ${streamId} and status = 'DEAD' returning 1`,
  );
  return rows.length;
}

/** Gives up what waits for a stream, which is disabled or deleted. */
export async function dropPending(
  em: EntityManager,
  streamId: string,
  why: string,
  now: Date,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_deliveries set status = 'DEAD', finished_at = ${now}, last_error = ${why}, lease_id = null
    where stream_id = ${streamId} and status = 'PENDING'`,
  );
}
