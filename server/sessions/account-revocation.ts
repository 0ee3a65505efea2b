import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import { rowsOfOneEnd } from './event-weight.sql.ts';
import { countLive, insertAccountRevocation, type AccountScope } from './account-revocation.sql.ts';
import type { PendingChanges } from './pending-changes.ts';
import { isPolicyPending } from './policy-application.sql.ts';
import { revokeSessions, type RevocationReason } from './revoke.sql.ts';

export interface RevokedSessions {
  accountId: string;
  count: number;
  reason: RevocationReason;
  /** Null: too many to list. They have ended, but their rows do not say so yet. */
  ids: string[] | null;
}

/** Ends every session of an account. It takes effect with the caller's commit, however many sessions there are. */
export interface AccountRevocation {
  /** Runs in the caller's transaction, which holds the account's lock. */
  revoke(
    em: EntityManager,
    scope: AccountScope,
    reason: RevocationReason,
    now: Date,
  ): Promise<RevokedSessions>;
  /** Tells the nodes, after the commit. */
  publish(revoked: RevokedSessions): void;
}

export function createAccountRevocation({
  bus,
  pendingChanges,
}: {
  bus: SessionBus;
  pendingChanges: PendingChanges;
}): AccountRevocation {
  return {
    async revoke(em, scope, reason, now) {
      const { accountId } = scope;
      const count = await countLive(em, scope, now);
      // With a policy pending, rows have to be written that are live no more, so their number says nothing.
      const rows = count * (await rowsOfOneEnd(em, accountId));
      if (rows > pendingChanges.batchSize || (await isPolicyPending(em, accountId))) {
        await insertAccountRevocation(em, scope, reason, now);
        return { accountId, count, reason, ids: null };
      }
      const ids = await revokeSessions(em, scope, reason, now);
      return { accountId, count: ids.length, reason, ids };
    },

    publish({ accountId, reason, ids }) {
      if (ids) bus.publish({ accountId, kind: 'ENDED', reason, sessionIds: ids });
      else pendingChanges.announce(accountId);
    },
  };
}
