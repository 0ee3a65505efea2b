import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { ReceiveSecurityEvent } from '../event-sources/receive-security-event.ts';
import {
  GLOBAL_TOKEN_REVOCATION_PATH,
  type AuthenticatedRequest,
  type GlobalRevocation,
} from '../event-sources/revoke-globally.ts';
import { readRevokedSubject } from '../event-sources/subject.ts';
import type { SetErrorCode } from '../event-sources/token-refusal.ts';
import type { Logger } from '../logger.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import { createRouteErrorHandler, type ErrorAnswers } from './route-errors.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

/** A security event token, or the body of a revocation, is a few hundred bytes. */
const TOKEN_BODY_LIMIT_BYTES = 64 * 1024;
/** For a transmitter whose own keys cannot be read at the moment. */
const RETRY_AFTER_SECONDS = 60;
const OTHER_METHODS = ['GET', 'PUT', 'PATCH', 'DELETE'];
/** The request's decorator with what its token proves. */
const AUTHENTICATED = 'revocationRequest';

interface Dependencies {
  logger: Logger;
  securityLog: SecurityLog;
  receive: ReceiveSecurityEvent;
  globalRevocation: GlobalRevocation;
  addressOf(request: IncomingMessage): string | null;
}

/**
 * `POST /ssf/events/{sourceId}` (RFC 8935) and `POST /oauth/global-token-revocation`
 * (draft-parecki-oauth-global-token-revocation), for the transmitters that owners have named. No other credential counts than
 * a token which the transmitter has signed.
 */
export function serveEventSources(app: FastifyInstance, dependencies: Dependencies): void {
  void app.register(async (events) => serveReceiver(events, dependencies));
  void app.register(async (oauth) => serveGlobalRevocation(oauth, dependencies));
}

const recordRefusal = (
  { securityLog, addressOf }: Dependencies,
  request: FastifyRequest,
  reason: SetErrorCode,
  accountId: string | null,
): void =>
  securityLog.record({
    event: 'event_token.refused',
    address: addressOf(request.raw),
    requestId: request.id,
    transport: 'http',
    reason,
    ...(accountId !== null && { accountId }),
  });

const recordThrottled = (
  { securityLog, addressOf }: Dependencies,
  request: FastifyRequest,
  accountId: string | null,
): void =>
  securityLog.record({
    event: 'request.throttled',
    address: addressOf(request.raw),
    requestId: request.id,
    transport: 'http',
    reason: 'event_source',
    ...(accountId !== null && { accountId }),
  });

function serveReceiver(app: FastifyInstance, dependencies: Dependencies): void {
  const { logger, receive, addressOf } = dependencies;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/secevent+jwt',
    { parseAs: 'string', bodyLimit: TOKEN_BODY_LIMIT_BYTES },
    (_, body, done) => done(null, body),
  );
  const answers: ErrorAnswers = {
    unavailable: (reply) => reply.code(503).send(),
    unauthenticated: (reply) => reply.code(500).send(),
    // A wrong media type is an error of the transmission (RFC 8935, section 2.3): sending it again does not help.
    badRequest: (reply, status) =>
      status === 413
        ? refuseSet(reply.code(413), 'invalid_request', 'A token has at most 64 KB.')
        : refuseSet(reply.code(400), 'invalid_request', 'Send one token as application/secevent+jwt.'),
    unexpected: (reply) => reply.code(500).send(),
  };
  app.setErrorHandler(createRouteErrorHandler(logger, answers));

  const url = '/ssf/events/:sourceId';
  app.post<{ Params: { sourceId: string } }>(
    url,
    { bodyLimit: TOKEN_BODY_LIMIT_BYTES },
    async (request, reply) => {
      const { body } = request;
      const text = typeof body === 'string' ? body.trim() : '';
      const receipt = await receive(request.params.sourceId, text, addressOf(request.raw));
      switch (receipt.kind) {
        case 'accepted':
          return reply.code(202).send();
        case 'unavailable':
          return reply.code(503).header('retry-after', String(RETRY_AFTER_SECONDS)).send();
        case 'refused':
          recordRefusal(dependencies, request, receipt.code, receipt.accountId);
          return refuseSet(reply.code(400), receipt.code, receipt.description);
        case 'limited':
          recordThrottled(dependencies, request, receipt.accountId);
          return reply.code(429).header('retry-after', String(receipt.retryAfterSeconds)).send();
        default:
          return receipt satisfies never;
      }
    },
  );
  app.route({
    method: OTHER_METHODS,
    url,
    handler: (_, reply) => refuseSet(reply.code(405).header('allow', 'POST'), 'invalid_request', 'Use POST.'),
  });
}

/** The body of RFC 8935, section 2.3. */
const refuseSet = (reply: FastifyReply, err: SetErrorCode, description: string): FastifyReply =>
  reply.header('content-language', 'en').send({ err, description });

function serveGlobalRevocation(app: FastifyInstance, dependencies: Dependencies): void {
  const { logger, globalRevocation, addressOf } = dependencies;

  const refuse = (reply: FastifyReply, status: number, error: string, description: string): FastifyReply =>
    reply.code(status).send({ error, error_description: description });

  /** The reason is for the security log only: a stranger is not told which issuers are known. */
  const refuseCaller = (reply: FastifyReply, hasToken: boolean): FastifyReply =>
    refuse(
      unauthorized(reply, hasToken ? CHALLENGES.invalidToken : CHALLENGES.bearer),
      401,
      'invalid_token',
      'A token of a known issuer is needed.',
    );

  const refuseUnavailable = (reply: FastifyReply): FastifyReply =>
    refuse(reply, 503, 'temporarily_unavailable', 'Try again.');

  async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers;
    const result = await globalRevocation.authenticate(authorization);
    switch (result.kind) {
      case 'authenticated':
        request.setDecorator(AUTHENTICATED, result);
        return;
      case 'unavailable':
        await refuseUnavailable(reply.header('retry-after', String(RETRY_AFTER_SECONDS)));
        return;
      case 'refused':
        recordRefusal(dependencies, request, result.code, null);
        await refuseCaller(reply, authorization !== undefined);
        return;
      default:
        return result satisfies never;
    }
  }

  app.decorateRequest(AUTHENTICATED, null);
  app.setErrorHandler(
    createRouteErrorHandler(logger, {
      unavailable: refuseUnavailable,
      unauthenticated: (reply) => refuseCaller(reply, true),
      badRequest: (reply, status) =>
        refuse(reply, status === 413 ? 413 : 400, 'invalid_request', 'Send a JSON object with sub_id.'),
      unexpected: (reply) => refuse(reply, 500, 'server_error', 'Internal server error.'),
    }),
  );
  app.post(
    GLOBAL_TOKEN_REVOCATION_PATH,
    { onRequest: authenticate, bodyLimit: TOKEN_BODY_LIMIT_BYTES },
    async (request, reply) => {
      const subject = readRevokedSubject(request.body);
      if (!subject)
        return refuse(reply, 400, 'invalid_request', 'sub_id must be an object of format iss_sub or email.');
      const authenticated = request.getDecorator<AuthenticatedRequest>(AUTHENTICATED);
      const result = await globalRevocation.revoke(authenticated, subject.identifier, addressOf(request.raw));
      switch (result.kind) {
        case 'revoked':
          return reply.code(204).send();
        case 'repeated':
          recordRefusal(dependencies, request, 'invalid_request', null);
          return refuseCaller(reply, true);
        case 'limited':
          recordThrottled(dependencies, request, null);
          return refuse(
            reply.header('retry-after', String(result.retryAfterSeconds)),
            429,
            'temporarily_unavailable',
            'Try again later.',
          );
        default:
          return result satisfies never;
      }
    },
  );
  app.route({
    method: OTHER_METHODS,
    url: GLOBAL_TOKEN_REVOCATION_PATH,
    handler: (_, reply) => refuse(reply.header('allow', 'POST'), 405, 'invalid_request', 'Use POST.'),
  });
}
