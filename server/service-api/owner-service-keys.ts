import { sql } from 'kysely';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { rowsOf } from '../database/rows.ts';
import { requireName } from '../email.ts';
import { notFound } from '../errors.ts';
import type { ServiceKeyScope } from '../generated/schema.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { instant } from '../database/instants.ts';
import { at, instantOrNull } from '../sessions/session-row.ts';
import type { Connection, Slice } from '../pagination.ts';
import { addServiceKey, revokeServiceKey } from './service-key-changes.ts';
import { expiryAfter, requireExpiryInDays } from './service-key-rules.ts';

/** A key as the owners of its account see it, without its secret and hash. */
export interface ServiceKeyView {
  id: string;
  name: string;
  /** Null: all that a service key may do. */
  scope: ServiceKeyScope | null;
  createdAt: Date;
  /** Null: an operator, by a command. */
  createdById: string | null;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

export type ServiceKeyPage = Connection<ServiceKeyView>;

/**
 * The service keys of an account, for its owners. A key for all accounts is the operator's: no owner lists or revokes it.
 */
export interface OwnerServiceKeys {
  /** Newest first; one more than the slice has, if there is one. */
  list(accountId: string, slice: Slice): Promise<ServiceKeyView[]>;
  count(accountId: string, atMost: number): Promise<number>;
  /** @throws BAD_USER_INPUT, UNAUTHENTICATED, FORBIDDEN, REAUTHENTICATION_REQUIRED */
  create(
    viewer: Viewer,
    given: { name: string; expiresInDays: number | null; scope: ServiceKeyScope | null },
    ipAddress: string | null,
  ): Promise<{ serviceKey: ServiceKeyView; key: string }>;
  /** Revokes a key, with effect from the commit. @throws NOT_FOUND, and as `create` */
  revoke(viewer: Viewer, id: string, ipAddress: string | null): Promise<ServiceKeyView>;
}

export function createOwnerServiceKeys(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
}): OwnerServiceKeys {
  const { database, audit, clock } = dependencies;

  return {
    list: (accountId, { first, after }) =>
      readKeys(
        database.em(),
        sql`k.account_id = ${accountId}
          and ${after ? sql`(k.created_at, k.id) < (${at(after.at)}, ${after.id}::uuid)` : sql`true`}`,
        first + 1,
      ),

    async count(accountId, atMost) {
      const [row] = await rowsOf(
        database.em(),
        sql<{ count: number }>`
        select count(*)::int as count from (select from service_keys where account_id = ${accountId} limit ${atMost}) k`,
      );
      return row!.count;
    },

    async create(viewer, given, ipAddress) {
      const name = requireName(given.name);
      const days = given.expiresInDays === null ? null : requireExpiryInDays(given.expiresInDays);
      const { accountId } = viewer;
      return database.accountTransaction(accountId, async (em) => {
        await lockAccountForSensitiveOperation(em, viewer, dependencies);
        const now = clock.now();
        const { id, key } = await addServiceKey(
          em,
          audit,
          { accountId, name, expiresAt: expiryAfter(days, now), scope: given.scope },
          { actor: actorOf(viewer), ipAddress },
          now,
        );
        return { serviceKey: await readKey(em, { id, accountId }), key };
      });
    },

    revoke: (viewer, id, ipAddress) =>
      database.accountTransaction(viewer.accountId, async (em) => {
        await lockAccountForSensitiveOperation(em, viewer, dependencies);
        if (!isUuid(id)) throw notFound('Service key');
        const { accountId } = viewer;
        const by = { actor: actorOf(viewer), ipAddress };
        await revokeServiceKey(em, audit, { id, within: accountId }, by, clock.now());
        return readKey(em, { id, accountId });
      }),
  };
}

/** @throws NOT_FOUND, identical for an unknown key, one of another account and one for all accounts */
async function readKey(
  em: EntityManager,
  { id, accountId }: { id: string; accountId: string },
): Promise<ServiceKeyView> {
  const [key] = await readKeys(em, sql`k.id = ${id} and k.account_id = ${accountId}`, 1);
  if (!key) throw notFound('Service key');
  return key;
}

interface KeyRow {
  id: string;
  name: string;
  scope: ServiceKeyScope | null;
  created_at: string;
  created_by: string | null;
  expires_at: string | null;
  last_used_at: string | null;
  revoked_at: string | null;
}

async function readKeys(
  em: EntityManager,
  matches: ReturnType<typeof sql>,
  limit: number,
): Promise<ServiceKeyView[]> {
  const rows = await rowsOf(
    em,
    sql<KeyRow>`
    select k.id, k.name, k.scope, k.created_at, k.created_by, k.expires_at, k.last_used_at, k.revoked_at
    from service_keys k where ${matches}
    order by k.created_at desc, k.id desc limit ${limit}`,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scope: row.scope,
    createdAt: instant(row.created_at),
    createdById: row.created_by,
    expiresAt: instantOrNull(row.expires_at),
    lastUsedAt: instantOrNull(row.last_used_at),
    revokedAt: instantOrNull(row.revoked_at),
  }));
}
