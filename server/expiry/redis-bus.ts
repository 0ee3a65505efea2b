import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isSessionId, isUuid } from '../database/ids.ts';
import type { Logger } from '../logger.ts';
import type { RedisConnection } from '../redis.ts';
import { createLocalBus, type SessionBus, type SessionMessage } from './session-bus.ts';

/** A bulk revocation names every session that it ended: a message stays below about 50 KB where ids are UUIDs. */
const IDS_PER_MESSAGE = 1_000;
/** Beyond what a thousand of the longest ids take; looked at before anything is parsed. */
const LONGEST_MESSAGE = 2_000_000;
/** Raised when a message changes its meaning; nodes of two versions then pass over each other's. */
const VERSION = 1;

/** What travels between nodes; `from` tells a node its own messages, which it has heard already. */
const envelope = z.object({
  v: z.literal(VERSION),
  from: z.string().refine(isUuid),
  accountId: z.string().refine(isUuid),
  kind: z.enum(['STARTED', 'ENDED', 'MANY_ENDED', 'SHORTENED', 'EXTENDED', 'ROLES']),
  // Counted before they are looked at one by one.
  sessionIds: z
    .array(z.unknown())
    .max(IDS_PER_MESSAGE)
    .pipe(z.array(z.string().refine(isSessionId))),
});

export interface RedisBus extends SessionBus {
  /** Whether messages come and go at this moment. */
  readonly isUp: boolean;
}

/**
 * The bus of several nodes: one Redis channel. Nothing depends on it but how soon a subscriber on another node hears:
 * whoever gets a message reads the rows, and every node asks for changed rows every few seconds anyway. So a message that
 * cannot be sent is dropped, and one that means nothing is passed over.
 */
export function createRedisBus(dependencies: {
  /** Sends. */
  redis: RedisConnection;
  /** Receives, and nothing else: whoever has subscribed may not send. */
  subscriber: RedisConnection;
  /** Redis does not keep channels apart by database, so installations that share one are told apart by name. */
  installation: string;
  logger: Logger;
}): RedisBus {
  const { redis, subscriber, installation, logger } = dependencies;
  const local = createLocalBus();
  const nodeId = randomUUID();
  const channel = `curfew:${installation}`;
  let isSubscribed = false;

  subscriber.client.on('ready', () => {
    subscriber.client.subscribe(channel).then(
      () => (isSubscribed = true),
      // A lost connection comes back here; anything else, such as a missing right, `isUp` goes on to show.
      (error: Error) =>
        logger.warn({ part: 'redis', problem: error.message }, 'could not subscribe to session events'),
    );
  });
  subscriber.client.on('close', () => (isSubscribed = false));
  subscriber.client.on('message', (_, text: string) => {
    const message = read(text);
    if (message && message.from !== nodeId) local.publish(message);
  });

  function send(message: SessionMessage): void {
    if (!redis.isUp) return;
    // Its loss is the connection's, which has been reported, or will be found when others ask for changed rows.
    redis.client
      .publish(channel, JSON.stringify({ v: VERSION, from: nodeId, ...message }))
      .catch(() => undefined);
  }

  return {
    get isUp() {
      return redis.isUp && subscriber.isUp && isSubscribed;
    },
    publish(message) {
      local.publish(message);
      if (message.sessionIds.length <= IDS_PER_MESSAGE) return send(message);
      for (let start = 0; start < message.sessionIds.length; start += IDS_PER_MESSAGE)
        send({ ...message, sessionIds: message.sessionIds.slice(start, start + IDS_PER_MESSAGE) });
    },
    subscribe: local.subscribe,
  };
}

function read(text: string): z.output<typeof envelope> | null {
  if (text.length > LONGEST_MESSAGE) return null;
  try {
    return envelope.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
