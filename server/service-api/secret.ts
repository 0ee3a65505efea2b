import { randomBytes } from 'node:crypto';
import { sha256, sha256Hex } from '../sha256.ts';

/** Returns 256 bits from the CSPRNG, in base64url. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/**
 * SHA-256 of a secret in hexadecimal. Only this hash is ever stored. A secret has 256 bits of entropy, so a plain hash
 * cannot be guessed.
 */
export const hashSecret = sha256Hex;

/** SHA-256 of a secret as stored in `token_hash`. */
export const hashSecretToBytes = sha256;
