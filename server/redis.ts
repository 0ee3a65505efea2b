import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

export interface RedisConnection {
  readonly client: Redis;
  /** Whether a command that is sent now will be answered, as far as anybody can tell. */
  readonly isUp: boolean;
  close(): void;
}

const CONNECTED_WITHIN_MS = 2_000;
const PING_EVERY_MS = 1_000;
/** A connection that says nothing for so long after it was asked is taken for broken and made anew. */
const ANSWER_WITHIN_MS = 2_000;
/** How long the other end may take to close; a broken connection never does. */
const GOODBYE_MS = 100;
const LONGEST_RETRY_MS = 2_000;

/**
 * A connection that comes back by itself and never keeps anybody waiting: while it is down, commands fail at once and
 * none is kept for later. Does not wait for Redis, so that a server starts without it.
 */
export function connectRedis(options: { url: string; role: string; logger: Logger }): RedisConnection {
  const { url, role, logger } = options;
  const client = new Redis(url, {
    connectionName: `curfew-${role}`,
    connectTimeout: CONNECTED_WITHIN_MS,
    disconnectTimeout: GOODBYE_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    retryStrategy: (attempt) => Math.min(LONGEST_RETRY_MS, attempt * 100) * (0.5 + Math.random() / 2),
  });
  let isDown = false;

  function report(problem: string): void {
    // Once an outage, not once an attempt.
    if (!isDown) logger.warn({ part: 'redis', role, problem }, 'Redis cannot be reached; trying again');
    isDown = true;
  }

  client.on('ready', () => {
    if (isDown) logger.info({ part: 'redis', role }, 'Redis is back');
    isDown = false;
  });
  // Not the error itself, which carries the command with its arguments, be it AUTH.
  client.on('error', (error: Error) => report(error.message));

  // A network that swallows packets closes nothing: only a question shows that nobody answers.
  const pinging = setInterval(() => {
    if (client.status !== 'ready') return;
    const late = setTimeout(() => {
      report(`no answer within ${ANSWER_WITHIN_MS} ms`);
      client.disconnect(true);
    }, ANSWER_WITHIN_MS);
    client
      .ping()
      .catch(() => undefined)
      .finally(() => clearTimeout(late));
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
