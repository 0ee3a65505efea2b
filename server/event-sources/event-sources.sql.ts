import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { notFound } from '../errors.ts';
import { instantOrNull } from '../sessions/session-row.ts';
import type { EventSourceView } from './event-source.ts';

interface SourceRow extends Omit<EventSourceView, 'createdAt' | 'lastReceivedAt' | 'pacedUntil'> {
  createdAt: string;
  lastReceivedAt: string | null;
  pacedUntil: string | null;
}

/** Not those of deleted accounts. */
async function readSources(em: EntityManager, condition: RawBuilder<unknown>): Promise<EventSourceView[]> {
  const rows = await rowsOf(
    em,
    sql<SourceRow>`
    select s.id, s.account_id as "accountId", s.issuer, s.audience, s.provider_id as "providerId",
      s.created_at as "createdAt", s.last_received_at as "lastReceivedAt", s.last_error as "lastError",
      s.last_unverified_error as "lastUnverifiedError", s.paced_until as "pacedUntil"
    from event_sources s join accounts a on a.id = s.account_id and a.deleted_at is null
    where ${condition} order by s.created_at, s.id`,
  );
  return rows.map((row) => ({
    ...row,
    createdAt: instant(row.createdAt),
    lastReceivedAt: instantOrNull(row.lastReceivedAt),
    pacedUntil: instantOrNull(row.pacedUntil),
  }));
}

/** Oldest first. */
export const listSources = (em: EntityManager, accountId: string): Promise<EventSourceView[]> =>
  readSources(em, sql`s.account_id = ${accountId}`);

/** Of every account, oldest first. */
export const listAllSources = (em: EntityManager): Promise<EventSourceView[]> => readSources(em, sql`true`);

/** The sources of every account that name this issuer. */
export const findSourcesOf = (em: EntityManager, issuer: string): Promise<EventSourceView[]> =>
  readSources(em, sql`s.issuer = ${issuer}`);

/** Null: there is none. */
export async function findSource(em: EntityManager, id: string): Promise<EventSourceView | null> {
  const [source] = isUuid(id) ? await readSources(em, sql`s.id = ${id}`) : [];
  return source ?? null;
}

/** @throws NOT_FOUND, identical for an unknown source and one of another account */
export async function readSource(
  em: EntityManager,
  { id, accountId }: { id: string; accountId: string },
): Promise<EventSourceView> {
  const source = await findSource(em, id);
  if (source?.accountId !== accountId) throw notFound('Event source');
  return source;
}

export type NewSource = Pick<EventSourceView, 'id' | 'accountId' | 'issuer' | 'audience' | 'providerId'>;

/** False: the account has one with this issuer and audience. */
export async function insertSource(em: EntityManager, source: NewSource, now: Date): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    insert into event_sources (id, account_id, issuer, audience, provider_id, created_at)
    values (${source.id}, ${source.accountId}, ${source.issuer}, ${source.audience}, ${source.providerId}, ${now})
    on conflict (account_id, issuer, audience) do nothing returning id`,
  );
  return rows.length === 1;
}

export async function deleteSource(em: EntityManager, id: string): Promise<void> {
  await rowsOf(em, sql`delete from event_sources where id = ${id}`);
}

export async function countSources(em: EntityManager, accountId: string): Promise<number> {
  const [row] = await rowsOf(
    em,
    sql<{ count: number }>`select count(*)::int as count from event_sources where account_id = ${accountId}`,
  );
  return row!.count;
}

/** The last token was accepted. */
export async function recordReceived(
  em: EntityManager,
  { id, now, pacedUntil }: { id: string; now: Date; pacedUntil: Date },
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_sources
    set last_received_at = ${now}, last_error = null, last_unverified_error = null, paced_until = ${pacedUntil}
    where id = ${id}`,
  );
}

/** Writes only a reason that differs from the one of before, so that repeated bad tokens write nothing. */
export async function recordError(em: EntityManager, ids: readonly string[], reason: string): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_sources set last_error = ${reason}
    where id = any(${[...ids]}::uuid[]) and last_error is distinct from ${reason}`,
  );
}

/** Likewise, of tokens that anyone may have sent. */
export async function recordUnverifiedError(
  em: EntityManager,
  ids: readonly string[],
  reason: string,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    update event_sources set last_unverified_error = ${reason}
    where id = any(${[...ids]}::uuid[]) and last_unverified_error is distinct from ${reason}`,
  );
}

/** Whether the token was taken before. Locks nothing. */
export async function isTokenKnown(
  em: EntityManager,
  { sourceId, tokenHash }: { sourceId: string; tokenHash: Buffer },
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`select 1 from received_event_tokens where source_id = ${sourceId} and token_hash = ${tokenHash}`,
  );
  return rows.length === 1;
}

/**
 * Remembers a token until `keepUntil`, in the transaction of its change. False: it was taken before. Waits for another
 * transaction that takes the same one.
 */
export async function rememberToken(
  em: EntityManager,
  { sourceId, tokenHash, keepUntil }: { sourceId: string; tokenHash: Buffer; keepUntil: Date },
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`
    insert into received_event_tokens (source_id, token_hash, keep_until)
    values (${sourceId}, ${tokenHash}, ${keepUntil}) on conflict do nothing returning source_id`,
  );
  return rows.length === 1;
}

/** Forgets a batch of tokens that are too old to be taken again, and returns their number. */
export async function purgeTokens(em: EntityManager, now: Date, limit: number): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`
    delete from received_event_tokens where (source_id, token_hash) in (
      select source_id, token_hash from received_event_tokens where keep_until <= ${now} order by keep_until limit ${limit}
      for update skip locked)
    returning source_id`,
  );
  return rows.length;
}

/** No token of a deleted account's source is taken any more. */
export async function deleteSourcesOfDeletedAccounts(em: EntityManager): Promise<void> {
  await rowsOf(
    em,
    sql`delete from event_sources s using accounts a where a.id = s.account_id and a.deleted_at is not null`,
  );
}
