import type { Logger } from '../logger.ts';
import type { RedisConnection } from './redis.ts';
import { createLocalBus, type EventCarrier } from './session-bus.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { createSessionMessages } from './session-messages.ts';
import { deliver } from './traced-bus.ts';

/** About a thousand UUIDs. */
const MAX_MESSAGE_BYTES = 50_000;

export interface RedisBus extends EventCarrier {
  /** Whether this node can send and receive messages now. */
  readonly isUp: boolean;
}

/**
 * The bus of several nodes: one Redis channel. It only makes subscribers on other nodes learn of a change sooner: a node
 * reads the rows on each message, and searches for changed rows every few seconds anyway. So a message that cannot be
 * sent is dropped, and an invalid one is ignored.
 */
export function createRedisBus(dependencies: {
  /** Sends messages. */
  redis: RedisConnection;
  /** Receives messages. A subscribed Redis connection cannot send. */
  subscriber: RedisConnection;
  /** Part of the channel's name: Redis channels ignore the database number, so installations could otherwise mix. */
  installation: string;
  logger: Logger;
  /** Null: no traces. */
  tracing: Tracing | null;
}): RedisBus {
  const { redis, subscriber, installation, logger, tracing } = dependencies;
  const local = createLocalBus();
  const messages = createSessionMessages(MAX_MESSAGE_BYTES);
  const channel = `curfew:${installation}`;
  let isSubscribed = false;

  subscriber.client.on('ready', () => {
    subscriber.client.subscribe(channel).then(
      () => (isSubscribed = true),
      // Runs again after a reconnect. Any other failure, such as a missing permission, leaves `isUp` false.
      (error: Error) =>
        logger.warn({ part: 'redis', problem: error.message }, 'could not subscribe to session events'),
    );
  });
  subscriber.client.on('close', () => (isSubscribed = false));
  subscriber.client.on('message', (_, text: string) => {
    const event = messages.read(text);
    if (event) deliver(local, event, tracing);
  });

  return {
    get isUp() {
      return redis.isUp && subscriber.isUp && isSubscribed;
    },
    publish(event) {
      local.publish(event);
      if (!redis.isUp) return;
      // The connection reports its own loss, and other nodes find the change when they search for changed rows.
      for (const message of messages.write(event, tracing?.traceparent()))
        redis.client.publish(channel, message).catch(() => undefined);
    },
    subscribe: local.subscribe,
  };
}
