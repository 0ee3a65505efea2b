import { randomBytes } from 'node:crypto';
import { addSeconds, toNumericDate, type Clock } from '../clock.ts';
import { sha256Base64Url } from '../sha256.ts';
import type { DeviceTokens } from '../tokens/device-token.ts';

/** How long a browser or a network stays known after a sign-in. */
export const KNOWN_SECONDS = 30 * 24 * 60 * 60;
/** Users of a shared browser. The one who signed in least recently is dropped first. */
const MAX_SIGN_INS = 8;
const DEVICE_ID_BYTES = 16;

/** The cookie that makes a browser known. It authenticates no user. */
export interface DeviceCookie {
  read(): string | null;
  write(token: string, lifetimeSeconds: number): void;
}

/** `signedInAt`: cut to whole seconds. */
export interface KnownDevice {
  id: string;
  signedInAt: Date;
}

/** Browsers with a sign-in within 30 days. The browser keeps the token; the server stores nothing. */
export interface KnownDevices {
  /** The browser and the time of its sign-in, if this e-mail signed in there within 30 days; else null. */
  find(token: string | null, email: string): KnownDevice | null;
  /** Adds a successful sign-in to the browser's token. */
  recordSignIn(cookie: DeviceCookie, email: string): void;
}

export function createKnownDevices({ tokens, clock }: { tokens: DeviceTokens; clock: Clock }): KnownDevices {
  const read = (token: string | null) => (token === null ? null : tokens.read(token, clock.now()));

  return {
    find(token, email) {
      const device = read(token);
      const oldest = toNumericDate(addSeconds(clock.now(), -KNOWN_SECONDS));
      const emailHash = device && sha256Base64Url(email);
      const signIn = device?.signIns.find((entry) => entry.emailHash === emailHash && entry.at > oldest);
      return device && signIn ? { id: device.id, signedInAt: new Date(signIn.at * 1000) } : null;
    },

    recordSignIn(cookie, email) {
      const now = clock.now();
      const device = read(cookie.read());
      const emailHash = sha256Base64Url(email);
      const others = device?.signIns.filter((entry) => entry.emailHash !== emailHash) ?? [];
      const signIns = [{ emailHash, at: toNumericDate(now) }, ...others].slice(0, MAX_SIGN_INS);
      const id = device?.id ?? randomBytes(DEVICE_ID_BYTES).toString('base64url');
      cookie.write(tokens.mint({ id, signIns }, addSeconds(now, KNOWN_SECONDS)), KNOWN_SECONDS);
    },
  };
}
