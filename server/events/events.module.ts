import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { countSessions } from './counted-bus.ts';
import { createNotifyBus, type NotifyBus } from './notify-bus.ts';
import { createRedisBus, type RedisBus } from './redis-bus.ts';
import { connectRedis, type RedisConnection } from './redis.ts';
import { createLocalBus, type SessionBus } from './session-bus.ts';
import { traceEvents } from './traced-bus.ts';

export interface EventsModule {
  readonly bus: SessionBus;
  /** The bus if it is that over Redis; else null. */
  readonly redisBus: RedisBus | null;
  /** The bus if it is that over PostgreSQL; else null. */
  readonly notifyBus: NotifyBus | null;
  /** For commands; the bus subscribes on a connection of its own. Null: there is no Redis. */
  readonly redis: RedisConnection | null;
  close(): Promise<void>;
}

/** Events between nodes: over Redis with its URL, else over PostgreSQL. On the embedded database they stay in the process. */
export function createEventsModule(options: {
  redisUrl: string | null;
  database: Database;
  /** Keeps installations that share a Redis or a database apart. */
  installation: string;
  logger: Logger;
  /** Null: in a command, which has no metrics. */
  metrics: Metrics | null;
  /** Null: no traces. */
  tracing: Tracing | null;
}): EventsModule {
  const { metrics, tracing } = options;
  const carrier = openCarrier(options);
  const traced = tracing ? traceEvents(carrier.bus, tracing) : carrier.bus;
  return { ...carrier, bus: metrics ? countSessions(traced, metrics) : traced };
}

interface CarrierOptions {
  redisUrl: string | null;
  database: Database;
  installation: string;
  logger: Logger;
  tracing: Tracing | null;
}

function openCarrier(options: CarrierOptions): EventsModule {
  const { redisUrl, database } = options;
  if (redisUrl !== null) return overRedis({ ...options, url: redisUrl });
  const none = { redisBus: null, notifyBus: null, redis: null };
  const connect = database.openDedicatedConnection;
  if (connect === null) return { ...none, bus: createLocalBus(), close: async () => {} };
  const { schema } = database;
  // Schemas other than the usual one, so that nodes of versions before this distinction hear each other.
  const installation = schema === 'public' ? options.installation : `${options.installation} ${schema}`;
  const notifyBus = createNotifyBus({ ...options, installation, connect });
  return { ...none, bus: notifyBus, notifyBus, close: () => notifyBus.close() };
}

function overRedis(options: CarrierOptions & { url: string }): EventsModule {
  const redis = connectRedis({ ...options, role: 'commands' });
  const subscriber = connectRedis({ ...options, role: 'subscriber' });
  const redisBus = createRedisBus({ ...options, redis, subscriber });
  return {
    bus: redisBus,
    redisBus,
    notifyBus: null,
    redis,
    async close() {
      await subscriber.close();
      await redis.close();
    },
  };
}
