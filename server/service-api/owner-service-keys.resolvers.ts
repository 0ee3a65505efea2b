import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Resolvers } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, toConnection, toSlice } from '../pagination.ts';
import { requireOwner } from '../rules/caller.ts';
import type { OwnerServiceKeys } from './owner-service-keys.ts';
import { stateOfServiceKey } from './service-key-rules.ts';
import type { CountSessionsOfKey } from './service-key-sessions.ts';

export function createOwnerServiceKeyResolvers(dependencies: {
  ownerServiceKeys: OwnerServiceKeys;
  countSessionsOfKey: CountSessionsOfKey;
  clock: Clock;
}): Resolvers {
  const { ownerServiceKeys, countSessionsOfKey, clock } = dependencies;

  return {
    Query: {
      serviceKeys: async (_, { first, after }, { caller }) => {
        const { accountId } = requireOwner(caller);
        const slice = toSlice(first ?? 50, after, isUuid);
        return toConnection(
          await ownerServiceKeys.list(accountId, slice),
          slice,
          ({ createdAt, id }) => ({ at: createdAt, id }),
          () => ownerServiceKeys.count(accountId, MAX_EXACT_COUNT),
        );
      },
    },
    Mutation: {
      createServiceKey: (_, { input }, { caller, client }) =>
        ownerServiceKeys.create(
          requireOwner(caller),
          { name: input.name, expiresInDays: input.expiresInDays ?? null, scope: input.scope ?? null },
          client.ipAddress,
        ),
      revokeServiceKey: (_, { keyId }, { caller, client }) =>
        ownerServiceKeys.revoke(requireOwner(caller), keyId, client.ipAddress),
    },
    ServiceKey: {
      createdBy: ({ createdById }, _, { loaders }) =>
        createdById === null ? null : loaders.users.load(createdById),
      isActive: (key) => stateOfServiceKey(key, clock.now()) === 'active',
      sessionCount: ({ id }) => countSessionsOfKey(id),
    },
  };
}
