import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import fastify, { type FastifyInstance } from 'fastify';
import type { IncomingMessage, RequestListener } from 'node:http';
import { toTrustFunction } from '../addresses.ts';
import type { TrustProxy } from '../config/variables.ts';
import type { Logger } from '../logger.ts';
import { BODY_LIMIT_BYTES } from './body-limit.ts';
import { toErrorBody } from './error-body.ts';
import { coalesceBody } from './coalesced-body.ts';
import { readJsonBodies } from './json-body.ts';
import { lingerAfterRefusal } from './lingering-close.ts';
import { answerOneByOne } from './pipelining.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';
import type { RequestScope } from './request-scope.ts';
import { addSecurityHeaders } from './security-headers.ts';

/** For the whole head of a request. A connection that sends nothing is closed, too. */
const HEADERS_TIMEOUT_MS = 10_000;
/** For a whole request, its body included. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Node's default of 30 seconds would turn the ten seconds for the head into forty. */
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
/** Without traffic in either direction, such as a client that never reads its response. */
const SILENCE_TIMEOUT_MS = 60_000;

export interface HttpOptions {
  trustProxy: TrustProxy;
  /** The browser origins that may call, Curfew's own among them. */
  origins: ReadonlySet<string>;
  cookieSecure: boolean;
  scope: RequestScope;
  /** Which requests with an `Upgrade` header leave HTTP. For all others the header is ignored (RFC 9110, 7.8). */
  isUpgrade: (request: IncomingMessage) => boolean;
  /** The path that a request is routed by. */
  routedUrl: (url: string) => string;
  /** Whether HSTS covers every subdomain. */
  hstsIncludeSubDomains: boolean;
}

/** The HTTP server with what every route needs: limits, CORS, cookies, and errors that reveal nothing. */
export async function createHttpServer(options: HttpOptions, logger: Logger): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENCE_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      shouldUpgradeCallback: options.isUpgrade,
    },
    rewriteUrl: ({ url }) => options.routedUrl(url ?? '/'),
    genReqId: requestIdOf,
    trustProxy: toTrustFunction(options.trustProxy),
    // Requests are logged where they fail, and where asked for by request-records.ts: paths could carry secrets.
    logger: false,
    forceCloseConnections: 'idle',
  });
  const [handle] = app.server.listeners('request') as RequestListener[];
  app.server
    .removeAllListeners('request')
    .on('request', coalesceBody)
    .on('request', lingerAfterRefusal)
    .on('request', answerOneByOne(handle!));
  app.addHook('onRequest', ({ id }, reply, done) => {
    reply.header(REQUEST_ID_HEADER, id);
    options.scope.run({ id, abort: () => reply.raw.destroy() }, done);
  });
  readJsonBodies(app);
  await addSecurityHeaders(app, options);
  await app.register(cookie);
  // Other origins send bearer tokens. Cookies stay on Curfew's own site, so credentials are not allowed.
  await app.register(cors, {
    origin: [...options.origins],
    credentials: false,
    methods: ['GET', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'apollo-require-preflight', 'x-apollo-operation-name'],
    exposedHeaders: [REQUEST_ID_HEADER],
    maxAge: 600,
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, { id }, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.code(status).send(toErrorBody(error.message, 'BAD_REQUEST', id));
    logger.error({ requestId: id, err: error }, 'unexpected error');
    return reply.code(500).send(toErrorBody('Internal server error', 'INTERNAL_SERVER_ERROR', id));
  });
  return app;
}

/** For requests in flight when the server closes. */
const DRAIN_TIMEOUT_MS = 5_000;
/** How long a kept-alive connection may outlive its last response while the server closes. */
const CLOSE_IDLE_INTERVAL_MS = 50;

/** Accepts no more requests and lets those in flight end. Cuts off a client that never finishes its own. */
export async function closeHttpServer(app: FastifyInstance): Promise<void> {
  const forced = setTimeout(() => app.server.closeAllConnections(), DRAIN_TIMEOUT_MS);
  // Fastify closes connections that are idle now, not those that become idle later.
  const closingIdle = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_INTERVAL_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(forced);
    clearInterval(closingIdle);
  }
}
