import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { lockLiveSessions, revokeSession, revokeSessions, type RevocationReason } from './revoke.sql.ts';
import type { Session } from '../rules/session.ts';

/** Actor of a revocation, and the address of the request. Actor id null: a service key. */
export interface RevokedBy {
  actor: AuditEntry['actor'];
  ipAddress: string | null;
}

/** A session to end, and why. */
export interface SelectedSession {
  session: Session;
  reason: RevocationReason;
}

/** Revokes sessions with an audit row, in the caller's transaction. The caller publishes the end after the commit. */
export interface SessionRevoker {
  /** Ends one session. False: it had ended already, and nothing is recorded. */
  revokeOne(em: EntityManager, session: Session, reason: RevocationReason, by: RevokedBy): Promise<boolean>;
  /**
   * Ends those of the sessions that are live and returns them, each with an audit row like a single end. The caller has
   * locked the account.
   */
  revokeSelected(
    em: EntityManager,
    accountId: string,
    sessions: readonly SelectedSession[],
    by: RevokedBy,
  ): Promise<SelectedSession[]>;
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

/** The ids of those that are to end for that reason. */
export const idsOf = (sessions: readonly SelectedSession[], reason: RevocationReason): string[] =>
  sessions.filter((each) => each.reason === reason).map(({ session }) => session.id);

export function createSessionRevoker({
  audit,
  bus,
  clock,
}: {
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
}): SessionRevoker {
  const entryOf = ({ session, reason }: SelectedSession, { actor, ipAddress }: RevokedBy): AuditEntry => ({
    accountId: session.accountId,
    action: 'session.ended',
    actor,
    resource: { type: 'session', id: session.id },
    details: { reason, user_id: session.userId },
    ipAddress,
  });

  return {
    async revokeOne(em, session, reason, by) {
      // The time after the wait for the lock: a deadline that passes during it has ended the session.
      await lockAccountForShare(em, session.accountId);
      const now = clock.now();
      const ended = await revokeSession(em, session, reason, now);
      if (!ended) return false;
      await audit.record(em, entryOf({ session, reason }, by), now);
      return true;
    },

    async revokeSelected(em, accountId, sessions, by) {
      const now = clock.now();
      // All of them before the first is written: those of the second reason may come first in the order of locks.
      await lockLiveSessions(em, { accountId, sessionIds: sessions.map(({ session }) => session.id) }, now);
      const endedIds = new Set<string>();
      for (const reason of new Set(sessions.map(({ reason }) => reason))) {
        const sessionIds = idsOf(sessions, reason);
        for (const id of await revokeSessions(em, { accountId, sessionIds }, reason, now)) endedIds.add(id);
      }
      const ended = sessions.filter(({ session }) => endedIds.has(session.id));
      await audit.recordAll(
        em,
        ended.map((each) => entryOf(each, by)),
        now,
      );
      return ended;
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
