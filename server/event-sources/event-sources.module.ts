import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import { createSendRequest } from '../event-streams/outgoing-request.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { createEventSourceResolvers } from './event-sources.resolvers.ts';
import { deleteSourcesOfDeletedAccounts, listSources, purgeTokens } from './event-sources.sql.ts';
import { createOwnerEventSources } from './owner-event-sources.ts';
import { createReceiveSecurityEvent, type ReceiveSecurityEvent } from './receive-security-event.ts';
import { createGlobalRevocation, type GlobalRevocation } from './revoke-globally.ts';
import { createRecordFault } from './record-fault.ts';
import { createTakeToken } from './take-token.ts';
import { createTransmitterKeys } from './transmitter-keys.ts';

export interface EventSourcesModule {
  readonly resolvers: Resolvers;
  readonly receive: ReceiveSecurityEvent;
  readonly globalRevocation: GlobalRevocation;
  /** Forgets a batch of tokens that are too old to come again, and returns their number. */
  purgeBatch(limit: number): Promise<number>;
  /** What little else is due: sources of deleted accounts. */
  tidy(): Promise<void>;
}

/** Security events of others: who may send them, and what they do. */
export function createEventSourcesModule(
  { events, oidc }: Pick<Config, 'events' | 'oidc'>,
  dependencies: {
    database: Database;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    audit: Audit;
    publicUrl: string;
    sensitiveMaxAgeSeconds: number;
  },
): EventSourcesModule {
  const { database, clock, publicUrl } = dependencies;
  const { allowPrivateAddresses } = events;
  const { providers } = oidc;
  const send = createSendRequest({ allowPrivateAddresses });
  const keys = createTransmitterKeys({ ...dependencies, send });
  const take = createTakeToken(dependencies);
  const recordFault = createRecordFault(dependencies);
  const parts = { ...dependencies, keys, providers, take, recordFault };

  return {
    resolvers: createEventSourceResolvers({
      ownerEventSources: createOwnerEventSources({ ...dependencies, allowPrivateAddresses, providers }),
      listSources: (accountId) => listSources(database.em(), accountId),
      endpointOf: (sourceId) => `${publicUrl}/ssf/events/${sourceId}`,
    }),
    receive: createReceiveSecurityEvent(parts),
    globalRevocation: createGlobalRevocation(parts),
    purgeBatch: (limit) => database.transaction((em) => purgeTokens(em, clock.now(), limit)),
    tidy: () => database.statement((em) => deleteSourcesOfDeletedAccounts(em)),
  };
}
