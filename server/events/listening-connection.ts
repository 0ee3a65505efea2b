import { setTimeout as pause } from 'node:timers/promises';
import type { Client, QueryResult, QueryResultRow } from 'pg';
import { destroy, SELECT_IS_READ_ONLY } from '../database/connection-settings.ts';

const PING_EVERY_MS = 1_000;
/** A connection that leaves a ping unanswered for this long is broken. */
const ANSWER_TIMEOUT_MS = 2_000;
/** How long the database may take to close its end; over a broken connection it never does. */
const CLOSE_TIMEOUT_MS = 100;

/**
 * Commits without waiting for the disk: nothing is lost with a notification. Only for this transaction, because a pooler
 * may give the session to other statements.
 */
const NOTIFY = `select pg_notify($1, message)
  from set_config('synchronous_commit', 'off', true), unnest($2::text[]) message`;

export interface ListeningConnection {
  /** Resolves with the reason when the connection is lost. */
  readonly lost: Promise<string>;
  /** Sends the messages to every listener of the channel, this one included. */
  notify(messages: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens on a channel until the connection is lost. A network that drops packets closes no connection, so it is asked
 * every second, also whether it leads to a primary: a standby hears no notification.
 * @param channel an SQL identifier that needs no escaping
 * @throws when the database does not let it listen; the connection is then closed
 */
export async function listen(
  client: Client,
  channel: string,
  onMessage: (text: string) => void,
): Promise<ListeningConnection> {
  let problem = 'the connection was closed';
  client.on('error', (error) => (problem = error.message));
  client.on('notification', ({ payload = '' }) => onMessage(payload));
  const lost = new Promise<string>((resolve) => client.once('end', () => resolve(problem)));

  /** One statement after the other: pg deprecates a queue of them. */
  let last: Promise<unknown> = Promise.resolve();
  function query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<QueryResult<Row>> {
    const result = last.then(() => client.query<Row>(text, values));
    last = result.catch(() => undefined);
    return result;
  }

  async function withTimeout<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => destroy(client, `no answer within ${ANSWER_TIMEOUT_MS} ms`),
      ANSWER_TIMEOUT_MS,
    );
    return answer.finally(() => clearTimeout(timer));
  }

  async function ping(): Promise<void> {
    try {
      const { rows } = await withTimeout(query<{ isReadOnly: boolean }>(SELECT_IS_READ_ONLY));
      if (rows[0]!.isReadOnly) destroy(client, 'the database is read-only');
    } catch (error) {
      destroy(client, (error as Error).message);
    }
  }

  try {
    await withTimeout(query(`listen ${channel}`));
  } catch (error) {
    destroy(client, 'it cannot listen');
    throw error;
  }
  const pinging = setInterval(() => void ping(), PING_EVERY_MS);
  pinging.unref();
  void lost.then(() => clearInterval(pinging));

  return {
    lost,
    notify: async (messages) => void (await query(NOTIFY, [channel, messages])),
    async close() {
      clearInterval(pinging);
      await Promise.race([client.end(), pause(CLOSE_TIMEOUT_MS)]);
      destroy(client, 'it was closed');
    },
  };
}
