import { Account } from '../accounts/account.entity.ts';
import { User } from '../accounts/user.entity.ts';
import type { Clock } from '../clock.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/database.ts';
import { notFound } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { SessionWatch } from '../expiry/session-watch.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { requireOwner, type ServiceCaller, type Viewer } from '../rules/caller.ts';
import type { ServiceKeyWatch } from '../service-api/service-key-watch.ts';
import { subscribeToAccount, type AccountFeed } from './account-feed.ts';
import type { AccountSessionEvent } from './feed-events.ts';

export function createAccountFeedResolvers(dependencies: {
  database: Database;
  bus: SessionBus;
  watch: SessionWatch;
  clock: Clock;
  logger: Logger;
  sweepSeconds: number;
  keyWatch: ServiceKeyWatch;
  staleAfterMs?: number;
}): Resolvers {
  const { database, watch, keyWatch } = dependencies;

  /** The feed of an owner's account. @throws NOT_FOUND for any other account */
  function ownerFeed({ accountId, userId, session }: Viewer, requested: string | null): AccountFeed {
    if (requested !== null && requested !== accountId) throw notFound('Account');
    return {
      accountId,
      endsOnAccountRevocation: false,
      isAllowed: async () => {
        const owner = { id: userId, accountId, role: 'OWNER', isActive: true } as const;
        return (await database.withTimeout(database.em().count(User, owner))) === 1;
      },
      onEnd: (callback) =>
        watch.watch(session.id, {
          onState({ endedAt }) {
            if (endedAt !== null) callback();
          },
        }),
    };
  }

  /** The feed of a service key. @throws NOT_FOUND for an account that does not exist or that the key does not reach */
  async function serviceFeed(service: ServiceCaller, requested: string | null): Promise<AccountFeed> {
    const isKnown =
      requested === null ||
      requested === service.accountId ||
      (service.accountId === null && isUuid(requested) && (await exists(requested)));
    if (!isKnown) throw notFound('Account');
    return {
      accountId: requested ?? service.accountId,
      endsOnAccountRevocation: true,
      // Through `keyWatch`, so the socket is closed with the reason instead of only losing its subscription.
      isAllowed: () => keyWatch.isValid(service.keyId),
      onEnd: (callback) => keyWatch.watch(service.keyId, callback),
    };
  }

  const exists = async (accountId: string): Promise<boolean> =>
    (await database.withTimeout(database.em().count(Account, { id: accountId }))) === 1;

  return {
    Subscription: {
      accountSessions: {
        subscribe: async (_, { accountId }, { caller, onProof }) => {
          const feed =
            caller.kind === 'service'
              ? await serviceFeed(caller.service, accountId ?? null)
              : ownerFeed(requireOwner(caller), accountId ?? null);
          return subscribeToAccount({ ...feed, onProof }, dependencies);
        },
        resolve: (event: AccountSessionEvent) => event,
      },
    },
  };
}
