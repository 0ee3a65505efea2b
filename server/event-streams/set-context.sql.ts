import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { deleteUnused } from './purge.sql.ts';
import { at } from '../sessions/session-row.ts';
import type { SecurityEvent } from './event-stream.ts';
import type { SessionLimits } from './set-reasons.ts';

/** What a token says beyond its event. */
export interface SetContext {
  /** Null: there is none that names this user alone, or the user is deleted. */
  email: string | null;
  /** Of the session. Null: its row is past its retention. */
  limits: SessionLimits | null;
}

export async function readSetContext(
  em: EntityManager,
  { userId, sessionId }: Pick<SecurityEvent, 'userId' | 'sessionId'>,
): Promise<SetContext> {
  const [row] = await rowsOf(
    em,
    sql<{ email: string | null; isThere: boolean } & SessionLimits>`
    select
      -- What an application calls a user may be the address of someone who signs in here: it would name that person then.
      case when u.sign_in_email is not null
        or not exists (select from users o where o.sign_in_email = lower(u.email)) then u.email end as email,
      s.id is not null as "isThere", s.idle_seconds as "idleSeconds", s.absolute_seconds as "absoluteSeconds"
    from (values (${userId}::uuid, ${sessionId}::text)) wanted (user_id, session_id)
    left join users u on u.id = wanted.user_id and u.deleted_at is null
    left join sessions s on s.id = wanted.session_id`,
  );
  const { email, isThere, idleSeconds, absoluteSeconds } = row!;
  return { email, limits: isThere ? { idleSeconds, absoluteSeconds } : null };
}

/**
 * Decides, once, whether a delivery tells that a user has no session left, where the subject is the user: a receiver ends
 * all of them. In a transaction. False: another session lives, or an earlier delivery tells it, and this one is removed.
 *
 * The sessions that count are those that had not ended when this one did: not those of a sign-in after it. Of two ends that
 * did not see each other the one that is decided later finds both, and tells it.
 */
export async function decideLastEnd(
  em: EntityManager,
  { deliveryId, streamId, userId }: { deliveryId: string; streamId: string; userId: string },
  now: Date,
): Promise<boolean> {
  // Two ends of a user are decided one after the other, on any node.
  await rowsOf(
    em,
    sql`select pg_advisory_xact_lock(hashtextextended(${`last-end ${streamId} ${userId}`}, 0))`,
  );
  const [row] = await rowsOf(
    em,
    sql<{ isDecided: boolean; isCovered: boolean; isAnyLive: boolean }>`
    select d.covers is not null as "isDecided",
      exists (
        select from event_deliveries x join security_events xe on xe.id = x.event_id
        where x.stream_id = d.stream_id and x.order_key = d.order_key and x.covers is not null and x.id <> d.id
          -- Ends that did not see each other are of nearly the same moment.
          and x.created_at > d.created_at - interval '1 day'
          -- What one transaction ended it ended at once.
          and (d.session_id = any(x.covers) or xe.cause_id = e.cause_id)) as "isCovered",
      exists (
        select from live_sessions(${at(now)}) s
        where s.user_id = ${userId} and s.id <> d.session_id
          and (e.other_sessions is null or s.id = any(e.other_sessions)
            -- The sign-in that ended this one, in its transaction.
            or e.details ->> 'end_reason' in ('REPLACED', 'SESSION_LIMIT') and s.authenticated_at >= e.occurred_at)
      ) as "isAnyLive"
    from event_deliveries d join security_events e on e.id = d.event_id where d.id = ${deliveryId}`,
  );
  // It was given up and removed a moment ago.
  if (!row) return false;
  if (row.isDecided) return true;
  if (row.isCovered || row.isAnyLive) {
    await removeDelivery(em, deliveryId);
    return false;
  }
  await rowsOf(
    em,
    sql`
    update event_deliveries d set covers = array(
      select d.session_id
      union select unnest(e.other_sessions)
      union select s.id from sessions s
        where e.other_sessions is null and s.user_id = ${userId} and (s.ended_at is null or s.ended_at >= e.occurred_at)
      union select b.session_id from event_deliveries b
        where b.stream_id = d.stream_id and b.order_key = d.order_key and b.status = 'PENDING'
          and b.type = d.type and b.sequence < d.sequence)
    from security_events e where e.id = d.event_id and d.id = ${deliveryId}`,
  );
  return true;
}

async function removeDelivery(em: EntityManager, id: string): Promise<void> {
  const [row] = await rowsOf(
    em,
    sql<{ eventId: string }>`delete from event_deliveries where id = ${id} returning event_id as "eventId"`,
  );
  if (row) await deleteUnused(em, [row]);
}
