import { sql } from 'kysely';
import { DELETED_USER_NAME } from '../accounts/deleted.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Cursor } from '../pagination.ts';

// The one change that the trail allows, and that its trigger checks again: personal data of someone deleted goes. The rest
// of the row stays until its retention is over, with the ids as pseudonyms.

/**
 * Keys of `details` that hold personal data. A new one is added here; ids of users and sessions stay.
 * `name`: of an account or a service key; `old_name`, `new_name`: of a user or an account.
 */
export const PERSONAL_KEYS = [
  'email',
  'owner_email',
  'name',
  'old_name',
  'new_name',
  'external_id',
  'issuer',
  'subject',
  'ip_address',
  'user_agent',
] as const;

const withoutPersonalKeys = sql`e.details - ${[...PERSONAL_KEYS]}::text[]`;

/**
 * Removes personal data from a page of the account's audit rows, newest first, and returns the cursor of its last row. Null:
 * there are no more.
 * @param userId of a deleted user. Null: the account is deleted, and with it everyone
 */
export async function eraseAuditEvents(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string | null },
  after: Cursor | null,
  limit: number,
): Promise<Cursor | null> {
  const { matches, values } = userId === null ? ofEveryone : ofUser(userId);
  const rows = await rowsOf(
    em,
    sql<{ id: string; created_at: string }>`
    with page as (
      select e.id, e.created_at from audit_events e
      where e.account_id = ${accountId}
        and ${after ? sql`(e.created_at, e.id) < (${after.at}::timestamptz, ${after.id}::uuid)` : sql`true`}
      order by e.created_at desc, e.id desc limit ${limit}),
    erased as (update audit_events e set ${values} from page where e.id = page.id and ${matches})
    select id, created_at from page order by created_at, id limit 1`,
  );
  const last = rows[0];
  return last ? { at: new Date(last.created_at), id: last.id } : null;
}

const ofEveryone = {
  matches: sql`(e.actor_id is not null or e.action = 'login.failed' or e.ip_address is not null
    or e.subject_name is not null or e.details <> ${withoutPersonalKeys})`,
  // The other actors without an id are service keys and Curfew itself.
  values: sql`
    actor_name = case when e.actor_id is not null or e.action = 'login.failed' then ${DELETED_USER_NAME} else e.actor_name end,
    subject_name = case when e.subject_name is not null then ${DELETED_USER_NAME} end,
    ip_address = null, details = ${withoutPersonalKeys}`,
};

/** A row names a user as its actor, or is about them. Of someone else's row about them the actor and the address stay. */
function ofUser(userId: string) {
  const isActor = sql`e.actor_id is not distinct from ${userId}::uuid`;
  // Rows of service sessions have named their user since users can be deleted; before, the session did.
  const isSubject = sql`case e.resource_type
    when 'user' then e.resource_id = ${userId}
    when 'session' then case
      when e.details->>'user_id' is not null then e.details->>'user_id' = ${userId}
      when e.actor_id is not null then ${isActor}
      else exists (select from sessions s where s.id = e.resource_id and s.user_id = ${userId}) end
    else false end`;
  // Sign-ins, good and bad, and requests for a link have the address of a browser. What else a service key does has that of the back end.
  const isFromTheirs = sql`(e.actor_id is null and (e.resource_type = 'session'
    or e.action in ('login.failed', 'user.password_link_requested')) and ${isSubject})`;
  // Without `owner_id`, the first owner is the user who was created with the account.
  const isFirstOwner = sql`(e.action = 'account.created' and case
    when e.details->>'owner_id' is not null then e.details->>'owner_id' = ${userId}
    else exists (select from users u where u.id = ${userId} and u.created_at = e.created_at) end)`;
  return {
    matches: sql`(${isActor} or ${isSubject} or ${isFirstOwner})`,
    // A failed sign-in has the e-mail as its actor.
    values: sql`
      actor_name = case when ${isActor} or (${isSubject} and e.action = 'login.failed')
        then ${DELETED_USER_NAME} else e.actor_name end,
      subject_name = case when ${isSubject} and e.subject_name is not null
        then ${DELETED_USER_NAME} else e.subject_name end,
      ip_address = case when ${isActor} or ${isFromTheirs} then null else e.ip_address end,
      details = case when ${isSubject} then ${withoutPersonalKeys}
        when ${isFirstOwner} then e.details - 'owner_email' else e.details end`,
  };
}
