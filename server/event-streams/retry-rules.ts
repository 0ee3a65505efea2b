import { addSeconds } from '../clock.ts';

/** Of the second attempt. Every later one waits twice as long as the one before it. */
const FIRST_DELAY_SECONDS = 2;
/** A receiver that comes back after a night hears of it within the hour. */
const MAX_DELAY_SECONDS = 3_600;
/** Of a receiver that gives no answer: the one attempt that finds out whether it is back. */
const MAX_PROBE_DELAY_SECONDS = 60;
/** Refusals one after the other after which a receiver that answers counts as one that cannot take anything now. */
const MAX_REFUSALS = 10;
/** From the first attempt to the last one. */
export const GIVE_UP_SECONDS = 86_400;
/** Delays vary by this part to either side, so that many deliveries do not come back together. */
const JITTER = 0.2;

const doubled = (attempts: number, maxSeconds: number): number =>
  Math.min(maxSeconds, FIRST_DELAY_SECONDS * 2 ** Math.min(attempts - 1, 30));

/** @param random from 0 to 1 */
const varied = (seconds: number, random: number): number => seconds * (1 - JITTER + 2 * JITTER * random);

/**
 * When a delivery that has failed is tried again. Null: never, because its first attempt was 24 hours ago or earlier. The
 * last attempt is made at the end of these 24 hours.
 * @param isControl whether all others of the stream wait for it: then it also finds out whether the receiver is back
 */
export function nextAttempt(
  { attempts, firstAttemptAt, isControl }: { attempts: number; firstAttemptAt: Date; isControl: boolean },
  now: Date,
  random: number,
): Date | null {
  const end = addSeconds(firstAttemptAt, GIVE_UP_SECONDS);
  if (now >= end) return null;
  const maxSeconds = isControl ? MAX_PROBE_DELAY_SECONDS : MAX_DELAY_SECONDS;
  const next = addSeconds(now, varied(doubled(attempts, maxSeconds), random));
  return next < end ? next : end;
}

/**
 * When a receiver that cannot be reached is tried again, with one delivery: all that wait for it would only wait for the
 * same timeout. Null: it has refused this one, and may take another. @param failures since its last delivery, this one
 * included
 */
export function nextProbe(
  { failures, isUnreachable }: { failures: number; isUnreachable: boolean },
  now: Date,
  random: number,
): Date | null {
  const counted = isUnreachable ? failures : failures - MAX_REFUSALS + 1;
  if (counted < 1) return null;
  return addSeconds(now, varied(doubled(counted, MAX_PROBE_DELAY_SECONDS), random));
}
