import type { EventEmitter } from 'node:events';
import type { Pool, PoolClient } from 'pg';
import { destroy } from './connection-settings.ts';
import { isWriteFailure } from './database-errors.ts';
import type { Timeouts } from './timeouts.ts';
import { readTransactionTimeout } from './transaction-timeout.ts';

const CHECK_INTERVAL_MS = 250;

/** SQLSTATE `read_only_sql_transaction`. */
const READ_ONLY = '25006';

export interface ConnectionWatch {
  /** Destroys the idle connections. The next request opens a new one. */
  dropIdle(): void;
  /** Destroys every connection, including those in use. */
  dropAll(): void;
  stop(): void;
}

interface Watched {
  /** When it was taken from the pool. Null: it is idle. */
  acquiredAt: number | null;
  /** When the statement in flight was sent. Null: there is none. */
  busySince: number | null;
  lastAnswerAt: number;
  /** The timeout that its transaction set for itself. */
  transactionTimeoutMs: number | null;
}

/**
 * Destroys connections that can no longer be trusted: those that stay silent longer than their statement or transaction
 * may take, even when the request was answered long ago, and those to a read-only database. Idle connections that have
 * been silent as long are destroyed with them.
 */
export function watchConnections(
  pool: Pool,
  timeouts: Timeouts,
  onWriteFailure: () => void,
): ConnectionWatch {
  const watched = new Map<PoolClient, Watched>();

  pool.on('connect', (client) => {
    const state: Watched = {
      acquiredAt: performance.now(),
      busySince: null,
      lastAnswerAt: performance.now(),
      transactionTimeoutMs: null,
    };
    watched.set(client, state);

    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    const timed = (text: unknown, ...rest: unknown[]): unknown => {
      state.busySince ??= performance.now();
      state.transactionTimeoutMs = readTransactionTimeout(text) ?? state.transactionTimeoutMs;
      return query(text, ...rest);
    };
    client.query = timed as typeof client.query;

    const { connection } = client as unknown as { connection: EventEmitter };
    connection.on('readyForQuery', () => {
      state.lastAnswerAt = performance.now();
      // By now the client has sent its next queued statement, if there is one.
      const isIdle = (client as unknown as { readyForQuery: boolean }).readyForQuery;
      state.busySince = isIdle ? null : state.lastAnswerAt;
    });
    connection.on('errorMessage', (error: { code?: string }) => {
      if (!isWriteFailure(error)) return;
      onWriteFailure();
      if (error.code !== READ_ONLY) return;
      // Deferred: the error has not reached the caller of the statement yet.
      setImmediate(() => {
        destroy(client, 'The database is read-only.');
        dropIdle();
      });
    });
    client.once('end', () => watched.delete(client));
  });
  pool.on('acquire', (client) => {
    const state = watched.get(client);
    if (state) state.acquiredAt = performance.now();
  });
  pool.on('release', (_, client) => {
    const state = watched.get(client);
    if (state) Object.assign(state, { acquiredAt: null, transactionTimeoutMs: null });
  });

  /** Keeps connections that have answered since `answeredSince`. */
  function dropIdle(answeredSince = Infinity): void {
    for (const [client, { acquiredAt, lastAnswerAt }] of watched)
      if (acquiredAt === null && lastAnswerAt < answeredSince)
        destroy(client, 'The connection is out of date.');
  }

  function isOverdue({ busySince, acquiredAt, transactionTimeoutMs }: Watched, now: number): boolean {
    const isPast = (since: number | null, timeoutMs: number): boolean =>
      since !== null && now - since > (transactionTimeoutMs ?? timeoutMs) + timeouts.silenceMs;
    return isPast(busySince, timeouts.statementMs) || isPast(acquiredAt, timeouts.transactionMs);
  }

  function check(): void {
    for (const [client, state] of watched) {
      const now = performance.now();
      if (!isOverdue(state, now)) continue;
      // After a stall of this process timers run before I/O. An answer that arrived in time still counts.
      setImmediate(() =>
        setImmediate(() => {
          if (!isOverdue(state, now)) return;
          destroy(client, 'The database did not answer in time.');
          if (state.busySince !== null) dropIdle(state.busySince);
        }),
      );
    }
  }

  function dropAll(): void {
    for (const client of watched.keys()) destroy(client, 'The database is being closed.');
  }

  const timer = setInterval(check, CHECK_INTERVAL_MS).unref();
  return { dropIdle: () => dropIdle(), dropAll, stop: () => clearInterval(timer) };
}
