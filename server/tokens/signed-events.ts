import jwt from 'jsonwebtoken';
import type { KeyObject } from 'node:crypto';
import type { AccessKey } from './signing-keys.ts';

const SIGNERS = {
  /** RFC 8417, section 2.2. RS256, as the CAEP interoperability profile asks for. */
  securityEvent: { alg: 'RS256', typ: 'secevent+jwt' },
  /** OpenID Connect Back-Channel Logout 1.0, section 2.4. */
  logout: { alg: 'ES256', typ: 'logout+jwt' },
} as const;

type Claims = Readonly<Record<string, unknown>>;

function sign(
  kind: keyof typeof SIGNERS,
  claims: Claims,
  key: { kid: string; privateKey: KeyObject },
): string {
  const { alg, typ } = SIGNERS[kind];
  return jwt.sign(claims, key.privateKey, { algorithm: alg, header: { alg, typ, kid: key.kid } });
}

/** @param key RSA. @param claims all, `iat` too */
export const signSecurityEventToken = (
  claims: Claims,
  key: { readonly kid: string; readonly privateKey: KeyObject },
): string => sign('securityEvent', claims, key);

/** Signs with the key of access tokens, which the `typ` keeps apart. @param claims all, `iat` and `exp` too */
export const signLogoutToken = (claims: Claims, key: AccessKey): string => sign('logout', claims, key);
