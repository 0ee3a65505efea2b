import { lockAccountForShare } from '../accounts/account-lock.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { readEmail, toAsciiLowerCase } from '../email.ts';
import type { Evidence } from '../errors.ts';
import type { AppType } from '../generated/schema.ts';
import type { ClientInfo } from '../rules/caller.ts';
import type { SessionReplacement } from '../sessions/replace-session.ts';
import type { TokenIssuer, TokenSet } from '../sessions/token-set.ts';
import type { ComparePassword } from './password-hashing.ts';
import { attemptOf, invalidCredentials, type PasswordVerification } from './password-verification.ts';
import { recordFailedLogin } from './record-failed-login.ts';
import { signerOf, type SignInSessions } from './sign-in-session.ts';

export interface LoginDependencies {
  database: Database;
  audit: Audit;
  clock: Clock;
  tokenIssuer: TokenIssuer;
  replacement: SessionReplacement;
  sessions: SignInSessions;
  verification: PasswordVerification;
}

/**
 * Signs in with e-mail and password. `cookie` is the refresh cookie of the browser, whose session is replaced; `isChosen`
 * names the sessions that may end under ASK.
 * @throws INVALID_CREDENTIALS, RATE_LIMITED, and with right credentials SESSION_LIMIT_REACHED
 */
export type Login = (
  input: {
    email: string;
    password: string;
    appType: AppType;
    audience: string;
    cookie: string | null;
    isPersistent: boolean;
    isChosen: (sessionId: string) => boolean;
  },
  client: ClientInfo,
) => Promise<TokenSet>;

export function createLogin(dependencies: LoginDependencies): Login {
  const { database, audit, clock, tokenIssuer, replacement, sessions, verification } = dependencies;

  async function recordFailure(email: string, ipAddress: string | null): Promise<void> {
    await database.transaction(async (em) => {
      const user = await em.findOne(User, { signInEmail: email });
      if (user) await recordFailedLogin(em, audit, user, { ipAddress }, clock.now());
    });
  }

  return async ({ email, password, appType, audience, cookie, isPersistent, isChosen }, client) => {
    const replaced = await replacement.find(cookie);
    const signInEmail = readEmail(email);
    const attempt = attemptOf(signInEmail ?? toAsciiLowerCase(email.trim()), client);
    const evidence: Evidence = {};
    const check = async (compare: ComparePassword): Promise<User | null> => {
      const user =
        signInEmail === null
          ? null
          : await database.withTimeout(database.em().findOne(User, { signInEmail }));
      const isRight = await compare(user?.passwordHash ?? null, password);
      if (user && isRight && user.isActive) return user;
      Object.assign(evidence, failureOf(user, isRight));
      await recordFailure(signInEmail ?? '', client.ipAddress);
      return null;
    };
    const user = await verification.verifyPassword(attempt, check, evidence);
    const signedIn = await database.accountTransaction(user.accountId, async (em) => {
      await replacement.lockAccountBefore(em, replaced, user.accountId);
      await lockAccountForShare(em, user.accountId);
      await replacement.lockAccountAfter(em, replaced, user.accountId);
      const now = clock.now();
      const { passwordVersion } = user;
      const created = await sessions.create(
        em,
        user,
        {
          passwordVersion,
          appType,
          authentication: { method: 'PASSWORD' },
          client,
          isPersistent,
          replacedSessionId: replaced?.session.id,
          isChosen,
        },
        now,
      );
      if (!created) return null;
      return { created, now, ended: await replacement.end(em, replaced, signerOf(user, client)) };
    });
    // The password was changed, or the user deactivated, between the check and the creation of the session.
    if (!signedIn) throw invalidCredentials();
    replacement.publish(signedIn.ended);
    sessions.publishStart(signedIn.created, 'password');
    return tokenIssuer.issue(signedIn.created.session, signedIn.created.role, audience, signedIn.now);
  };
}

/** For the security log only. The client learns none of it. */
function failureOf(user: User | null, isRight: boolean): Evidence {
  if (!user) return { reason: 'USER_UNKNOWN' };
  const { id: userId, accountId } = user;
  return { userId, accountId, reason: isRight ? 'USER_INACTIVE' : 'PASSWORD_WRONG' };
}
