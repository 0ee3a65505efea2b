import { setTimeout as pause } from 'node:timers/promises';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { lockAccount } from '../accounts/account-lock.ts';
import { Account } from '../accounts/account.entity.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import { AppError, notFound } from '../errors.ts';
import type { PolicyApplication as Application } from '../generated/schema.ts';
import type { AppliedPolicy, PolicyApplication } from '../sessions/policy-application.ts';
import { previewPolicy, type PolicyImpact } from './policy-impact.sql.ts';
import {
  changedPolicy,
  policyOf,
  validatePolicy,
  type AccountPolicy,
  type PolicyInput,
} from '../rules/account-policy.ts';
import { effectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import { policyInForce } from '../rules/policy-rules.ts';
import { policyChangeDetails } from './policy.audit.ts';
import { findPolicyVersion, insertPolicyVersion, type PolicyVersion } from './policy-versions.sql.ts';

export interface PolicyChange extends PolicyInput {
  apply: Application;
  /** The version that the owner saw. Null: not checked. */
  expectedVersion: number | null;
}

/** The earlier version to save again. */
export interface PolicyRestoration {
  version: number;
  apply: Application;
  /** As in a change. */
  expectedVersion: number | null;
}

/** The changed account, and what the change did to its live sessions. */
export interface ChangedPolicy {
  account: Account;
  endedSessions: number;
  shortenedSessions: number;
}

/** What a change would do to live sessions, and the policy it would give. */
export interface PolicyPreview extends PolicyImpact {
  policy: AccountPolicy;
}

export interface PolicyService {
  readonly bounds: PolicyBounds;
  find(viewer: Viewer): Promise<Account>;
  /** Counts the effect of the change on live sessions. Changes nothing. @throws BAD_USER_INPUT as `update` */
  preview(viewer: Viewer, change: PolicyInput): Promise<PolicyPreview>;
  /**
   * Writes a new version and one audit row, also when the limits are unchanged. An error writes nothing.
   * @throws BAD_USER_INPUT, CONFLICT when `expectedVersion` is outdated
   */
  update(viewer: Viewer, change: PolicyChange, ipAddress: string | null): Promise<ChangedPolicy>;
  /**
   * Saves the whole policy of an earlier version again, like any other change.
   * @throws NOT_FOUND for an unknown version, and as `update`: the bounds of now count
   */
  restore(viewer: Viewer, restoration: PolicyRestoration, ipAddress: string | null): Promise<ChangedPolicy>;
  /** The same by an operator's command, in the name of the system. */
  readonly operator: {
    preview(accountId: string, change: PolicyInput): Promise<PolicyPreview>;
    update(accountId: string, change: PolicyChange): Promise<ChangedPolicy>;
  };
}

interface SavedChange extends PolicyChange {
  /** The version that it restores. Null: none. */
  restoredFrom: number | null;
}

/** Reads a valid change in the transaction that saves it, once the account is locked. */
type ReadChange = (em: EntityManager) => Promise<SavedChange>;

/** Who changes a policy. */
interface PolicyChanger {
  accountId: string;
  /** Null: no user. */
  userId: string | null;
  actor: { id: string | null; name: string };
  ipAddress: string | null;
  /** Locks the account in the transaction of the change. */
  lock(em: EntityManager): Promise<Account>;
}

/** An earlier policy is still being written into very many sessions: how long another waits for that. */
const EARLIER_TIMEOUT_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 200;

export function createPolicyService(dependencies: {
  database: Database;
  sharedReads: SharedReads;
  audit: Audit;
  policyApplication: PolicyApplication;
  clock: Clock;
  bounds: PolicyBounds;
  sensitiveMaxAgeSeconds: number;
}): PolicyService {
  const { database, sharedReads, audit, policyApplication, clock, bounds } = dependencies;

  /** 'busy': an earlier policy is still being written into sessions, and nothing was changed. */
  async function updateOnce(
    by: PolicyChanger,
    readChange: ReadChange,
  ): Promise<{ account: Account; applied: AppliedPolicy | null } | 'busy'> {
    return database.accountTransaction(by.accountId, async (em) => {
      const account = await by.lock(em);
      const change = await readChange(em);
      if (change.expectedVersion !== null && change.expectedVersion !== account.policyVersion) {
        throw new AppError('CONFLICT', 'Another owner changed the policy. Reload it before you save.');
      }
      const now = clock.now();
      const old = policyOf(account);
      const policy = changedPolicy(old, change);
      const outcome =
        change.apply === 'ACTIVE_SESSIONS'
          ? await policyApplication.apply(em, account.id, policyInForce(policy, bounds), now)
          : { applied: null };
      if (outcome === 'busy') return outcome;
      const { applied } = outcome;
      storePolicy(account, change, policy);
      account.policyVersion += 1;
      account.policyUpdatedAt = now;
      account.policyUpdatedById = by.userId;
      const effects = {
        endedSessions: applied?.endedSessions ?? 0,
        shortenedSessions: applied?.shortenedSessions ?? 0,
      };
      await insertPolicyVersion(em, account.id, versionOf(account, change, effects, bounds, now));
      await audit.record(
        em,
        {
          accountId: account.id,
          action: 'account.session_policy_update',
          actor: by.actor,
          resource: { type: 'account', id: account.id },
          details: {
            ...policyChangeDetails(old, { ...policy, apply: change.apply }, applied, bounds),
            ...(change.restoredFrom !== null && { restored_from: change.restoredFrom }),
          },
          ipAddress: by.ipAddress,
        },
        now,
      );
      return { account, applied };
    });
  }

  /** Waits for an earlier policy that is still being written. */
  async function save(by: PolicyChanger, readChange: ReadChange): Promise<ChangedPolicy> {
    const giveUpAt = performance.now() + EARLIER_TIMEOUT_MS;
    for (;;) {
      const updated = await updateOnce(by, readChange);
      if (updated !== 'busy') {
        const { account, applied } = updated;
        if (applied) policyApplication.publish(by.accountId, applied);
        return {
          account,
          endedSessions: applied?.endedSessions ?? 0,
          shortenedSessions: applied?.shortenedSessions ?? 0,
        };
      }
      if (performance.now() > giveUpAt)
        throw new AppError('UNAVAILABLE', 'An earlier policy is still being applied. Try again.');
      await policyApplication.finishEarlier(by.accountId);
      await pause(LOOK_AGAIN_MS);
    }
  }

  async function update(by: PolicyChanger, change: PolicyChange): Promise<ChangedPolicy> {
    validatePolicy(change, bounds);
    return save(by, async () => ({ ...change, restoredFrom: null }));
  }

  async function preview(accountId: string, sessionId: string, change: PolicyInput): Promise<PolicyPreview> {
    validatePolicy(change, bounds);
    const account = await database.withTimeout(database.em().findOneOrFail(Account, accountId));
    const changed = changedPolicy(policyOf(account), change);
    const policy = policyInForce(changed, bounds);
    const question = `impact ${JSON.stringify(policy)} ${sessionId}`;
    const impact = await sharedReads.read(accountId, question, () =>
      database.longTransaction(REPORT_TIMEOUT_MS, (em) =>
        previewPolicy(em, accountId, sessionId, policy, clock.now()),
      ),
    );
    // As they were set, not as they are clamped. The last one is of the sessions that no rule fits.
    const byRule = impact.byRule.map((each, index) => ({ ...each, rule: changed.rules[index] ?? null }));
    return { ...impact, byRule, policy: changed };
  }

  /** An owner, in a request of theirs. */
  const byOwner = (viewer: Viewer, ipAddress: string | null): PolicyChanger => ({
    accountId: viewer.accountId,
    userId: viewer.userId,
    actor: actorOf(viewer),
    ipAddress,
    lock: (em) => lockAccountForSensitiveOperation(em, viewer, dependencies),
  });

  return {
    bounds,

    find: (viewer) => database.em().findOneOrFail(Account, viewer.accountId),

    preview: (viewer, change) => preview(viewer.accountId, viewer.session.id, change),

    update: (viewer, change, ipAddress) => update(byOwner(viewer, ipAddress), change),

    restore: (viewer, { version, apply, expectedVersion }, ipAddress) =>
      save(byOwner(viewer, ipAddress), async (em) => {
        // Under the lock, after the caller was judged: a version that is unknown says nothing to who may not know it.
        const found = await findPolicyVersion(em, viewer.accountId, version);
        if (!found) throw notFound('Version');
        const { idleMinutes, absoluteMinutes, policyRules: rules } = found;
        const { maxSessionsPerUser, sessionLimitAction } = found;
        const limits = { idleMinutes, absoluteMinutes, rules, maxSessionsPerUser, sessionLimitAction };
        validatePolicy(limits, bounds);
        return { ...limits, apply, expectedVersion, restoredFrom: version };
      }),

    operator: {
      // No session has the empty id.
      preview: (accountId, change) => preview(accountId, '', change),
      update: (accountId, change) =>
        update(
          {
            accountId,
            userId: null,
            actor: SYSTEM,
            ipAddress: null,
            lock: (em) => lockAccount(em, accountId),
          },
          change,
        ),
    },
  };
}

/** The version of an account that has just been changed. */
const versionOf = (
  account: Account,
  { apply, restoredFrom }: { apply: Application; restoredFrom: number | null },
  effects: { endedSessions: number; shortenedSessions: number },
  bounds: PolicyBounds,
  now: Date,
): PolicyVersion => {
  const effective = effectivePolicy(account, bounds);
  return {
    version: account.policyVersion,
    createdAt: now,
    createdById: account.policyUpdatedById ?? null,
    idleMinutes: account.idleMinutes ?? null,
    absoluteMinutes: account.absoluteMinutes ?? null,
    effectiveIdleMinutes: effective.idleMinutes,
    effectiveAbsoluteMinutes: effective.absoluteMinutes,
    policyRules: account.policyRules,
    maxSessionsPerUser: account.maxSessionsPerUser ?? null,
    sessionLimitAction: account.sessionLimitAction ?? null,
    apply,
    ...effects,
    restoredFrom,
  };
};

/** Writes what the change sets. What it leaves as it is stays as it is stored, also where only a newer version knows it. */
function storePolicy(account: Account, change: PolicyInput, policy: AccountPolicy): void {
  account.idleMinutes = policy.idleMinutes ?? null;
  account.absoluteMinutes = policy.absoluteMinutes ?? null;
  if (change.rules !== undefined) account.policyRules = policy.rules;
  if (change.maxSessionsPerUser !== undefined) account.maxSessionsPerUser = policy.maxSessionsPerUser;
  if (change.sessionLimitAction !== undefined) account.sessionLimitAction = change.sessionLimitAction;
}
