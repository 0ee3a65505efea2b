import { addSeconds } from '../clock.ts';

/**
 * How many tokens of a source are taken: thousands at once, as when a company disables everybody who has left, and then as
 * many a second as leave the account time for its own work.
 */
const MAX_TOKENS_AT_ONCE = 5_000;
const TOKENS_PER_SECOND = 50;

/**
 * How often the sources of an account may sign one owner out: then they stay signed in long enough to delete a source
 * that is hostile or broken. More often than a real incident, or a trial of every event, signs one person out.
 */
export const MAX_OWNER_ENDS = 20;
export const OWNER_ENDS_PERIOD_SECONDS = 600;

/**
 * Paces a source, as a leaky bucket that is kept as one moment: each token moves it on by its share of a second.
 * @param pacedUntil null: no token so far
 * @returns the moment after this token, or in how many seconds one may be taken
 */
export function paceSource(
  pacedUntil: Date | null,
  now: Date,
): { pacedUntil: Date } | { retryAfterSeconds: number } {
  const from = pacedUntil !== null && pacedUntil > now ? pacedUntil : now;
  const next = addSeconds(from, 1 / TOKENS_PER_SECOND);
  const last = addSeconds(now, MAX_TOKENS_AT_ONCE / TOKENS_PER_SECOND);
  return next <= last ? { pacedUntil: next } : { retryAfterSeconds: secondsBetween(last, next) };
}

/** Rounded up, so that a sender who waits that long does not come too early. */
export const secondsBetween = (from: Date, to: Date): number =>
  Math.max(1, Math.ceil((to.getTime() - from.getTime()) / 1000));
