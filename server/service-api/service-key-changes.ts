import { sql } from 'kysely';
import type { Audit, AuditAction, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { requireName } from '../email.ts';
import type { ServiceKeyScope } from '../generated/schema.ts';
import { createServiceKey, type CreatedServiceKey } from './service-keys.ts';

// The changes of service keys, for owners and for operators: what is checked, written and audited is one.

/** Who makes the change, as the audit trail names them. */
export type ChangedBy = Pick<AuditEntry, 'actor' | 'ipAddress'>;

/** A key for all accounts belongs to no account's audit trail: its operator logs the change. */
const recordInAccount = async (
  audit: Audit,
  em: EntityManager,
  entry: {
    action: Extract<AuditAction, `service_key.${string}`>;
    id: string;
    accountId: string | null;
    details: Record<string, unknown>;
  },
  by: ChangedBy,
  now: Date,
): Promise<void> => {
  const { action, id, accountId, details } = entry;
  if (accountId === null) return;
  await audit.record(em, { accountId, action, resource: { type: 'service_key', id }, details, ...by }, now);
};

/** In the caller's transaction. @throws BAD_USER_INPUT for an invalid name */
export async function addServiceKey(
  em: EntityManager,
  audit: Audit,
  given: { accountId: string | null; name: string; expiresAt: Date | null; scope: ServiceKeyScope | null },
  by: ChangedBy,
  now: Date,
): Promise<CreatedServiceKey & { name: string }> {
  const name = requireName(given.name);
  const { accountId, expiresAt, scope } = given;
  const created = await createServiceKey(
    em,
    { accountId, name, expiresAt, scope, createdBy: by.actor.id },
    now,
  );
  const details = {
    name,
    expires_at: expiresAt?.toISOString() ?? null,
    ...(scope === null ? {} : { scope }),
  };
  await recordInAccount(
    audit,
    em,
    { action: 'service_key.created', id: created.id, accountId, details },
    by,
    now,
  );
  return { ...created, name };
}

/**
 * In the caller's transaction. False, and nothing is written: the key was revoked before, or there is none.
 * @param within the account that the key must belong to. Null: any key
 */
export async function revokeServiceKey(
  em: EntityManager,
  audit: Audit,
  { id, within }: { id: string; within: string | null },
  by: ChangedBy,
  now: Date,
): Promise<boolean> {
  const rows = await rowsOf(
    em,
    sql<{ account_id: string | null; name: string }>`
    update service_keys set revoked_at = ${now}
    where id = ${id} and revoked_at is null and (${within}::uuid is null or account_id = ${within}::uuid)
    returning account_id, name`,
  );
  const [key] = rows;
  if (!key) return false;
  const details = { name: key.name };
  await recordInAccount(
    audit,
    em,
    { action: 'service_key.revoked', id, accountId: key.account_id, details },
    by,
    now,
  );
  return true;
}
