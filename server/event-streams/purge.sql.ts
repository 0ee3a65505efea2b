import { sql } from 'kysely';
import { addSeconds } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { at } from '../sessions/session-row.ts';

/**
 * Deletes a batch of deliveries from before `before`, and the events that none is left of, in a transaction. Returns the
 * number of deliveries. What an enabled stream still has to deliver stays.
 */
export async function purgeDeliveries(em: EntityManager, before: Date, limit: number): Promise<number> {
  const deleted = await rowsOf(
    em,
    sql<{ eventId: string }>`
    delete from event_deliveries where id in (
      select d.id from event_deliveries d
      where d.created_at < ${at(before)} and not (d.status = 'PENDING' and exists (
        select from event_streams s where s.id = d.stream_id and s.status = 'ENABLED'))
      order by d.created_at limit ${limit} for update skip locked)
    returning event_id as "eventId"`,
  );
  if (deleted.length > 0)
    await rowsOf(
      em,
      sql`
      delete from security_events e where e.id = any(${deleted.map(({ eventId }) => eventId)}::uuid[])
        and not exists (select from event_deliveries d where d.event_id = e.id)`,
    );
  return deleted.length;
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

/**
 * Erases the external ids of deleted users in events that are delivered. One that waits is erased with its delivery:
 * without the id the receiver could not tell whose session has ended.
 * @param userId null: of all deleted users of the account
 */
export async function eraseEvents(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string | null },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update security_events e set external_id = null from users u
    where u.account_id = ${accountId} and (${userId}::uuid is null or u.id = ${userId}::uuid) and u.deleted_at is not null
      and e.user_id = u.id and e.external_id is not null
      and not exists (select from event_deliveries d where d.event_id = e.id and d.status = 'PENDING')`,
  );
}
