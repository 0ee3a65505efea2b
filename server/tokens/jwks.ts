import type { AccessKey } from './signing-keys.ts';

/** The public parts of all access token keys, the signing key first (RFC 7517). */
export function toJwks(keys: readonly AccessKey[]): { keys: object[] } {
  return {
    keys: keys.map(({ kid, publicKey }) => ({
      ...publicKey.export({ format: 'jwk' }),
      kid,
      use: 'sig',
      alg: 'ES256',
    })),
  };
}
