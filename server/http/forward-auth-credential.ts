import type { FastifyRequest } from 'fastify';
import { readBearer } from '../bearer.ts';

/** What a request presents to name its session. The first kind present counts, valid or not: there is no fallback. */
export type ForwardAuthCredential =
  | { kind: 'bearer'; token: string }
  | { kind: 'session-token'; token: string }
  | { kind: 'cookie'; token: string }
  /** Another scheme of `Authorization`, such as Basic. */
  | { kind: 'unusable' }
  | { kind: 'none' };

/** Reads, in this order: `Authorization`, `X-Session-Token`, the refresh cookie. */
export function readCredential(
  { headers }: FastifyRequest,
  readRefreshCookie: () => string | null,
): ForwardAuthCredential {
  const { authorization, 'x-session-token': sessionToken } = headers;
  if (authorization) {
    const token = readBearer(authorization);
    return token === null ? { kind: 'unusable' } : { kind: 'bearer', token };
  }
  if (sessionToken) return { kind: 'session-token', token: String(sessionToken) };
  const cookie = readRefreshCookie();
  return cookie ? { kind: 'cookie', token: cookie } : { kind: 'none' };
}

/**
 * Whether the request may count as activity. Browsers add the cookie to every request, so an image on another page of
 * the site could keep a session alive. Without the header it is no browser, or a gateway that does not pass it on.
 */
export const mayTouch = (request: FastifyRequest, { kind }: ForwardAuthCredential): boolean =>
  kind !== 'cookie' || isOwnOrigin(request);

const isOwnOrigin = ({ headers }: FastifyRequest): boolean => {
  const site = headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
};
