import { randomUUID } from 'node:crypto';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import { isUniqueViolation } from '../database/failures.ts';
import type { Database } from '../database/orm.ts';
import { Account } from './account.entity.ts';
import { requireEmail, requireName } from './email.ts';
import { createPasswordLink } from './password-links.ts';
import { emailTaken, newUser } from './users.service.ts';

export interface CreatedAccount {
  accountId: string;
  ownerId: string;
  setPasswordUrl: string;
}

/** An account with its first owner, who sets a password by a one-time link. @throws BAD_USER_INPUT, CONFLICT */
export async function createAccount(
  given: { name: string; ownerEmail: string; ownerName?: string },
  dependencies: { database: Database; audit: Audit; publicUrl: string },
  now: Date,
): Promise<CreatedAccount> {
  const name = requireName(given.name);
  const email = requireEmail(given.ownerEmail);
  const ownerName = requireName(given.ownerName ?? email.slice(0, email.indexOf('@')));
  const { database, audit, publicUrl } = dependencies;
  try {
    return await database.transaction(async (em) => {
      const accountId = randomUUID();
      await em.insert(Account, { id: accountId, name, policyVersion: 0, createdAt: now });
      const owner = newUser({ accountId, email, name: ownerName, role: 'OWNER' }, now);
      em.persist(owner);
      await em.flush();
      const setPasswordUrl = await createPasswordLink(em, owner.id, publicUrl, now);
      await audit.record(
        em,
        {
          accountId,
          action: 'account.created',
          actor: SYSTEM,
          resource: { type: 'account', id: accountId },
          details: { name, owner_email: email },
          ipAddress: null,
        },
        now,
      );
      return { accountId, ownerId: owner.id, setPasswordUrl };
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw emailTaken();
    throw error;
  }
}
