import { lockAccount } from '../accounts/account-lock.ts';
import { DELETED_USER_NAME } from '../accounts/deleted.ts';
import { eraseUser, lockUserForDeletion } from '../accounts/erase.sql.ts';
import { User } from '../accounts/user.entity.ts';
import { SYSTEM, type Audit, type AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import { notFound } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { actorOf, type ServiceCaller, type Viewer } from '../rules/caller.ts';
import { actorOf as actorOfKey } from '../service-api/key-reach.ts';
import { lockServiceKey } from '../service-api/service-keys.ts';
import { findUser, queueOf, toUserReference, type UserArguments } from '../service-api/users.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { revokeSessions } from '../sessions/revoke.sql.ts';
import { unlinkIdentities } from '../sign-in/oidc/identities.ts';
import { requireAnotherOwner } from '../users/last-owner.ts';
import { deletePasswordLinks } from '../users/password-links.ts';
import { insertErasure, type Erasure } from './erasure.sql.ts';

export interface UserDeletionDependencies {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
  forgetFailures: (signInEmail: string) => Promise<void>;
}

/**
 * Deletes a user: ends their sessions, removes what identifies them, and frees their e-mail and external id, all with the
 * commit. Personal data in rows of sessions and of the audit trail is left to the erasure that each returns.
 * `ipAddress` is that of the request, for the audit trail. The last active owner can only be deleted with the account.
 */
export interface UserDeletion {
  /** @throws BAD_USER_INPUT (`reason` LAST_OWNER), NOT_FOUND, UNAUTHENTICATED, FORBIDDEN, REAUTHENTICATION_REQUIRED */
  asOwner(viewer: Viewer, user: UserArguments, ipAddress: string | null): Promise<Erasure>;
  /** @throws BAD_USER_INPUT (`reason` LAST_OWNER), NOT_FOUND, UNAUTHENTICATED */
  asService(service: ServiceCaller, user: UserArguments, ipAddress: string | null): Promise<Erasure>;
  /** @throws NOT_FOUND, BAD_USER_INPUT (`reason` LAST_OWNER) */
  asOperator(user: { id: string } | { signInEmail: string }): Promise<Erasure>;
}

interface DeletedBy {
  actor: AuditEntry['actor'];
  ipAddress: string | null;
}

interface DeletedUser {
  erasure: Erasure;
  endedIds: string[];
  signInEmail: string | null;
}

export function createUserDeletion(dependencies: UserDeletionDependencies): UserDeletion {
  const { database, audit, bus, clock, forgetFailures } = dependencies;

  /** In the caller's transaction, which holds the account's lock. */
  async function deleteLocked(
    em: EntityManager,
    { id }: User,
    { actor, ipAddress }: DeletedBy,
    field: string,
  ): Promise<DeletedUser> {
    await lockUserForDeletion(em, id);
    const user = await em.findOneOrFail(User, id, { refresh: true });
    await requireAnotherOwner(em, user, field);
    const now = clock.now();
    const { accountId, signInEmail = null } = user;
    const endedIds = await revokeSessions(em, { accountId, userId: id }, 'USER_DEACTIVATED', now);
    await deletePasswordLinks(em, [id]);
    await unlinkIdentities(em, [id]);
    await eraseUser(em, id, now);
    const isOwn = actor.id === id;
    await audit.record(
      em,
      {
        accountId,
        action: 'user.deleted',
        actor: isOwn ? { id, name: DELETED_USER_NAME } : actor,
        resource: { type: 'user', id },
        details: { ended_sessions: endedIds.length },
        ipAddress: isOwn ? null : ipAddress,
      },
      now,
    );
    const erasure = await insertErasure(em, { accountId, userId: id, deletedAt: now });
    return { erasure, endedIds, signInEmail };
  }

  async function announce({ erasure, endedIds, signInEmail }: DeletedUser): Promise<Erasure> {
    const { accountId } = erasure;
    bus.publish({ accountId, kind: 'ENDED', reason: 'USER_DEACTIVATED', sessionIds: endedIds });
    bus.publish({ accountId, kind: 'ROLES', sessionIds: [] });
    if (signInEmail !== null) await forgetFailures(signInEmail);
    return erasure;
  }

  return {
    async asOwner(viewer, given, ipAddress) {
      const reach = { accountId: viewer.accountId };
      const reference = toUserReference(reach, given);
      const deleted = await database.accountTransaction(viewer.accountId, async (em) => {
        await lockAccountForSensitiveOperation(em, viewer, dependencies);
        const user = await findUser(em, reach, reference);
        return deleteLocked(em, user, { actor: actorOf(viewer), ipAddress }, fieldOf(given));
      });
      return announce(deleted);
    },

    async asService(service, given, ipAddress) {
      const reference = toUserReference(service, given);
      const deleted = await database.accountTransaction(queueOf(service, reference), async (em) => {
        const { accountId } = await findUser(em, service, reference);
        await lockAccount(em, accountId);
        // Again, since they may have been deleted during that wait.
        const user = await findUser(em, service, reference);
        const by = { actor: actorOfKey(service), ipAddress };
        const deleted = await deleteLocked(em, user, by, fieldOf(given));
        await lockServiceKey(em, service, clock);
        return deleted;
      });
      return announce(deleted);
    },

    async asOperator(given) {
      const deleted = await database.transaction(async (em) => {
        const find = async () =>
          'id' in given && !isUuid(given.id) ? null : em.findOne(User, { ...given, deletedAt: null });
        const known = await find();
        if (!known) throw notFound('User');
        await lockAccount(em, known.accountId);
        const user = await find();
        if (!user) throw notFound('User');
        return deleteLocked(em, user, { actor: SYSTEM, ipAddress: null }, 'user');
      });
      return announce(deleted);
    },
  };
}

const fieldOf = ({ externalId }: UserArguments): string => (externalId == null ? 'userId' : 'externalId');
