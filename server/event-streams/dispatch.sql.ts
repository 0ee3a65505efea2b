import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { EventStreamKind, SubjectFormat } from '../generated/schema.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import type { ClaimedDelivery } from './event-stream.ts';
import { GIVE_UP_SECONDS } from './retry-rules.ts';

/** Longer than an attempt. A node that dies leaves its deliveries to the others after that time. */
const LEASE_SECONDS = 30;

const isReady = (now: Date) => sql`s.status = 'ENABLED' and (s.retry_at is null or s.retry_at <= ${at(now)})`;

export interface ReadyStream {
  id: string;
  isFailing: boolean;
}

/** Streams of these kinds with a delivery that is due. */
export function findReadyStreams(
  em: EntityManager,
  kinds: readonly EventStreamKind[],
  now: Date,
): Promise<ReadyStream[]> {
  return rowsOf(
    em,
    sql<ReadyStream>`
    select s.id, s.failing_since is not null as "isFailing" from event_streams s
    where ${isReady(now)} and s.kind = any(${kinds}::text[]) and exists (
      select from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING' and d.due_at <= ${at(now)})`,
  );
}

interface ClaimedRow {
  id: string;
  eventId: string;
  leaseId: string;
  attempts: number;
  firstAttemptAt: string;
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
}

/**
 * Claims one delivery of a stream for the length of a lease. Never one behind an earlier delivery of the same session that
 * is pending, with this node or another one. Null: none is due.
 */
export async function claimDelivery(
  em: EntityManager,
  streamId: string,
  now: Date,
): Promise<ClaimedDelivery | null> {
  const [row] = await rowsOf(
    em,
    sql<ClaimedRow>`
    with picked as (
      select d.id from event_streams s join event_deliveries d on d.stream_id = s.id
      where s.id = ${streamId} and ${isReady(now)} and d.status = 'PENDING' and d.due_at <= ${at(now)}
        and not exists (
          select from event_deliveries e
          where e.stream_id = d.stream_id and e.order_key = d.order_key and e.status = 'PENDING' and e.sequence < d.sequence)
      order by d.due_at, d.sequence limit 1 for update of d skip locked),
    claimed as (
      update event_deliveries d set due_at = ${at(addSeconds(now, LEASE_SECONDS))}, lease_id = ${randomUUID()}::uuid,
        attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, ${at(now)}), last_attempt_at = ${at(now)}
      from picked where d.id = picked.id returning d.*)
    select d.id, d.event_id as "eventId", d.lease_id as "leaseId", d.attempts, d.first_attempt_at as "firstAttemptAt",
      s.id as "streamId", s.account_id as "accountId", s.kind, s.url, s.subject_format as "subjectFormat", s.audience,
      s.secret, s.previous_secret as "previousSecret", s.previous_secret_until as "previousSecretUntil",
      s.failing_since is not null as "isFailing",
      e.type, e.session_id as "sessionId", e.user_id as "userId", e.external_id as "externalId",
      e.occurred_at as "occurredAt", e.details
    from claimed d join event_streams s on s.id = d.stream_id join security_events e on e.id = d.event_id`,
  );
  return row ? toClaimed(row) : null;
}

function toClaimed(row: ClaimedRow): ClaimedDelivery {
  const { id, eventId, leaseId, attempts, accountId } = row;
  const { kind, url, subjectFormat, audience, secret, previousSecret, isFailing } = row;
  const { type, sessionId, userId, externalId, details } = row;
  return {
    id,
    eventId,
    leaseId,
    attempts,
    firstAttemptAt: instant(row.firstAttemptAt),
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
    },
  };
}

/** Within the second this is written once: every delivery would otherwise wait for the stream's row. */
const STAMP_SECONDS = 1;

/**
 * Stores that a delivery was taken. False: its lease had run out, and another node has it. An external id of a deleted user
 * is erased with the last delivery that needs it.
 */
export async function storeDelivered(
  em: EntityManager,
  { id, leaseId }: ClaimedDelivery,
  now: Date,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    with done as (
      update event_deliveries set status = 'DELIVERED', finished_at = ${now}, last_error = null, lease_id = null
      where id = ${id} and lease_id = ${leaseId} and status = 'PENDING'
      returning id, stream_id, event_id),
    stamped as (
      update event_streams s set last_delivered_at = ${now}, failing_since = null, failures = 0, retry_at = null
      from done where s.id = done.stream_id and (
        s.failing_since is not null or s.last_delivered_at is null
        or s.last_delivered_at < ${at(addSeconds(now, -STAMP_SECONDS))})),
    erased as (
      update security_events e set external_id = null
      from done where e.id = done.event_id and e.external_id is not null
        and exists (select from users u where u.id = e.user_id and u.deleted_at is not null)
        and not exists (
          select from event_deliveries d where d.event_id = e.id and d.id <> done.id and d.status = 'PENDING'))
    select 1 from done`,
  );
  return rows.length === 1;
}

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
 * Holds a stream whose receiver gives no answer, in a transaction. Deliveries in progress that fail with it count as one
 * failure. @param probeAt when it is tried again, by the failures since its last answer
 */
export async function holdStream(
  em: EntityManager,
  streamId: string,
  probeAt: (failures: number) => Date,
  now: Date,
): Promise<void> {
  const [row] = await rowsOf(
    em,
    sql<{ failures: number }>`
    update event_streams set failures = least(failures, 1000) + 1
    where id = ${streamId} and (retry_at is null or retry_at <= ${at(now)}) returning failures`,
  );
  if (!row) return;
  await rowsOf(em, sql`update event_streams set retry_at = ${probeAt(row.failures)} where id = ${streamId}`);
}

/**
 * Gives up what a stream that has failed for a day or longer has kept for as long. Each would otherwise need an attempt of
 * its own, and a receiver that is gone has one a minute. Returns how many these were.
 */
export async function giveUpOldest(
  em: EntityManager,
  streamId: string,
  error: string,
  now: Date,
): Promise<number> {
  const before = at(addSeconds(now, -GIVE_UP_SECONDS));
  const rows = await rowsOf(
    em,
    sql`
    update event_deliveries d set status = 'DEAD', finished_at = ${now}, last_error = coalesce(d.last_error, ${error})
    from event_streams s
    where s.id = ${streamId} and s.failing_since <= ${before} and d.stream_id = s.id and d.status = 'PENDING'
      and d.lease_id is null and d.created_at <= ${before}
    returning 1`,
  );
  return rows.length;
}
