import { lockAccountAsOwner, shareAccount } from '../accounts/account.lock.ts';
import type { Viewer } from '../accounts/caller.ts';
import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import { isSessionId, isUuid } from '../database/ids.ts';
import { notFound } from '../errors.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { RevokeScope } from '../generated/schema.ts';
import { belongsTo, type RefreshTokens } from '../tokens/refresh-token.ts';
import type { BulkEnds } from './bulk-ends.ts';
import { createClosing } from './session.closing.ts';
import {
  findRenewableSessions,
  findSession,
  findSessionOfUser,
  type SessionOfUser,
} from './session.reads.ts';

export interface RevocationService {
  /** Ends the session that the caller holds. False when it was over already. */
  logout(sessionId: string, ipAddress: string | null): Promise<boolean>;
  /** The same for the session that a refresh token stands for; false also for a token that stands for none. */
  logoutByRefreshToken(refreshToken: string | null, ipAddress: string | null): Promise<boolean>;
  /** Every session of the account, or (OTHERS) every one that is not the caller's. Returns how many it ended. */
  revokeAll(viewer: Viewer, scope: RevokeScope, ipAddress: string | null): Promise<number>;
  /** 1, or 0 when it was over already. @throws NOT_FOUND for a session that the caller may not see */
  revokeOne(viewer: Viewer, sessionId: string, ipAddress: string | null): Promise<number>;
  /** Every session of one user. @throws NOT_FOUND for a user that the caller may not see */
  revokeUser(viewer: Viewer, userId: string, ipAddress: string | null): Promise<number>;
}

export function createRevocationService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  refreshTokens: RefreshTokens;
  bulkEnds: BulkEnds;
}): RevocationService {
  const { database, audit, clock, refreshTokens, bulkEnds } = dependencies;
  const closing = createClosing(dependencies);

  async function logout({ session, user }: SessionOfUser, ipAddress: string | null): Promise<boolean> {
    const actor = { id: session.userId, name: user.name };
    const ended = await database.transaction((em) =>
      closing.one(em, session, 'LOGOUT', { actor, ipAddress }),
    );
    if (ended) closing.announce(session.accountId, [session.id]);
    return ended;
  }

  return {
    async logout(sessionId, ipAddress) {
      const found = await database.inTime(findSessionOfUser(database.em(), sessionId));
      return found !== null && logout(found, ipAddress);
    },

    async logoutByRefreshToken(refreshToken, ipAddress) {
      const claims = refreshToken === null ? null : refreshTokens.read(refreshToken);
      if (!claims) return false;
      const [found] = await database.inTime(findRenewableSessions(database.em(), [claims.sessionId]));
      return found !== undefined && belongsTo(claims, found.session) && logout(found, ipAddress);
    },

    async revokeAll(viewer, scope, ipAddress) {
      const ended = await database.transaction(async (em) => {
        await lockAccountAsOwner(em, viewer);
        const now = clock.now();
        const target = {
          accountId: viewer.accountId,
          ...(scope === 'OTHERS' ? { exceptUserId: viewer.userId } : {}),
        };
        const ended = await bulkEnds.end(em, target, 'REVOKED_BY_OWNER', now);
        await audit.record(
          em,
          {
            accountId: viewer.accountId,
            action: 'account.sessions_revoked_bulk',
            actor: actorOf(viewer),
            resource: { type: 'account', id: viewer.accountId },
            details: { scope: scope.toLowerCase(), revoked_count: ended.count },
            ipAddress,
          },
          now,
        );
        return ended;
      });
      bulkEnds.announce(ended);
      return ended.count;
    },

    async revokeOne(viewer, sessionId, ipAddress) {
      if (!isSessionId(sessionId)) throw notFound('Session');
      const ended = await database.transaction(async (em) => {
        if (viewer.role === 'OWNER') await lockAccountAsOwner(em, viewer);
        const session = await findSession(em, sessionId);
        if (!session || session.accountId !== viewer.accountId) throw notFound('Session');
        const isOwn = session.userId === viewer.userId;
        if (!isOwn && viewer.role !== 'OWNER') throw notFound('Session');
        const reason = isOwn ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER';
        return closing.one(em, session, reason, { actor: actorOf(viewer), ipAddress });
      });
      if (ended) closing.announce(viewer.accountId, [sessionId]);
      return ended ? 1 : 0;
    },

    async revokeUser(viewer, userId, ipAddress) {
      const isOwn = userId === viewer.userId;
      if (!isUuid(userId) || (!isOwn && viewer.role !== 'OWNER')) throw notFound('User');
      const endedIds = await database.transaction(async (em) => {
        if (isOwn) await shareAccount(em, viewer.accountId);
        else await lockAccountAsOwner(em, viewer);
        const user = await em.findOne(User, { id: userId, accountId: viewer.accountId });
        if (!user) throw notFound('User');
        const reason = isOwn ? 'REVOKED_BY_USER' : 'REVOKED_BY_OWNER';
        const target = { accountId: viewer.accountId, userId };
        return closing.allOf(em, target, reason, { actor: actorOf(viewer), ipAddress });
      });
      closing.announce(viewer.accountId, endedIds);
      return endedIds.length;
    },
  };
}

const actorOf = (viewer: Viewer) => ({ id: viewer.userId, name: viewer.name });
