import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { shareAccount } from '../accounts/account.lock.ts';
import type { ClientInfo, Viewer } from '../accounts/caller.ts';
import { normaliseEmail } from '../accounts/email.ts';
import { consumePasswordLink, findPasswordLinkHolder } from '../accounts/password-links.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { AppType } from '../generated/schema.ts';
import type { PolicyLimits } from '../policies/policy.ts';
import { endSessions } from '../sessions/session.endings.ts';
import type { Grant, Grants } from '../sessions/session.grant.ts';
import { openSession, type OpenedSession } from '../sessions/session.opening.ts';
import { requireGoodPassword, type Matches, type Passwords } from './passwords.ts';
import type { Attempt, Throttle } from './throttle.ts';

export interface PasswordSignInService {
  /** @throws INVALID_CREDENTIALS, RATE_LIMITED */
  login(
    input: { email: string; password: string; appType: AppType; audience: string },
    client: ClientInfo,
  ): Promise<Grant>;
  /** Uses a one-time link up, ends the user's sessions and signs in. @throws INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED */
  setPassword(
    input: { token: string; newPassword: string; audience: string },
    client: ClientInfo,
  ): Promise<Grant>;
  /** Ends the user's other sessions and returns how many. @throws INVALID_CREDENTIALS, BAD_USER_INPUT, RATE_LIMITED */
  changePassword(
    viewer: Viewer,
    input: { currentPassword: string; newPassword: string },
    client: ClientInfo,
  ): Promise<number>;
}

/** Failures are answered at whole steps of this, so that their time does not tell what was looked up and written. */
const FAILURE_STEP_MS = 100;

export function createPasswordSignInService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  grants: Grants;
  passwords: Passwords;
  throttle: Throttle;
  limits: PolicyLimits;
}): PasswordSignInService {
  const { database, audit, bus, clock, grants, passwords, throttle, limits } = dependencies;

  /** Runs a check that returns null on failure, unless there were too many failures, and counts how it went. */
  async function counted<T>(who: Attempt, check: () => Promise<T | null>): Promise<T | null> {
    await throttle.require(who);
    const passed = await check();
    await (passed === null ? throttle.recordFailure(who) : throttle.recordSuccess(who));
    return passed;
  }

  /** All failures alike in text and time. Around a slot, not in it: a refused caller waits without holding others up. */
  async function orRefuse<T>(verification: () => Promise<T | null>): Promise<T> {
    const started = performance.now();
    const passed = await verification();
    if (passed !== null) return passed;
    const elapsed = performance.now() - started;
    await pause(FAILURE_STEP_MS - (elapsed % FAILURE_STEP_MS));
    throw invalidCredentials();
  }

  /** A check of a password, in a slot of its own and counted there, so that no burst overruns the throttle. */
  const verify = (who: Attempt, check: (matches: Matches) => Promise<User | null>): Promise<User> =>
    orRefuse(() => passwords.inSlot((matches) => counted(who, () => check(matches))));

  async function recordFailedLogin(email: string, ipAddress: string | null): Promise<void> {
    await database.transaction(async (em) => {
      const user = await em.findOne(User, { signInEmail: email });
      if (!user) return;
      const entry = {
        accountId: user.accountId,
        action: 'login.failed' as const,
        actor: { id: null, name: user.email },
        resource: { type: 'user' as const, id: user.id },
        details: {},
        ipAddress,
      };
      await audit.record(em, entry, clock.now());
    });
  }

  const open = (em: EntityManager, user: User, appType: AppType, client: ClientInfo, now: Date) =>
    openSession(
      em,
      { accountId: user.accountId, userId: user.id, passwordVersion: user.passwordVersion, appType, client },
      { audit, limits },
      now,
    );

  function announceStart({ session }: OpenedSession): void {
    bus.publish({ accountId: session.accountId, kind: 'STARTED', sessionIds: [session.id] });
  }

  /** Stores the new password and ends the user's sessions but `exceptSessionId`; returns the ids of those. */
  async function replacePassword(
    em: EntityManager,
    user: User,
    change: { passwordHash: string; exceptSessionId?: string; ipAddress: string | null },
    now: Date,
  ): Promise<string[]> {
    user.passwordHash = change.passwordHash;
    user.passwordVersion += 1;
    await em.flush();
    const scope = { accountId: user.accountId, userId: user.id, exceptSessionId: change.exceptSessionId };
    const endedIds = await endSessions(em, scope, 'PASSWORD_CHANGED', now);
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

  return {
    async login({ email, password, appType, audience }, client) {
      const signInEmail = normaliseEmail(email);
      const who = { email: signInEmail, address: client.ipAddress };
      const verified = await verify(who, async (matches) => {
        const user = isStorable(signInEmail)
          ? await database.inTime(database.em().findOne(User, { signInEmail }))
          : null;
        const isRight = await matches(user?.passwordHash ?? null, password);
        if (user && isRight && user.isActive) return user;
        await recordFailedLogin(isStorable(signInEmail) ? signInEmail : '', client.ipAddress);
        return null;
      });
      const now = clock.now();
      const opened = await database.transaction((em) => open(em, verified, appType, client, now));
      // The password was changed, or the user deactivated, between the check and the birth of the session.
      if (!opened) throw invalidCredentials();
      announceStart(opened);
      return grants.issue(opened.session, opened.role, audience, now);
    },

    async setPassword({ token, newPassword, audience }, client) {
      const now = clock.now();
      const who = { email: null, address: client.ipAddress };
      const useLink = async () => {
        // Looked at before it is used up: nobody makes the server hash without a good link, and a link stays good
        // for a better password.
        const holder = await database.inTime(findPasswordLinkHolder(database.em(), token, now));
        if (!holder?.isActive) return null;
        requireGoodPassword(newPassword, holder.email);
        const passwordHash = await passwords.hash(newPassword);
        return database.transaction(async (em) => {
          // Account, user, link, sessions: in the order of everybody who resets, deactivates or applies a policy.
          await shareAccount(em, holder.accountId);
          const user = await lockActiveUser(em, holder.id);
          if (!user || !(await consumePasswordLink(em, token, now))) return null;
          const endedIds = await replacePassword(
            em,
            user,
            { passwordHash, ipAddress: client.ipAddress },
            now,
          );
          const opened = await open(em, user, 'CONTROL_PANEL', client, now);
          return opened && { opened, endedIds };
        });
      };
      const { opened, endedIds } = await orRefuse(() => counted(who, useLink));
      bus.publish({ accountId: opened.session.accountId, kind: 'ENDED', sessionIds: endedIds });
      announceStart(opened);
      return grants.issue(opened.session, opened.role, audience, now);
    },

    async changePassword(viewer, { currentPassword, newPassword }, client) {
      const { email, signInEmail } = await database.em().findOneOrFail(User, viewer.userId);
      requireGoodPassword(newPassword, email);
      const who = { email: signInEmail ?? normaliseEmail(email), address: client.ipAddress };
      const verified = await verify(who, async (matches) => {
        const user = await database.em().findOneOrFail(User, viewer.userId);
        return (await matches(user.passwordHash ?? null, currentPassword)) ? user : null;
      });
      const passwordHash = await passwords.hash(newPassword);
      const now = clock.now();
      const endedIds = await database.transaction(async (em) => {
        await shareAccount(em, viewer.accountId);
        const user = await lockActiveUser(em, viewer.userId);
        if (!user || user.passwordVersion !== verified.passwordVersion) throw invalidCredentials();
        const change = { passwordHash, exceptSessionId: viewer.session.id, ipAddress: client.ipAddress };
        return replacePassword(em, user, change, now);
      });
      bus.publish({ accountId: viewer.accountId, kind: 'ENDED', sessionIds: endedIds });
      return endedIds.length;
    },
  };
}

export const invalidCredentials = (): AppError =>
  new AppError('INVALID_CREDENTIALS', 'These credentials are not valid.');

/** PostgreSQL's text holds anything but NUL; such an address belongs to nobody. */
const isStorable = (text: string): boolean => !text.includes('\0');

async function lockActiveUser(em: EntityManager, userId: string): Promise<User | null> {
  await sql`select 1 from users where id = ${userId} for no key update`.execute(em.getKysely());
  return em.findOne(User, { id: userId, isActive: true }, { refresh: true });
}
