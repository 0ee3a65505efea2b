import { addSeconds } from '../clock.ts';
import { badInput } from '../errors.ts';

const SECONDS_PER_DAY = 86_400;
/** Ten years. Owners and operators have the same bounds. */
export const MAX_EXPIRY_DAYS = 3_650;

export const isExpiryInDays = (days: number): boolean =>
  Number.isInteger(days) && days >= 1 && days <= MAX_EXPIRY_DAYS;

/** @throws BAD_USER_INPUT with `field` expiresInDays */
export function requireExpiryInDays(days: number): number {
  if (isExpiryInDays(days)) return days;
  throw badInput('expiresInDays', `expiresInDays must be between 1 and ${MAX_EXPIRY_DAYS}.`, {
    reason: 'OUT_OF_BOUNDS',
    min: 1,
    max: MAX_EXPIRY_DAYS,
  });
}

/** When a key created now expires. Null: never. */
export const expiryAfter = (days: number | null, now: Date): Date | null =>
  days === null ? null : addSeconds(now, days * SECONDS_PER_DAY);

export type ServiceKeyState = 'active' | 'expired' | 'revoked';

/** A key whose `expiresAt` equals `now` has expired. */
export function stateOfServiceKey(
  { revokedAt, expiresAt }: { revokedAt: Date | null; expiresAt: Date | null },
  now: Date,
): ServiceKeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'active';
}
