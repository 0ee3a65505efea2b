import { hash, randomBytes } from 'node:crypto';

/** 256 bits from the CSPRNG, in base64url. */
export const createSecret = (): string => randomBytes(32).toString('base64url');

/** All that is ever stored of a secret. It has 256 bits of its own, so a plain hash cannot be guessed at. */
export const hashSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer');
