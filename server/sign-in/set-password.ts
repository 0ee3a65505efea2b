import { lockAccount } from '../accounts/account-lock.ts';
import type { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Role } from '../generated/schema.ts';
import type { Mailer } from '../mail/mail.ts';
import type { ClientInfo } from '../rules/caller.ts';
import type { SessionReplacement } from '../sessions/replace-session.ts';
import { lockLiveSessions } from '../sessions/revoke.sql.ts';
import type { TokenIssuer, TokenSet } from '../sessions/token-set.ts';
import { hasIdentity } from '../users/has-identity.ts';
import { isLastOwner } from '../users/last-owner.ts';
import { consumePasswordLink, findPasswordLink } from '../users/password-links.ts';
import { passwordChangedNotice } from './password-changed-notice.ts';
import type { PasswordHasher } from './password-hashing.ts';
import { attemptOf, type PasswordVerification } from './password-verification.ts';
import { lockActiveUser, replacePassword, requireGoodPasswordOf } from './replace-password.ts';
import { signerOf, type SignInSessions } from './sign-in-session.ts';

export interface SetPasswordDependencies {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  tokenIssuer: TokenIssuer;
  passwords: PasswordHasher;
  commonPasswords: ReadonlySet<string>;
  replacement: SessionReplacement;
  sessions: SignInSessions;
  verification: PasswordVerification;
  mailer: Mailer;
}

/**
 * Sets a password by a one-time link (invitation or reset), ends the user's sessions and signs in. `cookie` is the
 * refresh cookie of the browser, whose session is replaced.
 * @throws INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED
 */
export type SetPassword = (
  input: { token: string; newPassword: string; audience: string; cookie: string | null },
  client: ClientInfo,
) => Promise<TokenSet>;

export function createSetPassword(dependencies: SetPasswordDependencies): SetPassword {
  const { database, audit, bus, clock, tokenIssuer, passwords, replacement, sessions } = dependencies;
  const { verification, mailer } = dependencies;

  /** Gives the role of an invitation, in the transaction that consumes its link and holds the account's lock. */
  async function acceptRole(
    em: EntityManager,
    user: User,
    role: Role | null,
    ipAddress: string | null,
    now: Date,
  ): Promise<boolean> {
    if (role === null || role === user.role) return false;
    // Every other owner has left since the invitation.
    if (await isLastOwner(em, user)) return false;
    // Every live session of the user ends with the new password, in any case.
    const details = { old: user.role, new: role, ended_count: 0, shortened_count: 0 };
    user.role = role;
    await audit.record(
      em,
      {
        accountId: user.accountId,
        action: 'user.role_changed',
        actor: { id: user.id, name: user.name },
        resource: { type: 'user', id: user.id },
        details,
        ipAddress,
      },
      now,
    );
    return true;
  }

  return async ({ token, newPassword, audience, cookie }, client) => {
    const replaced = await replacement.find(cookie);
    const useLink = async () => {
      // Looked up before it is consumed: without a valid link the server hashes nothing, and a refused password leaves
      // the link usable.
      const found = await database.withTimeout(findPasswordLink(database.em(), token, clock.now()));
      const linked = found?.user;
      if (!linked?.isActive) return null;
      await requireGoodPasswordOf(linked, newPassword, dependencies);
      const passwordHash = await passwords.hash(newPassword, client.ipAddress);
      return database.accountTransaction(linked.accountId, async (em) => {
        // Locks account, user, link and sessions: the order of every reset, deactivation and policy change.
        await replacement.lockAccountBefore(em, replaced, linked.accountId);
        // The exclusive lock that changes of roles take: an invitation gives one.
        const account = await lockAccount(em, linked.accountId);
        await replacement.lockAccountAfter(em, replaced, linked.accountId);
        const user = await lockActiveUser(em, linked.id);
        const now = clock.now();
        const link = user && (await consumePasswordLink(em, user.id, token, now));
        if (!user || !link) return null;
        const couldSignIn = user.passwordHash !== null || (await hasIdentity(em, user.id));
        // Before the new role: a pending policy is written into them with the limits of the role that they had.
        await lockLiveSessions(em, { accountId: user.accountId, userId: user.id }, now);
        const hasNewRole = await acceptRole(em, user, link.role, client.ipAddress, now);
        const replacedSession = await replacement.end(em, replaced, signerOf(user, client));
        const change = { passwordHash, ipAddress: client.ipAddress };
        const endedIds = await replacePassword(em, user, change, dependencies, now);
        const { passwordVersion } = user;
        const authentication = { method: 'PASSWORD_LINK' } as const;
        const opening = { passwordVersion, appType: 'CONTROL_PANEL', authentication, client } as const;
        const created = await sessions.create(em, user, opening, now);
        // Of a first password there is no one to warn: the link was the invitation.
        const notice = couldSignIn ? passwordChangedNotice(user, account) : null;
        return created && { created, endedIds, replacedSession, hasNewRole, notice, now };
      });
    };
    const done = await verification.verifyCredential(attemptOf(null, client), useLink, {
      reason: 'LINK_INVALID',
    });
    const { session, role } = done.created;
    const { accountId } = session;
    bus.publish({ accountId, kind: 'ENDED', reason: 'PASSWORD_CHANGED', sessionIds: done.endedIds });
    if (done.hasNewRole) bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
    replacement.publish(done.replacedSession);
    sessions.publishStart(done.created, 'password_link');
    if (done.notice) mailer.send(done.notice);
    return tokenIssuer.issue(session, role, audience, done.now);
  };
}
