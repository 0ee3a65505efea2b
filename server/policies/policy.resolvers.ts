import { requireOwner, requireUser } from '../rules/caller.ts';
import type { WarningSettings } from '../rules/warning-lead.ts';
import type { Resolvers, SessionPolicyRuleInput, UpdateSessionPolicyInput } from '../generated/schema.ts';
import type { ActiveUsers } from '../users/active-users.ts';
import { policyOf, type PolicyInput } from '../rules/account-policy.ts';
import { effectivePolicy, isAvailable, presetOf, presets } from '../rules/policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';
import { judgePolicy } from '../rules/standard-verdicts.ts';
import { STANDARDS } from '../rules/standards.ts';
import type { PolicyService } from './policy.service.ts';

export function createPolicyResolvers(dependencies: {
  policies: PolicyService;
  activeUsers: ActiveUsers;
  warnings: WarningSettings;
}): Resolvers {
  const { policies, activeUsers, warnings } = dependencies;
  const { bounds } = policies;

  return {
    Query: {
      sessionPolicy: (_, __, { caller }) => policies.find(requireOwner(caller)),
      sessionPolicyPresets: (_, __, { caller }) => {
        requireUser(caller);
        return presets(bounds).map((preset) => {
          const standard = STANDARDS.find(({ id }) => id === preset.standardId);
          const source = { revision: standard?.revision ?? null, url: standard?.url ?? null };
          return { ...preset, ...source, available: isAvailable(preset, bounds) };
        });
      },
      sessionPolicyImpact: async (_, { input }, { caller }) => {
        const impact = await policies.preview(requireOwner(caller), toPolicyInput(input));
        const { endsSession, shortensSession, policy, ...counts } = impact;
        return {
          ...counts,
          endsViewerSession: endsSession,
          shortensViewerSession: shortensSession,
          standards: judgePolicy(policy, bounds, warnings),
        };
      },
    },
    Mutation: {
      updateSessionPolicy: async (_, { input }, { caller, client }) => {
        const change = {
          ...toPolicyInput(input),
          apply: input.apply ?? 'NEXT_LOGIN',
          expectedVersion: input.expectedVersion ?? null,
        };
        const changed = await policies.update(requireOwner(caller), change, client.ipAddress);
        const { account, endedSessions, shortenedSessions } = changed;
        return { sessionPolicy: account, endedSessions, shortenedSessions };
      },
    },
    SessionPolicy: {
      effectiveIdleMinutes: (account) => effectivePolicy(account, bounds).idleMinutes,
      effectiveAbsoluteMinutes: (account) => effectivePolicy(account, bounds).absoluteMinutes,
      idleMinutesMin: () => bounds.idle.min,
      idleMinutesMax: () => bounds.idle.max,
      absoluteMinutesMin: () => bounds.absolute.min,
      absoluteMinutesMax: () => bounds.absolute.max,
      rules: (account) => [...policyOf(account).rules],
      maxSessionsPerUser: (account) => policyOf(account).maxSessionsPerUser,
      sessionLimitAction: (account) => policyOf(account).sessionLimitAction,
      standards: (account) => judgePolicy(policyOf(account), bounds, warnings),
      preset: (account) => presetOf(effectivePolicy(account, bounds), bounds),
      warningSeconds: () => warnings.warningSeconds,
      absoluteWarningSeconds: () => warnings.absoluteWarningSeconds,
      version: (account) => account.policyVersion,
      updatedAt: (account) => account.policyUpdatedAt ?? null,
      updatedBy: (account, _, { loaders }) =>
        account.policyUpdatedById ? loaders.users.load(account.policyUpdatedById) : null,
      activeUserCount: (account, { search }) => activeUsers.count(account.id, search ?? null),
      activeUsers: (_, { first, after, search }, { caller }) =>
        activeUsers.list(requireOwner(caller), {
          first: first ?? 100,
          after: after ?? null,
          search: search ?? null,
        }),
    },
  };
}

const toPolicyInput = ({ rules, ...input }: UpdateSessionPolicyInput): PolicyInput => ({
  idleMinutes: input.idleMinutes,
  absoluteMinutes: input.absoluteMinutes,
  rules: rules == null ? rules : rules.map(toRule),
  maxSessionsPerUser: input.maxSessionsPerUser,
  sessionLimitAction: input.sessionLimitAction,
});

const toRule = (rule: SessionPolicyRuleInput): PolicyRule => ({
  role: rule.role ?? null,
  appType: rule.appType ?? null,
  idleMinutes: rule.idleMinutes,
  absoluteMinutes: rule.absoluteMinutes,
});
