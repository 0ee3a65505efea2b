import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { Account } from '../accounts/account.entity.ts';
import type { ServiceCaller } from '../accounts/caller.ts';
import { requireName } from '../accounts/email.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { notFound } from '../errors.ts';
import { requireExternalId, toNamed, type Named } from './service-input.ts';

export interface AccountNaming {
  accountId?: string | null;
  accountExternalId?: string | null;
}

/** Null where the call names none. @throws BAD_USER_INPUT when it names it in both ways */
export const toNamedAccount = ({ accountId, accountExternalId }: AccountNaming): Named | null =>
  toNamed({ id: accountId, externalId: accountExternalId }, ['accountId', 'accountExternalId']);

/**
 * The account that a call is about: the one it names, else the key's own; null for a key for all accounts that names
 * none. @throws NOT_FOUND, alike for one that does not exist and one that the key is not for
 */
export async function findAccount(
  em: EntityManager,
  service: ServiceCaller,
  named: Named | null,
): Promise<string | null> {
  if (named === null) return service.accountId;
  const account =
    'id' in named && !isUuid(named.id)
      ? null
      : await em.findOne(Account, {
          ...named,
          ...(service.accountId === null ? {} : { $and: [{ id: service.accountId }] }),
        });
  if (!account) throw notFound('Account');
  return account.id;
}

/**
 * An account without users, for an installation that serves many. With an `externalId` that is there already nothing
 * changes and that account is returned. @throws BAD_USER_INPUT
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
    // Of several at once one inserts; the others wait for it here and find its account.
    const { rows } = await sql<{ id: string }>`
      insert into accounts (id, name, external_id, created_at) values (${randomUUID()}, ${name}, ${externalId}, ${now})
      on conflict (external_id) do nothing returning id`.execute(em.getKysely());
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
    return em.findOneOrFail(Account, { externalId });
  });
}
