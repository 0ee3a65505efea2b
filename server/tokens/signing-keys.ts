import {
  createHash,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

/** Of each list the first one signs and all verify, so a key is rotated by putting the new one in front. */
export interface SigningKeys {
  readonly access: readonly AccessKey[];
  readonly refresh: readonly RefreshKey[];
}

export interface KeySources {
  readonly accessKeys: readonly string[] | null;
  readonly refreshSecrets: readonly string[] | null;
}

/** Keys from the configuration, else from the data folder, where they are generated once. */
export async function loadSigningKeys(sources: KeySources, dataDir: string): Promise<SigningKeys> {
  const accessKeys = sources.accessKeys ?? [
    await readOrCreate(join(dataDir, 'access-token-key.pem'), generateAccessKey),
  ];
  const refreshSecrets = sources.refreshSecrets ?? [
    await readOrCreate(join(dataDir, 'refresh-token-secret'), () => randomBytes(32).toString('base64url')),
  ];
  return { access: accessKeys.map(toAccessKey), refresh: refreshSecrets.map(toRefreshKey) };
}

export function generateAccessKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

export function toAccessKey(pem: string): AccessKey {
  const privateKey = createPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const { crv, kty, x, y } = publicKey.export({ format: 'jwk' });
  // The members and their order are those that RFC 7638, section 3.2, requires.
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kid, privateKey, publicKey };
}

export function toRefreshKey(secret: string): RefreshKey {
  // A hash under a label of its own: the kid tells nothing that helps against the secret.
  const kid = createHash('sha256').update(`curfew refresh kid:${secret}`).digest('base64url').slice(0, 16);
  return { kid, secret: createSecretKey(secret, 'utf8') };
}

async function readOrCreate(path: string, create: () => string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
  const created = create();
  // Whole or not at all: a process that is killed in between leaves no empty key behind.
  const unfinished = `${path}.new`;
  await writeFile(unfinished, created, { mode: 0o600 });
  await rename(unfinished, path);
  return created;
}
