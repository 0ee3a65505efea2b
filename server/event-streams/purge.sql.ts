import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';

/**
 * Deletes a batch of deliveries from before `before`, and the events that none is left of, in a transaction. Returns the
 * number of deliveries. What an enabled stream still has to deliver stays, unless its receiver comes for it and has not.
 */
export async function purgeDeliveries(em: EntityManager, before: Date, limit: number): Promise<number> {
  const deleted = await rowsOf(
    em,
    sql<{ eventId: string }>`
    delete from event_deliveries where id in (
      select d.id from event_deliveries d
      where d.created_at < ${at(before)} and not (d.status = 'PENDING' and exists (
        select from event_streams s where s.id = d.stream_id and s.status = 'ENABLED' and s.kind <> 'SSF_POLL'))
      order by d.created_at limit ${limit} for update skip locked)
    returning event_id as "eventId"`,
  );
  await deleteUnused(em, deleted);
  return deleted.length;
}

/** Deletes those of the events that no delivery is left of, in a transaction. */
export async function deleteUnused(em: EntityManager, of: readonly { eventId: string }[]): Promise<void> {
  if (of.length === 0) return;
  const ids = of.map(({ eventId }) => eventId);
  // Two nodes may each delete one delivery of an event. The second waits here, and its next statement sees that none is left.
  await rowsOf(em, sql`select from security_events where id = any(${ids}::uuid[]) order by id for update`);
  await rowsOf(
    em,
    sql`
    delete from security_events e where e.id = any(${ids}::uuid[])
      and not exists (select from event_deliveries d where d.event_id = e.id)`,
  );
  // What waited for one that is gone now was the last that needed the id.
  await eraseEventsOfDeleted(em, ids);
}

/** How long the streams of a deleted account wait for their last deliveries. */
const LAST_DELIVERIES_SECONDS = 86_400;

/**
 * Deletes the streams of deleted accounts once the end of every session is on its way no longer, or after a day.
 */
export async function deleteStreamsOfDeletedAccounts(em: EntityManager, now: Date): Promise<void> {
  await rowsOf(
    em,
    sql`
    delete from event_streams s using accounts a
    where a.id = s.account_id and a.deleted_at is not null and (
      a.deleted_at <= ${at(addSeconds(now, -LAST_DELIVERIES_SECONDS))}
      or a.applied_revocation_epoch = a.revocation_epoch and not exists (
        select from event_deliveries d where d.stream_id = s.id and d.status = 'PENDING'))`,
  );
}

/** What an owner wrote about the streams of an account that is deleted. They deliver the end of its sessions yet. */
export async function eraseStreamsOf(em: EntityManager, accountId: string): Promise<void> {
  await rowsOf(em, sql`update event_streams set description = null where account_id = ${accountId}`);
}

const isNotWaiting = sql`not exists (select from event_deliveries d where d.event_id = e.id and d.status = 'PENDING')`;

/**
 * Erases the external ids of deleted users in a batch of events that wait for nothing more, and returns the id of the last
 * event that was looked at. Null: there are no more. One that waits is erased with its last delivery: without the id the
 * receiver could not tell whose session has ended.
 * @param userId null: of all deleted users of the account
 */
export async function eraseEvents(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string | null },
  after: string | null,
  limit: number,
): Promise<string | null> {
  const rows = await rowsOf(
    em,
    sql<{ id: string }>`
    with looked as (
      select e.id, e.user_id from security_events e
      where e.account_id = ${accountId} and e.external_id is not null
        and ${userId === null ? sql`true` : sql`e.user_id = ${userId}`}
        and ${after === null ? sql`true` : sql`e.id > ${after}::uuid`}
      order by e.id limit ${limit}),
    erased as (
      update security_events e set external_id = null from looked join users u on u.id = looked.user_id
      where e.id = looked.id and u.deleted_at is not null and ${isNotWaiting})
    select id from looked order by id desc limit 1`,
  );
  return rows[0]?.id ?? null;
}

/** Erases the external ids of those of the events that wait for nothing more and whose user is deleted. */
export async function eraseEventsOfDeleted(em: EntityManager, eventIds: readonly string[]): Promise<void> {
  await rowsOf(
    em,
    sql`
    update security_events e set external_id = null from users u
    where e.id = any(${[...eventIds]}::uuid[]) and e.external_id is not null and u.id = e.user_id
      and u.deleted_at is not null and ${isNotWaiting}`,
  );
}

/**
 * Deletes a batch of deliveries of streams that are gone, and events with them, in a transaction. Returns the number of
 * deliveries. Steps through the index from one stream to the next.
 */
export async function purgeOrphans(em: EntityManager, limit: number): Promise<number> {
  const deleted = await rowsOf(
    em,
    sql<{ eventId: string }>`
    with recursive streams as (
      (select d.stream_id from event_deliveries d order by d.stream_id limit 1)
      union all
      select (select d.stream_id from event_deliveries d where d.stream_id > s.stream_id order by d.stream_id limit 1)
      from streams s where s.stream_id is not null),
    gone as (
      select stream_id from streams s
      where stream_id is not null and not exists (select from event_streams e where e.id = s.stream_id))
    delete from event_deliveries where id in (
      select d.id from gone join event_deliveries d on d.stream_id = gone.stream_id limit ${limit} for update of d skip locked)
    returning event_id as "eventId"`,
  );
  await deleteUnused(em, deleted);
  return deleted.length;
}

/** What came into the outbox while its stream was being disabled, and what was too much for one statement. */
export async function dropPendingOfDisabled(em: EntityManager, now: Date, limit: number): Promise<number> {
  const dropped = await rowsOf(
    em,
    sql<{ eventId: string }>`
    update event_deliveries set status = 'DEAD', finished_at = ${now}, last_error = 'The stream was disabled.',
      lease_id = null
    where id in (
      select d.id from event_streams s cross join lateral (
        select d.id from event_deliveries d
        where d.stream_id = s.id and d.status = 'PENDING' and not d.is_control
        order by d.due_at, d.sequence limit ${limit} for update skip locked) d
      where s.status = 'DISABLED' limit ${limit})
    returning event_id as "eventId"`,
  );
  await eraseEventsOfDeleted(
    em,
    dropped.map(({ eventId }) => eventId),
  );
  return dropped.length;
}
