import { toNumericDate } from '../clock.ts';
import type { RefreshKey } from './signing-keys.ts';
import { createTypedJwts } from './typed-jwt.ts';

/** A browser and its sign-ins: the hash of each e-mail, with the time in Unix seconds. */
export interface Device {
  id: string;
  signIns: readonly { emailHash: string; at: number }[];
}

export interface DeviceTokens {
  mint(device: Device, expiresAt: Date): string;
  /** Null unless signature, type and issuer are valid and `exp` is after `now`. */
  read(token: string, now: Date): Device | null;
}

export function createDeviceTokens(options: { keys: readonly RefreshKey[]; issuer: string }): DeviceTokens {
  const jwts = createTypedJwts({ ...options, headerType: 'curfew-device+jwt', type: 'device' });

  return {
    mint({ id, signIns }, expiresAt) {
      const claims = {
        device: id,
        sign_ins: signIns.map(({ emailHash, at }) => [emailHash, at]),
        exp: toNumericDate(expiresAt),
      };
      return jwts.sign(claims, { noTimestamp: true });
    },

    read(token, now) {
      const payload = jwts.verify(token, now);
      return payload && toDevice(payload);
    },
  };
}

/** Relies on the form of the entries: only `mint` signs tokens of this type. */
function toDevice({ device, sign_ins: signIns }: Record<string, unknown>): Device | null {
  if (typeof device !== 'string' || !Array.isArray(signIns)) return null;
  const entries = signIns as [string, number][];
  return { id: device, signIns: entries.map(([emailHash, at]) => ({ emailHash, at })) };
}
