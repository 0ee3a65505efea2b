import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, Server } from 'node:http';
import { createAddressReader } from '../addresses.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import { ownOrigins } from '../config/own-origins.ts';
import type { Database } from '../database/database.ts';
import type { Freshness } from '../background/freshness.ts';
import type { EventSourcesModule } from '../event-sources/event-sources.module.ts';
import type { EventStreamsModule } from '../event-streams/event-streams.module.ts';
import type { NotifyBus } from '../events/notify-bus.ts';
import { createAuditExport } from '../exports/audit-export.ts';
import { createPolicyExport } from '../exports/policy-export.ts';
import type { GraphQLModule } from '../graphql/graphql.module.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Exposition } from '../metrics/prometheus.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { ClientInfo } from '../rules/caller.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { ServiceApiModule } from '../service-api/service-api.module.ts';
import type { ServiceKeys } from '../service-api/service-keys.ts';
import type { SessionsModule } from '../sessions/sessions.module.ts';
import type { TokensModule } from '../tokens/tokens.module.ts';
import { serveDocuments } from './documents.ts';
import { routedUrl, serveForwardAuth } from './forward-auth.ts';
import { serveEventSources } from './event-source-endpoints.ts';
import { serveExports } from './export-endpoint.ts';
import { serveHealth } from './health.ts';
import { serveOAuthEndpoints } from './oauth-endpoints.ts';
import { servePages } from './pages.ts';
import { refreshCookieOf } from './cookies.ts';
import { recordRefusedOrigins } from './refused-origins.ts';
import type { RedisStatus } from './redis-status.ts';
import { recordRequests } from './request-records.ts';
import type { RequestScope } from './request-scope.ts';
import { serveGraphQL } from './graphql-endpoint.ts';
import { serveJwks } from './jwks.ts';
import { serveMetrics } from './metrics-endpoint.ts';
import { serveSsf } from './ssf-endpoints.ts';
import { closeHttpServer, createHttpServer } from './server.ts';

export interface HttpModule {
  readonly server: Server;
  isAllowedOrigin(origin: string): boolean;
  clientOf(request: IncomingMessage): ClientInfo;
  listen(address: { host: string; port: number }): Promise<unknown>;
  close(): Promise<void>;
}

/** The HTTP server with every route. It does not listen yet. */
export async function createHttpModule(
  config: Config,
  dependencies: {
    database: Database;
    audit: Audit;
    clock: Clock;
    logger: Logger;
    securityLog: SecurityLog;
    publicUrl: string;
    tokens: TokensModule;
    sessions: SessionsModule;
    serviceKeys: ServiceKeys;
    serviceApi: ServiceApiModule;
    eventSources: EventSourcesModule;
    graphql: GraphQLModule;
    eventStreams: EventStreamsModule;
    metrics: Metrics;
    sensitiveMaxAgeSeconds: number;
    exposition: Exposition;
    /** Null: no traces. */
    tracing: Tracing | null;
    scope: RequestScope;
    redisStatus: RedisStatus | null;
    notifyBus: NotifyBus | null;
    freshness: Freshness;
    /** Requests that leave HTTP for the WebSocket server. */
    isUpgrade: (request: IncomingMessage) => boolean;
  },
): Promise<HttpModule> {
  const { logger, securityLog, publicUrl, tokens, sessions, serviceApi, graphql, isUpgrade } = dependencies;
  const { trustProxy, allowedOrigins, cookieSecure } = config.http;
  const origins = new Set([...ownOrigins(publicUrl), ...allowedOrigins]);
  const addressOf = createAddressReader(trustProxy);
  const clientOf = (request: IncomingMessage): ClientInfo => ({
    ipAddress: addressOf(request),
    userAgent: request.headers['user-agent'] ?? null,
  });
  const { scope } = dependencies;
  const app: FastifyInstance = await createHttpServer(
    { ...config.http, origins, scope, routedUrl, isUpgrade },
    logger,
  );

  const requestLog = config.logRequests ? logger : null;
  const records = recordRequests(app, { ...dependencies, requestLog, addressOf });
  const parts = {
    ...dependencies,
    ...serviceApi,
    records,
    addressOf,
    authentication: sessions.authentication,
  };
  recordRefusedOrigins(app, { origins, securityLog, addressOf });
  serveGraphQL(app, { ...parts, ...graphql, cookieSecure, clientOf });
  serveOAuthEndpoints(app, {
    ...parts,
    endForService: serviceApi.serviceSessions.endForService,
  });
  serveEventSources(app, { ...parts, ...dependencies.eventSources });
  serveForwardAuth(app, {
    ...parts,
    graceSeconds: config.tokens.reuseGraceSeconds,
    readRefreshCookie: (request, reply) => refreshCookieOf(request, reply, cookieSecure).read(),
  });
  serveExports(app, {
    ...parts,
    startAuditExport: createAuditExport(dependencies),
    startPolicyExport: createPolicyExport({
      ...dependencies,
      bounds: config.policy,
      warnings: config.expiry,
    }),
  });
  serveSsf(app, parts);
  serveHealth(app, { ...parts, redis: dependencies.redisStatus });
  serveMetrics(app, { ...parts, metricsToken: config.metricsToken });
  serveJwks(app, { accessKeys: tokens.keys.access, readEventKeys: dependencies.eventStreams.publishedKeys });
  serveDocuments(app, { publicUrl, cookieSecure });
  await servePages(app);

  return {
    server: app.server,
    isAllowedOrigin: (origin) => origins.has(origin),
    clientOf,
    listen: (address) => app.listen(address),
    close: () => closeHttpServer(app),
  };
}
