import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FlowCookies } from '../sign-in/oidc/flow.delivery.ts';
import { FLOW_SECONDS } from '../sign-in/oidc/flow.ts';

/** The name begins as that of the refresh cookie, for the same reason. */
const prefixOf = (isSecure: boolean): string => (isSecure ? '__Host-curfew_flow_' : 'curfew_flow_');

const STATE_CHARACTERS = 8;
/** A state of ours begins with these; anything else names no cookie. */
const STATE = new RegExp(`^[\\w-]{${STATE_CHARACTERS}}`);
/** Sign-ins that a browser may have begun at once. More cookies would outgrow the header that carries them. */
const MOST_FLOWS = 8;

/** Strict: the provider sends the browser to a page, and it is that page's own request that completes the sign-in. */
export function flowCookiesOf(request: FastifyRequest, reply: FastifyReply, isSecure: boolean): FlowCookies {
  const prefix = prefixOf(isSecure);
  const nameOf = (state: string): string | null => {
    const start = STATE.exec(state)?.[0];
    return start === undefined ? null : prefix + start;
  };
  const attributes: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
  };
  return {
    read(state) {
      const name = nameOf(state);
      return (name !== null && request.cookies[name]) || null;
    },
    write(state, flowToken) {
      // Browsers send the oldest first (RFC 6265, section 5.4).
      const names = Object.keys(request.cookies).filter((name) => name.startsWith(prefix));
      const abandoned = names.slice(0, Math.max(0, names.length - MOST_FLOWS + 1));
      for (const name of abandoned) reply.clearCookie(name, attributes);
      const name = nameOf(state);
      if (name !== null) reply.setCookie(name, flowToken, { ...attributes, maxAge: FLOW_SECONDS });
    },
    clear(state) {
      const name = nameOf(state);
      if (name !== null) reply.clearCookie(name, attributes);
    },
  };
}
