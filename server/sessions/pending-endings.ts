import { sql } from 'kysely';
import type { EntityManager } from '../database/orm.ts';
import type { Cursor } from '../pagination.ts';
import type { BulkScope, DecidedEnd } from './session.endings.ts';
import { at, instant } from './session.row.ts';

// An ending is one row that ends many sessions of an account with its commit. It is pending until they are all marked;
// meanwhile every reader and writer of sessions takes it into account (`isEnding`, `sessions_as_they_stand`).

/** Every session of an account, or all but those of one user. */
export type AccountScope = Pick<BulkScope, 'accountId' | 'exceptUserId'>;

export async function countLive(
  em: EntityManager,
  { accountId, exceptUserId }: AccountScope,
  now: Date,
): Promise<number> {
  const { rows } = await sql<{ live: number }>`
    select count(*)::int as live from live_sessions(${at(now)}) s
    where s.account_id = ${accountId} and s.user_id is distinct from ${exceptUserId ?? null}::uuid`.execute(
    em.getKysely(),
  );
  return rows[0]!.live;
}

/** Ends every live session in scope. The caller holds the account, so that nothing begins or ends there meanwhile. */
export async function beginEnding(
  em: EntityManager,
  { accountId, exceptUserId }: AccountScope,
  reason: DecidedEnd,
  now: Date,
): Promise<void> {
  await sql`
    with ending as (update accounts set endings = endings + 1 where id = ${accountId} returning id, endings)
    insert into account_endings (account_id, number, ended_at, end_reason, except_user_id)
    select id, endings, ${at(now)}, ${reason}, ${exceptUserId ?? null}::uuid from ending`.execute(
    em.getKysely(),
  );
}

export async function findAccountsWithEndings(em: EntityManager): Promise<string[]> {
  const { rows } = await sql<{ account_id: string }>`select distinct account_id from account_endings`.execute(
    em.getKysely(),
  );
  return rows.map(({ account_id }) => account_id);
}

/** Names those that are pending, of one account or (null) of all. */
export async function findPendingEndings(em: EntityManager, accountId: string | null): Promise<string[]> {
  const ofAccount = accountId === null ? sql`` : sql`where account_id = ${accountId}`;
  const { rows } = await sql<{ name: string }>`
    select account_id || ' ' || number as name from account_endings ${ofAccount}`.execute(em.getKysely());
  return rows.map(({ name }) => name);
}

export interface MarkedBatch {
  ids: string[];
  /** Where the next batch begins, which need not look at the sessions before it again; null: at the top. */
  next: Cursor | null;
}

/**
 * Marks some sessions of the account's oldest ending, latest sign-in first, in a transaction. The ending goes when a
 * batch from the top finds none. Null when nothing is pending, or another node is at it.
 */
export async function markBatch(
  em: EntityManager,
  accountId: string,
  after: Cursor | null,
  limit: number,
): Promise<MarkedBatch | null> {
  const kysely = em.getKysely();
  const { rows: endings } = await sql<EndingRow>`
    select number, ended_at, end_reason, except_user_id from account_endings
    where account_id = ${accountId}
      and number = (select min(number) from account_endings where account_id = ${accountId})
    for update skip locked`.execute(kysely);
  const ending = endings[0];
  if (!ending) return null;

  // Locked in id order, as by every other batch.
  const { rows } = await sql<{ id: string; authenticated_at: string }>`
    with picked as (
      select s.id from sessions s
      where s.account_id = ${accountId} and s.ended_at is null and s.born_after < ${ending.number}
        and s.user_id is distinct from ${ending.except_user_id}::uuid
        and s.idle_expires_at > ${ending.ended_at} and s.absolute_expires_at > ${ending.ended_at}
        and ${after ? sql`(s.authenticated_at, s.id) < (${at(after.at)}, ${after.id})` : sql`true`}
      order by s.authenticated_at desc, s.id desc limit ${limit}),
    held as (
      select s.id from sessions s join picked on picked.id = s.id
      where s.ended_at is null order by s.id for no key update of s),
    marked as (
      update sessions s set ended_at = ${ending.ended_at}, end_reason = ${ending.end_reason}
      from held where s.id = held.id
      returning s.id, s.authenticated_at)
    select id, authenticated_at from marked order by authenticated_at desc, id desc`.execute(kysely);

  if (rows.length === 0 && after === null) await forgetEnding(em, accountId, ending.number);
  const last = rows.at(-1);
  return {
    ids: rows.map(({ id }) => id),
    next: last ? { at: instant(last.authenticated_at), id: last.id } : null,
  };
}

interface EndingRow {
  number: number;
  ended_at: string;
  end_reason: DecidedEnd;
  except_user_id: string | null;
}

async function forgetEnding(em: EntityManager, accountId: string, number: number): Promise<void> {
  await sql`
    with wholly as (delete from account_endings where account_id = ${accountId} and number = ${number})
    update accounts set endings_marked = ${number} where id = ${accountId}`.execute(em.getKysely());
}
