import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RefreshCookie } from '../sessions/deliver-tokens.ts';
import type { DeviceCookie } from '../sign-in/known-devices.ts';
import type { FlowCookies } from '../sign-in/oidc/deliver-flow.ts';
import { FLOW_SECONDS } from '../sign-in/oidc/flow.ts';

/**
 * `__Host-`: browsers accept it only over https, for this host alone, for every path (RFC 6265bis, section 4.1.3.2).
 */
const nameOf = (name: string, isSecure: boolean): string =>
  isSecure ? `__Host-curfew_${name}` : `curfew_${name}`;

/**
 * The attributes of every cookie. Strict works for identity providers too: they send the browser to a page, and the
 * page's own request completes the sign-in.
 */
const attributesOf = (isSecure: boolean): CookieSerializeOptions => ({
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  secure: isSecure,
});

/** The name of the cookie with the refresh token of a browser. */
export const refreshCookieName = (isSecure: boolean): string => nameOf('refresh', isSecure);

/** The cookie with the refresh token of a browser. */
export function refreshCookieOf(
  request: FastifyRequest,
  reply: FastifyReply,
  isSecure: boolean,
): RefreshCookie {
  const name = refreshCookieName(isSecure);
  const attributes = attributesOf(isSecure);
  return {
    read: () => request.cookies[name] ?? null,
    write(token, lifetime) {
      if (lifetime === null) return void reply.setCookie(name, token, attributes);
      const { expiresAt, now } = lifetime;
      // Max-Age wins over Expires (RFC 6265, section 5.3): by Expires alone, a computer whose clock is ahead would drop
      // the cookie.
      const maxAge = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000);
      reply.setCookie(name, token, { ...attributes, expires: expiresAt, maxAge });
    },
    clear: () => void reply.clearCookie(name, attributes),
  };
}

/** The cookie by which the throttle recognises a browser. */
export function deviceCookieOf(
  request: FastifyRequest,
  reply: FastifyReply,
  isSecure: boolean,
): DeviceCookie {
  const name = nameOf('device', isSecure);
  return {
    read: () => request.cookies[name] || null,
    write: (token, lifetimeSeconds) =>
      void reply.setCookie(name, token, { ...attributesOf(isSecure), maxAge: lifetimeSeconds }),
  };
}

const STATE_CHARACTERS = 8;
/** The first characters of a flow's state name its cookie. Any other text names none. */
const STATE = new RegExp(`^[\\w-]{${STATE_CHARACTERS}}`);
/** Provider sign-ins that a browser may have open at once. More cookies would not fit the request header. */
const MAX_FLOWS = 8;

/** The cookies of sign-ins at identity providers, one for each. */
export function flowCookiesOf(request: FastifyRequest, reply: FastifyReply, isSecure: boolean): FlowCookies {
  const prefix = `${nameOf('flow', isSecure)}_`;
  const attributes = attributesOf(isSecure);
  const cookieOf = (state: string): string | null => {
    const start = STATE.exec(state)?.[0];
    return start === undefined ? null : prefix + start;
  };
  return {
    read(state) {
      const name = cookieOf(state);
      return (name !== null && request.cookies[name]) || null;
    },
    write(state, flowToken) {
      // Browsers send the oldest first (RFC 6265, section 5.4).
      const names = Object.keys(request.cookies).filter((name) => name.startsWith(prefix));
      const abandoned = names.slice(0, Math.max(0, names.length - MAX_FLOWS + 1));
      for (const name of abandoned) reply.clearCookie(name, attributes);
      const name = cookieOf(state);
      if (name !== null) reply.setCookie(name, flowToken, { ...attributes, maxAge: FLOW_SECONDS });
    },
    clear(state) {
      const name = cookieOf(state);
      if (name !== null) reply.clearCookie(name, attributes);
    },
  };
}
