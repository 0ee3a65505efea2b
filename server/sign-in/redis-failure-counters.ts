import { RateLimiterRedis, RLWrapperTimeouts, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Logger } from '../logger.ts';
import type { RedisConnection } from '../events/redis.ts';
import { groupPrefix, toFailureCount, WINDOW_SECONDS, type FailureCounters } from './failure-counters.ts';
import { startRedisWriteProbe } from './redis-write-probe.ts';
import { createSharedFailureCounter } from './shared-failure-counter.ts';

const REDIS_TIMEOUT_MS = 300;

/**
 * Counters that all nodes share in Redis. It is trusted only while it takes writes: a read-only replica, or a full one,
 * would report no failures for every key.
 * @param prefix keeps the keys of installations on one Redis apart
 */
export function createRedisFailureCounters({
  redis,
  prefix,
  logger,
}: {
  redis: RedisConnection;
  prefix: string;
  logger: Logger;
}): FailureCounters {
  const createRedisLimiter = (
    name: string,
    limit: number,
    windowSeconds = WINDOW_SECONDS,
  ): RateLimiterAbstract =>
    new RLWrapperTimeouts({
      limiter: new RateLimiterRedis({
        storeClient: redis.client,
        rejectIfRedisNotReady: true,
        keyPrefix: `${prefix}:${name}`,
        points: limit,
        duration: windowSeconds,
      }),
      timeoutMs: REDIS_TIMEOUT_MS,
    });

  const probed = createRedisLimiter('probe', 1);
  const probe = startRedisWriteProbe({
    redis,
    logger,
    // The script that counts, so that a missing right to run it is detected, too.
    write: () => probed.penalty('probe', 1),
    windowMs: WINDOW_SECONDS * 1000,
  });

  return {
    get isShared() {
      return probe.takesWrites;
    },
    create(name, limit, windowSeconds) {
      const limiter = createRedisLimiter(name, limit, windowSeconds);
      const shared = {
        async read(key: string) {
          const found = await limiter.get(key);
          if (found && !Number.isFinite(found.consumedPoints)) throw new Error('Redis answers no count');
          return toFailureCount(found);
        },
        add: (key: string) => limiter.penalty(key, 1),
        clear: (key: string) => limiter.delete(key),
        clearGroup: (group: string) =>
          deleteKeysFrom(redis.client, `${prefix}:${name}:${groupPrefix(group)}`),
      };
      return createSharedFailureCounter({ name, limit, windowSeconds }, { shared, store: probe });
    },
    stop: () => probe.stop(),
  };
}

/** Keys that one step of a scan looks at, so that no step holds up other clients of Redis. */
const SCAN_STEP = 1_000;
const GLOB_CHARACTERS = /[*?[\]\\^-]/g;

/** Deletes every key that begins so. */
async function deleteKeysFrom(client: RedisConnection['client'], start: string): Promise<void> {
  const pattern = `${start.replace(GLOB_CHARACTERS, '\\$&')}*`;
  let cursor = '0';
  do {
    const [next, keys] = await client.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_STEP);
    if (keys.length > 0) await client.unlink(...keys);
    cursor = next;
  } while (cursor !== '0');
}
