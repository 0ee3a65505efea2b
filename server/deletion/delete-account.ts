import { sql } from 'kysely';
import { lockAccount } from '../accounts/account-lock.ts';
import { Account } from '../accounts/account.entity.ts';
import { DELETED_USER_NAME } from '../accounts/deleted.ts';
import { eraseAccount } from '../accounts/erase.sql.ts';
import { SYSTEM, type Audit, type AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { rowsOf } from '../database/rows.ts';
import { eraseStreamsOf } from '../event-streams/purge.sql.ts';
import { badInput, notFound } from '../errors.ts';
import type { Viewer } from '../rules/caller.ts';
import type { AccountRevocation, RevokedSessions } from '../sessions/account-revocation.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { insertErasure, type Erasure } from './erasure.sql.ts';

export interface AccountDeletionDependencies {
  database: Database;
  audit: Audit;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
  accountRevocation: AccountRevocation;
}

/**
 * Deletes an account: ends every session, revokes its service keys, removes its name and external id, all with the commit,
 * however large it is. No user of it signs in any more. The erasure that each returns does the rest.
 * `confirmName` must be the account's name, to the letter.
 */
export interface AccountDeletion {
  /** @throws BAD_USER_INPUT with `field` confirmName, UNAUTHENTICATED, FORBIDDEN, REAUTHENTICATION_REQUIRED */
  asOwner(viewer: Viewer, confirmName: string): Promise<Erasure>;
  /** @throws NOT_FOUND, BAD_USER_INPUT with `field` confirmName */
  asOperator(accountId: string, confirmName: string): Promise<Erasure>;
}

interface DeletedAccount {
  erasure: Erasure;
  revoked: RevokedSessions;
}

export function createAccountDeletion(dependencies: AccountDeletionDependencies): AccountDeletion {
  const { database, audit, clock, accountRevocation } = dependencies;

  /** In the caller's transaction, which holds the account's lock. */
  async function deleteLocked(
    em: EntityManager,
    { id: accountId, name }: Account,
    confirmName: string,
    actor: AuditEntry['actor'],
  ): Promise<DeletedAccount> {
    if (confirmName !== name)
      throw badInput('confirmName', "This is not the account's name.", { reason: 'NAME_MISMATCH' });
    const now = clock.now();
    const revoked = await accountRevocation.revoke(em, { accountId }, 'USER_DEACTIVATED', now);
    const revokedKeys = await revokeServiceKeys(em, accountId, now);
    await eraseAccount(em, accountId, now);
    await eraseStreamsOf(em, accountId);
    await audit.record(
      em,
      {
        accountId,
        action: 'account.deleted',
        actor,
        resource: { type: 'account', id: accountId },
        details: { ended_sessions: revoked.count, revoked_service_keys: revokedKeys },
        ipAddress: null,
      },
      now,
    );
    const erasure = await insertErasure(em, { accountId, userId: null, deletedAt: now });
    return { erasure, revoked };
  }

  function announce({ erasure, revoked }: DeletedAccount): Erasure {
    accountRevocation.publish(revoked);
    return erasure;
  }

  return {
    async asOwner(viewer, confirmName) {
      const deleted = await database.accountTransaction(viewer.accountId, async (em) => {
        const account = await lockAccountForSensitiveOperation(em, viewer, dependencies);
        // The owner is deleted with the account.
        return deleteLocked(em, account, confirmName, { id: viewer.userId, name: DELETED_USER_NAME });
      });
      return announce(deleted);
    },

    async asOperator(accountId, confirmName) {
      const deleted = await database.transaction(async (em) => {
        const isKnown = isUuid(accountId) && (await em.count(Account, { id: accountId })) > 0;
        if (!isKnown) throw notFound('Account');
        const account = await lockAccount(em, accountId);
        if (account.deletedAt) throw notFound('Account');
        return deleteLocked(em, account, confirmName, SYSTEM);
      });
      return announce(deleted);
    },
  };
}

async function revokeServiceKeys(em: EntityManager, accountId: string, now: Date): Promise<number> {
  const rows = await rowsOf(
    em,
    sql`update service_keys set revoked_at = ${now} where account_id = ${accountId} and revoked_at is null returning id`,
  );
  return rows.length;
}
