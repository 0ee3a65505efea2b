import type { Resolvers } from '../generated/schema.ts';
import { optionalUser, requireOwner } from './caller.ts';
import type { UsersService } from './users.service.ts';

export function createAccountResolvers({ users }: { users: UsersService }): Resolvers {
  return {
    Query: {
      viewer: (_, __, { caller, loaders }) => {
        const viewer = optionalUser(caller);
        return viewer && loaders.users.load(viewer.userId);
      },
    },
    Mutation: {
      inviteUser: (_, { input }, { caller, client }) =>
        users.invite(requireOwner(caller), { ...input, role: input.role ?? 'MEMBER' }, client.ipAddress),
      resetUserPassword: (_, { userId }, { caller, client }) =>
        users.resetPassword(requireOwner(caller), userId, client.ipAddress),
      setUserRole: (_, { userId, role }, { caller, client }) =>
        users.setRole(requireOwner(caller), userId, role, client.ipAddress),
      setUserActive: (_, { userId, isActive }, { caller, client }) =>
        users.setActive(requireOwner(caller), userId, isActive, client.ipAddress),
    },
    User: {
      account: (user, _, { loaders }) => loaders.accounts.load(user.accountId),
    },
  };
}
