/** Node's `request.headers`. */
export type RequestHeaders = Record<string, string | string[] | undefined>;

const BEARER = /^Bearer +(\S+) *$/i;

/** Returns the token of `Authorization: Bearer`, or else of `X-Session-Token`. */
export function tokenOfHeaders(headers: RequestHeaders): string | undefined {
  const { authorization } = headers;
  const bearer = typeof authorization === 'string' ? BEARER.exec(authorization)?.[1] : undefined;
  if (bearer !== undefined) return bearer;
  const token = headers['x-session-token'];
  return typeof token === 'string' ? token.trim() : undefined;
}

/** Returns the value of a cookie as it was sent: of the first one, if several have the name. */
export function tokenOfCookie(headers: RequestHeaders, name: string): string | undefined {
  const { cookie } = headers;
  if (typeof cookie !== 'string') return undefined;
  for (const pair of cookie.split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return undefined;
}
