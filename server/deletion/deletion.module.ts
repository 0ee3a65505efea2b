import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { createAccountDeletion, type AccountDeletionDependencies } from './delete-account.ts';
import { createUserDeletion, type UserDeletionDependencies } from './delete-user.ts';
import { createDeletionResolvers } from './deletion.resolvers.ts';
import { createEraser, type Eraser } from './eraser.ts';

export interface DeletionModule {
  readonly resolvers: Resolvers;
  readonly eraser: Eraser;
}

/** Deletes users and accounts, and erases what is left of their personal data. */
export function createDeletionModule(
  dependencies: UserDeletionDependencies &
    AccountDeletionDependencies & { logger: Logger; batchSize?: number },
): DeletionModule {
  const eraser = createEraser(dependencies);
  return {
    eraser,
    resolvers: createDeletionResolvers({
      userDeletion: createUserDeletion(dependencies),
      accountDeletion: createAccountDeletion(dependencies),
      eraser,
    }),
  };
}
