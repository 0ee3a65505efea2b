import { lockAccountAsCaller, lockAccountAsOwner } from './lock-as-caller.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { isSessionId, isUuid } from '../database/ids.ts';
import { notFound } from '../errors.ts';
import type { RevokeScope } from '../generated/schema.ts';
import type { AccountRevocation } from './account-revocation.ts';
import type { SessionRevoker } from './revoke.ts';
import { findSession } from './session-queries.ts';

/** Revocations that a signed-in user asks for. Each reads the user's session and role again under the account's lock. */
export interface CallerRevocation {
  /** Ends every session of the account or (OTHERS) every session of its other users. Returns how many it ended. */
  revokeAll(viewer: Viewer, scope: RevokeScope, ipAddress: string | null): Promise<number>;
  /** Ends one session. Returns 1, or 0: it had ended already. @throws NOT_FOUND for a session the viewer may not see */
  revokeOne(viewer: Viewer, sessionId: string, ipAddress: string | null): Promise<number>;
  /** Ends every session of a user. Returns how many it ended. @throws NOT_FOUND for a user the viewer may not see */
  revokeUser(viewer: Viewer, userId: string, ipAddress: string | null): Promise<number>;
}

export function createCallerRevocation(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  revoker: SessionRevoker;
  accountRevocation: AccountRevocation;
}): CallerRevocation {
  const { database, audit, clock, revoker, accountRevocation } = dependencies;

  return {
    async revokeAll(viewer, scope, ipAddress) {
      const revoked = await database.accountTransaction(viewer.accountId, async (em) => {
        await lockAccountAsOwner(em, viewer, clock);
        const now = clock.now();
        const target = {
          accountId: viewer.accountId,
          ...(scope === 'OTHERS' ? { exceptUserId: viewer.userId } : {}),
        };
        const revoked = await accountRevocation.revoke(em, target, 'REVOKED_BY_OWNER', now);
        await audit.record(
          em,
          {
            accountId: viewer.accountId,
            action: 'account.sessions_revoked_bulk',
            actor: actorOf(viewer),
            resource: { type: 'account', id: viewer.accountId },
            details: { scope: scope.toLowerCase(), revoked_count: revoked.count },
            ipAddress,
          },
          now,
        );
        return revoked;
      });
      accountRevocation.publish(revoked);
      return revoked.count;
    },

    async revokeOne(viewer, sessionId, ipAddress) {
      if (!isSessionId(sessionId)) throw notFound('Session');
      const { hasEnded, reason } = await database.accountTransaction(viewer.accountId, async (em) => {
        const { role } = await lockAccountAsCaller(em, viewer, clock);
        const session = await findSession(em, sessionId);
        if (!session || session.accountId !== viewer.accountId) throw notFound('Session');
        const isOwn = session.userId === viewer.userId;
        if (!isOwn && role !== 'OWNER') throw notFound('Session');
        const reason = isOwn ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER';
        const by = { actor: actorOf(viewer), ipAddress };
        return { hasEnded: await revoker.revokeOne(em, session, reason, by), reason } as const;
      });
      if (hasEnded) revoker.publish(viewer.accountId, reason, [sessionId]);
      return hasEnded ? 1 : 0;
    },

    async revokeUser(viewer, userId, ipAddress) {
      const isOwn = userId === viewer.userId;
      const reason = isOwn ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER';
      if (!isUuid(userId)) throw notFound('User');
      const endedIds = await database.accountTransaction(viewer.accountId, async (em) => {
        const { role } = await lockAccountAsCaller(em, viewer, clock);
        if (!isOwn && role !== 'OWNER') throw notFound('User');
        const user = await em.findOne(User, { id: userId, accountId: viewer.accountId, deletedAt: null });
        if (!user) throw notFound('User');
        const target = { accountId: viewer.accountId, userId };
        return revoker.revokeAllOf(em, target, reason, { actor: actorOf(viewer), ipAddress });
      });
      revoker.publish(viewer.accountId, reason, endedIds);
      return endedIds.length;
    },
  };
}
