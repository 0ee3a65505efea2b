import {
  RateLimiterMemory,
  RateLimiterRedis,
  RLWrapperTimeouts,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { createHash } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { RedisConnection } from '../redis.ts';

const WINDOW_SECONDS = 15 * 60;
/** Two waits of this are added to a sign-in while Redis hangs, until the connection is given up. */
const COUNTED_WITHIN_MS = 300;

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

/** Where all nodes count together; `prefix` tells installations on the same Redis apart. */
export interface SharedCounters {
  redis: RedisConnection;
  prefix: string;
}

interface Counter {
  readonly points: number;
  readonly limiter: RateLimiterAbstract;
}

/**
 * Counts failures within 15 minutes, kept under hashes so that no address lies about in memory dumps. Without shared
 * counters, and while they cannot be reached, each node counts for itself: nobody is kept waiting or turned away.
 */
export function createThrottle(limits: ThrottleLimits, shared: SharedCounters | null = null): Throttle {
  function create(name: string, points: number): Counter {
    const memory = new RateLimiterMemory({ keyPrefix: name, points, duration: WINDOW_SECONDS });
    if (!shared) return { points, limiter: memory };
    const redis = new RateLimiterRedis({
      storeClient: shared.redis.client,
      rejectIfRedisNotReady: true,
      keyPrefix: `${shared.prefix}:${name}`,
      points,
      duration: WINDOW_SECONDS,
    });
    // The insurance stands outside of the time limit, so that it also covers an answer that does not come.
    const limiter = new RLWrapperTimeouts({
      limiter: redis,
      insuranceLimiter: memory,
      timeoutMs: COUNTED_WITHIN_MS,
    });
    return { points, limiter };
  }
  const pair = create('pair', limits.failuresPerPair);
  const perEmail = create('email', limits.failuresPerEmail);
  const perAddress = create('address', limits.failuresPerAddress);

  function countersOf({ email, address }: Attempt): (Counter & { key: string })[] {
    const counters = [{ ...perAddress, key: digest(address ?? 'unknown') }];
    if (email !== null) {
      counters.push({ ...pair, key: pairKey(email, address) }, { ...perEmail, key: digest(email) });
    }
    return counters;
  }

  return {
    async require(attempt) {
      const states = await Promise.all(
        countersOf(attempt).map(async ({ limiter, points, key }) => ({
          points,
          state: await limiter.get(key),
        })),
      );
      const waits = states
        .filter(({ points, state }) => state !== null && state.consumedPoints >= points)
        .map(({ state }) => state!.msBeforeNext);
      if (waits.length === 0) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(Math.max(...waits) / 1000));
      throw new AppError('RATE_LIMITED', 'Too many failed attempts. Try again later.', { retryAfterSeconds });
    },

    async recordFailure(attempt) {
      await Promise.all(countersOf(attempt).map(({ limiter, key }) => limiter.penalty(key, 1)));
    },

    async recordSuccess({ email, address }) {
      if (email !== null) await pair.limiter.delete(pairKey(email, address));
    },
  };
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url');
const pairKey = (email: string, address: string | null): string => digest(`${email}\n${address ?? ''}`);
