import { type BrowserEnv } from '../browser/browser-env.ts';

/** 128 bits, in hexadecimal. */
export const randomId = ({ randomBytes }: Pick<BrowserEnv, 'randomBytes'>): string =>
  Array.from(randomBytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
