import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { invalidServiceKey, type ServiceCaller } from '../rules/caller.ts';
import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import { createSecret, hashSecret, hashSecretToBytes } from './secret.ts';
import { ServiceKey } from './service-key.entity.ts';
import { rowsOf } from '../database/rows.ts';

const PREFIX = 'cfk_';
/** How far the stored last use may lag behind: a key in constant use causes one write a minute. */
const LAST_USE_STEP_MS = 60_000;

/** A new key with its secret, which is not stored and cannot be shown again. */
export interface CreatedServiceKey {
  id: string;
  key: string;
}

/**
 * Creates a key in the caller's transaction and stores its hash. `accountId` null: a key for all accounts. `createdBy`
 * null: an operator.
 */
export async function createServiceKey(
  em: EntityManager,
  given: { accountId: string | null; name: string; expiresAt: Date | null; createdBy?: string | null },
  now: Date,
): Promise<CreatedServiceKey> {
  const key = PREFIX + createSecret();
  const id = randomUUID();
  await em.insert(ServiceKey, {
    id,
    ...given,
    createdBy: given.createdBy ?? null,
    keyHash: hashSecretToBytes(key),
    createdAt: now,
    revokedAt: null,
    lastUsedAt: null,
  });
  return { id, key };
}

export interface ServiceKeys {
  /** Whether the text has the form of a service key, valid or not. */
  looksLikeOne(text: string): boolean;
  /** Returns the caller of a key. @throws UNAUTHENTICATED for a key that is unknown, revoked or expired */
  identify(key: string): Promise<ServiceCaller>;
  /** Whether the key is still valid. @throws UNAVAILABLE */
  isValid(keyId: string): Promise<boolean>;
}

interface KeyRow {
  id: string;
  account_id: string | null;
  name: string;
  /** SHA-256 of the key, in hexadecimal. */
  hash: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

const isValidAt = (row: Pick<KeyRow, 'expires_at' | 'revoked_at'>, now: Date): boolean => {
  const expiresAt = instantOrNull(row.expires_at);
  return row.revoked_at === null && (expiresAt === null || expiresAt > now);
};

/**
 * Reads and locks the caller's key, as the last step of a transaction that acts for it. A valid key stays valid until the
 * commit; if it was revoked while the transaction waited for locks, the transaction is rolled back. As the last step it
 * locks the key's row only briefly. @throws UNAUTHENTICATED
 */
export async function lockServiceKey(
  em: EntityManager,
  { keyId }: ServiceCaller,
  clock: Clock,
): Promise<void> {
  const rows = await rowsOf(
    em,
    sql<Pick<KeyRow, 'expires_at' | 'revoked_at'>>`
    select expires_at, revoked_at from service_keys where id = ${keyId} for share`,
  );
  if (!rows[0] || !isValidAt(rows[0], clock.now())) throw invalidServiceKey();
}

export function createServiceKeys(dependencies: { database: Database; clock: Clock }): ServiceKeys {
  const { database, clock } = dependencies;

  const find = createBatchedRead<string, KeyRow>(async (hashes) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<KeyRow>`${PREPARED}
        select k.id, k.account_id, k.name, wanted.hash, k.expires_at, k.revoked_at, k.last_used_at
        from unnest(${listOf('text', hashes)}) as wanted (hash)
        join service_keys k on k.key_hash = decode(wanted.hash, 'hex')`,
      ),
    );
    return new Map(rows.map((row) => [row.hash, row]));
  });

  const findById = createBatchedRead<string, Pick<KeyRow, 'expires_at' | 'revoked_at'>>(async (ids) => {
    const rows = await rowsOf(
      database.em(),
      sql<Pick<KeyRow, 'id' | 'expires_at' | 'revoked_at'>>`${PREPARED}
      select id, expires_at, revoked_at from service_keys where id = any(${listOf('uuid', ids)}::uuid[])`,
    );
    return new Map(rows.map((row) => [row.id, row]));
  });

  async function stampUse(row: KeyRow, now: Date): Promise<void> {
    const lastUsedAt = instantOrNull(row.last_used_at);
    if (lastUsedAt && now.getTime() - lastUsedAt.getTime() < LAST_USE_STEP_MS) return;
    // Of concurrent calls only one writes.
    const stale = new Date(now.getTime() - LAST_USE_STEP_MS);
    await database.withTimeout(
      database.statement((em) =>
        rowsOf(
          em,
          sql`update service_keys set last_used_at = ${now}
          where id = ${row.id} and (last_used_at is null or last_used_at <= ${at(stale)})`,
        ),
      ),
    );
  }

  return {
    looksLikeOne: (text) => text.startsWith(PREFIX),

    async identify(key) {
      const row = await find(hashSecret(key));
      const now = clock.now();
      if (!row || !isValidAt(row, now)) {
        const reason = row ? 'KEY_ENDED' : 'KEY_UNKNOWN';
        throw invalidServiceKey({ serviceKeyId: row?.id ?? 'unknown', reason });
      }
      await stampUse(row, now);
      return { keyId: row.id, name: row.name, accountId: row.account_id };
    },

    async isValid(keyId) {
      const row = await database.withTimeout(findById(keyId));
      return row !== null && isValidAt(row, clock.now());
    },
  };
}
