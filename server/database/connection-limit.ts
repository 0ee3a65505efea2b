import { setTimeout as pause } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { isOutOfConnections, NoConnectionError } from './database-errors.ts';

/** A smaller limit of the server is tried again after this time. */
const REMEMBER_MS = 10_000;
/** Between two attempts while the pool has no connection at all. */
const RETRY_MS = 50;

export interface ConnectionLimit {
  /** Connections that the pool may have now. */
  readonly current: number;
  /** Leaves a connection to work outside of the pool, for a while. */
  leaveOne(): void;
}

/**
 * Lets the pool work with the connections that it gets. The role, the database or the server may allow fewer than its
 * maximum: then requests wait for one of those it has. Turns every other failure to connect into a `NoConnectionError`.
 * A database that rejects a connection for its role, limits or settings may accept one later, and the request is never
 * the cause.
 */
export function limitConnections(
  pool: Pool,
  options: { timeoutMs: number; onShrink: () => void },
): ConnectionLimit {
  const wanted = pool.options.max;
  const connect = pool.connect.bind(pool);
  let timer: NodeJS.Timeout | undefined;

  function shrinkTo(connections: number): void {
    pool.options.max = Math.max(1, Math.min(wanted, connections));
    clearTimeout(timer);
    timer = setTimeout(() => (pool.options.max = wanted), REMEMBER_MS).unref();
  }

  async function connectWithinLimit(): Promise<PoolClient> {
    const deadline = performance.now() + options.timeoutMs;
    for (;;) {
      try {
        return await connect();
      } catch (error) {
        if (!isOutOfConnections(error) || performance.now() >= deadline) throw new NoConnectionError(error);
        if (pool.totalCount > 0) shrinkTo(pool.totalCount);
        else await pause(RETRY_MS);
      }
    }
  }

  const limited = (callback?: Parameters<typeof connect>[0]): void | Promise<PoolClient> =>
    callback ? connect(callback) : connectWithinLimit();
  pool.connect = limited as typeof pool.connect;

  return {
    get current() {
      return pool.options.max;
    },
    leaveOne() {
      shrinkTo(pool.totalCount - 1);
      options.onShrink();
    },
  };
}
