import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createAccountResolvers } from './accounts/account.resolvers.ts';
import { createUsersService } from './accounts/users.service.ts';
import { createAudit } from './audit/audit.ts';
import { createAuditResolvers } from './audit/audit.resolvers.ts';
import { startDatabaseClock, type Clock } from './clock.ts';
import { derivePublicUrl, type Config } from './config.ts';
import { migrate } from './database/migrate.ts';
import { readDatabaseTime } from './database/time.ts';
import { openDatabase, type Database } from './database/orm.ts';
import { createTurns } from './database/turns.ts';
import { createExpiryResolvers } from './expiry/expiry.resolvers.ts';
import { createRedisBus } from './expiry/redis-bus.ts';
import { createLocalBus } from './expiry/session-bus.ts';
import { createSessionWatch } from './expiry/session-watch.ts';
import { startSweeper } from './expiry/sweeper.ts';
import { startApollo } from './graphql/apollo.ts';
import { createLoaders } from './graphql/context.ts';
import { createErrorFormatter } from './graphql/errors.ts';
import { closeHttpServer, createHttpServer, createUpgradeClient, serveGraphQL } from './graphql/http.ts';
import { refreshCookieOf } from './graphql/refresh-cookie.ts';
import { createSchema } from './graphql/schema.ts';
import { serveWebSockets } from './graphql/websocket.ts';
import type { Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { serveOperations } from './operations.ts';
import { servePages } from './pages.ts';
import { connectRedis, type RedisConnection } from './redis.ts';
import { createPolicyResolvers } from './policies/policy.resolvers.ts';
import { createPolicyService } from './policies/policy.service.ts';
import { createActiveUsers } from './sessions/active-users.ts';
import { createBulkEnds } from './sessions/bulk-ends.ts';
import { createSessionAuthentication } from './sessions/session.authentication.ts';
import { createGrants } from './sessions/session.grant.ts';
import { createSessionReader } from './sessions/session.reader.ts';
import { createRenewalService } from './sessions/session.renewal.ts';
import { createSessionResolvers } from './sessions/session.resolvers.ts';
import { createRevocationService } from './sessions/session.revocation.ts';
import { serveForwardAuth } from './services/forward-auth.ts';
import { serveOAuthEndpoints } from './services/oauth-endpoints.ts';
import { createPresentedTokens } from './services/presented-token.ts';
import { createServiceKeyWatch } from './services/service-key-watch.ts';
import { createActivity } from './services/activity.ts';
import { createServiceKeys } from './services/service-keys.ts';
import { createServiceSessions } from './services/service-sessions.service.ts';
import { createServiceResolvers } from './services/service.resolvers.ts';
import { createSessionTokens } from './services/session-tokens.ts';
import { createOidcSignInService } from './sign-in/oidc/oidc-sign-in.service.ts';
import { createProvider } from './sign-in/oidc/provider.ts';
import { createPasswordSignInService } from './sign-in/password-sign-in.service.ts';
import { createPasswords } from './sign-in/passwords.ts';
import { createSignInResolvers } from './sign-in/sign-in.resolvers.ts';
import { createThrottle } from './sign-in/throttle.ts';
import { createAccessTokens } from './tokens/access-token.ts';
import { createFlowTokens } from './tokens/flow-token.ts';
import { toJwks } from './tokens/jwks.ts';
import { createRefreshTokens } from './tokens/refresh-token.ts';
import { loadSigningKeys } from './tokens/signing-keys.ts';

export interface App {
  /** The origin that browsers use. */
  readonly url: string;
  readonly database: Database;
  readonly clock: Clock;
  /** Stops taking requests, tells the sockets, and releases the database, in that order. */
  close(): Promise<void>;
}

export interface Overrides {
  /** An open, migrated database; it stays the caller's to close. */
  database?: Database;
  clock?: Clock;
  /** How many sessions are marked in one transaction when an account's are ended. */
  markingBatch?: number;
}

/** The composition root: the one place that knows every part. What it opens, `close` closes in reverse. */
export async function createApp(config: Config, logger: Logger, overrides: Overrides = {}): Promise<App> {
  await using opened = new AsyncDisposableStack();

  const port = config.http.port === 0 ? await findFreePort(config.http.host) : config.http.port;
  const publicUrl = config.http.publicUrl ?? derivePublicUrl(config.http.host, port);

  const database =
    overrides.database ??
    opened.adopt(await openDatabase(config.database, logger), (database) => database.close());
  if (!overrides.database) await migrate(database);
  const clock =
    overrides.clock ??
    opened.adopt(await startDatabaseClock(() => readDatabaseTime(database)), (clock) => clock.stop());

  const keys = await loadSigningKeys(config.tokens, config.database.dataDir);
  const accessTokens = createAccessTokens({
    keys: keys.access,
    issuer: publicUrl,
    ttlSeconds: config.tokens.accessTtlSeconds,
    audiences: config.tokens.audiences,
  });
  const refreshTokens = createRefreshTokens({ keys: keys.refresh, issuer: publicUrl });
  const grants = createGrants({
    access: accessTokens,
    refresh: refreshTokens,
    audiences: config.tokens.audiences,
  });

  const limits = config.policy;
  const warnings = config.expiry;
  const audit = createAudit({ retentionDays: config.retention.auditDays });
  const { redisUrl } = config;
  const connect = (role: string): RedisConnection | null =>
    redisUrl === null
      ? null
      : opened.adopt(connectRedis({ url: redisUrl, role, logger }), (redis) => redis.close());
  const redis = connect('commands');
  const subscriber = connect('subscriber');
  const redisBus =
    redis && subscriber && createRedisBus({ redis, subscriber, installation: publicUrl, logger });
  const bus = redisBus ?? createLocalBus();
  const watch = opened.adopt(createSessionWatch({ database, bus, clock, logger, warnings }), (watch) =>
    watch.stop(),
  );

  const activity = opened.adopt(createActivity({ database, bus, clock, logger, warnings }), (activity) =>
    activity.stop(),
  );

  const bulkEnds = opened.adopt(
    createBulkEnds({ database, bus, logger, batch: overrides.markingBatch }),
    (bulkEnds) => bulkEnds.stop(),
  );

  const parts = {
    database,
    audit,
    bus,
    clock,
    logger,
    limits,
    warnings,
    grants,
    refreshTokens,
    watch,
    activity,
    turns: createTurns(),
    bulkEnds,
    publicUrl,
  };
  const serviceKeys = createServiceKeys(parts);
  const keyWatch = opened.adopt(createServiceKeyWatch({ ...parts, serviceKeys }), (watch) => watch.stop());
  const sessionReader = createSessionReader(parts);
  const authentication = createSessionAuthentication({ ...parts, sessionReader, accessTokens, serviceKeys });
  const renewal = createRenewalService({ ...parts, graceSeconds: config.tokens.reuseGraceSeconds });
  const revocation = createRevocationService(parts);
  const policies = createPolicyService(parts);
  const users = createUsersService(parts);
  const sessionTokens = createSessionTokens(parts);
  const serviceSessions = createServiceSessions({ ...parts, accessTokens, sessionTokens });
  const passwords = await createPasswords();
  const throttle = createThrottle(config.login, redis && { redis, prefix: `curfew:${publicUrl}` });
  const signIn = createPasswordSignInService({ ...parts, passwords, throttle });
  const oidc = createOidcSignInService({
    ...parts,
    throttle,
    flowTokens: createFlowTokens({ keys: keys.refresh, issuer: publicUrl }),
    providers: config.oidc.providers.map((provider) => createProvider(provider, parts)),
    redirectUris:
      config.oidc.redirectUris ?? ownOrigins(publicUrl).map((origin) => `${origin}/login/callback`),
  });

  const schema = createSchema([
    createAccountResolvers({ users }),
    createAuditResolvers(parts),
    createPolicyResolvers({ ...parts, policies, activeUsers: createActiveUsers(parts) }),
    createSessionResolvers({ ...parts, renewal, revocation }),
    createSignInResolvers({ signIn, oidc, grants }),
    createServiceResolvers({ ...parts, serviceSessions }),
    createExpiryResolvers({ ...parts, serviceKeys, keyWatch, sweepSeconds: config.expiry.sweepSeconds }),
  ]);
  const formatError = createErrorFormatter(logger);
  const apollo = opened.adopt(await startApollo(schema, formatError), (apollo) => apollo.stop());
  const createRequestLoaders = () => createLoaders(database);

  const metrics = createMetrics({
    openSockets: () => sockets.openSockets,
    watchedSessions: () => watch.watchedSessions,
    isRedisUp: redisBus && (() => redisBus.isUp),
  });
  opened.adopt(
    startSweeper({
      ...parts,
      sweepSeconds: config.expiry.sweepSeconds,
      sessionRetentionDays: config.retention.sessionDays,
      markEndings: bulkEnds.mark,
      onSwept: metrics.recordExpired,
    }),
    (sweeper) => sweeper.stop(),
  );

  const { trustProxy, allowedOrigins, cookieSecure } = config.http;
  const origins = new Set([...ownOrigins(publicUrl), ...allowedOrigins]);
  const http = await createHttpServer({ trustProxy, origins, cookieSecure }, logger);
  opened.adopt(http, closeHttpServer);
  serveGraphQL(http, { apollo, authentication, createLoaders: createRequestLoaders, cookieSecure });
  const presentedTokens = createPresentedTokens({ ...parts, sessionReader, accessTokens, sessionTokens });
  serveOAuthEndpoints(http, {
    ...parts,
    serviceKeys,
    presentedTokens,
    endForService: serviceSessions.endForService,
  });
  serveForwardAuth(http, {
    ...parts,
    authentication,
    sessionTokens,
    presentedTokens,
    graceSeconds: config.tokens.reuseGraceSeconds,
    readRefreshCookie: (request, reply) => refreshCookieOf(request, reply, cookieSecure).read(),
  });
  serveOperations(http, { database, redis: redisBus, metrics, metricsToken: config.metricsToken });
  http.get('/.well-known/jwks.json', (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(toJwks(keys.access)),
  );
  await servePages(http);

  const sockets = opened.adopt(
    serveWebSockets({
      server: http.server,
      path: '/graphql',
      schema,
      authentication,
      watch,
      keyWatch,
      serviceKeys,
      isAllowedOrigin: (origin) => origins.has(origin),
      clientOf: createUpgradeClient(trustProxy),
      createLoaders: createRequestLoaders,
      formatError,
      logger,
    }),
    (sockets) => sockets.close(),
  );
  await http.listen({ host: config.http.host, port });

  const closing = opened.move();
  return { url: publicUrl, database, clock, close: () => closing.disposeAsync() };
}

/** On a loopback address the same server has several names, and a browser's Origin carries the one that was typed. */
function ownOrigins(publicUrl: string): string[] {
  const { protocol, hostname, port } = new URL(publicUrl);
  const loopback = ['localhost', '127.0.0.1', '[::1]'];
  if (!loopback.includes(hostname)) return [publicUrl];
  return loopback.map((name) => `${protocol}//${name}${port && `:${port}`}`);
}

/** The issuer of every token is the public URL, so the port has to be known before the server listens. */
function findFreePort(host: string): Promise<number> {
  return new Promise((found, fail) => {
    const probe = createTcpServer();
    probe.once('error', fail);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => found(port));
    });
  });
}
