import { requireOwner, requireUser } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { WarningSettings } from '../expiry/lead.ts';
import type { Resolvers } from '../generated/schema.ts';
import { requirePageSize } from '../pagination.ts';
import { countActiveUsers, listActiveUsers } from '../sessions/session.lists.ts';
import { effectivePolicy, isAvailable, presetOf, presets } from './policy.ts';
import type { PolicyService } from './policy.service.ts';

export function createPolicyResolvers(dependencies: {
  policies: PolicyService;
  database: Database;
  clock: Clock;
  warnings: WarningSettings;
}): Resolvers {
  const { policies, database, clock, warnings } = dependencies;
  const { limits } = policies;

  return {
    Query: {
      sessionPolicy: (_, __, { caller }) => policies.find(requireOwner(caller)),
      sessionPolicyPresets: (_, __, { caller }) => {
        requireUser(caller);
        return presets(limits).map((preset) => ({ ...preset, available: isAvailable(preset, limits) }));
      },
      sessionPolicyImpact: async (_, { input }, { caller }) => {
        const { endsSession, ...counts } = await policies.preview(requireOwner(caller), input);
        return { ...counts, endsViewerSession: endsSession };
      },
    },
    Mutation: {
      updateSessionPolicy: async (_, { input }, { caller, client }) => {
        const change = {
          idleMinutes: input.idleMinutes,
          absoluteMinutes: input.absoluteMinutes,
          apply: input.apply ?? 'NEXT_LOGIN',
          expectedVersion: input.expectedVersion ?? null,
        };
        return { sessionPolicy: await policies.update(requireOwner(caller), change, client.ipAddress) };
      },
    },
    SessionPolicy: {
      effectiveIdleMinutes: (account) => effectivePolicy(account, limits).idleMinutes,
      effectiveAbsoluteMinutes: (account) => effectivePolicy(account, limits).absoluteMinutes,
      idleMinutesMin: () => limits.idle.min,
      idleMinutesMax: () => limits.idle.max,
      absoluteMinutesMin: () => limits.absolute.min,
      absoluteMinutesMax: () => limits.absolute.max,
      preset: (account) => presetOf(effectivePolicy(account, limits), limits),
      warningSeconds: () => warnings.warningSeconds,
      absoluteWarningSeconds: () => warnings.absoluteWarningSeconds,
      version: (account) => account.policyVersion,
      updatedAt: (account) => account.policyUpdatedAt ?? null,
      updatedBy: (account, _, { loaders }) =>
        account.policyUpdatedById ? loaders.users.load(account.policyUpdatedById) : null,
      activeUserCount: (account) => countActiveUsers(database.em(), account.id, clock.now()),
      activeUsers: (account, { first }, { caller }) =>
        listActiveUsers(
          database.em(),
          account.id,
          requireOwner(caller).userId,
          requirePageSize(first ?? 100),
          clock.now(),
        ),
    },
  };
}
