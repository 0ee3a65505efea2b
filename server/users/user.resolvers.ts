import type { Resolvers } from '../generated/schema.ts';
import { optionalUser, requireOwner, type Caller, type ClientInfo } from '../rules/caller.ts';
import { inviteUser } from './invite-user.ts';
import { resetUserPassword } from './reset-user-password.ts';
import { setUserActive } from './set-user-active.ts';
import { setUserRole } from './set-user-role.ts';
import type { ChangedBy, UserAdministration } from './user-administration.ts';

export function createUserResolvers(administration: UserAdministration): Resolvers {
  return {
    Query: {
      viewer: (_, __, { caller, loaders }) => {
        const viewer = optionalUser(caller);
        return viewer && (viewer.session.user ?? loaders.users.load(viewer.userId));
      },
    },
    Mutation: {
      inviteUser: (_, { input }, { caller, client }) =>
        inviteUser(administration, byOwner(caller, client), {
          userId: input.userId ?? null,
          email: input.email ?? null,
          name: input.name ?? null,
          role: input.role ?? 'MEMBER',
        }),
      resetUserPassword: (_, { userId }, { caller, client }) =>
        resetUserPassword(administration, byOwner(caller, client), userId),
      setUserRole: (_, { userId, role }, { caller, client }) =>
        setUserRole(administration, byOwner(caller, client), userId, role),
      setUserActive: (_, { userId, isActive }, { caller, client }) =>
        setUserActive(administration, byOwner(caller, client), userId, isActive),
    },
    User: {
      account: ({ accountId }) => ({ id: accountId }),
    },
    Account: {
      name: async (account, _, { loaders }) => account.name ?? (await loaders.accounts.load(account.id)).name,
      externalId: async (account, _, { loaders }) =>
        (account.name === undefined ? await loaders.accounts.load(account.id) : account).externalId ?? null,
    },
  };
}

/** @throws like `requireOwner` */
const byOwner = (caller: Caller, client: ClientInfo): ChangedBy => ({
  viewer: requireOwner(caller),
  ipAddress: client.ipAddress,
});
