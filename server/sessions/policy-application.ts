import type { EntityManager } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { PolicyInForce } from '../rules/policy-rules.ts';
import { rowsOfOneEnd } from './event-weight.sql.ts';
import type { PendingChanges } from './pending-changes.ts';
import {
  applyPolicy,
  countUnderPolicy,
  insertPolicyApplication,
  isPolicyPending,
  type PolicyApplied,
} from './policy-application.sql.ts';

/** What a policy did to the live sessions, as of its commit. */
export interface AppliedPolicy {
  endedSessions: number;
  shortenedSessions: number;
  /** Null: too many to list. The policy is in effect, but their rows do not say so yet. */
  written: PolicyApplied | null;
}

/** Applies a policy to the live sessions of an account. It takes effect with the caller's commit. */
export interface PolicyApplication {
  /**
   * Runs in the caller's transaction, which holds the account's lock. 'busy': an earlier one is still being written, and
   * nothing was changed.
   */
  apply(
    em: EntityManager,
    accountId: string,
    policy: PolicyInForce,
    now: Date,
  ): Promise<{ applied: AppliedPolicy } | 'busy'>;
  /** Writes the earlier application of the account, if there is one, so that another can follow. */
  finishEarlier(accountId: string): Promise<void>;
  /** Tells the nodes, after the commit. */
  publish(accountId: string, applied: AppliedPolicy): void;
}

export function createPolicyApplication({
  bus,
  pendingChanges,
}: {
  bus: SessionBus;
  pendingChanges: PendingChanges;
}): PolicyApplication {
  return {
    async apply(em, accountId, policy, now) {
      if (await isPolicyPending(em, accountId)) return 'busy';
      const { live, ended, shortened } = await countUnderPolicy(em, accountId, policy, now);
      if (live * (await rowsOfOneEnd(em, accountId)) <= pendingChanges.batchSize) {
        const written = await applyPolicy(em, { accountId }, policy, now);
        const { endedIds, shortenedIds } = written;
        return {
          applied: { endedSessions: endedIds.length, shortenedSessions: shortenedIds.length, written },
        };
      }
      await insertPolicyApplication(em, accountId, policy, now);
      return { applied: { endedSessions: ended, shortenedSessions: shortened, written: null } };
    },

    finishEarlier: (accountId) => pendingChanges.writeAccount(accountId),

    publish(accountId, { written }) {
      if (!written) return pendingChanges.announce(accountId);
      bus.publish({ accountId, kind: 'ENDED', reason: 'POLICY_CHANGED', sessionIds: written.endedIds });
      bus.publish({ accountId, kind: 'SHORTENED', sessionIds: written.shortenedIds });
    },
  };
}
