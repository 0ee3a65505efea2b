import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { RedisConnection } from '../events/redis.ts';
import type { Logger } from '../logger.ts';
import { createDatabaseFailureCounters } from './database-failure-counters.ts';
import { createLocalFailureCounters, type FailureCounters } from './failure-counters.ts';
import { createRedisFailureCounters } from './redis-failure-counters.ts';

/** In Redis where there is one, else in PostgreSQL. The embedded database has one node, which counts in its memory. */
export function openFailureCounters(dependencies: {
  database: Database;
  clock: Clock;
  logger: Logger;
  redis: RedisConnection | null;
  publicUrl: string;
}): FailureCounters {
  const { database, logger, redis, publicUrl } = dependencies;
  if (redis) return createRedisFailureCounters({ redis, prefix: `curfew:${publicUrl}`, logger });
  if (database.kind === 'embedded') return createLocalFailureCounters();
  return createDatabaseFailureCounters(dependencies);
}
