import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { toAsciiLowerCase } from '../email.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Mailer } from '../mail/mail.ts';
import type { ClientInfo, Viewer } from '../rules/caller.ts';
import { lockAccountAsCaller } from '../sessions/lock-as-caller.ts';
import { passwordChangedNotice } from './password-changed-notice.ts';
import type { ComparePassword, PasswordHasher } from './password-hashing.ts';
import { attemptOf, invalidCredentials, type PasswordVerification } from './password-verification.ts';
import { lockActiveUser, replacePassword, requireGoodPasswordOf } from './replace-password.ts';

export interface ChangePasswordDependencies {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  passwords: PasswordHasher;
  commonPasswords: ReadonlySet<string>;
  verification: PasswordVerification;
  mailer: Mailer;
}

/**
 * Changes the password of a signed-in user, who presents the current one. Ends the user's other sessions and returns
 * their number.
 * @throws INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED
 */
export type ChangePassword = (
  viewer: Viewer,
  input: { currentPassword: string; newPassword: string },
  client: ClientInfo,
) => Promise<number>;

export function createChangePassword(dependencies: ChangePasswordDependencies): ChangePassword {
  const { database, bus, clock, passwords, verification, mailer } = dependencies;

  const readUser = (userId: string): Promise<User> =>
    database.withTimeout(database.em().findOneOrFail(User, userId));

  return async (viewer, { currentPassword, newPassword }, client) => {
    const known = await readUser(viewer.userId);
    await requireGoodPasswordOf(known, newPassword, dependencies);
    const attempt = attemptOf(known.signInEmail ?? toAsciiLowerCase(known.email), client);
    const check = async (compare: ComparePassword): Promise<User | null> => {
      const user = await readUser(viewer.userId);
      return (await compare(user.passwordHash ?? null, currentPassword)) ? user : null;
    };
    const verified = await verification.verifyPassword(attempt, check, { reason: 'PASSWORD_WRONG' });
    const passwordHash = await passwords.hash(newPassword, client.ipAddress);
    const { endedIds, notice } = await database.accountTransaction(viewer.accountId, async (em) => {
      const { account } = await lockAccountAsCaller(em, viewer, clock);
      const user = await lockActiveUser(em, viewer.userId);
      if (!user || user.passwordVersion !== verified.passwordVersion) throw invalidCredentials();
      const change = { passwordHash, exceptSessionId: viewer.session.id, ipAddress: client.ipAddress };
      const endedIds = await replacePassword(em, user, change, dependencies, clock.now());
      return { endedIds, notice: passwordChangedNotice(user, account) };
    });
    const { accountId } = viewer;
    bus.publish({ accountId, kind: 'ENDED', reason: 'PASSWORD_CHANGED', sessionIds: endedIds });
    mailer.send(notice);
    return endedIds.length;
  };
}
