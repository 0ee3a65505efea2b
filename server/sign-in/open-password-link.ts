import { Account } from '../accounts/account.entity.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { PasswordLink } from '../generated/schema.ts';
import type { ClientInfo } from '../rules/caller.ts';
import { findPasswordLink } from '../users/password-links.ts';
import { attemptOf, type PasswordVerification } from './password-verification.ts';

/**
 * Tells for whom a one-time link is, without using it up. A wrong token counts as a failed attempt, as in `SetPassword`.
 * @throws INVALID_CREDENTIALS, RATE_LIMITED
 */
export type OpenPasswordLink = (token: string, client: ClientInfo) => Promise<PasswordLink>;

export function createOpenPasswordLink({
  database,
  clock,
  verification,
}: {
  database: Database;
  clock: Clock;
  verification: PasswordVerification;
}): OpenPasswordLink {
  async function find(token: string): Promise<PasswordLink | null> {
    const em = database.em();
    const found = await database.withTimeout(findPasswordLink(em, token, clock.now()));
    if (!found?.user.isActive) return null;
    const { link, user } = found;
    const account = await database.withTimeout(em.findOneOrFail(Account, user.accountId));
    if (account.deletedAt !== null) return null;
    const { name, email } = user;
    return {
      name,
      email,
      accountName: account.name,
      role: link.role ?? user.role,
      expiresAt: link.expiresAt,
    };
  }

  return (token, client) =>
    verification.verifyCredential(attemptOf(null, client), () => find(token), { reason: 'LINK_INVALID' });
}
