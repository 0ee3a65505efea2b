import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { readOrGenerate } from '../generated-file.ts';
import { sha256Base64Url } from '../sha256.ts';

/** An access token key: P-256, for ES256. `kid` is the RFC 7638 thumbprint of the public key. */
export interface AccessKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A refresh token key: the UTF-8 bytes of a secret, for HS256. */
export interface RefreshKey {
  readonly kid: string;
  readonly secret: KeyObject;
}

/** The first key of each list signs and all verify, so a key is rotated by adding the new one in front. */
export interface SigningKeys {
  readonly access: readonly AccessKey[];
  readonly refresh: readonly RefreshKey[];
}

export interface KeySources {
  readonly accessKeys: readonly string[] | null;
  readonly refreshSecrets: readonly string[] | null;
}

/** Loads the keys from the configuration, else from the data folder, where they are generated once. */
export async function loadSigningKeys(sources: KeySources, dataDir: string): Promise<SigningKeys> {
  const { accessKeys, refreshSecrets } = sources;
  return {
    access: accessKeys?.map(toAccessKey) ?? [
      await readOrGenerate(join(dataDir, 'access-token-key.pem'), generateAccessKey, readAccessKey),
    ],
    refresh: refreshSecrets?.map(toRefreshKey) ?? [
      await readOrGenerate(join(dataDir, 'refresh-token-secret'), generateRefreshSecret, readRefreshKey),
    ],
  };
}

/** Null: the file holds no such key. */
function readAccessKey(pem: string): AccessKey | null {
  try {
    const key = toAccessKey(pem);
    return key.privateKey.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

const generateRefreshSecret = (): string => randomBytes(32).toString('base64url');

/** Null: the file is empty or cut off. A short secret can be guessed. */
const readRefreshKey = (text: string): RefreshKey | null =>
  Buffer.byteLength(text) >= 32 && !text.includes('\0') ? toRefreshKey(text) : null;

export function generateAccessKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function toAccessKey(pem: string): AccessKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  // The members and their order as RFC 7638, section 3.2, requires them.
  const kid = sha256Base64Url(JSON.stringify({ crv, kty, x, y }));
  return { kid, privateKey, publicKey };
}

export function toRefreshKey(secret: string): RefreshKey {
  // Hashed with a label, so that the kid reveals nothing about the secret.
  const kid = sha256Base64Url(`curfew refresh kid:${secret}`).slice(0, 16);
  return { kid, secret: createSecretKey(secret, 'utf8') };
}
