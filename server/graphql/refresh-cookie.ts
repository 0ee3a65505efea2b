import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefreshCookie } from '../sessions/session.delivery.ts';

/** `__Host-`: browsers accept it only over https, for this host alone, for every path (RFC 6265bis, 4.1.3.2). */
const nameOf = (isSecure: boolean): string => (isSecure ? '__Host-curfew_refresh' : 'curfew_refresh');

export function refreshCookieOf(
  request: FastifyRequest,
  reply: FastifyReply,
  isSecure: boolean,
): RefreshCookie {
  const name = nameOf(isSecure);
  const attributes: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
  };
  return {
    read: () => request.cookies[name] ?? null,
    write(token, { expiresAt, now }) {
      // Max-Age wins (RFC 6265, 5.3): a computer whose clock is ahead would drop the cookie by Expires alone.
      const maxAge = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000);
      reply.setCookie(name, token, { ...attributes, expires: expiresAt, maxAge });
    },
    clear: () => void reply.clearCookie(name, attributes),
  };
}
