/**
 * Whether the user has authenticated within `maxAgeSeconds`; an age equal to it passes. By whole seconds, because the
 * `auth_time` of a token has no fractions.
 */
export const isRecent = (authenticatedAt: Date, maxAgeSeconds: number, now: number): boolean =>
  Math.floor(now / 1000) - Math.floor(authenticatedAt.getTime() / 1000) <= maxAgeSeconds;

/** @throws TypeError unless it is a whole number of seconds, from 1 on */
export function assertMaxAge(maxAuthAgeSeconds: number | undefined): void {
  if (maxAuthAgeSeconds === undefined) return;
  if (!Number.isSafeInteger(maxAuthAgeSeconds) || maxAuthAgeSeconds < 1)
    throw new TypeError('maxAuthAgeSeconds has to be a whole number of seconds, from 1 on.');
}
