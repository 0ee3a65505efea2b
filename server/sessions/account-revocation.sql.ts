import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { metByMany } from '../database/index-order.ts';
import { rowsOf } from '../database/rows.ts';
import type { Cursor } from '../pagination.ts';
import type { ChangedBatch } from './policy-application.sql.ts';
import type { RevocationReason, RevocationScope } from './revoke.sql.ts';
import { instant } from '../database/instants.ts';
import { at } from './session-row.ts';

// An account revocation is one row that ends many sessions of an account with its commit. It is pending until it has
// been applied to the row of every session. Until then every reader and writer of sessions takes it into account
// (`hasPendingRevocation`, `effective_sessions`).

/** Every session of an account, or all but those of one user. */
export type AccountScope = Pick<RevocationScope, 'accountId' | 'exceptUserId'>;

export async function countLive(
  em: EntityManager,
  { accountId, exceptUserId }: AccountScope,
  now: Date,
): Promise<number> {
  const rows = await rowsOf(
    em,
    sql<{ live: number }>`
      select count(*)::int as live from live_sessions(${at(now)}) s
      where s.account_id = ${accountId} and s.user_id is distinct from ${exceptUserId ?? null}::uuid`,
  );
  return rows[0]!.live;
}

/** Ends every live session in scope. The caller holds the account's lock, so no session starts or ends beside it. */
export async function insertAccountRevocation(
  em: EntityManager,
  { accountId, exceptUserId }: AccountScope,
  reason: RevocationReason,
  now: Date,
): Promise<void> {
  await rowsOf(
    em,
    sql`
      with account as (
        update accounts set revocation_epoch = revocation_epoch + 1 where id = ${accountId}
        returning id, revocation_epoch)
      insert into account_revocations (account_id, epoch, ended_at, end_reason, except_user_id)
      select id, revocation_epoch, ${at(now)}, ${reason}, ${exceptUserId ?? null}::uuid from account`,
  );
}

/**
 * Applies the account's oldest revocation to some of its sessions, latest sign-in first, in a transaction. Deletes the
 * revocation when a batch from the top finds no session. Null when none is pending, when a policy is pending that was
 * applied before it, or when another node is applying it.
 */
export async function applyRevocationBatch(
  em: EntityManager,
  accountId: string,
  after: Cursor | null,
  limit: number,
): Promise<ChangedBatch | null> {
  const [revocation] = await rowsOf(
    em,
    sql<RevocationRow>`
      select epoch, ended_at, end_reason, except_user_id from account_revocations
      where account_id = ${accountId}
        and epoch = (select min(epoch) from account_revocations where account_id = ${accountId})
        and not exists (
          select from policy_applications p where p.account_id = ${accountId} and p.epoch < account_revocations.epoch)
      for update skip locked`,
  );
  if (!revocation) return null;

  // Rows are locked in id order, as by every other batch.
  const rows = await rowsOf(
    em,
    sql<{ id: string; authenticated_at: string }>`
      with picked as (
        select s.id from sessions s
        where s.account_id = ${accountId} and s.ended_at is null
          and ${metByMany(sql`s.revocation_epoch < ${revocation.epoch}
            and s.user_id is distinct from ${revocation.except_user_id}::uuid
            and s.idle_expires_at > ${revocation.ended_at} and s.absolute_expires_at > ${revocation.ended_at}`)}
          and ${after ? sql`(s.authenticated_at, s.id) < (${at(after.at)}, ${after.id})` : sql`true`}
        order by s.authenticated_at desc, s.id desc limit ${limit}),
      locked as (
        select s.id from sessions s join picked on picked.id = s.id
        where s.ended_at is null order by s.id for no key update of s),
      applied as (
        update sessions s set ended_at = ${revocation.ended_at}, end_reason = ${revocation.end_reason}
        from locked where s.id = locked.id
        returning s.id, s.authenticated_at)
      select id, authenticated_at from applied order by authenticated_at desc, id desc`,
  );

  if (rows.length === 0 && after === null) await deleteAccountRevocation(em, accountId, revocation.epoch);
  const last = rows.at(-1);
  return {
    endReason: revocation.end_reason,
    endedIds: rows.map(({ id }) => id),
    shortenedIds: [],
    next: last ? { at: instant(last.authenticated_at), id: last.id } : null,
  };
}

interface RevocationRow {
  epoch: number;
  ended_at: string;
  end_reason: RevocationReason;
  except_user_id: string | null;
}

async function deleteAccountRevocation(em: EntityManager, accountId: string, epoch: number): Promise<void> {
  await rowsOf(
    em,
    sql`
      with applied as (delete from account_revocations where account_id = ${accountId} and epoch = ${epoch})
      update accounts set applied_revocation_epoch = ${epoch} where id = ${accountId}`,
  );
}
