const BEARER = /^Bearer +(\S+) *$/i;

/** The token of an `Authorization` header (RFC 6750, section 2.1). Null without a header, and for another scheme. */
export const readBearer = (authorization: string | undefined): string | null =>
  BEARER.exec(authorization ?? '')?.[1] ?? null;
