import { sql } from 'kysely';
import type { JsonWebKey } from 'node:crypto';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';

export interface StoredEventKey {
  kid: string;
  publicKey: JsonWebKey;
  /** Sealed, with `kid` as the owner. */
  privateKey: string;
  signsFrom: Date;
  /** Null: it signs, or is about to. At most one of all keys. */
  retiredAt: Date | null;
}

/** The current key first, then the others, the latest first. */
export async function listEventKeys(em: EntityManager): Promise<StoredEventKey[]> {
  const rows = await rowsOf(
    em,
    sql<Omit<StoredEventKey, 'signsFrom' | 'retiredAt'> & { signsFrom: string; retiredAt: string | null }>`
    select kid, public_key as "publicKey", private_key as "privateKey", signs_from as "signsFrom", retired_at as "retiredAt"
    from event_signing_keys order by retired_at desc nulls first, created_at desc, kid`,
  );
  return rows.map((row) => ({
    ...row,
    signsFrom: instant(row.signsFrom),
    retiredAt: instantOrNull(row.retiredAt),
  }));
}

/** Adds the current key, unless there is one, of another node. */
export async function insertEventKey(
  em: EntityManager,
  { kid, publicKey, privateKey, signsFrom }: Omit<StoredEventKey, 'retiredAt'>,
  now: Date,
): Promise<void> {
  await rowsOf(
    em,
    sql`
    insert into event_signing_keys (kid, public_key, private_key, created_at, signs_from)
    values (${kid}, ${JSON.stringify(publicKey)}::jsonb, ${privateKey}, ${at(now)}, ${at(signsFrom)})
    on conflict do nothing`,
  );
}

/** Retires the current key, in a transaction. False: another node has done so. */
export async function retireEventKey(em: EntityManager, kid: string, now: Date): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql`update event_signing_keys set retired_at = ${at(now)} where kid = ${kid} and retired_at is null returning 1`,
  );
  return rows.length === 1;
}

/** Retires the current key: the nodes make the next one. Null: there is none. */
export async function retireCurrentEventKey(em: EntityManager, now: Date): Promise<string | null> {
  const [row] = await rowsOf(
    em,
    sql<{ kid: string }>`
    update event_signing_keys set retired_at = ${at(now)} where retired_at is null returning kid`,
  );
  return row?.kid ?? null;
}

/** Deletes every key, so that none is published or signs any more, and returns how many these were. */
export async function deleteEventKeys(em: EntityManager): Promise<number> {
  return (await rowsOf(em, sql`delete from event_signing_keys returning 1`)).length;
}

/** Deletes keys that were retired at `before` or earlier. */
export async function purgeEventKeys(em: EntityManager, before: Date): Promise<void> {
  await rowsOf(em, sql`delete from event_signing_keys where retired_at <= ${at(before)}`);
}

/** Writes the same key in another seal, unless it was sealed again in the meantime. */
export async function resealEventKey(
  em: EntityManager,
  { kid, before, after }: { kid: string; before: string; after: string },
): Promise<void> {
  await rowsOf(
    em,
    sql`update event_signing_keys set private_key = ${after} where kid = ${kid} and private_key = ${before}`,
  );
}
