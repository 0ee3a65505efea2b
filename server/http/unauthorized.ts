import type { FastifyReply } from 'fastify';

const REALM = 'realm="curfew"';

/** The challenges that routes answer with (RFC 6750, section 3; RFC 7617, section 2). */
export const CHALLENGES = {
  bearer: `Bearer ${REALM}`,
  /** With an error code only where a token was presented (RFC 6750, section 3). */
  invalidToken: `Bearer ${REALM}, error="invalid_token"`,
  /** The token is good, but its user authenticated too long ago (RFC 9470, section 3). */
  insufficientAuthentication: (maxAgeSeconds: number) =>
    `Bearer error="insufficient_user_authentication", max_age="${maxAgeSeconds}"`,
  basic: `Basic ${REALM}`,
  /** Without a realm, for scrapers of metrics. */
  plainBearer: 'Bearer',
} as const;

/** Sets 401 and its challenges. The route adds the body of its protocol. */
export const unauthorized = (reply: FastifyReply, challenges: string | string[]): FastifyReply =>
  reply.code(401).header('www-authenticate', challenges);
