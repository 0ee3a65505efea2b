import { requireOwner, requireSessionHolder } from '../accounts/caller.ts';
import { User } from '../accounts/user.entity.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { followAccount, type AccountSessionEvent } from './account-sessions.ts';
import type { ExpiryEvent } from './expiry.ts';
import type { WarningSettings } from './lead.ts';
import type { SessionBus } from './session-bus.ts';
import { followExpiry } from './session-expiry.ts';
import type { SessionWatch } from './session-watch.ts';

export function createExpiryResolvers(dependencies: {
  database: Database;
  bus: SessionBus;
  watch: SessionWatch;
  clock: Clock;
  logger: Logger;
  warnings: WarningSettings;
}): Resolvers {
  const { database, watch } = dependencies;

  return {
    Subscription: {
      sessionExpiry: {
        subscribe: (_, __, { caller }) => followExpiry(requireSessionHolder(caller).session.id, dependencies),
        resolve: (event: ExpiryEvent) => event,
      },
      accountSessions: {
        subscribe: (_, __, { caller }) => {
          const { accountId, userId, session } = requireOwner(caller);
          return followAccount(
            {
              accountId,
              isAllowed: async () =>
                (await database
                  .em()
                  .count(User, { id: userId, accountId, role: 'OWNER', isActive: true })) === 1,
              onSessionEnd: (callback) =>
                watch.watch(session.id, ({ endedAt }) => {
                  if (endedAt !== null) callback();
                }),
            },
            dependencies,
          );
        },
        resolve: (event: AccountSessionEvent) => event,
      },
    },
  };
}
