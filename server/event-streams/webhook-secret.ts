import { randomBytes } from 'node:crypto';

/** Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;

export const createWebhookSecret = (): Buffer => randomBytes(SECRET_BYTES);

/** As owners and the libraries of Standard Webhooks write it. */
export const showWebhookSecret = (secret: Buffer): string => `whsec_${secret.toString('base64')}`;
