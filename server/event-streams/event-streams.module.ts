import type { Audit } from '../audit/audit.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Turn } from '../background/watchdog.ts';
import type { Config } from '../config/config.ts';
import { createBatchedRead } from '../database/batched-read.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { TokensModule } from '../tokens/tokens.module.ts';
import { createBackChannelLogoutKind } from './back-channel-logout.ts';
import { countPending } from './deliveries.sql.ts';
import { startDispatcher } from './dispatcher.ts';
import { createEventSigningKeys } from './event-signing-keys.ts';
import type { EventStreamView } from './event-stream.ts';
import { createEventStreamResolvers } from './event-streams.resolvers.ts';
import { findStreams, listStreams, purgePreviousSecrets } from './event-streams.sql.ts';
import { createSendPost } from './outgoing-post.ts';
import { createOwnerDeliveries } from './owner-deliveries.ts';
import { createOwnerEventStreams } from './owner-event-streams.ts';
import {
  deleteStreamsOfDeletedAccounts,
  dropPendingOfDisabled,
  purgeDeliveries,
  purgeOrphans,
} from './purge.sql.ts';
import { resealAll } from './reseal.ts';
import { createSecurityEventTokens, type SecurityEventTokens } from './security-event-token.ts';
import { createSecretBox } from './secret-box.ts';
import { createManagedChanges } from './managed-changes.ts';
import { startPollWaiters } from './poll-waiters.ts';
import { createSsfPolls, type SsfPolls } from './ssf-poll.ts';
import { createSsfStatuses, type SsfStatuses } from './ssf-statuses.ts';
import { createSsfStreams, type SsfStreams } from './ssf-streams.ts';
import { createSsfPushKind } from './ssf-push.ts';
import { createWebhookKind } from './webhook.ts';

export interface EventStreamsModule {
  readonly resolvers: Resolvers;
  /** Security event tokens of deliveries. */
  readonly securityEventTokens: SecurityEventTokens;
  readonly ssfStreams: SsfStreams;
  readonly ssfStatuses: SsfStatuses;
  readonly ssfPolls: SsfPolls;
  /** The public keys of security event tokens (RFC 7517). Never fails. */
  publishedKeys(): Promise<readonly object[]>;
  /**
   * Purges a batch of deliveries past their retention and of streams that are gone, and drops what waits for a disabled
   * one. Returns the number of the largest; less than `limit`: there are no more.
   */
  purgeBatch(limit: number): Promise<number>;
  /** What little else is due: secrets of before a rotation, and streams of deleted accounts. */
  tidy(turn: Turn): Promise<void>;
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
    publicUrl: string;
    serviceKeys: { isValid(keyId: string): Promise<boolean> };
    sensitiveMaxAgeSeconds: number;
  },
): EventStreamsModule {
  const { database, clock, tokens, publicUrl } = dependencies;
  const { allowPrivateAddresses } = events;
  const secretBox = createSecretBox(tokens.keys.refresh);
  const signingKeys = createEventSigningKeys({ ...dependencies, secretBox });
  const securityEventTokens = createSecurityEventTokens({ database, keys: signingKeys, issuer: publicUrl });
  const dispatcher = startDispatcher({
    ...dependencies,
    kinds: {
      WEBHOOK: createWebhookKind(secretBox),
      SSF_PUSH: createSsfPushKind({ securityEventTokens, secretBox }),
      BACK_CHANNEL_LOGOUT: createBackChannelLogoutKind({ key: tokens.keys.access[0]!, issuer: publicUrl }),
    },
    send: createSendPost({ allowPrivateAddresses }),
  });

  const waiters = startPollWaiters(dependencies);
  const runChange = createManagedChanges({ ...dependencies, wake: dispatcher.wake });
  const managed = { database, runChange };

  return {
    resolvers: createEventStreamResolvers({
      ownerEventStreams: createOwnerEventStreams({
        ...dependencies,
        secretBox,
        signingKeys,
        allowPrivateAddresses,
      }),
      ownerDeliveries: createOwnerDeliveries({ database, clock, wake: dispatcher.wake }),
      listStreams: (accountId) => listStreams(database.em(), accountId),
      findStream: createBatchedRead<string, EventStreamView>(
        async (ids) => new Map((await findStreams(database.em(), ids)).map((stream) => [stream.id, stream])),
      ),
      countPending: batchedCount(database),
    }),
    securityEventTokens,
    ssfStreams: createSsfStreams({
      ...managed,
      secretBox,
      signingKeys,
      allowPrivateAddresses,
      issuer: publicUrl,
    }),
    ssfStatuses: createSsfStatuses(managed),
    ssfPolls: createSsfPolls({ ...dependencies, tokens: securityEventTokens, waiters }),
    publishedKeys: signingKeys.published,
    async purgeBatch(limit) {
      const now = clock.now();
      const before = addSeconds(now, -events.retentionDays * SECONDS_PER_DAY);
      const counts = [
        await database.transaction((em) => purgeDeliveries(em, before, limit)),
        await database.transaction((em) => purgeOrphans(em, limit)),
        await database.transaction((em) => dropPendingOfDisabled(em, now, limit)),
      ];
      return Math.max(...counts);
    },
    async tidy(turn) {
      const now = clock.now();
      await database.statement((em) => purgePreviousSecrets(em, now));
      await database.statement((em) => deleteStreamsOfDeletedAccounts(em, now));
      await resealAll(database, secretBox, turn);
      await signingKeys.tidy();
    },
    async stop() {
      await Promise.all([dispatcher.stop(), waiters.stop()]);
    },
  };
}

function batchedCount(database: Database): (streamId: string) => Promise<number> {
  const find = createBatchedRead<string, number>((ids) =>
    database.withTimeout(countPending(database.em(), ids)),
  );
  return async (streamId) => (await find(streamId)) ?? 0;
}
