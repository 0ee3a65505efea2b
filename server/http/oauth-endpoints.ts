import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { ServiceCaller } from '../rules/caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { SecurityLog } from '../security-log/security-log.ts';
import type { Session } from '../rules/session.ts';
import type { ActivityBuffer } from '../service-api/activity-buffer.ts';
import { INACTIVE, introspect, type Introspection } from '../service-api/introspection.ts';
import type { PresentedToken, PresentedTokens } from '../service-api/presented-token.ts';
import type { ServiceKeys } from '../service-api/service-keys.ts';
import { SERVICE_BODY_LIMIT_BYTES } from './body-limit.ts';
import { createRouteErrorHandler } from './route-errors.ts';
import { authenticateService } from './service-authentication.ts';
import { CHALLENGES, unauthorized } from './unauthorized.ts';

/** The request's decorator with its caller. */
const CALLER = 'serviceCaller';

/** The error codes of RFC 6749, section 5.2. */
type OAuthError = 'invalid_request' | 'invalid_client' | 'temporarily_unavailable' | 'server_error';

/**
 * `POST /oauth/introspect` (RFC 7662) and `POST /oauth/revoke` (RFC 7009), for trusted back ends only. The caller is
 * authenticated before the body is read. A token outside the reach of the caller's key is treated as unknown.
 */
export function serveOAuthEndpoints(
  app: FastifyInstance,
  dependencies: {
    database: Database;
    clock: Clock;
    logger: Logger;
    publicUrl: string;
    serviceKeys: ServiceKeys;
    presentedTokens: PresentedTokens;
    activity: ActivityBuffer;
    metrics: Metrics;
    securityLog: SecurityLog;
    addressOf(request: IncomingMessage): string | null;
    /** Revokes a live session for a trusted back end. False: it had ended, or is out of the key's reach. */
    endForService(
      service: ServiceCaller,
      session: Session,
      reason: 'REVOKED_BY_SERVICE',
      ipAddress: string | null,
    ): Promise<boolean>;
  },
): void {
  const { database, clock, logger, publicUrl, serviceKeys, presentedTokens, activity, endForService } =
    dependencies;
  const { securityLog, addressOf, metrics } = dependencies;

  async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers;
    const service = await database.withTimeout(authenticateService(authorization, serviceKeys));
    if (service) request.setDecorator(CALLER, service);
    else {
      securityLog.record({
        event: 'service_key.refused',
        address: addressOf(request.raw),
        requestId: request.id,
        transport: 'http',
        reason: authorization ? 'KEY_UNKNOWN' : 'KEY_MISSING',
      });
      await refuseCaller(reply);
    }
  }

  const withBufferedActivity = <Token extends PresentedToken>(presented: Token): Token => ({
    ...presented,
    session: activity.applyTo(presented.session),
  });

  /** Reads the key again after the body, which may have taken half a minute. Null: the key is no longer valid. */
  async function callerOf(request: FastifyRequest): Promise<ServiceCaller | null> {
    const before = request.getDecorator<ServiceCaller>(CALLER);
    return (await database.withTimeout(serviceKeys.isValid(before.keyId))) ? before : null;
  }

  async function introspectFor(service: ServiceCaller, token: string): Promise<Introspection> {
    const presented = await presentedTokens.find(token);
    if (!presented) return INACTIVE;
    const isInReach = service.accountId === null || service.accountId === presented.session.accountId;
    if (!isInReach) return INACTIVE;
    // Evaluated at a time after the read, so that a deadline which passed during the read counts.
    return introspect(withBufferedActivity(presented), publicUrl, clock.now());
  }

  async function revokeFor(service: ServiceCaller, token: string, ipAddress: string | null): Promise<void> {
    const presented = await presentedTokens.find(token);
    if (presented) await endForService(service, presented.session, 'REVOKED_BY_SERVICE', ipAddress);
  }

  void app.register(async (oauth) => {
    oauth.decorateRequest(CALLER, null);
    oauth.removeAllContentTypeParsers();
    oauth.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: SERVICE_BODY_LIMIT_BYTES },
      (_, body, done) => done(null, new URLSearchParams(String(body))),
    );
    oauth.setErrorHandler(
      createRouteErrorHandler(logger, {
        unavailable: (reply) => refuse(reply, 503, 'temporarily_unavailable', 'Try again.'),
        // The key was revoked during the request.
        unauthenticated: refuseCaller,
        badRequest: (reply, status) =>
          refuse(reply, status, 'invalid_request', 'Send a form with one token.'),
        unexpected: (reply) => refuse(reply, 500, 'server_error', 'Internal server error.'),
      }),
    );

    const options = { onRequest: authenticate, bodyLimit: SERVICE_BODY_LIMIT_BYTES };

    oauth.post('/oauth/introspect', options, async (request, reply) => {
      const token = readToken(request.body);
      if (token === null) return refuseTokenCount(reply);
      const service = await callerOf(request);
      if (service === null) return refuseCaller(reply);
      const introspection = await introspectFor(service, token);
      metrics.validation(introspection.active ? 'valid' : 'refused');
      return introspection;
    });

    oauth.post('/oauth/revoke', options, async (request, reply) => {
      const token = readToken(request.body);
      if (token === null) return refuseTokenCount(reply);
      // The transaction that revokes reads the key again.
      const service = request.getDecorator<ServiceCaller>(CALLER);
      await database.withTimeout(revokeFor(service, token, addressOf(request.raw)));
      return {};
    });

    for (const url of ['/oauth/introspect', '/oauth/revoke']) {
      oauth.route({
        method: ['GET', 'PUT', 'PATCH', 'DELETE'],
        url,
        handler: (_, reply) => refuse(reply.header('allow', 'POST'), 405, 'invalid_request', 'Use POST.'),
      });
    }
  });
}

const refuse = (reply: FastifyReply, status: number, error: OAuthError, description: string): FastifyReply =>
  reply.code(status).send({ error, error_description: description });

const refuseTokenCount = (reply: FastifyReply): FastifyReply =>
  refuse(reply, 400, 'invalid_request', 'Exactly one token is needed.');

/** With both schemes: a client needs a challenge for the one it tried (RFC 6749, section 5.2). */
const refuseCaller = (reply: FastifyReply): FastifyReply =>
  refuse(
    unauthorized(reply, [CHALLENGES.bearer, CHALLENGES.basic]),
    401,
    'invalid_client',
    'A service key is needed.',
  );

const PARAMETERS = ['token', 'token_type_hint'];

/**
 * The one token of the form, else null. No parameter may be repeated, and an empty one counts as absent (RFC 6749,
 * section 3.2).
 */
function readToken(body: unknown): string | null {
  if (!(body instanceof URLSearchParams)) return null;
  if (PARAMETERS.some((name) => body.getAll(name).length > 1)) return null;
  return body.get('token') || null;
}
