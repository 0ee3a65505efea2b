import type { Client } from 'pg';
import type { Database } from '../database/database.ts';
import type { Logger } from '../logger.ts';
import { sha256Hex } from '../sha256.ts';
import { openNotifyChannel } from './notify-channel.ts';
import { createLocalBus, type EventCarrier } from './session-bus.ts';
import type { Tracing } from '../tracing/tracing.ts';
import { createSessionMessages } from './session-messages.ts';
import { deliver } from './traced-bus.ts';

/** PostgreSQL refuses a payload of 8,000 bytes. */
const MAX_PAYLOAD_BYTES = 7_999;

export interface NotifyBus extends EventCarrier {
  /** Whether this node can send and receive messages now. */
  readonly isUp: boolean;
  /** Whether it was noticed and logged that it cannot. */
  readonly isDown: boolean;
  close(): Promise<void>;
}

/**
 * The bus of several nodes that share nothing but PostgreSQL: LISTEN and NOTIFY. Like that over Redis it only makes
 * subscribers on other nodes learn of a change sooner, so a message that cannot be sent is dropped.
 */
export function createNotifyBus(dependencies: {
  database: Database;
  /** Opens a connection outside of the pool. */
  connect: (role: string) => Promise<Client>;
  /** Part of the channel's name. A database may serve several installations, each in its own schema. */
  installation: string;
  logger: Logger;
  /** Null: no traces. */
  tracing: Tracing | null;
}): NotifyBus {
  const { tracing } = dependencies;
  const local = createLocalBus();
  const messages = createSessionMessages(MAX_PAYLOAD_BYTES);
  const channel = openNotifyChannel({
    ...dependencies,
    channel: notifyChannelOf(dependencies.installation),
    onMessage(text) {
      const event = messages.read(text);
      if (event) deliver(local, event, tracing);
    },
  });

  return {
    get isUp() {
      return channel.isUp;
    },
    get isDown() {
      return channel.isDown;
    },
    publish(event) {
      local.publish(event);
      for (const message of messages.write(event, tracing?.traceparent())) channel.send(message);
    },
    subscribe: local.subscribe,
    close: () => channel.close(),
  };
}

/** Hashed: an identifier has at most 63 bytes, and a URL may be longer. */
export const notifyChannelOf = (installation: string): string =>
  `curfew_${sha256Hex(installation).slice(0, 32)}`;
