import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Audit, AuditAction } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import { isUniqueViolation } from '../database/failures.ts';
import { isUuid } from '../database/ids.ts';
import type { Database, EntityManager } from '../database/orm.ts';
import { AppError, badInput, notFound } from '../errors.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { Role } from '../generated/schema.ts';
import { endSessions } from '../sessions/session.endings.ts';
import { lockAccountAsOwner } from './account.lock.ts';
import type { Viewer } from './caller.ts';
import { normaliseEmail, requireEmail, requireName } from './email.ts';
import { createPasswordLink } from './password-links.ts';
import { User } from './user.entity.ts';

export interface Invited {
  user: User;
  setPasswordUrl: string;
}

/** What owners do to the people of their account. Every method re-reads the owner's role under the account's lock. */
export interface UsersService {
  invite(
    viewer: Viewer,
    input: { email: string; name: string; role: Role },
    ipAddress: string | null,
  ): Promise<Invited>;
  resetPassword(viewer: Viewer, userId: string, ipAddress: string | null): Promise<Invited>;
  setRole(viewer: Viewer, userId: string, role: Role, ipAddress: string | null): Promise<User>;
  setActive(viewer: Viewer, userId: string, isActive: boolean, ipAddress: string | null): Promise<User>;
}

export function createUsersService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  publicUrl: string;
}): UsersService {
  const { database, audit, bus, clock, publicUrl } = dependencies;

  const record = (
    em: EntityManager,
    viewer: Viewer,
    action: AuditAction,
    userId: string,
    details: Record<string, unknown>,
    ipAddress: string | null,
    now: Date,
  ): Promise<void> =>
    audit.record(
      em,
      {
        accountId: viewer.accountId,
        action,
        actor: { id: viewer.userId, name: viewer.name },
        resource: { type: 'user', id: userId },
        details,
        ipAddress,
      },
      now,
    );

  const announceRoles = (accountId: string): void =>
    bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });

  return {
    async invite(viewer, input, ipAddress) {
      const { accountId } = viewer;
      const email = requireEmail(input.email);
      const given = { accountId, email, name: requireName(input.name), role: input.role };
      const invited = await unlessTaken(() =>
        database.transaction(async (em) => {
          await lockAccountAsOwner(em, viewer);
          const now = clock.now();
          const known = await lockKnown(em, accountId, email);
          const user = known
            ? Object.assign(known, given, { signInEmail: normaliseEmail(email) })
            : newUser(given, now);
          em.persist(user);
          await em.flush();
          const setPasswordUrl = await createPasswordLink(em, user.id, publicUrl, now);
          await record(em, viewer, 'user.invited', user.id, { email, role: user.role }, ipAddress, now);
          return { user, setPasswordUrl };
        }),
      );
      // Somebody who was known may have sessions already, and a new role.
      announceRoles(accountId);
      return invited;
    },

    async resetPassword(viewer, userId, ipAddress) {
      return database.transaction(async (em) => {
        await lockAccountAsOwner(em, viewer);
        const user = await lockUser(em, viewer.accountId, userId);
        if (user.signInEmail === null)
          throw badInput('userId', 'Nobody has invited this person to sign in here yet.', {
            reason: 'NOT_INVITED',
          });
        const now = clock.now();
        const setPasswordUrl = await createPasswordLink(em, user.id, publicUrl, now);
        await record(em, viewer, 'user.password_reset_requested', user.id, {}, ipAddress, now);
        return { user, setPasswordUrl };
      });
    },

    async setRole(viewer, userId, role, ipAddress) {
      const user = await database.transaction(async (em) => {
        await lockAccountAsOwner(em, viewer);
        const user = await lockUser(em, viewer.accountId, userId);
        if (user.role === role) return user;
        if (user.role === 'OWNER') await requireAnotherOwner(em, user, 'role');
        const details = { old: user.role, new: role };
        user.role = role;
        await record(em, viewer, 'user.role_changed', user.id, details, ipAddress, clock.now());
        return user;
      });
      announceRoles(viewer.accountId);
      return user;
    },

    async setActive(viewer, userId, isActive, ipAddress) {
      const { user, endedIds } = await database.transaction(async (em) => {
        await lockAccountAsOwner(em, viewer);
        const user = await lockUser(em, viewer.accountId, userId);
        if (user.isActive === isActive) return { user, endedIds: [] };
        if (!isActive && user.role === 'OWNER') await requireAnotherOwner(em, user, 'isActive');
        const now = clock.now();
        user.isActive = isActive;
        await em.flush();
        const scope = { accountId: viewer.accountId, userId: user.id };
        const endedIds = isActive ? [] : await endSessions(em, scope, 'USER_DEACTIVATED', now);
        const action = isActive ? 'user.reactivated' : 'user.deactivated';
        const details = isActive ? {} : { ended_sessions: endedIds.length };
        await record(em, viewer, action, user.id, details, ipAddress, now);
        return { user, endedIds };
      });
      bus.publish({ accountId: viewer.accountId, kind: 'ENDED', sessionIds: endedIds });
      announceRoles(viewer.accountId);
      return user;
    },
  };
}

export function newUser(
  given: { accountId: string; email: string; name: string; role: Role },
  now: Date,
): User {
  return Object.assign(new User(), {
    id: randomUUID(),
    externalId: null,
    ...given,
    signInEmail: normaliseEmail(given.email),
    isActive: true,
    passwordHash: null,
    passwordVersion: 0,
    lastLoginAt: null,
    createdAt: now,
  });
}

export const emailTaken = (): AppError =>
  new AppError('CONFLICT', 'This e-mail address already signs in here.', {
    field: 'email',
    reason: 'EMAIL_TAKEN',
  });

async function unlessTaken<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw emailTaken();
    throw error;
  }
}

/**
 * The one active person of the account whom another application brought here with this e-mail as a label, and whom
 * nobody has invited yet. Null where there is none, and where several share the label: which of them is meant?
 */
async function lockKnown(em: EntityManager, accountId: string, email: string): Promise<User | null> {
  const { rows } = await sql<{ id: string }>`
    select id from users
    where account_id = ${accountId} and sign_in_email is null and is_active
      and lower(btrim(email)) = ${normaliseEmail(email)}
    order by id for no key update`.execute(em.getKysely());
  return rows.length === 1 ? em.findOneOrFail(User, rows[0]!.id, { refresh: true }) : null;
}

/** @throws NOT_FOUND also for a user of another account */
async function lockUser(em: EntityManager, accountId: string, userId: string): Promise<User> {
  if (!isUuid(userId)) throw notFound('User');
  await sql`select 1 from users where id = ${userId} and account_id = ${accountId} for no key update`.execute(
    em.getKysely(),
  );
  const user = await em.findOne(User, { id: userId, accountId }, { refresh: true });
  if (!user) throw notFound('User');
  return user;
}

/** The caller holds the account's lock, so no two owners can step down at once. @throws BAD_USER_INPUT LAST_OWNER */
async function requireAnotherOwner(em: EntityManager, user: User, field: string): Promise<void> {
  const others = await em.count(User, {
    accountId: user.accountId,
    role: 'OWNER',
    isActive: true,
    id: { $ne: user.id },
  });
  if (others === 0)
    throw badInput(field, 'This is the last active owner of the account.', { reason: 'LAST_OWNER' });
}
