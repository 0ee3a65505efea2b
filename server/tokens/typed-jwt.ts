import jwt from 'jsonwebtoken';
import { OWN_AUDIENCE, readHeader } from './access-token.ts';
import type { RefreshKey } from './signing-keys.ts';
import { verifyJwt } from './verified-jwt.ts';

export interface TypedJwts {
  sign(claims: Record<string, unknown>, options?: { noTimestamp?: boolean }): string;
  /** The payload. Null unless signature, type and issuer are valid and `exp` is after `now`. */
  verify(token: string, now: Date): Record<string, unknown> | null;
}

/**
 * Tokens (HS256) that only a browser keeps, of one header `typ`. They share the keys of refresh tokens; the claim
 * `type` keeps the kinds apart.
 */
export function createTypedJwts(options: {
  keys: readonly RefreshKey[];
  issuer: string;
  headerType: string;
  type: string;
}): TypedJwts {
  const { keys, issuer, headerType, type } = options;
  const signing = keys[0]!;
  const byKid = new Map(keys.map((key) => [key.kid, key]));

  return {
    sign: (claims, { noTimestamp = false } = {}) =>
      jwt.sign({ iss: issuer, aud: OWN_AUDIENCE, type, ...claims }, signing.secret, {
        algorithm: 'HS256',
        header: { alg: 'HS256', typ: headerType, kid: signing.kid },
        noTimestamp,
      }),

    verify(token, now) {
      const key = byKid.get(readHeader(token)?.kid ?? '');
      const checks = { algorithm: 'HS256', issuer, audience: OWN_AUDIENCE } as const;
      const verified = key && verifyJwt(token, key.secret, checks, now);
      return verified && verified.header.typ === headerType && verified.payload.type === type
        ? verified.payload
        : null;
    },
  };
}
