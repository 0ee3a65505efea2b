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
    write: (token, expiresAt) => void reply.setCookie(name, token, { ...attributes, expires: expiresAt }),
    clear: () => void reply.clearCookie(name, attributes),
  };
}
