import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { revokeSession, revokeSessions, type RevocationReason } from './revoke.sql.ts';
import type { Session } from '../rules/session.ts';

/** Actor of a revocation, and the address of the request. Actor id null: a service key. */
export interface RevokedBy {
  actor: AuditEntry['actor'];
  ipAddress: string | null;
}

/** Revokes sessions with an audit row, in the caller's transaction. The caller publishes the end after the commit. */
export interface SessionRevoker {
  /** Ends one session. False: it had ended already, and nothing is recorded. */
  revokeOne(em: EntityManager, session: Session, reason: RevocationReason, by: RevokedBy): Promise<boolean>;
  /** Ends every live session of a user and returns their ids. Writes its audit row also when none was live. */
  revokeAllOf(
    em: EntityManager,
    user: { accountId: string; userId: string; signedInBy?: Date },
    reason: RevocationReason,
    by: RevokedBy,
  ): Promise<string[]>;
  /** Publishes the end of the sessions that were ended, after the commit. */
  publish(accountId: string, reason: RevocationReason, sessionIds: readonly string[]): void;
}

export function createSessionRevoker({
  audit,
  bus,
  clock,
}: {
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
}): SessionRevoker {
  return {
    async revokeOne(em, session, reason, { actor, ipAddress }) {
      // The time after the wait for the lock: a deadline that passes during it has ended the session.
      await lockAccountForShare(em, session.accountId);
      const now = clock.now();
      const ended = await revokeSession(em, session, reason, now);
      if (!ended) return false;
      await audit.record(
        em,
        {
          accountId: session.accountId,
          action: 'session.ended',
          actor,
          resource: { type: 'session', id: session.id },
          details: { reason, user_id: session.userId },
          ipAddress,
        },
        now,
      );
      return true;
    },

    async revokeAllOf(em, user, reason, { actor, ipAddress }) {
      const { accountId, userId } = user;
      const now = clock.now();
      const endedIds = await revokeSessions(em, user, reason, now);
      await audit.record(
        em,
        {
          accountId,
          action: 'user.sessions_revoked',
          actor,
          resource: { type: 'user', id: userId },
          details: { revoked_count: endedIds.length },
          ipAddress,
        },
        now,
      );
      return endedIds;
    },

    publish(accountId, reason, sessionIds) {
      bus.publish({ accountId, kind: 'ENDED', reason, sessionIds });
    },
  };
}
