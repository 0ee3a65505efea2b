import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { unauthenticated, type ServiceCaller } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { at, instantOrNull } from '../sessions/session.row.ts';
import { createSecret, hashSecret, hashSecretToBytes } from './secret.ts';
import { ServiceKey } from './service-key.entity.ts';

const PREFIX = 'cfk_';
/** How far the last use that is shown may lag behind: one write a minute for a key that is used all the time. */
const LAST_USE_STEP_MS = 60_000;

/** The only moment at which the key itself is known. */
export interface CreatedServiceKey {
  id: string;
  key: string;
}

/** Stores a new key's hash, in the caller's transaction. `accountId` null: a key for all accounts. */
export async function createServiceKey(
  em: EntityManager,
  given: { accountId: string | null; name: string; expiresAt: Date | null },
  now: Date,
): Promise<CreatedServiceKey> {
  const key = PREFIX + createSecret();
  const id = randomUUID();
  await em.insert(ServiceKey, {
    id,
    ...given,
    keyHash: hashSecretToBytes(key),
    createdAt: now,
    revokedAt: null,
    lastUsedAt: null,
  });
  return { id, key };
}

export interface ServiceKeys {
  /** Whether this is meant to be a service key, good or not. */
  looksLikeOne(text: string): boolean;
  /** @throws UNAUTHENTICATED for a key that is unknown, revoked or past its day */
  identify(key: string): Promise<ServiceCaller>;
  /** Whether the key is still good. */
  isGood(keyId: string): Promise<boolean>;
}

interface KeyRow {
  id: string;
  account_id: string | null;
  name: string;
  /** Of the key, in hexadecimal. */
  hash: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

export function createServiceKeys(dependencies: { database: Database; clock: Clock }): ServiceKeys {
  const { database, clock } = dependencies;

  const find = createBatchedRead<string, KeyRow>(async (hashes) => {
    const { rows } = await database.inTime(
      sql<KeyRow>`${PREPARED}
        select k.id, k.account_id, k.name, wanted.hash, k.expires_at, k.revoked_at, k.last_used_at
        from unnest(${listOf('text', hashes)}) as wanted (hash)
        join service_keys k on k.key_hash = decode(wanted.hash, 'hex')`.execute(database.em().getKysely()),
    );
    return new Map(rows.map((row) => [row.hash, row]));
  });

  const isGoodAt = (row: Pick<KeyRow, 'expires_at' | 'revoked_at'>, now: Date): boolean => {
    const expiresAt = instantOrNull(row.expires_at);
    return row.revoked_at === null && (expiresAt === null || expiresAt > now);
  };

  async function stampUse(row: KeyRow, now: Date): Promise<void> {
    const lastUsedAt = instantOrNull(row.last_used_at);
    if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < LAST_USE_STEP_MS) return;
    // Of all who find it stale in this moment one writes.
    const stale = new Date(now.getTime() - LAST_USE_STEP_MS);
    await database.statement((em) =>
      sql`update service_keys set last_used_at = ${now}
        where id = ${row.id} and (last_used_at is null or last_used_at <= ${at(stale)})`.execute(
        em.getKysely(),
      ),
    );
  }

  return {
    looksLikeOne: (text) => text.startsWith(PREFIX),

    async identify(key) {
      const row = await find(hashSecret(key));
      const now = clock.now();
      if (!row || !isGoodAt(row, now)) throw unauthenticated();
      await stampUse(row, now);
      return { keyId: row.id, name: row.name, accountId: row.account_id };
    },

    async isGood(keyId) {
      const { rows } = await sql<KeyRow>`
        select expires_at, revoked_at from service_keys where id = ${keyId}`.execute(
        database.em().getKysely(),
      );
      return rows[0] !== undefined && isGoodAt(rows[0], clock.now());
    },
  };
}
