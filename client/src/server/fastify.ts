import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertMaxAge } from './authentication-age.ts';
import { authorize, errorResponse, type AuthorizationOptions } from './authorization.ts';
import type { LiveSession, Refused } from './check-result.ts';
import type { SessionCheck } from './session-check.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of the request, set by `requireSession`. */
    curfew?: LiveSession;
  }
}

export interface RequireSessionOptions extends AuthorizationOptions<FastifyRequest> {
  /** Answers a refused request, such as with a redirect to the sign-in page. Default: 401 or 403 with JSON. */
  onRefused?: ((request: FastifyRequest, reply: FastifyReply, refusal: Refused) => unknown) | undefined;
}

/**
 * Creates a hook for Fastify 4 and 5: for `onRequest`, or any later one before the handler. It sets `request.curfew` to
 * the live session. Refused: 401, or 403 if the session has no access to the route, with `{ error, reason }` · Curfew
 * cannot be reached: 503.
 * @throws TypeError for an invalid `maxAuthAgeSeconds`
 */
export function requireSession(
  curfew: SessionCheck,
  options: RequireSessionOptions = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  assertMaxAge(options.maxAuthAgeSeconds);
  return async (request, reply) => {
    const result = await authorize(curfew, request, options);
    if (result.state === 'live') {
      request.curfew = result.session;
      return undefined;
    }
    if (result.state === 'refused' && options.onRefused) {
      await options.onRefused(request, reply, result);
      // A returned reply ends the request here, whether or not it has been sent.
      return reply;
    }
    const { status, headers, body } = errorResponse(result);
    return reply.code(status).headers(headers).send(body);
  };
}
