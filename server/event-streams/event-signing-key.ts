import {
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { sha256Base64Url } from '../sha256.ts';

/** Signs security event tokens: RSA, for RS256. The CAEP interoperability profile asks for 2048 bits at least. */
export interface EventSigningKey {
  /** The RFC 7638 thumbprint of the public key. */
  readonly kid: string;
  readonly privateKey: KeyObject;
}

const MODULUS_BITS = 2048;

/** On another thread: it takes a good part of a second. */
export async function generateEventKey(): Promise<EventSigningKey & { publicKey: JsonWebKey }> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  const { kty, n, e } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { kid: thumbprint({ kty, n, e }), privateKey, publicKey: { kty, n, e } };
}

/** The members and their order as RFC 7638, section 3.2, requires them. */
const thumbprint = ({ kty, n, e }: JsonWebKey): string => sha256Base64Url(JSON.stringify({ e, kty, n }));

export const writePrivateKey = (key: KeyObject): Buffer => key.export({ type: 'pkcs8', format: 'der' });

export const readPrivateKey = (der: Buffer): KeyObject =>
  createPrivateKey({ key: der, type: 'pkcs8', format: 'der' });

/** As it is published (RFC 7517). */
export const toPublishedKey = ({ kid, publicKey }: { kid: string; publicKey: JsonWebKey }): object => ({
  kty: publicKey.kty,
  n: publicKey.n,
  e: publicKey.e,
  kid,
  use: 'sig',
  alg: 'RS256',
});
