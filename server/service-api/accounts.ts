import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { Account } from '../accounts/account.entity.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import { requireName } from '../email.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { AppError, notFound } from '../errors.ts';
import type { Reach } from './key-reach.ts';
import { requireExternalId, toReference, type Reference } from './input.ts';
import { lockServiceKey } from './service-keys.ts';
import { rowsOf } from '../database/rows.ts';

/** An account as the arguments of a call name it: by one of its ids, or not at all. */
export interface AccountArguments {
  accountId?: string | null;
  accountExternalId?: string | null;
}

/** Null when the call names no account. @throws BAD_USER_INPUT when it gives both ids */
export const toAccountReference = ({ accountId, accountExternalId }: AccountArguments): Reference | null =>
  toReference({ id: accountId, externalId: accountExternalId }, ['accountId', 'accountExternalId']);

/**
 * Returns the account of a call: the one it names, else the key's own. Null for a key for all accounts that names none.
 * @throws NOT_FOUND, identical for an account that does not exist and one outside the reach
 */
export async function findAccount(
  em: EntityManager,
  reach: Reach,
  reference: Reference | null,
): Promise<string | null> {
  if (reference === null) return reach.accountId;
  const account =
    'id' in reference && !isUuid(reference.id)
      ? null
      : await em.findOne(Account, {
          ...reference,
          deletedAt: null,
          ...(reach.accountId === null ? {} : { $and: [{ id: reach.accountId }] }),
        });
  if (!account) throw notFound('Account');
  return account.id;
}

/**
 * Creates an account without users, for an installation that serves many accounts. Returns the existing account,
 * unchanged, if there is one with this `externalId`. @throws BAD_USER_INPUT
 */
export async function createServiceAccount(
  service: ServiceCaller,
  given: { name: string; externalId: string },
  ipAddress: string | null,
  { database, audit, clock }: { database: Database; audit: Audit; clock: Clock },
): Promise<Account> {
  const name = requireName(given.name);
  const externalId = requireExternalId('externalId', given.externalId);
  return database.transaction(async (em) => {
    const now = clock.now();
    // Of concurrent calls one inserts the row. The others wait for it here and return its account.
    const rows = await rowsOf(
      em,
      sql<{ id: string }>`
      insert into accounts (id, name, external_id, created_at) values (${randomUUID()}, ${name}, ${externalId}, ${now})
      on conflict (external_id) do nothing returning id`,
    );
    const accountId = rows[0]?.id;
    if (accountId !== undefined) {
      await audit.record(
        em,
        {
          accountId,
          action: 'account.created',
          actor: { id: null, name: service.name },
          resource: { type: 'account', id: accountId },
          details: { name, external_id: externalId },
          ipAddress,
        },
        now,
      );
    }
    const account = await em.findOne(Account, { externalId });
    // Deleted after the insert met it: the external id is free, so a repeat creates the account.
    if (!account) throw new AppError('CONFLICT', 'The account was deleted at this moment. Try again.');
    await lockServiceKey(em, service, clock);
    return account;
  });
}
