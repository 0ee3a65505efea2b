import type { Audit } from '../audit/audit.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { TokensModule } from '../tokens/tokens.module.ts';
import { countPending } from './deliveries.sql.ts';
import { startDispatcher } from './dispatcher.ts';
import type { EventStreamView } from './event-stream.ts';
import { createEventStreamResolvers } from './event-streams.resolvers.ts';
import { findStreams, listStreams, purgePreviousSecrets } from './event-streams.sql.ts';
import { createSendPost } from './outgoing-post.ts';
import { createOwnerDeliveries } from './owner-deliveries.ts';
import { createOwnerEventStreams } from './owner-event-streams.ts';
import { deleteStreamsOfDeletedAccounts, purgeDeliveries } from './purge.sql.ts';
import { resealAll } from './reseal.ts';
import { createSecretBox } from './secret-box.ts';
import { createWebhookKind } from './webhook.ts';

export interface EventStreamsModule {
  readonly resolvers: Resolvers;
  /** Purges a batch of deliveries past their retention, and returns their number. */
  purgeBatch(limit: number): Promise<number>;
  /** What little else is due: secrets of before a rotation, and streams of deleted accounts. */
  tidy(): Promise<void>;
  stop(): Promise<void>;
}

const SECONDS_PER_DAY = 86_400;

/** Security events: streams, the outbox, and who delivers it. */
export function createEventStreamsModule(
  { events }: Pick<Config, 'events'>,
  dependencies: {
    database: Database;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    audit: Audit;
    metrics: Metrics;
    tokens: TokensModule;
    sensitiveMaxAgeSeconds: number;
  },
): EventStreamsModule {
  const { database, clock, tokens } = dependencies;
  const { allowPrivateAddresses } = events;
  const secretBox = createSecretBox(tokens.keys.refresh);
  const dispatcher = startDispatcher({
    ...dependencies,
    kinds: { WEBHOOK: createWebhookKind(secretBox) },
    send: createSendPost({ allowPrivateAddresses }),
  });

  return {
    resolvers: createEventStreamResolvers({
      ownerEventStreams: createOwnerEventStreams({ ...dependencies, secretBox, allowPrivateAddresses }),
      ownerDeliveries: createOwnerDeliveries({ database, clock, wake: dispatcher.wake }),
      listStreams: (accountId) => listStreams(database.em(), accountId),
      findStream: createBatchedRead<string, EventStreamView>(
        async (ids) => new Map((await findStreams(database.em(), ids)).map((stream) => [stream.id, stream])),
      ),
      countPending: batchedCount(database),
    }),
    purgeBatch: (limit) =>
      database.transaction((em) =>
        purgeDeliveries(em, addSeconds(clock.now(), -events.retentionDays * SECONDS_PER_DAY), limit),
      ),
    async tidy() {
      const now = clock.now();
      await database.statement((em) => purgePreviousSecrets(em, now));
      await database.statement((em) => deleteStreamsOfDeletedAccounts(em, now));
      await resealAll(database, secretBox);
    },
    stop: dispatcher.stop,
  };
}

function batchedCount(database: Database): (streamId: string) => Promise<number> {
  const find = createBatchedRead<string, number>((ids) =>
    database.withTimeout(countPending(database.em(), ids)),
  );
  return async (streamId) => (await find(streamId)) ?? 0;
}
