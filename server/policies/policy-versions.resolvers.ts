import type { Resolvers } from '../generated/schema.ts';
import { policyOf } from '../rules/account-policy.ts';
import { requireOwner } from '../rules/caller.ts';
import { effectivePolicy } from '../rules/policy.ts';
import type { PolicyService } from './policy.service.ts';
import type { ListPolicyVersions } from './policy-versions.ts';

export function createPolicyVersionResolvers(dependencies: {
  policies: PolicyService;
  listPolicyVersions: ListPolicyVersions;
}): Resolvers {
  const { policies, listPolicyVersions } = dependencies;
  const { bounds } = policies;
  return {
    Query: {
      sessionPolicyVersions: (_, { first, after }, { caller }) =>
        listPolicyVersions(requireOwner(caller), { first: first ?? 50, after: after ?? null }),
    },
    Mutation: {
      restoreSessionPolicy: async (_, { version, apply, expectedVersion }, { caller, client }) => {
        const wanted = { version, apply: apply ?? 'NEXT_LOGIN', expectedVersion: expectedVersion ?? null };
        const restored = await policies.restore(requireOwner(caller), wanted, client.ipAddress);
        const { account, endedSessions, shortenedSessions } = restored;
        return { sessionPolicy: account, endedSessions, shortenedSessions };
      },
    },
    SessionPolicyVersion: {
      createdBy: ({ createdById }, _, { loaders }) =>
        createdById === null ? null : loaders.users.load(createdById),
      effectiveIdleMinutes: (version) =>
        version.effectiveIdleMinutes ?? effectivePolicy(version, bounds).idleMinutes,
      effectiveAbsoluteMinutes: (version) =>
        version.effectiveAbsoluteMinutes ?? effectivePolicy(version, bounds).absoluteMinutes,
      rules: (version) => [...policyOf(version).rules],
      sessionLimitAction: (version) => policyOf(version).sessionLimitAction,
    },
  };
}
