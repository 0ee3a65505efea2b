import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { invalidServiceKey, type ServiceCaller, type StreamManager } from '../rules/caller.ts';
import type { Clock } from '../clock.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { listOf, PREPARED } from '../database/prepared-statements.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import { AppError } from '../errors.ts';
import type { ServiceKeyScope } from '../generated/schema.ts';
import { sha256Hex } from '../sha256.ts';
import { createSecret } from './secret.ts';
import { ServiceKey } from './service-key.entity.ts';
import { rowsOf } from '../database/rows.ts';

const PREFIX = 'cfk_';
/** Of a key that is limited to a scope. The secret after it has 43 characters, so no other key has this form. */
const SCOPED = /^cfk_ssf_[\w-]{43}$/;
/** How far the stored last use may lag behind: a key in constant use causes one write a minute. */
const LAST_USE_STEP_MS = 60_000;

/**
 * The key as its row has it: its SHA-256 in hexadecimal. A node of the version before knows no scope and would let a
 * scoped key do everything, so such a key has a hash that those nodes do not look for.
 */
const hashServiceKey = (key: string): string => sha256Hex(SCOPED.test(key) ? `scope ssf: ${key}` : key);

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
  given: {
    accountId: string | null;
    name: string;
    expiresAt: Date | null;
    createdBy?: string | null;
    scope?: ServiceKeyScope | null;
  },
  now: Date,
): Promise<CreatedServiceKey> {
  const scope = given.scope ?? null;
  const key = PREFIX + (scope === null ? '' : 'ssf_') + createSecret();
  const id = randomUUID();
  await em.insert(ServiceKey, {
    id,
    ...given,
    createdBy: given.createdBy ?? null,
    scope,
    keyHash: Buffer.from(hashServiceKey(key), 'hex'),
    createdAt: now,
    revokedAt: null,
    lastUsedAt: null,
  });
  return { id, key };
}

export interface ServiceKeys {
  /** Whether the text has the form of a service key, valid or not. */
  looksLikeOne(text: string): boolean;
  /**
   * Returns the caller of a key that has no scope.
   * @throws UNAUTHENTICATED for a key that is unknown, revoked or expired; FORBIDDEN for one with a scope
   */
  identify(key: string): Promise<ServiceCaller>;
  /**
   * Returns the caller of a key of one account, with the scope `SSF` or none.
   * @throws UNAUTHENTICATED as `identify`; FORBIDDEN for a key for all accounts
   */
  identifyStreamManager(key: string): Promise<StreamManager>;
  /** Whether the key is still valid. @throws UNAVAILABLE */
  isValid(keyId: string): Promise<boolean>;
}

interface KeyRow {
  id: string;
  account_id: string | null;
  name: string;
  scope: ServiceKeyScope | null;
  /** `hashServiceKey` of the key. */
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

const outOfReach = (serviceKeyId: string, reason: string, message: string): AppError =>
  new AppError('FORBIDDEN', message, {}, undefined, { serviceKeyId, reason });

export function createServiceKeys(dependencies: { database: Database; clock: Clock }): ServiceKeys {
  const { database, clock } = dependencies;

  const find = createBatchedRead<string, KeyRow>(async (hashes) => {
    const rows = await database.withTimeout(
      rowsOf(
        database.em(),
        sql<KeyRow>`${PREPARED}
        select k.id, k.account_id, k.name, k.scope, wanted.hash, k.expires_at, k.revoked_at, k.last_used_at
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

  /** @throws UNAUTHENTICATED */
  async function findValid(key: string): Promise<KeyRow> {
    const row = await find(hashServiceKey(key));
    const now = clock.now();
    if (!row || !isValidAt(row, now)) {
      const reason = row ? 'KEY_ENDED' : 'KEY_UNKNOWN';
      throw invalidServiceKey({ serviceKeyId: row?.id ?? 'unknown', reason });
    }
    await stampUse(row, now);
    return row;
  }

  return {
    looksLikeOne: (text) => text.startsWith(PREFIX),

    async identify(key) {
      const { id, name, account_id, scope } = await findValid(key);
      if (scope !== null)
        throw outOfReach(id, 'KEY_SCOPED', 'This service key can only manage and poll SSF streams.');
      return { keyId: id, name, accountId: account_id };
    },

    async identifyStreamManager(key) {
      const { id, name, account_id } = await findValid(key);
      if (account_id === null)
        throw outOfReach(id, 'KEY_OF_ALL_ACCOUNTS', 'SSF streams need a service key of one account.');
      return { keyId: id, name, accountId: account_id };
    },

    async isValid(keyId) {
      const row = await database.withTimeout(findById(keyId));
      return row !== null && isValidAt(row, clock.now());
    },
  };
}
