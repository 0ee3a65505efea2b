import { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';

export interface RedisConnection {
  readonly client: Redis;
  /** Whether the connection is ready for commands, as far as this node knows. */
  readonly isUp: boolean;
  close(): void;
}

const CONNECT_TIMEOUT_MS = 2_000;
const PING_EVERY_MS = 1_000;
/** A connection that leaves a ping unanswered for this long is broken and is replaced. */
const COMMAND_TIMEOUT_MS = 2_000;
/** How long Redis may take to close its end; over a broken connection it never does. */
const QUIT_TIMEOUT_MS = 100;
const MAX_RETRY_DELAY_MS = 2_000;

/**
 * Opens a connection that reconnects by itself. While it is down, commands fail at once and none is queued. Returns
 * without waiting for Redis, so a server starts without it.
 */
export function connectRedis(options: { url: string; role: string; logger: Logger }): RedisConnection {
  const { url, role, logger } = options;
  const client = new Redis(url, {
    connectionName: `curfew-${role}`,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: QUIT_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(MAX_RETRY_DELAY_MS, attempt * 100) * (0.5 + Math.random() / 2),
  });
  let isDown = false;

  function report(problem: string): void {
    // Once per outage, not per attempt.
    if (!isDown) logger.warn({ part: 'redis', role, problem }, 'Redis cannot be reached; trying again');
    isDown = true;
  }

  client.on('ready', () => {
    if (isDown) logger.info({ part: 'redis', role }, 'Redis is back');
    isDown = false;
  });
  // Only the message: the error holds the command with its arguments, such as the password of AUTH.
  client.on('error', (error: Error) => report(error.message));

  // A network that drops packets closes no connection. Only a ping without an answer shows it.
  const pinging = setInterval(() => {
    if (client.status !== 'ready') return;
    const timeout = setTimeout(() => {
      report(`no answer within ${COMMAND_TIMEOUT_MS} ms`);
      client.disconnect(true);
    }, COMMAND_TIMEOUT_MS);
    client
      .ping()
      .catch(() => undefined)
      .finally(() => clearTimeout(timeout));
  }, PING_EVERY_MS);
  pinging.unref();

  return {
    client,
    get isUp() {
      return client.status === 'ready';
    },
    close() {
      clearInterval(pinging);
      client.disconnect();
    },
  };
}
