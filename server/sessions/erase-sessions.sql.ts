import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Cursor } from '../pagination.ts';
import { at } from './session-row.ts';

/** The sessions of a deleted user or account. `isEnded`: those whose rows say that they ended. */
export interface SessionsToErase {
  accountId: string;
  /** Null: of the whole account. */
  userId: string | null;
  isEnded: boolean;
}

/**
 * Removes addresses and user agents from some sessions, latest sign-in first, and returns the cursor of the last one. Null:
 * there are no more. Rows are locked in id order, as by every other batch.
 */
export async function eraseSessions(
  em: EntityManager,
  { accountId, userId, isEnded }: SessionsToErase,
  after: Cursor | null,
  limit: number,
): Promise<Cursor | null> {
  const ofOwner = userId === null ? sql`s.account_id = ${accountId}` : sql`s.user_id = ${userId}`;
  const rows = await rowsOf(
    em,
    sql<{ id: string; authenticated_at: string }>`
    with picked as (
      select s.id, s.authenticated_at from sessions s
      where ${ofOwner} and ${isEnded ? sql`s.ended_at is not null` : sql`s.ended_at is null`}
        and ${after ? sql`(s.authenticated_at, s.id) < (${at(after.at)}, ${after.id})` : sql`true`}
      order by s.authenticated_at desc, s.id desc limit ${limit}),
    locked as (
      select s.id from sessions s join picked on picked.id = s.id
      where s.ip_address is not null or s.user_agent is not null or s.imported_subject is not null
      order by s.id for no key update of s),
    erased as (
      update sessions s set ip_address = null, user_agent = null, device = null, imported_subject = null
      from locked where s.id = locked.id)
    select id, authenticated_at from picked order by authenticated_at, id limit 1`,
  );
  const last = rows[0];
  return last ? { at: instant(last.authenticated_at), id: last.id } : null;
}
