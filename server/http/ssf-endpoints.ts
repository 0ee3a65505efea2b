import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { readBearer } from '../bearer.ts';
import type { Database } from '../database/database.ts';
import { AppError, badInput, type ErrorCode } from '../errors.ts';
import type { EventStreamsModule } from '../event-streams/event-streams.module.ts';
import { SSF_CONFIGURATION_PATH, SSF_PATHS, ssfMetadata } from '../event-streams/ssf-metadata.ts';
import { recordRefusal } from '../graphql/security-events.ts';
import type { Logger } from '../logger.ts';
import { unauthenticated, type Caller, type StreamManager } from '../rules/caller.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { ServiceKeys } from '../service-api/service-keys.ts';
import { createRouteErrorHandler } from './route-errors.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

/** The request's decorator with its caller. */
const MANAGER = 'streamManager';

/**
 * The transmitter of the Shared Signals Framework: `GET /.well-known/ssf-configuration`, public; the streams of an account
 * under `/ssf` (SSF 1.0, section 8), and their polls (RFC 8936), with a service key of one account as a bearer token. The
 * caller is authenticated before the body is read.
 */
export function serveSsf(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    logger: Logger;
    securityLog: SecurityLog;
    publicUrl: string;
    serviceKeys: ServiceKeys;
    eventStreams: Pick<EventStreamsModule, 'ssfStreams' | 'ssfStatuses' | 'ssfPolls'>;
    addressOf(request: IncomingMessage): string | null;
  },
): void {
  const { database, logger, securityLog, publicUrl, serviceKeys, addressOf } = dependencies;
  const { ssfStreams, ssfStatuses, ssfPolls } = dependencies.eventStreams;

  const metadata = ssfMetadata(publicUrl);
  app.get(SSF_CONFIGURATION_PATH, (_, reply) =>
    reply.header('cache-control', 'public, max-age=300').send(metadata),
  );

  function recordError(request: FastifyRequest, error: unknown): void {
    const manager = request.getDecorator<StreamManager | null>(MANAGER);
    const caller: Caller | null = manager && { kind: 'service', service: manager };
    recordRefusal(securityLog, error, request.headers.authorization ? caller : { kind: 'anonymous' }, {
      address: addressOf(request.raw),
      requestId: request.id,
      transport: 'http',
    });
  }

  /** @throws UNAUTHENTICATED, FORBIDDEN for a key for all accounts */
  async function authenticate(request: FastifyRequest): Promise<void> {
    const key = readBearer(request.headers.authorization);
    if (key === null || !serviceKeys.looksLikeOne(key))
      throw unauthenticated({}, { serviceKeyId: 'unknown', reason: 'KEY_MISSING' });
    request.setDecorator(MANAGER, await database.withTimeout(serviceKeys.identifyStreamManager(key)));
  }

  const managerOf = (request: FastifyRequest): StreamManager => request.getDecorator<StreamManager>(MANAGER);
  const sourceOf = (request: FastifyRequest): string | null => addressOf(request.raw);

  void app.register(async (ssf) => {
    ssf.decorateRequest(MANAGER, null);
    // Before the server waits for the requests in progress.
    ssf.addHook('preClose', async () => ssfPolls.endWaiting());
    const handleError = createRouteErrorHandler(logger, {
      unavailable: (reply) => refuse(reply, 503, 'temporarily_unavailable', 'Try again.'),
      unauthenticated: refuseCaller,
      badRequest: (reply, status) =>
        refuse(reply, status, 'invalid_request', 'Send a JSON object as application/json.'),
      unexpected: (reply) => refuse(reply, 500, 'server_error', 'Internal server error.'),
    });
    ssf.setErrorHandler((error: Error, request, reply) => {
      recordError(request, error);
      const answer = error instanceof AppError ? REFUSALS[error.code] : undefined;
      if (!answer) return handleError(error, request, reply);
      const { retryAfterSeconds } = (error as AppError).details;
      if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
      return refuse(reply, answer.status, answer.err, error.message);
    });

    const options = { onRequest: authenticate };

    ssf.get(SSF_PATHS.streams, options, async (request) => {
      const id = readStreamId(request);
      const manager = managerOf(request);
      return id === null ? ssfStreams.list(manager) : ssfStreams.read(manager, id);
    });
    ssf.post(SSF_PATHS.streams, options, async (request, reply) =>
      reply.code(201).send(await ssfStreams.create(managerOf(request), request.body, sourceOf(request))),
    );
    ssf.patch(SSF_PATHS.streams, options, async (request) =>
      ssfStreams.change(managerOf(request), request.body, sourceOf(request)),
    );
    ssf.put(SSF_PATHS.streams, options, async (request) =>
      ssfStreams.replace(managerOf(request), request.body, sourceOf(request)),
    );
    ssf.delete(SSF_PATHS.streams, options, async (request, reply) => {
      await ssfStreams.remove(managerOf(request), requireStreamId(request), sourceOf(request));
      return reply.code(204).send();
    });

    ssf.get(SSF_PATHS.status, options, async (request) =>
      ssfStatuses.read(managerOf(request), requireStreamId(request)),
    );
    ssf.post(SSF_PATHS.status, options, async (request) =>
      ssfStatuses.change(managerOf(request), request.body, sourceOf(request)),
    );

    ssf.post(SSF_PATHS.verify, options, async (request, reply) => {
      await ssfStatuses.verify(managerOf(request), request.body);
      return reply.code(204).send();
    });

    ssf.post(`${SSF_PATHS.streams}/:streamId/poll`, options, async (request, reply) => {
      const { streamId } = request.params as { streamId: string };
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      return ssfPolls.poll(managerOf(request), streamId, request.body, left.signal);
    });

    const refuseMethod = (allow: string) => (_: FastifyRequest, reply: FastifyReply) =>
      refuse(reply.header('allow', allow), 405, 'invalid_request', `Use ${allow}.`);
    ssf.route({
      method: ['PUT', 'PATCH', 'DELETE'],
      url: SSF_PATHS.status,
      handler: refuseMethod('GET, POST'),
    });
    for (const url of [SSF_PATHS.verify, `${SSF_PATHS.streams}/:streamId/poll`])
      ssf.route({ method: ['GET', 'PUT', 'PATCH', 'DELETE'], url, handler: refuseMethod('POST') });
  });
}

/** The codes of RFC 8935, section 2.4, where they fit. */
type Err =
  | 'invalid_request'
  | 'authentication_failed'
  | 'access_denied'
  | 'not_found'
  | 'conflict'
  | 'too_many_requests'
  | 'temporarily_unavailable'
  | 'server_error';

const REFUSALS: Partial<Record<ErrorCode, { status: number; err: Err }>> = {
  BAD_USER_INPUT: { status: 400, err: 'invalid_request' },
  FORBIDDEN: { status: 403, err: 'access_denied' },
  NOT_FOUND: { status: 404, err: 'not_found' },
  CONFLICT: { status: 409, err: 'conflict' },
  RATE_LIMITED: { status: 429, err: 'too_many_requests' },
};

const refuse = (reply: FastifyReply, status: number, err: Err, description: string): FastifyReply =>
  reply.code(status).send({ err, description });

const refuseCaller = (reply: FastifyReply): FastifyReply =>
  refuse(
    unauthorized(
      reply,
      reply.request.headers.authorization === undefined ? CHALLENGES.bearer : CHALLENGES.invalidToken,
    ),
    401,
    'authentication_failed',
    'A service key of one account is needed, as a bearer token.',
  );

/** Null: none is given. @throws BAD_USER_INPUT */
function readStreamId(request: FastifyRequest): string | null {
  const { stream_id: id } = request.query as Record<string, unknown>;
  if (id === undefined) return null;
  if (typeof id === 'string' && id !== '') return id;
  throw badInput('stream_id', 'Give one stream_id.');
}

/** @throws BAD_USER_INPUT */
function requireStreamId(request: FastifyRequest): string {
  const id = readStreamId(request);
  if (id !== null) return id;
  throw badInput('stream_id', 'Give the stream_id as a parameter.');
}
