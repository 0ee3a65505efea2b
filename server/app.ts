import { createAccountFeedResolvers } from './account-feed/account-feed.resolvers.ts';
import { createAudit } from './audit/audit.ts';
import { createAuditResolvers } from './audit/audit.resolvers.ts';
import { createDisposableStack } from './background/disposable-stack.ts';
import { createShutdown, type ShutdownStep } from './background/shutdown.ts';
import { startDatabaseClock, type Clock } from './clock.ts';
import { derivePublicUrl, type Config } from './config/config.ts';
import type { Database } from './database/database.ts';
import { createSharedReads } from './database/shared-reads.ts';
import { readDatabaseTime } from './database/database-time.ts';
import { createDeletionModule } from './deletion/deletion.module.ts';
import { countPendingOfAll } from './event-streams/deliveries.sql.ts';
import { createEventSourcesModule } from './event-sources/event-sources.module.ts';
import { createEventStreamsModule, type EventStreamsModule } from './event-streams/event-streams.module.ts';
import { createEventsModule } from './events/events.module.ts';
import { createExpiryModule } from './expiry/expiry.module.ts';
import { createGraphQLModule } from './graphql/graphql.module.ts';
import { tryPort } from './http/free-port.ts';
import { toListenProblem } from './http/listen-problem.ts';
import { createHttpModule } from './http/http.module.ts';
import { createRedisStatus } from './http/redis-status.ts';
import { createRequestScope } from './http/request-scope.ts';
import type { Logger } from './logger.ts';
import { createMailModule, type MailModule } from './mail/mail.module.ts';
import { createMailboxLimit } from './mail/mailbox-limit.ts';
import { startSweeper } from './maintenance/sweeper.ts';
import { createPrometheusMetrics } from './metrics/prometheus.ts';
import { createNewDeviceResolvers } from './new-device-notices/new-device-notices.resolvers.ts';
import { openReadyDatabase } from './open-database.ts';
import { createPoliciesModule } from './policies/policies.module.ts';
import { createSecurityLog } from './security-log/security-log.ts';
import { createServiceApiModule } from './service-api/service-api.module.ts';
import { createServiceKeys } from './service-api/service-keys.ts';
import { createCanReauthenticate } from './sessions/can-reauthenticate.ts';
import { countSessionsOfAll } from './sessions/session-counts.sql.ts';
import { createSessionsModule } from './sessions/sessions.module.ts';
import type { HashQueueLimits } from './sign-in/hash-queue.ts';
import { openFailureCounters } from './sign-in/open-failure-counters.ts';
import { createSignInModule } from './sign-in/sign-in.module.ts';
import type { Tracing } from './tracing/tracing.ts';
import { traceStatements } from './database/trace-statements.ts';
import { createTokensModule } from './tokens/tokens.module.ts';
import { createUsersModule } from './users/users.module.ts';
import { serveWebSockets } from './websocket/server.ts';
import { isWebSocketUpgrade } from './websocket/upgrade.ts';

export interface App {
  /** The origin that browsers use. */
  readonly url: string;
  readonly database: Database;
  readonly clock: Clock;
  /** Takes requests from now on: everything before the first one is done. @throws StartError */
  listen(): Promise<void>;
  /** Ends the request that an unhandled error belongs to. False: it belongs to none. */
  endRequest(error: unknown): boolean;
  /** Stops taking requests, closes the sockets with a reason, and releases the database, in that order. */
  close(): Promise<void>;
}

/** Replacements for tests. */
export interface Overrides {
  /** An open, migrated database, which the caller closes. */
  database?: Database;
  clock?: Clock;
  /** Sessions that one transaction of an account revocation writes. */
  revocationBatchSize?: number;
  /** Limits of the queue for password checks. */
  hashQueue?: HashQueueLimits;
  /** How long the rows may go unread before the node counts as stale. */
  staleAfterMs?: number;
}

/** For the whole shutdown. An orchestrator gives a process ten seconds. */
const CLOSE_TIMEOUT_MS = 7_000;
/** For background work, which runs in batches that may be interrupted between two of them. */
const LAST_BATCH_TIMEOUT_MS = 2_000;
/** For mails that are being sent, and those that wait for another attempt. */
const LAST_MAILS_TIMEOUT_MS = 3_000;
/** Of that time, for saying how many mails are lost. */
const LAST_REPORT_MS = 100;
/** For a collector that takes the last traces, or does not. */
const LAST_TRACES_TIMEOUT_MS = 1_000;
/** For the count of all live sessions. A scrape waits less, and takes the result of the last one. */
const COUNT_TIMEOUT_MS = 10_000;

/**
 * The composition root: the only place that knows every room. `close` closes in reverse what this opens. Does not listen
 * yet, so that nothing half started answers.
 */
export async function createApp(config: Config, logger: Logger, overrides: Overrides = {}): Promise<App> {
  await using opened = createDisposableStack();
  const shutdown = createShutdown({ timeoutMs: CLOSE_TIMEOUT_MS, logger });
  const { staleAfterMs, revocationBatchSize, hashQueue } = overrides;

  const { host, port, publicUrl, explain } = await placeOf(config.http);
  const database =
    overrides.database ??
    opened.adopt((await openReadyDatabase(config.database, logger)).database, (database) =>
      shutdown('database', () => database.close()),
    );
  const tracing = config.tracing
    ? opened.adopt(await startTraces(database, logger), (tracing) =>
        shutdown('traces', () => tracing.stop(), LAST_TRACES_TIMEOUT_MS),
      )
    : null;
  const clock =
    overrides.clock ??
    opened.adopt(await startDatabaseClock(() => readDatabaseTime(database)), (clock) => clock.stop());
  const securityLog = opened.adopt(createSecurityLog({ logger, clock }), (log) => log.stop());
  const audit = createAudit({ retentionDays: config.retention.auditDays });
  const sharedReads = createSharedReads();
  const scope = createRequestScope();
  const { metrics, exposition, ...prometheus } = createPrometheusMetrics({
    ...databaseSources(database, clock),
    openSockets: () => sockets.openSockets,
    watchedSessions: () => watch.watchedSessions,
    isRedisUp: config.redisUrl === null ? null : () => redisStatus!.isUp,
    isNotifyUp: config.redisUrl !== null || database.kind === 'embedded' ? null : () => notifyBus!.isUp,
  });
  opened.defer(() => prometheus.stop());
  const tokens = await createTokensModule(config, publicUrl);
  const base = { database, logger, metrics, tracing, ...reauthenticationOf(config, database) };
  const { bus, redis, redisBus, notifyBus } = opened.adopt(
    createEventsModule({ ...base, redisUrl: config.redisUrl, installation: publicUrl }),
    (events) => events.close(),
  );
  const { mailer } = opened.adopt(...mailOf(config, { ...base, publicUrl, shutdown }));
  const common = { ...base, mailer, audit, bus, clock, tokens, sharedReads, publicUrl };
  const expiry = opened.adopt(createExpiryModule(config, { ...common, staleAfterMs }), (expiry) =>
    expiry.stop(),
  );
  const serviceKeys = createServiceKeys(common);
  const sessions = createSessionsModule(config, { ...common, serviceKeys, revocationBatchSize });
  const { pendingChanges, policyApplication } = sessions;
  opened.defer(() => shutdown('pending changes', () => pendingChanges.stop(), LAST_BATCH_TIMEOUT_MS));
  const serviceApi = opened.adopt(
    createServiceApiModule(config, { ...common, sessions, serviceKeys }),
    (serviceApi) => shutdown('activity', () => serviceApi.stop()),
  );
  const counters = opened.adopt(openFailureCounters({ ...common, redis }), (counters) => counters.stop());
  const mailboxes = createMailboxLimit(counters, 'mail');
  const users = createUsersModule({ ...common, bounds: config.policy, mailboxes });
  const policies = createPoliciesModule(config, { ...common, ...users, policyApplication });
  const signIn = await createSignInModule(config, {
    ...common,
    bounds: config.policy,
    refreshTokens: tokens.refreshTokens,
    refreshKeys: tokens.keys.refresh,
    ...sessions,
    counters,
    hashQueue,
  });
  opened.adopt(signIn, (signIn) => shutdown('sign-in', () => signIn.stop(), LAST_BATCH_TIMEOUT_MS));
  const deletion = opened.adopt(
    createDeletionModule({
      ...common,
      accountRevocation: sessions.accountRevocation,
      forgetFailures: signIn.forgetFailures,
      batchSize: revocationBatchSize,
    }),
    ({ eraser }) => shutdown('erasures', () => eraser.stop(), LAST_BATCH_TIMEOUT_MS),
  );
  const eventStreams = opened.adopt(...eventStreamsOf(config, { ...common, serviceKeys, shutdown }));
  const eventSources = createEventSourcesModule(config, common);
  const [{ watch }, { keyWatch }] = [expiry, serviceApi];
  const resolvers = [
    users.resolvers,
    createAuditResolvers(common),
    ...policies.resolvers,
    sessions.resolvers,
    signIn.resolvers,
    ...serviceApi.resolvers,
    deletion.resolvers,
    ...[eventStreams, eventSources].map((events) => events.resolvers),
    expiry.resolvers,
    createAccountFeedResolvers({ ...common, ...config.expiry, watch, keyWatch, staleAfterMs }),
    createNewDeviceResolvers({ ...common, watch }),
  ];
  const graphql = opened.adopt(
    await createGraphQLModule({ ...common, resolvers, securityLog, currentRequestId: scope.currentId }),
    (graphql) => graphql.stop(),
  );
  const redisStatus = redisBus && createRedisStatus(redisBus, signIn);
  opened.adopt(
    startSweeper({
      ...common,
      ...config.expiry,
      sessionRetentionDays: config.retention.sessionDays,
      writePendingChanges: pendingChanges.writePending,
      erasePending: deletion.eraser.erasePending,
      events: [eventStreams, eventSources],
    }),
    (sweeper) => shutdown('sweeper', () => sweeper.stop(), LAST_BATCH_TIMEOUT_MS),
  );

  const http = await createHttpModule(config, {
    ...common,
    securityLog,
    sessions,
    serviceKeys,
    serviceApi,
    eventSources,
    graphql,
    eventStreams,
    exposition,
    scope,
    redisStatus,
    notifyBus,
    freshness: watch.freshness,
    isUpgrade: isWebSocketUpgrade('/graphql'),
  });
  opened.adopt(http, (http) => shutdown('http', () => http.close()));
  const sockets = opened.adopt(
    serveWebSockets({
      ...http,
      ...graphql,
      scope,
      metrics,
      tracing,
      requestLog: config.logRequests ? logger : null,
      authentication: sessions.authentication,
      watch,
      keyWatch,
      serviceKeys,
      securityLog,
      logger,
    }),
    (sockets) => shutdown('sockets', () => sockets.close()),
  );
  const everything = opened.move();
  return {
    url: publicUrl,
    database,
    clock,
    listen: async () => void (await http.listen({ host, port }).catch(explain)),
    endRequest: (error) => scope.endRequest(error),
    close: () => everything.disposeAsync(),
  };
}

/** Where the server will listen, the origin that its tokens name, and what a failure to listen there is. */
async function placeOf({ host, port: wanted, publicUrl }: Config['http']) {
  const explain = (error: unknown): never => {
    throw toListenProblem(error, { host, port: wanted });
  };
  const port = await tryPort(host, wanted).catch(explain);
  return { host, port, publicUrl: publicUrl ?? derivePublicUrl(host, port), explain };
}

/** Who can authenticate again, and who has to. */
const reauthenticationOf = (config: Config, database: Database) => ({
  canReauthenticate: createCanReauthenticate({ database, providers: config.oidc.providers }),
  sensitiveMaxAgeSeconds: config.sensitiveMaxAgeSeconds,
});

/** The mails, and how they end. */
const mailOf = (
  config: Config,
  { shutdown, ...base }: Parameters<typeof createMailModule>[1] & { shutdown: ShutdownStep },
): [MailModule, (mail: MailModule) => Promise<void>] => [
  createMailModule(config, base),
  (mail) => shutdown('mail', (leftMs) => mail.stop(leftMs - LAST_REPORT_MS), LAST_MAILS_TIMEOUT_MS),
];

/** The event streams, and how they end. */
const eventStreamsOf = (
  config: Config,
  { shutdown, ...base }: Parameters<typeof createEventStreamsModule>[1] & { shutdown: ShutdownStep },
): [EventStreamsModule, (eventStreams: EventStreamsModule) => Promise<void>] => [
  createEventStreamsModule(config, base),
  (eventStreams) => shutdown('event deliveries', () => eventStreams.stop(), LAST_BATCH_TIMEOUT_MS),
];

/** What a scrape asks the database. */
const databaseSources = (database: Database, clock: Clock) => ({
  readSessionCounts: () =>
    database.longTransaction(COUNT_TIMEOUT_MS, (em) => countSessionsOfAll(em, clock.now())),
  countPendingDeliveries: () => database.longTransaction(COUNT_TIMEOUT_MS, (em) => countPendingOfAll(em)),
  checkDatabase: () => database.ready(),
});

/** Loads OpenTelemetry, which nothing else does. */
async function startTraces(database: Database, logger: Logger): Promise<Tracing> {
  const { startTracing } = await import('./tracing/opentelemetry.ts');
  const tracing = startTracing({ logger });
  await traceStatements(database, tracing);
  return tracing;
}
