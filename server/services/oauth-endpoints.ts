import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceCaller } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import { asUnavailable, type Database } from '../database/orm.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Session } from '../sessions/session.ts';
import type { Activity } from './activity.ts';
import { identifyEndpointCaller } from './endpoint-caller.ts';
import { INACTIVE, introspect, type Introspection } from './introspection.ts';
import type { PresentedToken, PresentedTokens } from './presented-token.ts';
import type { ServiceKeys } from './service-keys.ts';

/** What a body may have at most once callers have shown a service key, as at the other endpoints. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** Both: a client answers with the scheme that it tried (RFC 6749, section 5.2). */
const CHALLENGES = ['Bearer realm="curfew"', 'Basic realm="curfew"'];
const CALLER = 'serviceCaller';

/** The code of RFC 6749, section 5.2, that a refusal is answered with. */
type OAuthError = 'invalid_request' | 'invalid_client' | 'temporarily_unavailable' | 'server_error';

/**
 * `POST /oauth/introspect` (RFC 7662) and `POST /oauth/revoke` (RFC 7009), for trusted back ends alone: the caller is
 * looked at before the body is read. A token outside the reach of the caller's key is none.
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
    activity: Activity;
    /** Ends a live session for a trusted back end; false when it was over already or is out of the key's reach. */
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

  async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { authorization } = request.headers;
    const service = await database.inTime(identifyEndpointCaller(authorization, serviceKeys));
    if (service) request.setDecorator(CALLER, service);
    else {
      await refuse(
        reply.header('www-authenticate', CHALLENGES),
        401,
        'invalid_client',
        'A service key is needed.',
      );
    }
  }

  const seen = <Token extends PresentedToken>(presented: Token): Token => ({
    ...presented,
    session: activity.seen(presented.session),
  });

  async function introspectFor(service: ServiceCaller, token: string): Promise<Introspection> {
    const presented = await presentedTokens.find(token);
    if (!presented) return INACTIVE;
    const isInReach = service.accountId === null || service.accountId === presented.session.accountId;
    if (!isInReach) return INACTIVE;
    // Judged by the time after the read: a deadline that passed meanwhile has passed.
    return introspect(seen(presented), publicUrl, clock.now());
  }

  async function revokeFor(service: ServiceCaller, token: string, ipAddress: string): Promise<void> {
    const presented = await presentedTokens.find(token);
    if (presented) await endForService(service, presented.session, 'REVOKED_BY_SERVICE', ipAddress);
  }

  void app.register(async (oauth) => {
    oauth.decorateRequest(CALLER, null);
    oauth.removeAllContentTypeParsers();
    oauth.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_LIMIT_BYTES },
      (_, body, done) => done(null, new URLSearchParams(String(body))),
    );
    oauth.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
      const known = asUnavailable(error);
      if (known instanceof AppError && known.code === 'UNAVAILABLE') {
        logger.warn({ err: known }, 'a dependency is unavailable');
        reply.header('retry-after', '1');
        return refuse(reply, 503, 'temporarily_unavailable', 'Try again.');
      }
      const status = error.statusCode ?? 500;
      if (status < 500) return refuse(reply, status, 'invalid_request', 'Send a form with one token.');
      logger.error({ err: error }, 'unexpected error');
      return refuse(reply, 500, 'server_error', 'Internal server error.');
    });

    const options = { onRequest: authenticate, bodyLimit: BODY_LIMIT_BYTES };

    oauth.post('/oauth/introspect', options, async (request, reply) => {
      const token = readToken(request.body);
      if (token === null) return refuse(reply, 400, 'invalid_request', 'Exactly one token is needed.');
      return introspectFor(request.getDecorator<ServiceCaller>(CALLER), token);
    });

    oauth.post('/oauth/revoke', options, async (request, reply) => {
      const token = readToken(request.body);
      if (token === null) return refuse(reply, 400, 'invalid_request', 'Exactly one token is needed.');
      await database.inTime(revokeFor(request.getDecorator<ServiceCaller>(CALLER), token, request.ip));
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

const PARAMETERS = ['token', 'token_type_hint'];

/** Null unless there is one token; no parameter may be repeated, and an empty one is none (RFC 6749, section 3.2). */
function readToken(body: unknown): string | null {
  if (!(body instanceof URLSearchParams)) return null;
  if (PARAMETERS.some((name) => body.getAll(name).length > 1)) return null;
  return body.get('token') || null;
}
