import { sql, type RawBuilder } from 'kysely';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { EventStreamKind, SubjectFormat } from '../generated/schema.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { MAX_ROWS } from './max-rows.ts';

/** Longer than an attempt. A node that dies leaves its deliveries to the others after that time. */
const LEASE_SECONDS = 30;
/** An attempt that begins within this time after its claim is over before the lease is. */
export const BEGIN_WITHIN_SECONDS = 15;
/** Due deliveries of a stream that one claim looks at. */
const CLAIM_WINDOW = 40;

/** Whether the receiver of the stream `s` may be tried. */
const isTried = (now: Date) => sql`(s.retry_at is null or s.retry_at <= ${at(now)})`;

/**
 * The earliest delivery of the same session that is pending. Written so that one index alone can be used ("is not distinct"
 * uses none): a burst comes long before statistics, and without them PostgreSQL takes an index that has every delivery of the
 * stream to be as good.
 */
const headOf = (delivery: RawBuilder<unknown>) => sql`
  select e.id from event_deliveries e
  where e.order_key = ${delivery}.order_key and e.stream_id is not distinct from ${delivery}.stream_id
    and e.status = 'PENDING'
  order by e.sequence limit 1`;

export interface ReadyStream {
  id: string;
  accountId: string;
  isFailing: boolean;
}

/**
 * Streams of these kinds with a delivery that is due. Steps through the index of what waits, from one stream to the next, so
 * that streams without anything cost nothing.
 */
export function findReadyStreams(
  em: EntityManager,
  kinds: readonly EventStreamKind[],
  now: Date,
): Promise<ReadyStream[]> {
  return rowsOf(
    em,
    sql<ReadyStream>`
    with recursive waiting as (
      (select d.stream_id from event_deliveries d where d.status = 'PENDING' order by d.stream_id limit 1)
      union all
      select (select d.stream_id from event_deliveries d where d.status = 'PENDING' and d.stream_id > w.stream_id
        order by d.stream_id limit 1)
      from waiting w where w.stream_id is not null)
    select s.id, s.account_id as "accountId", s.failing_since is not null as "isFailing" from waiting w join event_streams s on s.id = w.stream_id
    where s.kind = any(${kinds}::text[]) and ${isTried(now)} and (
      s.status = 'ENABLED'
        and (select d.due_at from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING'
          order by d.due_at, d.sequence limit 1) <= ${at(now)}
      or exists (
        select from event_deliveries d
        where d.stream_id = s.id and d.status = 'PENDING' and d.due_at <= ${at(now)} and d.is_control))`,
  );
}

interface ClaimedRow {
  id: string;
  eventId: string;
  leaseId: string;
  attempts: number;
  firstAttemptAt: string;
  previousAttemptAt: string | null;
  isControl: boolean;
  streamId: string;
  accountId: string;
  kind: EventStreamKind;
  url: string | null;
  subjectFormat: SubjectFormat;
  audience: string;
  secret: string | null;
  previousSecret: string | null;
  previousSecretUntil: string | null;
  isFailing: boolean;
  type: string;
  sessionId: string | null;
  userId: string | null;
  externalId: string | null;
  occurredAt: string;
  details: Record<string, unknown>;
  causeId: string | null;
}

/** How many deliveries of a stream are wanted. */
export interface WantedDeliveries {
  stream: ReadyStream;
  count: number;
}

/**
 * Claims deliveries of several streams for the length of a lease, in the order in which they came into the outbox. Never one
 * behind an earlier delivery of the same session that is pending, with this node or another one, or behind one about the
 * stream itself. Fewer than wanted: no more are due, or each waits for an earlier one. A stream that fails gives one.
 */
export async function claimDeliveries(
  em: EntityManager,
  wanted: readonly WantedDeliveries[],
  now: Date,
): Promise<ClaimedDelivery[]> {
  const rows = await rowsOf(
    em,
    sql<ClaimedRow>`
    with picked as (
      select p.id, p.last_attempt_at
      from unnest(${wanted.map(({ stream }) => stream.id)}::uuid[], ${wanted.map(({ count }) => count)}::int[])
        as w (stream_id, count) join event_streams s on s.id = w.stream_id
      cross join lateral (
        with about_stream as materialized (
          select d.id, d.stream_id, d.order_key, d.due_at, d.sequence from event_deliveries d
          where d.stream_id = w.stream_id and d.is_control and d.status = 'PENDING'
          order by d.sequence limit ${CLAIM_WINDOW}),
        due as materialized (
          select * from about_stream where due_at <= ${at(now)}
          union all
          (select d.id, d.stream_id, d.order_key, d.due_at, d.sequence from event_deliveries d
          where d.stream_id = w.stream_id and d.status = 'PENDING' and d.due_at <= ${at(now)}
            and not exists (select from about_stream)
          order by d.due_at, d.sequence limit ${CLAIM_WINDOW})),
        heads as materialized (select due.id, due.due_at, due.sequence from due where due.id = (${headOf(sql`due`)}))
        select d.id, d.last_attempt_at from heads join event_deliveries d on d.id = heads.id
        where (s.status = 'ENABLED' or d.is_control) and d.status = 'PENDING' and d.due_at <= ${at(now)}
        order by heads.due_at, heads.sequence
        limit case when s.failing_since is null then w.count else 1 end for update of d skip locked) p
      where ${isTried(now)}),
    claimed as (
      update event_deliveries d set due_at = ${at(addSeconds(now, LEASE_SECONDS))}, lease_id = ${randomUUID()}::uuid,
        attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, ${at(now)}), last_attempt_at = ${at(now)}
      from picked where d.id = picked.id returning d.*, picked.last_attempt_at as previous_attempt_at)
    select d.id, d.event_id as "eventId", d.lease_id as "leaseId", d.attempts, d.first_attempt_at as "firstAttemptAt",
      d.previous_attempt_at as "previousAttemptAt",
      d.is_control as "isControl", s.id as "streamId", s.account_id as "accountId", s.kind, s.url, s.subject_format as "subjectFormat", s.audience,
      s.secret, s.previous_secret as "previousSecret", s.previous_secret_until as "previousSecretUntil",
      s.failing_since is not null as "isFailing",
      e.type, e.session_id as "sessionId", e.user_id as "userId", e.external_id as "externalId",
      e.occurred_at as "occurredAt", e.details, e.cause_id as "causeId"
    from claimed d join event_streams s on s.id = d.stream_id join security_events e on e.id = d.event_id
    order by d.sequence`,
  );
  return rows.map(toClaimed);
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  const { id, eventId, leaseId, attempts, isControl, accountId } = row;
  const { kind, url, subjectFormat, audience, secret, previousSecret, isFailing } = row;
  const { type, sessionId, userId, externalId, details, causeId } = row;
  return {
    id,
    eventId,
    leaseId,
    attempts,
    firstAttemptAt: instant(row.firstAttemptAt),
    previousAttemptAt: instantOrNull(row.previousAttemptAt),
    isControl,
    stream: {
      id: row.streamId,
      accountId,
      kind,
      url,
      subjectFormat,
      audience,
      secret,
      previousSecret,
      previousSecretUntil: instantOrNull(row.previousSecretUntil),
      isFailing,
    },
    event: {
      type,
      accountId,
      sessionId,
      userId,
      externalId,
      occurredAt: instant(row.occurredAt),
      details,
      causeId,
    },
  };
}

/**
 * Lets deliveries that are due wait as long as the earlier one of their session that has failed, and returns how many these
 * are. Otherwise each claim would look at all of them again. Begins with those that wait: they are few, what is due may be
 * a million.
 */
export async function deferBlocked(em: EntityManager, streamId: string, now: Date): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    with waiting as materialized (
      select distinct on (h.order_key) h.order_key, h.stream_id, h.sequence, h.due_at from (
        select h.order_key, h.stream_id, h.sequence, h.due_at from event_deliveries h
        where h.stream_id = ${streamId} and h.status = 'PENDING' and h.due_at > ${at(now)} and h.lease_id is null
        order by h.due_at, h.sequence limit ${MAX_ROWS}) h
      order by h.order_key, h.sequence),
    blocked as (
      select d.id, w.due_at from waiting w join event_deliveries d
        on d.order_key = w.order_key and d.stream_id is not distinct from w.stream_id
          and d.status = 'PENDING' and d.sequence > w.sequence
      where d.due_at <= ${at(now)} and d.lease_id is null limit ${MAX_ROWS} for update of d skip locked)
    update event_deliveries d set due_at = blocked.due_at from blocked where d.id = blocked.id returning 1`,
  );
  return rows.length;
}

/** Claims of this node, each by its delivery and its lease: what another node has claimed since is none of them. */
export const claimsOf = (deliveries: readonly ClaimedDelivery[]) => sql`
  unnest(${deliveries.map(({ id }) => id)}::uuid[], ${deliveries.map(({ leaseId }) => leaseId)}::uuid[]) as c (id, lease_id)`;

export const isClaimed = sql`d.id = c.id and d.lease_id = c.lease_id and d.status = 'PENDING'`;

/** Within the second this is written once: every delivery would otherwise wait for the stream's row. */
const STAMP_SECONDS = 1;

export interface Stored {
  id: string;
  eventId: string;
  streamId: string;
  /** Since when the stream had failed until now. */
  failingSince: Date | null;
  /** Whether the event names a user who is deleted, see `eraseEventsOfDeleted`. */
  isOfDeletedUser: boolean;
}

/** Stores which deliveries were taken. One is missing: its lease had run out, and another node has it. */
export async function storeDelivered(
  em: EntityManager,
  deliveries: readonly ClaimedDelivery[],
  now: Date,
): Promise<Stored[]> {
  const rows = await rowsOf(
    em,
    sql<Omit<Stored, 'failingSince'> & { failingSince: string | null }>`
    with done as (
      update event_deliveries d set status = 'DELIVERED', finished_at = ${now}, last_error = null, lease_id = null
      from ${claimsOf(deliveries)} where ${isClaimed}
      returning d.id, d.stream_id, d.event_id),
    -- Two nodes that wrote them in different orders would wait for each other.
    stale as (
      select s.id from event_streams s
      where s.id in (select stream_id from done) and (
        s.failing_since is not null or s.last_delivered_at is null
        or s.last_delivered_at < ${at(addSeconds(now, -STAMP_SECONDS))})
      order by s.id for no key update),
    stamped as (
      update event_streams s set last_delivered_at = ${now}, failing_since = null, failures = 0, retry_at = null
      from stale where s.id = stale.id)
    select done.id, done.event_id as "eventId", done.stream_id as "streamId", s.failing_since as "failingSince", exists (
      select from security_events e join users u on u.id = e.user_id
      where e.id = done.event_id and e.external_id is not null and u.deleted_at is not null) as "isOfDeletedUser"
    from done left join event_streams s on s.id = done.stream_id`,
  );
  return rows.map((row) => ({ ...row, failingSince: instantOrNull(row.failingSince) }));
}

/** A receiver that is back after it had failed for so long is sent at once what waits for another attempt. */
export const RECOVERY_SECONDS = 60;

/** Makes everything that waits for a stream due now, without those that are being made. */
export async function makeAllDue(em: EntityManager, streamId: string, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_deliveries set due_at = ${at(now)} where id in (
      select d.id from event_deliveries d
      where d.stream_id = ${streamId} and d.status = 'PENDING' and d.lease_id is null and d.due_at > ${at(now)}
      order by d.due_at limit ${MAX_ROWS} for update skip locked)`,
  );
}
