import { lockAccountAsOwner } from '../accounts/account.lock.ts';
import { Account } from '../accounts/account.entity.ts';
import type { Viewer } from '../accounts/caller.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { Turns } from '../database/turns.ts';
import { AppError } from '../errors.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { PolicyApplication } from '../generated/schema.ts';
import {
  applyPolicy,
  previewPolicy,
  type PolicyApplied,
  type PolicyImpact,
} from '../sessions/session.endings.ts';
import { effectivePolicy, validateOverrides, type PolicyLimits, type PolicyOverrides } from './policy.ts';
import { policyChangeDetails } from './policy.audit.ts';

export interface PolicyChange extends PolicyOverrides {
  apply: PolicyApplication;
  /** The version the owner was looking at; null skips the check. */
  expectedVersion: number | null;
}

export interface PolicyService {
  readonly limits: PolicyLimits;
  find(viewer: Viewer): Promise<Account>;
  preview(viewer: Viewer, overrides: PolicyOverrides): Promise<PolicyImpact>;
  update(viewer: Viewer, change: PolicyChange, ipAddress: string | null): Promise<Account>;
}

export function createPolicyService(dependencies: {
  database: Database;
  turns: Turns;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  limits: PolicyLimits;
}): PolicyService {
  const { database, turns, audit, bus, clock, limits } = dependencies;

  return {
    limits,

    find: (viewer) => database.em().findOneOrFail(Account, viewer.accountId),

    async preview(viewer, overrides) {
      validateOverrides(overrides, limits);
      const policy = effectivePolicy(overrides, limits);
      const { accountId, session } = viewer;
      const question = `impact ${policy.idleMinutes} ${policy.absoluteMinutes} ${session.id}`;
      return turns.take(accountId, question, () =>
        previewPolicy(database.em(), accountId, session.id, policy, clock.now()),
      );
    },

    /** Writes a new version and one audit row, also when nothing changed. A refusal writes nothing. */
    async update(viewer, change, ipAddress) {
      validateOverrides(change, limits);
      const { account, applied } = await database.transaction(async (em) => {
        const account = await lockAccountAsOwner(em, viewer);
        if (change.expectedVersion !== null && change.expectedVersion !== account.policyVersion) {
          throw new AppError(
            'CONFLICT',
            'Another owner saved the policy first. Read it again before you save.',
          );
        }
        const now = clock.now();
        const old = { idleMinutes: account.idleMinutes, absoluteMinutes: account.absoluteMinutes };
        account.idleMinutes = change.idleMinutes ?? null;
        account.absoluteMinutes = change.absoluteMinutes ?? null;
        account.policyVersion += 1;
        account.policyUpdatedAt = now;
        account.policyUpdatedById = viewer.userId;
        const policy = effectivePolicy(account, limits);
        await audit.record(
          em,
          {
            accountId: account.id,
            action: 'account.session_policy_update',
            actor: { id: viewer.userId, name: viewer.name },
            resource: { type: 'account', id: account.id },
            details: policyChangeDetails(old, change, limits),
            ipAddress,
          },
          now,
        );
        const applied: PolicyApplied =
          change.apply === 'ACTIVE_SESSIONS'
            ? await applyPolicy(em, account.id, policy, now)
            : { endedIds: [], shortenedIds: [] };
        return { account, applied };
      });
      bus.publish({ accountId: account.id, kind: 'ENDED', sessionIds: applied.endedIds });
      bus.publish({ accountId: account.id, kind: 'SHORTENED', sessionIds: applied.shortenedIds });
      return account;
    },
  };
}
