import { randomUUID } from 'node:crypto';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import type { Database } from '../database/database.ts';
import { Account } from '../accounts/account.entity.ts';
import { releaseEmailsOfDeletedAccounts } from '../accounts/erase.sql.ts';
import { requireEmail, requireName } from '../email.ts';
import { createPasswordLink } from './password-links.ts';
import { newUser, requireFreeEmail } from './new-user.ts';

export interface CreatedAccount {
  accountId: string;
  ownerId: string;
  setPasswordUrl: string;
}

/**
 * Creates an account with its first owner, who sets a password by a one-time link.
 * @throws BAD_USER_INPUT, CONFLICT with `reason` EMAIL_TAKEN
 */
export async function createAccount(
  given: { name: string; ownerEmail: string; ownerName?: string; isDemo?: boolean },
  dependencies: { database: Database; audit: Audit; publicUrl: string },
  now: Date,
): Promise<CreatedAccount> {
  const name = requireName(given.name);
  const email = requireEmail(given.ownerEmail);
  const ownerName = requireName(given.ownerName ?? email.slice(0, email.indexOf('@')));
  const { database, audit, publicUrl } = dependencies;
  return requireFreeEmail(() =>
    database.transaction(async (em) => {
      const accountId = randomUUID();
      await em.insert(Account, {
        id: accountId,
        name,
        policyVersion: 0,
        createdAt: now,
        isDemo: given.isDemo ?? false,
      });
      const owner = newUser({ accountId, email, name: ownerName, role: 'OWNER' }, now);
      await releaseEmailsOfDeletedAccounts(em, [owner.signInEmail!]);
      em.persist(owner);
      await em.flush();
      const setPasswordUrl = await createPasswordLink(em, { id: owner.id }, publicUrl, now);
      await audit.record(
        em,
        {
          accountId,
          action: 'account.created',
          actor: SYSTEM,
          resource: { type: 'account', id: accountId },
          details: { name, owner_email: email, owner_id: owner.id },
          ipAddress: null,
        },
        now,
      );
      return { accountId, ownerId: owner.id, setPasswordUrl };
    }),
  );
}
