import type { Resolvers } from '../generated/schema.ts';
import { requireOwner } from '../rules/caller.ts';
import type { FindPolicyAt } from './policy-at.ts';

export const createPolicyAtResolvers = ({ findPolicyAt }: { findPolicyAt: FindPolicyAt }): Resolvers => ({
  Query: {
    sessionPolicyAt: (_, { at }, { caller }) => findPolicyAt(requireOwner(caller), at),
  },
  SessionPolicyAt: {
    setBy: ({ setById }, _, { loaders }) => (setById === null ? null : loaders.users.load(setById)),
    setByName: async ({ setById, setByName }, _, { loaders }) =>
      setByName ?? (setById === null ? null : (await loaders.users.load(setById)).name),
  },
});
