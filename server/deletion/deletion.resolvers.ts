import type { Resolvers } from '../generated/schema.ts';
import { requireOwner } from '../rules/caller.ts';
import type { AccountDeletion } from './delete-account.ts';
import type { UserDeletion } from './delete-user.ts';
import type { Eraser } from './eraser.ts';

export function createDeletionResolvers(dependencies: {
  userDeletion: UserDeletion;
  accountDeletion: AccountDeletion;
  eraser: Eraser;
}): Resolvers {
  const { userDeletion, accountDeletion, eraser } = dependencies;

  return {
    Mutation: {
      deleteUser: async (_, user, { caller, client }) => {
        const { ipAddress } = client;
        const erasure =
          caller.kind === 'service'
            ? await userDeletion.asService(caller.service, user, ipAddress)
            : await userDeletion.asOwner(requireOwner(caller), user, ipAddress);
        await eraser.eraseSoon(erasure);
        return true;
      },
      deleteAccount: async (_, { confirmName }, { caller }) => {
        await eraser.eraseSoon(await accountDeletion.asOwner(requireOwner(caller), confirmName));
        return true;
      },
    },
  };
}
