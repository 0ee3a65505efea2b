import { type ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import proxyAddr from '@fastify/proxy-addr';
import fastify, { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { Transform, type Readable } from 'node:stream';
import type { Caller, ClientInfo } from '../accounts/caller.ts';
import type { TrustProxy } from '../config.variables.ts';
import { asUnavailable } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { SessionAuthentication } from '../sessions/session.authentication.ts';
import type { GraphQLContext, Loaders } from './context.ts';
import { flowCookiesOf } from './flow-cookie.ts';
import { refreshCookieOf } from './refresh-cookie.ts';
import { addSecurityHeaders } from './security-headers.ts';

const BODY_LIMIT_BYTES = 100 * 1024;
/** For a trusted back end, which asks about a thousand sessions at once. */
const SERVICE_BODY_LIMIT_BYTES = 1024 * 1024;

export interface HttpOptions {
  trustProxy: TrustProxy;
  /** The browser origins that may call, Curfew's own among them. */
  origins: ReadonlySet<string>;
  cookieSecure: boolean;
}

/** The HTTP server with what every route needs: limits, CORS, cookies, and errors that say nothing they should not. */
export async function createHttpServer(options: HttpOptions, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: toTrustFunction(options.trustProxy),
    // Requests are logged where they fail; a line for each would drown those, and paths could carry secrets.
    logger: false,
    forceCloseConnections: 'idle',
  });
  await addSecurityHeaders(app, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    // Never on plain http: a laptop would then refuse to open its own http://localhost.
    strictTransportSecurity: options.cookieSecure && { maxAge: 31_536_000, includeSubDomains: false },
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  });
  await app.register(cookie);
  // Other origins present bearer tokens; the cookie stays on Curfew's own site, so credentials are not allowed.
  await app.register(cors, {
    origin: [...options.origins],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'],
    maxAge: 600,
  });
  app.setNotFoundHandler((_, reply) => reply.code(404).send({ errors: [{ message: 'Not found' }] }));
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(toBody(error.message, 'BAD_REQUEST'));
    logger.error({ err: error }, 'unexpected error');
    return reply.code(500).send(toBody('Internal server error', 'INTERNAL_SERVER_ERROR'));
  });
  return app;
}

/** How long requests that are under way at the end may take. */
const LAST_REQUESTS_WITHIN_MS = 5_000;
/** How long a connection that is kept alive may outlive the last answer on it. */
const CLOSE_IDLE_EVERY_MS = 50;

/** Takes no more requests and lets those under way end; a client that never finishes its own holds nobody up. */
export async function closeHttpServer(app: FastifyInstance): Promise<void> {
  const forced = setTimeout(() => app.server.closeAllConnections(), LAST_REQUESTS_WITHIN_MS);
  // Fastify closes those that are idle now; the others are as soon as they have been answered.
  const answered = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(forced);
    clearInterval(answered);
  }
}

const toBody = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });

const clientOf = (request: FastifyRequest): ClientInfo => ({
  ipAddress: request.ip,
  userAgent: request.headers['user-agent'] ?? null,
});

/** The same of a request that Fastify does not see: a WebSocket's upgrade. */
export function createUpgradeClient(trustProxy: TrustProxy): (request: IncomingMessage) => ClientInfo {
  const trust = toTrustFunction(trustProxy);
  return (request) => ({
    ipAddress: proxyAddr(request, trust),
    userAgent: request.headers['user-agent'] ?? null,
  });
}

/** Headers of a proxy count only as far as the configuration trusts the hops they came through. */
function toTrustFunction(trustProxy: TrustProxy): (address: string, hop: number) => boolean {
  if (typeof trustProxy === 'boolean') return () => trustProxy;
  if (typeof trustProxy === 'function') return trustProxy;
  return proxyAddr.compile(trustProxy.split(',').map((network) => network.trim()));
}

/** Passes on at most 100 KB, whatever the request says about its length. */
function limited(payload: Readable): Readable {
  let received = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length;
      if (received > BODY_LIMIT_BYTES) done(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      else done(null, chunk);
    },
  });
  payload.once('error', (error) => counted.destroy(error));
  return payload.pipe(counted);
}

/** `POST /graphql`. */
export function serveGraphQL(
  app: FastifyInstance,
  dependencies: {
    apollo: ApolloServer<GraphQLContext>;
    authentication: SessionAuthentication;
    createLoaders: () => Loaders;
    cookieSecure: boolean;
  },
): void {
  const { apollo, authentication, createLoaders, cookieSecure } = dependencies;

  /** Requests whose caller could not be known; asked again, they would wait for the database twice. */
  const unknown = new WeakMap<FastifyRequest, unknown>();

  async function identify(request: FastifyRequest): Promise<Caller> {
    if (unknown.has(request)) throw unknown.get(request);
    return authentication.identify(request.headers.authorization);
  }

  /** Asked before a large body is read. Where it cannot be known the body is read, to be refused as UNAVAILABLE. */
  async function mayBeLarge(request: FastifyRequest): Promise<boolean> {
    const declared = Number(request.headers['content-length'] ?? Infinity);
    if (declared <= BODY_LIMIT_BYTES) return true;
    const caller = await identify(request).catch((error: unknown) => void unknown.set(request, error));
    return caller === undefined || caller.kind === 'service';
  }

  app.post(
    '/graphql',
    {
      bodyLimit: SERVICE_BODY_LIMIT_BYTES,
      preParsing: async (request, _, payload) =>
        (await mayBeLarge(request)) ? payload : limited(payload as Readable),
    },
    fastifyApolloHandler(apollo, {
      context: async (request, reply) => ({
        caller: await identify(request).catch((error: unknown) => {
          // Fail closed, in the form of an executed answer: the operations that need no caller go on.
          const known = asUnavailable(error);
          if (known instanceof AppError) return { kind: 'refused' as const, error: known };
          throw error;
        }),
        client: clientOf(request),
        refreshCookie: refreshCookieOf(request, reply, cookieSecure),
        flowCookies: flowCookiesOf(request, reply, cookieSecure),
        loaders: createLoaders(),
      }),
    }),
  );
  app.get('/graphql', (_, reply) =>
    reply.code(405).header('allow', 'POST').send(toBody('Send operations with POST.', 'BAD_REQUEST')),
  );
}
