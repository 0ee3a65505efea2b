import { Account } from '../accounts/account.entity.ts';
import { requireOwner, requireSessionHolder, type ServiceCaller, type Viewer } from '../accounts/caller.ts';
import { User } from '../accounts/user.entity.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/orm.ts';
import { notFound } from '../errors.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { ServiceKeyWatch } from '../services/service-key-watch.ts';
import { followAccount, type AccountFeed, type AccountSessionEvent } from './account-sessions.ts';
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
  sweepSeconds: number;
  serviceKeys: { isGood(keyId: string): Promise<boolean> };
  keyWatch: ServiceKeyWatch;
}): Resolvers {
  const { database, watch, serviceKeys, keyWatch } = dependencies;

  /** @throws NOT_FOUND for any other account than the owner's */
  function feedOfOwner({ accountId, userId, session }: Viewer, asked: string | null): AccountFeed {
    if (asked !== null && asked !== accountId) throw notFound('Account');
    return {
      accountId,
      endsWithMany: false,
      isAllowed: async () =>
        (await database.em().count(User, { id: userId, accountId, role: 'OWNER', isActive: true })) === 1,
      onEnd: (callback) =>
        watch.watch(session.id, {
          onState({ endedAt }) {
            if (endedAt !== null) callback();
          },
        }),
    };
  }

  /** @throws NOT_FOUND for an account that does not exist or that the key does not reach */
  async function feedOfService(service: ServiceCaller, asked: string | null): Promise<AccountFeed> {
    const isKnown =
      asked === null ||
      asked === service.accountId ||
      (service.accountId === null && isUuid(asked) && (await exists(asked)));
    if (!isKnown) throw notFound('Account');
    return {
      accountId: asked ?? service.accountId,
      endsWithMany: true,
      isAllowed: () => serviceKeys.isGood(service.keyId),
      onEnd: (callback) => keyWatch.watch(service.keyId, callback),
    };
  }

  const exists = async (accountId: string): Promise<boolean> =>
    (await database.inTime(database.em().count(Account, { id: accountId }))) === 1;

  return {
    Subscription: {
      sessionExpiry: {
        subscribe: (_, __, { caller }) => followExpiry(requireSessionHolder(caller).session.id, dependencies),
        resolve: (event: ExpiryEvent) => event,
      },
      accountSessions: {
        subscribe: async (_, { accountId }, { caller }) => {
          const feed =
            caller.kind === 'service'
              ? await feedOfService(caller.service, accountId ?? null)
              : feedOfOwner(requireOwner(caller), accountId ?? null);
          return followAccount(feed, dependencies);
        },
        resolve: (event: AccountSessionEvent) => event,
      },
    },
  };
}
