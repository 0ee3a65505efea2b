import { setTimeout as pause } from 'node:timers/promises';
import { createEventsModule } from '../events/events.module.ts';
import type { RedisConnection } from '../events/redis.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { CommandContext } from './command.ts';

/** Without a bus the nodes find a change themselves, every two seconds, so no command waits for it any longer. */
const CONNECT_TIMEOUT_MS = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * Runs a change with the bus on which nodes hear of it at once: as with a change by a node, over Redis or the database's
 * notifications. Needs the `PUBLIC_URL` and `REDIS_URL` of the nodes; with others the nodes hear a little later.
 */
export async function withSessionBus<T>(
  { database, config, publicUrl, logger }: CommandContext,
  change: (bus: SessionBus, redis: RedisConnection | null) => Promise<T>,
): Promise<T> {
  const events = createEventsModule({
    database,
    redisUrl: config.redisUrl,
    installation: publicUrl,
    logger,
    metrics: null,
    tracing: null,
  });
  const { bus, redis, redisBus, notifyBus } = events;
  try {
    const isUp = (): boolean => (redisBus ?? notifyBus)?.isUp ?? true;
    const giveUpAt = performance.now() + CONNECT_TIMEOUT_MS;
    while (!isUp() && performance.now() < giveUpAt) await pause(LOOK_EVERY_MS);
    const result = await change(bus, redis);
    // Redis answers in order: what was published before has arrived then.
    if (redis?.isUp) await redis.client.ping().catch(() => undefined);
    return result;
  } finally {
    await events.close();
  }
}
