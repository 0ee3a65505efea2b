import jwt from 'jsonwebtoken';
import type { KeyObject } from 'node:crypto';
import { toNumericDate } from '../clock.ts';

type Checks = Pick<jwt.VerifyOptions, 'issuer' | 'audience' | 'ignoreExpiration'> & {
  algorithm: 'ES256' | 'HS256';
};

export interface VerifiedJwt {
  header: jwt.JwtHeader;
  payload: Record<string, unknown>;
}

/**
 * Verifies signature and claims. Null for a token that is malformed, forged or outside its time. `nbf` always counts. A
 * header with `crit` names extensions that a verifier must understand (RFC 7515, section 4.1.11); jsonwebtoken
 * understands none and ignores `crit`, so such a token is refused here.
 */
export function verifyJwt(
  token: string,
  key: KeyObject,
  { algorithm, ...checks }: Checks,
  now: Date,
): VerifiedJwt | null {
  if (!isCanonical(token)) return null;
  try {
    const { header, payload } = jwt.verify(token, key, {
      ...checks,
      algorithms: [algorithm],
      clockTimestamp: toNumericDate(now),
      complete: true,
    });
    if ('crit' in header || typeof payload !== 'object') return null;
    return { header, payload };
  } catch {
    return null;
  }
}

/**
 * The last character of a signature has unused bits (RFC 4648, section 3.5), so several texts would be one token. That
 * would defeat a list of tokens by their text.
 */
function isCanonical(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
