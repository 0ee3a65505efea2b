import { sql } from 'kysely';
import { requireName } from '../email.ts';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import { isUuid } from '../database/ids.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { AppError } from '../errors.ts';
import type { ServiceKeyScope } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { instant } from '../database/instants.ts';
import { instantOrNull } from '../sessions/session-row.ts';
import { addServiceKey, revokeServiceKey } from './service-key-changes.ts';
import type { CreatedServiceKey } from './service-keys.ts';
import { rowsOf } from '../database/rows.ts';

/** A key as operators see it, without its secret and hash. */
export interface ListedServiceKey {
  id: string;
  name: string;
  /** Null: all that a service key may do. */
  scope: ServiceKeyScope | null;
  /** Null: a key for all accounts. */
  account: { id: string; name: string } | null;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

export interface RevokedServiceKey {
  key: ListedServiceKey;
  /** False if it had been revoked before; then nothing is written. */
  isNew: boolean;
}

export interface ServiceKeyAdmin {
  /**
   * @param given `accountId` null: for all accounts
   * @throws NOT_FOUND for an unknown account, BAD_USER_INPUT for an invalid name
   */
  create(
    given: { accountId: string | null; name: string; expiresAt: Date | null; scope: ServiceKeyScope | null },
    now: Date,
  ): Promise<CreatedServiceKey>;
  /** Returns all keys, oldest first. */
  list(): Promise<ListedServiceKey[]>;
  /** Revokes a key, with effect from the commit. @throws NOT_FOUND */
  revoke(id: string, now: Date): Promise<RevokedServiceKey>;
}

/** Creates, lists and revokes service keys for operators. */
export function createServiceKeyAdmin(dependencies: {
  database: Database;
  audit: Audit;
  logger: Logger;
}): ServiceKeyAdmin {
  const { database, audit, logger } = dependencies;

  const by = { actor: SYSTEM, ipAddress: null };

  return {
    async create(given, now) {
      const { accountId, expiresAt } = given;
      requireName(given.name);
      const { id, key, name } = await database.transaction(async (em) => {
        if (accountId !== null) await requireAccount(em, accountId);
        return addServiceKey(em, audit, given, by, now);
      });
      if (accountId === null) {
        const details = { keyId: id, name, expires_at: expiresAt?.toISOString() ?? null };
        logger.info(details, 'a service key for all accounts was created');
      }
      return { id, key };
    },

    list: () => readKeys(database.em(), null),

    async revoke(id, now) {
      if (!isUuid(id)) throw noSuchKey(id);
      const revoked = await database.transaction(async (em) => {
        const isNew = await revokeServiceKey(em, audit, { id, within: null }, by, now);
        const [key] = await readKeys(em, id);
        if (!key) throw noSuchKey(id);
        return { key, isNew };
      });
      if (revoked.isNew && !revoked.key.account)
        logger.info({ keyId: id, name: revoked.key.name }, 'a service key for all accounts was revoked');
      return revoked;
    },
  };
}

const noSuchKey = (id: string): AppError => new AppError('NOT_FOUND', `No service key has the id ${id}.`);

async function requireAccount(em: EntityManager, id: string): Promise<void> {
  const rows = isUuid(id)
    ? await rowsOf(em, sql`select 1 from accounts where id = ${id} and deleted_at is null`)
    : [];
  if (rows.length === 0) throw new AppError('NOT_FOUND', `No account has the id ${id}.`);
}

interface KeyRow {
  id: string;
  name: string;
  scope: ServiceKeyScope | null;
  account_id: string | null;
  account_name: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
}

/** Reads one key, or all with `id` null. */
async function readKeys(em: EntityManager, id: string | null): Promise<ListedServiceKey[]> {
  const rows = await rowsOf(
    em,
    sql<KeyRow>`
    select k.id, k.name, k.scope, k.account_id, a.name as account_name, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
    from service_keys k left join accounts a on a.id = k.account_id
    where ${id}::uuid is null or k.id = ${id}::uuid
    order by k.created_at, k.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scope: row.scope,
    account: row.account_id === null ? null : { id: row.account_id, name: row.account_name },
    createdAt: instant(row.created_at),
    expiresAt: instantOrNull(row.expires_at),
    revokedAt: instantOrNull(row.revoked_at),
    lastUsedAt: instantOrNull(row.last_used_at),
  }));
}
