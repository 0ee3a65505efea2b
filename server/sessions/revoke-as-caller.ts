import { lockAccountAsCaller, lockAccountForSensitiveOperation } from './lock-as-caller.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { isSessionId, isUuid } from '../database/ids.ts';
import { badInput, notFound } from '../errors.ts';
import type { RevokeScope, Role } from '../generated/schema.ts';
import type { AccountRevocation } from './account-revocation.ts';
import { idsOf, type SessionRevoker } from './revoke.ts';
import { findSession, findSessions } from './session-queries.ts';
import type { Session } from '../rules/session.ts';

/** Sessions that one call can name. */
const MAX_SELECTED = 100;

/** Revocations that a signed-in user asks for. Each reads the user's session and role again under the account's lock. */
export interface CallerRevocation {
  /**
   * Ends every session of the account or (OTHERS) every session of its other users. Returns how many it ended. A sensitive
   * operation, unlike the others: ending a session that someone found must never wait.
   */
  revokeAll(viewer: Viewer, scope: RevokeScope, ipAddress: string | null): Promise<number>;
  /** Ends one session. Returns 1, or 0: it had ended already. @throws NOT_FOUND for a session the viewer may not see */
  revokeOne(viewer: Viewer, sessionId: string, ipAddress: string | null): Promise<number>;
  /**
   * Ends 1 to 100 sessions, all or none. Returns how many had not ended yet.
   * @throws BAD_USER_INPUT for none or too many, and NOT_FOUND when the viewer may not see one of them
   */
  revokeSelected(viewer: Viewer, sessionIds: readonly string[], ipAddress: string | null): Promise<number>;
  /** Ends every session of a user. Returns how many it ended. @throws NOT_FOUND for a user the viewer may not see */
  revokeUser(viewer: Viewer, userId: string, ipAddress: string | null): Promise<number>;
}

export function createCallerRevocation(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  revoker: SessionRevoker;
  accountRevocation: AccountRevocation;
  sensitiveMaxAgeSeconds: number;
}): CallerRevocation {
  const { database, audit, clock, revoker, accountRevocation } = dependencies;

  return {
    async revokeAll(viewer, scope, ipAddress) {
      const revoked = await database.accountTransaction(viewer.accountId, async (em) => {
        await lockAccountForSensitiveOperation(em, viewer, dependencies);
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
        if (!session) throw notFound('Session');
        const reason = reasonFor(session, viewer, role);
        const by = { actor: actorOf(viewer), ipAddress };
        return { hasEnded: await revoker.revokeOne(em, session, reason, by), reason } as const;
      });
      if (hasEnded) revoker.publish(viewer.accountId, reason, [sessionId]);
      return hasEnded ? 1 : 0;
    },

    async revokeSelected(viewer, sessionIds, ipAddress) {
      if (sessionIds.length < 1 || sessionIds.length > MAX_SELECTED) {
        throw badInput('sessionIds', `sessionIds names 1 to ${MAX_SELECTED} sessions.`, {
          reason: 'OUT_OF_BOUNDS',
          min: 1,
          max: MAX_SELECTED,
        });
      }
      const ids = [...new Set(sessionIds)];
      if (!ids.every(isSessionId)) throw notFound('Session');
      const ended = await database.accountTransaction(viewer.accountId, async (em) => {
        const { role } = await lockAccountAsCaller(em, viewer, clock);
        const sessions = await findSessions(em, ids);
        if (sessions.length < ids.length) throw notFound('Session');
        const selected = sessions.map((session) => ({ session, reason: reasonFor(session, viewer, role) }));
        const by = { actor: actorOf(viewer), ipAddress };
        return revoker.revokeSelected(em, viewer.accountId, selected, by);
      });
      for (const reason of new Set(ended.map(({ reason }) => reason)))
        revoker.publish(viewer.accountId, reason, idsOf(ended, reason));
      return ended.length;
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

/** @throws NOT_FOUND for a session the viewer may not end: one of another account and, for a member, a colleague's */
function reasonFor(
  { accountId, userId }: Session,
  viewer: Viewer,
  role: Role,
): 'REVOKED_BY_USER' | 'REVOKED_BY_OWNER' {
  const isOwn = userId === viewer.userId;
  if (accountId !== viewer.accountId || (!isOwn && role !== 'OWNER')) throw notFound('Session');
  return isOwn ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER';
}
