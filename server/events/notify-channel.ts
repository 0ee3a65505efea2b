import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Client } from 'pg';
import type { Database } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { Logger } from '../logger.ts';
import { listen, type ListeningConnection } from './listening-connection.ts';

const MAX_RETRY_DELAY_MS = 2_000;
/** How long a notification of this node to itself may take, and the interval between two of them. */
const SELF_TEST_TIMEOUT_MS = 5_000;
/** After a self-test that could not be sent. */
const SELF_TEST_RETRY_MS = 500;
const MESSAGES_PER_STATEMENT = 500;
/** More than a bulk revocation sends at once. More wait only when the database does not answer. */
const MAX_WAITING_MESSAGES = 2_000;
/** For the last messages of a node that stops. */
const FLUSH_TIMEOUT_MS = 200;

export interface NotifyChannel {
  /** Whether messages come and go now, as far as this node knows. */
  readonly isUp: boolean;
  /** Whether it was noticed and logged that they do not. Also false until the first connection is made. */
  readonly isDown: boolean;
  /** Sends with the others of this turn of the event loop. Drops the message if the channel has no connection. */
  send(message: string): void;
  close(): Promise<void>;
}

type Problem = 'lost' | 'deaf';

/**
 * A PostgreSQL notification channel over one connection that is opened again when it is lost. Messages are sent on that
 * connection too: they wait for no connection of the pool when the node is busy, and take none.
 */
export function openNotifyChannel(dependencies: {
  database: Database;
  connect: (role: string) => Promise<Client>;
  /** An SQL identifier that needs no escaping. */
  channel: string;
  onMessage: (text: string) => void;
  logger: Logger;
}): NotifyChannel {
  const { database, connect, channel, onMessage, logger } = dependencies;
  const selfTest = `self-test ${randomUUID()}`;
  const closing = new AbortController();
  let connection: ListeningConnection | null = null;
  let heard = Promise.withResolvers<void>();
  let hasHeard = false;
  let problem: Problem | null = null;
  let waiting: string[] = [];
  let sending: Promise<void> | null = null;

  function receive(text: string): void {
    if (text !== selfTest) return onMessage(text);
    hasHeard = true;
    heard.resolve();
    if (problem !== null) logger.info({ part: 'events' }, 'events from other nodes arrive at once again');
    problem = null;
  }

  /** Logs once per outage, not per attempt. */
  function report(what: Problem, details: object, message: string): void {
    if (problem !== what && !closing.signal.aborted) logger.warn({ part: 'events', ...details }, message);
    problem = what;
  }

  /**
   * Notifies itself until that arrives. Behind a pooler in transaction mode LISTEN succeeds and nothing arrives. The
   * notification goes through the pool: sent on this connection it could reach, by chance, the session that listens.
   */
  async function testHearing(tested: ListeningConnection): Promise<void> {
    const isCurrent = (): boolean => connection === tested && !hasHeard;
    while (isCurrent()) {
      const notified = rowsOf(database.em(), sql`select pg_notify(${channel}, ${selfTest})`);
      const isSent = await database.withTimeout(notified).then(
        () => true,
        () => false,
      );
      const delay = isSent ? SELF_TEST_TIMEOUT_MS : SELF_TEST_RETRY_MS;
      await Promise.race([heard.promise, tested.lost, pause(delay, null, { ref: false })]);
      if (isSent && isCurrent())
        report(
          'deaf',
          {},
          'notifications of the database do not arrive, as behind a pooler in transaction mode: events from other ' +
            'nodes take seconds; set REDIS_URL, or connect past the pooler',
        );
    }
  }

  async function listenUntilLost(): Promise<string> {
    const client = await connect('events');
    const opened = await listen(client, channel, receive);
    if (closing.signal.aborted) {
      await opened.close();
      return 'the node stops';
    }
    connection = opened;
    void testHearing(opened);
    return opened.lost;
  }

  async function run(): Promise<void> {
    for (let attempt = 1; !closing.signal.aborted; attempt = hasHeard ? 1 : attempt + 1) {
      heard = Promise.withResolvers();
      hasHeard = false;
      const why = await listenUntilLost().catch((error: Error) => error.message);
      connection = null;
      waiting = [];
      report('lost', { problem: why }, 'the connection for events between nodes is lost; trying again');
      const delay = Math.min(MAX_RETRY_DELAY_MS, attempt * 100) * (0.5 + Math.random() / 2);
      await pause(delay, null, { ref: false, signal: closing.signal }).catch(() => undefined);
    }
  }

  /** One statement at a time, so that under load each carries more messages. */
  async function sendWaiting(): Promise<void> {
    while (connection && waiting.length > 0) {
      const messages = waiting.splice(0, MESSAGES_PER_STATEMENT);
      // The connection reports its own loss, and other nodes find the change when they search for changed rows.
      await connection.notify(messages).catch(() => undefined);
    }
    sending = null;
  }

  const running = run();

  return {
    get isUp() {
      return connection !== null && hasHeard;
    },
    get isDown() {
      return problem !== null;
    },
    send(message) {
      if (connection === null || waiting.length >= MAX_WAITING_MESSAGES) return;
      waiting.push(message);
      sending ??= nextTurn().then(sendWaiting);
    },
    async close() {
      closing.abort();
      if (connection === null) return;
      await Promise.race([sending, pause(FLUSH_TIMEOUT_MS)]);
      await connection.close();
      await running;
    },
  };
}
