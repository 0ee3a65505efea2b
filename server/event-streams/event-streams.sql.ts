import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { notFound } from '../errors.ts';
import type { EventStreamStatus } from '../generated/schema.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import type { EventStreamView } from './event-stream.ts';

interface StreamRow extends Omit<EventStreamView, 'createdAt' | 'lastDeliveredAt' | 'failingSince'> {
  createdAt: string;
  lastDeliveredAt: string | null;
  failingSince: string | null;
}

async function readStreams(em: EntityManager, condition: RawBuilder<unknown>): Promise<EventStreamView[]> {
  const rows = await rowsOf(
    em,
    sql<StreamRow>`
    select s.id, s.account_id as "accountId", s.kind, s.url, s.description, s.event_types as "eventTypes",
      s.subject_format as "subjectFormat", s.audience, s.status, s.status_reason as "statusReason",
      s.created_at as "createdAt", s.last_delivered_at as "lastDeliveredAt", s.failing_since as "failingSince"
    from event_streams s where ${condition} order by s.created_at, s.id`,
  );
  return rows.map((row) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastDeliveredAt: instantOrNull(row.lastDeliveredAt),
    failingSince: instantOrNull(row.failingSince),
  }));
}

/** Oldest first. */
export const listStreams = (em: EntityManager, accountId: string): Promise<EventStreamView[]> =>
  readStreams(em, sql`s.account_id = ${accountId}`);

export const findStreams = (em: EntityManager, ids: readonly string[]): Promise<EventStreamView[]> =>
  readStreams(em, sql`s.id = any(${ids}::uuid[])`);

/** @throws NOT_FOUND, identical for an unknown stream and one of another account */
export async function readStream(
  em: EntityManager,
  { id, accountId }: { id: string; accountId: string },
): Promise<EventStreamView> {
  const [stream] = isUuid(id) ? await readStreams(em, sql`s.id = ${id} and s.account_id = ${accountId}`) : [];
  if (!stream) throw notFound('Event stream');
  return stream;
}

export type NewStream = Omit<
  EventStreamView,
  'status' | 'statusReason' | 'createdAt' | 'lastDeliveredAt' | 'failingSince'
> & {
  /** The types of the outbox that it takes. Null: all. */
  sourceTypes: readonly string[] | null;
  /** Sealed. */
  secret: string | null;
};

export async function insertStream(em: EntityManager, stream: NewStream, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    insert into event_streams (id, account_id, kind, url, description, event_types, source_types, subject_format, audience,
      status, secret, created_at)
    values (${stream.id}, ${stream.accountId}, ${stream.kind}, ${stream.url}, ${stream.description},
      ${stream.eventTypes}::text[], ${stream.sourceTypes}::text[], ${stream.subjectFormat}, ${stream.audience},
      'ENABLED', ${stream.secret}, ${now})`,
  );
}

export type StreamSettings = Pick<
  EventStreamView,
  'id' | 'url' | 'description' | 'eventTypes' | 'subjectFormat'
> & { sourceTypes: readonly string[] | null };

const triedAtOnce = (isTriedAtOnce: boolean) =>
  isTriedAtOnce ? sql`, retry_at = null, failures = 0, failing_since = null` : sql``;

/** A stream whose address changes is tried at once. For its status see `changeStreamStatus`. */
export async function updateStream(
  em: EntityManager,
  stream: StreamSettings,
  { isTriedAtOnce }: { isTriedAtOnce: boolean },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set url = ${stream.url}, description = ${stream.description},
      event_types = ${stream.eventTypes}::text[], source_types = ${stream.sourceTypes}::text[],
      subject_format = ${stream.subjectFormat} ${triedAtOnce(isTriedAtOnce)}
    where id = ${stream.id}`,
  );
}

/** A stream whose status changes is tried at once. */
export async function setStatus(
  em: EntityManager,
  { id, status, statusReason }: Pick<EventStreamView, 'id' | 'status' | 'statusReason'>,
  { isTriedAtOnce }: { isTriedAtOnce: boolean },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set status = ${status}, status_reason = ${statusReason} ${triedAtOnce(isTriedAtOnce)}
    where id = ${id}`,
  );
}

/** The secret of before signs beside the new one until `previousUntil`. */
export async function replaceSecret(
  em: EntityManager,
  { id, secret, previousUntil }: { id: string; secret: string; previousUntil: Date },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set previous_secret = secret, previous_secret_until = ${previousUntil}, secret = ${secret}
    where id = ${id}`,
  );
}

export async function deleteStream(em: EntityManager, id: string): Promise<void> {
  await rowsOf(em, sql`delete from event_streams where id = ${id}`);
}

/** Disables a stream, in a transaction, and returns what it was before. Null: it is gone, or was disabled already. */
export async function disableStream(
  em: EntityManager,
  id: string,
  statusReason: string,
): Promise<{ accountId: string; statusBefore: EventStreamStatus } | null> {
  const [row] = await rowsOf(
    em,
    sql<{ accountId: string; statusBefore: EventStreamStatus }>`
    update event_streams s set status = 'DISABLED', status_reason = ${statusReason}
    from (select id, status from event_streams where id = ${id} for no key update) before
    where s.id = before.id and before.status <> 'DISABLED'
    returning s.account_id as "accountId", before.status as "statusBefore"`,
  );
  return row ?? null;
}

export async function countStreams(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`select count(*)::int as count from event_streams where account_id = ${accountId}`,
  );
  return row!.count;
}

interface SealedSecrets {
  id: string;
  secret: string;
  previousSecret: string | null;
}

/** Those of streams after `after` whose seal begins otherwise, in the order of the ids. */
export const listSecretsSealedOtherwise = (
  em: EntityManager,
  { prefix, after, limit }: { prefix: string; after: string | null; limit: number },
): Promise<SealedSecrets[]> =>
  rowsOf(
    em,
    sql<SealedSecrets>`
    select id, secret, previous_secret as "previousSecret" from event_streams
    where (${after}::uuid is null or id > ${after}::uuid) and secret is not null
      and (not starts_with(secret, ${prefix}) or not starts_with(previous_secret, ${prefix}))
    order by id limit ${limit}`,
  );

/** Writes the same secrets in another seal, unless they have changed. */
export async function resealSecrets(
  em: EntityManager,
  before: SealedSecrets,
  after: SealedSecrets,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set secret = ${after.secret}, previous_secret = ${after.previousSecret}
    where id = ${before.id} and secret = ${before.secret} and previous_secret is not distinct from ${before.previousSecret}`,
  );
}

/** Secrets of before a rotation whose time is over, in every account. */
export async function purgePreviousSecrets(em: EntityManager, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_streams set previous_secret = null, previous_secret_until = null
    where previous_secret_until <= ${at(now)}`,
  );
}

/** Ends the hold of a stream whose receiver gave no answer. */
export async function endHold(em: EntityManager, id: string): Promise<void> {
  await rowsOf(em, sql`update event_streams set retry_at = null where id = ${id} and retry_at is not null`);
}
