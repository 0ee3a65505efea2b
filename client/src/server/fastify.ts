import type { FastifyReply, FastifyRequest } from 'fastify';
import { admit, turnAway, type AdmissionOptions } from './admission.ts';
import type { SessionCheck } from './session-check.ts';
import type { LiveSession, Refused } from './verdict.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by `requireSession`: whose session the request belongs to. */
    curfew?: LiveSession;
  }
}

export interface RequireSessionOptions extends AdmissionOptions<FastifyRequest> {
  /** Answers a request that is refused, such as by a redirect to the sign-in page; else 401 or 403 with JSON. */
  onRefused?(request: FastifyRequest, reply: FastifyReply, refusal: Refused): unknown;
}

/**
 * A hook for Fastify 4 and 5: `onRequest`, or any later one before the handler. A live session is put into
 * `request.curfew`. Refused: 401, or 403 where the session is live and not for this route, with `{ error, reason }` ·
 * Curfew cannot be asked: 503.
 */
export function requireSession(
  curfew: SessionCheck,
  options: RequireSessionOptions = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const verdict = await admit(curfew, request, options);
    if (verdict.state === 'live') {
      request.curfew = verdict.session;
      return undefined;
    }
    if (verdict.state === 'refused' && options.onRefused) {
      await options.onRefused(request, reply, verdict);
      // Returned, the reply ends the request here, whether it has been sent already or is on its way.
      return reply;
    }
    const { status, headers, body } = turnAway(verdict);
    return reply.code(status).headers(headers).send(body);
  };
}
