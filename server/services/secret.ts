import { hash, randomBytes } from 'node:crypto';

/** 256 bits from the CSPRNG, in base64url. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/**
 * All that is ever stored of a secret. It has 256 bits of its own, so a plain hash cannot be guessed at. In hexadecimal,
 * which Node hands out three times as fast as the bytes.
 */
export const hashSecret = (secret: string): string => hash('sha256', secret, 'hex');

/** The same as its row holds it. */
export const hashSecretToBytes = (secret: string): Buffer => Buffer.from(hashSecret(secret), 'hex');
