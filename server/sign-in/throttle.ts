import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';

const WINDOW_SECONDS = 15 * 60;

export interface ThrottleLimits {
  readonly failuresPerPair: number;
  readonly failuresPerEmail: number;
  readonly failuresPerAddress: number;
}

/** Who is trying: an e-mail address (null where the attempt names none) from a network address. */
export interface Attempt {
  email: string | null;
  address: string | null;
}

export interface Throttle {
  /** @throws RATE_LIMITED with `retryAfterSeconds` when one of the three limits is used up */
  require(attempt: Attempt): Promise<void>;
  recordFailure(attempt: Attempt): Promise<void>;
  /** Clears the pair only: one good sign-in must not wipe what others did to the address or the e-mail. */
  recordSuccess(attempt: Attempt): Promise<void>;
}

/** Counts failures within 15 minutes, kept under hashes so that no address lies about in memory dumps. */
export function createThrottle(limits: ThrottleLimits): Throttle {
  const create = (keyPrefix: string, points: number): RateLimiterAbstract =>
    new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_SECONDS });
  const pair = create('pair', limits.failuresPerPair);
  const perEmail = create('email', limits.failuresPerEmail);
  const perAddress = create('address', limits.failuresPerAddress);

  function countersOf({ email, address }: Attempt): { limiter: RateLimiterAbstract; key: string }[] {
    const counters = [{ limiter: perAddress, key: address ?? 'unknown' }];
    if (email !== null) {
      counters.push(
        { limiter: pair, key: pairKey(email, address) },
        { limiter: perEmail, key: digest(email) },
      );
    }
    return counters;
  }

  return {
    async require(attempt) {
      const states = await Promise.all(
        countersOf(attempt).map(async ({ limiter, key }) => ({ limiter, state: await limiter.get(key) })),
      );
      const waits = states
        .filter(({ limiter, state }) => state !== null && state.consumedPoints >= limiter.points)
        .map(({ state }) => state!.msBeforeNext);
      if (waits.length === 0) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(Math.max(...waits) / 1000));
      throw new AppError('RATE_LIMITED', 'Too many failed attempts. Try again later.', { retryAfterSeconds });
    },

    async recordFailure(attempt) {
      await Promise.all(countersOf(attempt).map(({ limiter, key }) => limiter.penalty(key, 1)));
    },

    async recordSuccess({ email, address }) {
      if (email !== null) await pair.delete(pairKey(email, address));
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
const pairKey = (email: string, address: string | null): string => digest(`${email}\n${address ?? ''}`);
