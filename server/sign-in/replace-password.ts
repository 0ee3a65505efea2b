import { sql } from 'kysely';
import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { revokeSessions } from '../sessions/revoke.sql.ts';
import { revokePasswordLinks } from '../users/password-links.ts';
import { requireGoodPassword } from './password-rules.ts';

/** Checks a new password of this user. @throws BAD_USER_INPUT as `requireGoodPassword` */
export async function requireGoodPasswordOf(
  { email, name, accountId }: User,
  newPassword: string,
  { database, commonPasswords }: { database: Database; commonPasswords: ReadonlySet<string> },
): Promise<void> {
  const account = await database.withTimeout(database.em().findOneOrFail(Account, accountId));
  requireGoodPassword(newPassword, { email, name, accountName: account.name }, commonPasswords);
}

/** Locks the user's row and reads it. Null: there is no such active user. */
export async function lockActiveUser(em: EntityManager, userId: string): Promise<User | null> {
  await rowsOf(em, sql`select 1 from users where id = ${userId} for no key update`);
  return em.findOne(User, { id: userId, isActive: true }, { refresh: true });
}

/** Stores the new password and ends the user's sessions except `exceptSessionId`. Returns the ids of the ended ones. */
export async function replacePassword(
  em: EntityManager,
  user: User,
  change: { passwordHash: string; exceptSessionId?: string; ipAddress: string | null },
  { audit }: { audit: Audit },
  now: Date,
): Promise<string[]> {
  user.passwordHash = change.passwordHash;
  user.passwordVersion += 1;
  await em.flush();
  await revokePasswordLinks(em, user.id, now);
  const scope = { accountId: user.accountId, userId: user.id, exceptSessionId: change.exceptSessionId };
  const endedIds = await revokeSessions(em, scope, 'PASSWORD_CHANGED', now);
  await audit.record(
    em,
    {
      accountId: user.accountId,
      action: 'user.password_changed',
      actor: { id: user.id, name: user.name },
      resource: { type: 'user', id: user.id },
      details: { ended_sessions: endedIds.length },
      ipAddress: change.ipAddress,
    },
    now,
  );
  return endedIds;
}
