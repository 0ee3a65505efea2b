import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/orm.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import { endSession, endSessions, type DecidedEnd } from './session.endings.ts';
import type { Session } from './session.ts';

/** Who decided an end, and from where. `id` null: a service key. */
export interface EndedBy {
  actor: AuditEntry['actor'];
  ipAddress: string | null;
}

/** Ends that somebody decided, each with its audit row in the caller's transaction; the news follows the commit. */
export interface Closing {
  /** False when it was over already: nothing is stamped or recorded twice. */
  one(em: EntityManager, session: Session, reason: DecidedEnd, by: EndedBy): Promise<boolean>;
  /** Every live session of one user. Returns their ids; also a call that ends none is recorded. */
  allOf(
    em: EntityManager,
    user: { accountId: string; userId: string },
    reason: DecidedEnd,
    by: EndedBy,
  ): Promise<string[]>;
  /** After the commit. */
  announce(accountId: string, sessionIds: readonly string[]): void;
}

export function createClosing({
  audit,
  bus,
  clock,
}: {
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
}): Closing {
  return {
    async one(em, session, reason, { actor, ipAddress }) {
      const now = clock.now();
      const ended = await endSession(em, session, reason, now);
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

    async allOf(em, { accountId, userId }, reason, { actor, ipAddress }) {
      const now = clock.now();
      const endedIds = await endSessions(em, { accountId, userId }, reason, now);
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

    announce(accountId, sessionIds) {
      bus.publish({ accountId, kind: 'ENDED', sessionIds });
    },
  };
}
