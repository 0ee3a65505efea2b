import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { createAccountQueue } from './account-queue.ts';
import { SELECT_IS_READ_ONLY } from './connection-settings.ts';
import type { Database } from './database.ts';
import {
  asUnavailable,
  isRetryable,
  ReadOnlyError,
  TransactionTimeoutError,
  unavailable,
} from './database-errors.ts';
import { rowsOf } from './rows.ts';
import { startTimeout } from './shared-timeout.ts';
import type { Timeouts } from './timeouts.ts';
import { setTransactionTimeout } from './transaction-timeout.ts';
import type { WriteHealth } from './write-health.ts';

const MAX_ATTEMPTS = 5;
/** The part of all connections that is left to reads when transactions wait for locks: 4 of 16, and at least one of two. */
const RESERVED_FOR_READS = 1 / 4;

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}

export function createTransactions(
  orm: MikroORM,
  parts: {
    kind: Database['kind'];
    timeouts: Timeouts;
    health: WriteHealth;
    /** How many connections there may be now. */
    connections: () => number;
    dropIdle: () => void;
  },
): Omit<Database, 'kind' | 'orm' | 'schema' | 'unicodeCollation' | 'openDedicatedConnection' | 'close'> {
  const { kind, timeouts, health, connections, dropIdle } = parts;
  const em = (): EntityManager => orm.em.fork();
  const queue = createAccountQueue({
    total: () => Math.max(1, connections() - Math.ceil(connections() * RESERVED_FOR_READS)),
    timeoutMs: timeouts.queueMs,
    createError: unavailable,
  });

  const recordFailure = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      health.record(error);
      throw error;
    });

  function runTransaction<T>(timeoutMs: number, work: (em: EntityManager) => Promise<T>): Promise<T> {
    const timeout = startTimeout(timeoutMs, () => new TransactionTimeoutError());
    const transaction = em().transactional((inner) => timeout.race(() => work(inner as EntityManager)));
    // The embedded database has one connection, so the wait for it counts here. On PostgreSQL the pool and the
    // connection watch end that wait, and the transaction ends when its connection is free.
    const answer = kind === 'embedded' ? timeout.race(() => transaction) : transaction;
    return answer.finally(timeout.stop);
  }

  const statement = <T>(work: (em: EntityManager) => Promise<T>): Promise<T> =>
    recordFailure(withRetries(() => work(em())));

  /** The embedded database has one connection, so no transaction waits for the lock of another. */
  const inQueue = <T>(accountId: string | null, run: () => Promise<T>): Promise<T> =>
    kind === 'embedded' ? run() : queue.run(accountId, run);

  /** `accountId` null: not bound to an account. */
  function transaction<T>(
    { accountId = null, timeoutMs }: { accountId?: string | null; timeoutMs?: number },
    work: (em: EntityManager) => Promise<T>,
  ): Promise<T> {
    const setsTimeout = timeoutMs !== undefined && kind === 'postgresql';
    const attempt = async (inner: EntityManager): Promise<T> => {
      if (setsTimeout) await setTransactionTimeout(inner, timeoutMs);
      return work(inner);
    };
    return inQueue(accountId, () =>
      recordFailure(withRetries(() => runTransaction(timeoutMs ?? timeouts.transactionMs, attempt))),
    );
  }

  async function withTimeout<T>(read: Promise<T>): Promise<T> {
    const timeout = startTimeout(timeouts.answerMs, () => unavailable());
    return recordFailure(timeout.race(() => read)).finally(timeout.stop);
  }

  return {
    em,
    statement,
    accountStatement: (accountId, work) => inQueue(accountId, () => statement(work)),
    transaction: (work) => transaction({}, work),
    accountTransaction: (account, work) =>
      transaction(
        typeof account === 'string' ? { accountId: account } : { ...account, accountId: account.id },
        work,
      ),
    longTransaction: (timeoutMs, work) => transaction({ timeoutMs }, work),
    withTimeout,
    async ready() {
      const rows = await withTimeout(rowsOf(em(), sql.raw<{ isReadOnly: boolean }>(SELECT_IS_READ_ONLY)));
      if (rows[0]!.isReadOnly) {
        dropIdle();
        throw unavailable(new ReadOnlyError());
      }
      await withTimeout(health.requireWritable(em)).catch((error: unknown) => {
        throw asUnavailable(error);
      });
    },
  };
}
