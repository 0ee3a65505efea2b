import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { RefreshKey } from '../tokens/signing-keys.ts';

/**
 * Seals secrets that have to be used again, so a hash will not do. With a key derived from REFRESH_TOKEN_SECRET, which the
 * database does not hold: a copy of the database alone signs nothing.
 */
export interface SecretBox {
  /** @param owner the id of the row; the text opens for no other */
  seal(secret: Buffer, owner: string): string;
  /** Null: sealed with a key that is gone, for another row, or damaged. */
  open(sealed: string, owner: string): Buffer | null;
  /** What everything that the first key sealed begins with. */
  readonly currentPrefix: string;
  /** Whether the first key sealed it. */
  isCurrent(sealed: string): boolean;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LABEL = 'curfew secrets of event streams';

/** @param keys the first seals, all open */
export function createSecretBox(keys: readonly RefreshKey[]): SecretBox {
  const derived = keys.map(({ kid, secret }) => ({
    kid,
    key: Buffer.from(hkdfSync('sha256', secret, '', LABEL, 32)),
  }));
  const [current] = derived;
  if (!current) throw new Error('There is no key to seal with.');
  const currentPrefix = `${current.kid}.`;

  return {
    seal(secret, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, current.key, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
      return `${currentPrefix}${sealed.toString('base64url')}`;
    },

    open(sealed, owner) {
      const [kid, text = ''] = sealed.split('.');
      const key = derived.find((each) => each.kid === kid)?.key;
      const bytes = Buffer.from(text, 'base64url');
      if (!key || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
      try {
        const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
          .setAAD(Buffer.from(owner))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      } catch {
        return null;
      }
    },

    currentPrefix,

    isCurrent: (sealed) => sealed.startsWith(currentPrefix),
  };
}
