import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';

// A user may be disabled by several sources, and be deactivated by an owner beside that. `users.is_active` is what follows
// from all of it; `is_active_when_enabled` keeps the owner's decision until then. The caller has locked the account.

/** What a source says about a user, and when it said so. */
export interface SourceDecision {
  sourceId: string;
  userId: string;
  isDisabled: boolean;
  decidedAt: Date;
}

/** Stores the decision, unless the source has said something later. False: nothing is new. */
export async function storeDecision(
  em: EntityManager,
  { sourceId, userId, isDisabled, decidedAt }: SourceDecision,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    insert into event_source_users as d (source_id, user_id, is_disabled, decided_at)
    values (${sourceId}, ${userId}, ${isDisabled}, ${decidedAt})
    on conflict (source_id, user_id) do update set is_disabled = excluded.is_disabled, decided_at = excluded.decided_at
      where d.decided_at <= excluded.decided_at
    returning user_id`,
  );
  return rows.length === 1;
}

/** Makes a user inactive. True: they were active. */
export async function disableUser(em: EntityManager, userId: string): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql<{ wasActive: boolean }>`
    update users u set is_active = false, is_active_when_enabled = before.is_active
    from (select id, is_active from users where id = ${userId} for no key update) before
    where u.id = before.id and u.is_active_when_enabled is null and u.deleted_at is null
    returning before.is_active as "wasActive"`,
  );
  return rows[0]?.wasActive ?? false;
}

/** Enables one user, if no source disables them now. True: they are active again. */
export async function enableUser(em: EntityManager, userId: string): Promise<boolean> {
  return (await enable(em, sql`u.id = ${userId}`)).length === 1;
}

/** Forgets what a source said, and enables those whom no other one disables. Returns the ids of those active again. */
export async function liftDecisionsOf(em: EntityManager, sourceId: string): Promise<string[]> {
  const rows = await rowsOf(
    em,
    sql<{ userId: string }>`
    delete from event_source_users where source_id = ${sourceId} returning user_id as "userId"`,
  );
  const userIds = rows.map(({ userId }) => userId);
  return userIds.length === 0 ? [] : enable(em, sql`u.id = any(${userIds}::uuid[])`);
}

async function enable(em: EntityManager, condition: RawBuilder<unknown>): Promise<string[]> {
  const rows = await rowsOf(
    em,
    sql<{ id: string; isActive: boolean }>`
    update users u set is_active = u.is_active_when_enabled, is_active_when_enabled = null
    where ${condition} and u.is_active_when_enabled is not null and u.deleted_at is null
      and not exists (select from event_source_users d where d.user_id = u.id and d.is_disabled)
    returning u.id, u.is_active as "isActive"`,
  );
  return rows.filter(({ isActive }) => isActive).map(({ id }) => id);
}

/** What sources said about users who are deleted. @param userId null: about all deleted users of the account */
export async function eraseDecisions(
  em: EntityManager,
  { accountId, userId }: { accountId: string; userId: string | null },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    delete from event_source_users d using users u
    where u.account_id = ${accountId} and (${userId}::uuid is null or u.id = ${userId}::uuid)
      and u.deleted_at is not null and d.user_id = u.id`,
  );
}
