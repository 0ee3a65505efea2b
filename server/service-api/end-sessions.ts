import { lockAccount } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { ServiceEndReason } from '../generated/schema.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import type { Session } from '../rules/session.ts';
import { createSessionRevoker } from '../sessions/revoke.ts';
import { actorOf, isInReach } from './key-reach.ts';
import { lockServiceKey } from './service-keys.ts';
import { findUser, queueOf, toUserReference, type UserArguments } from './users.ts';

/** `ipAddress` is that of the calling back end, for the audit trail. */
export interface SessionEnder {
  /** Returns whether this call ended the session; false also for a session outside the key's reach. */
  endForService(
    service: ServiceCaller,
    session: Session,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<boolean>;
  /** Ends all live sessions of a user and returns their number. @throws BAD_USER_INPUT, NOT_FOUND */
  endAllOfUser(
    service: ServiceCaller,
    user: UserArguments,
    reason: ServiceEndReason,
    ipAddress: string | null,
  ): Promise<number>;
}

export function createSessionEnder(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
}): SessionEnder {
  const { database, clock } = dependencies;
  const revoker = createSessionRevoker(dependencies);

  return {
    async endForService(service, session, reason, ipAddress) {
      if (!isInReach(service, session.accountId)) return false;
      const by = { actor: actorOf(service), ipAddress };
      const hasEnded = await database.accountTransaction(session.accountId, async (em) => {
        const hasEnded = await revoker.revokeOne(em, session, reason, by);
        await lockServiceKey(em, service, clock);
        return hasEnded;
      });
      if (hasEnded) revoker.publish(session.accountId, reason, [session.id]);
      return hasEnded;
    },

    async endAllOfUser(service, user, reason, ipAddress) {
      const reference = toUserReference(service, user);
      const { accountId, endedIds } = await database.accountTransaction(
        queueOf(service, reference),
        async (em) => {
          const { accountId } = await findUser(em, service, reference);
          // Waits for sign-ins in progress, so their sessions end with the others.
          await lockAccount(em, accountId);
          // Again, since they may have been deleted during that wait.
          const { id } = await findUser(em, service, reference);
          const by = { actor: actorOf(service), ipAddress };
          const endedIds = await revoker.revokeAllOf(em, { accountId, userId: id }, reason, by);
          await lockServiceKey(em, service, clock);
          return { accountId, endedIds };
        },
      );
      revoker.publish(accountId, reason, endedIds);
      return endedIds.length;
    },
  };
}
