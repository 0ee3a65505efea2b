import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Client } from 'pg';

export type { EntityManager };

export interface DatabaseOptions {
  /** Of PostgreSQL. Null: the embedded database in `dataDir`. */
  url: string | null;
  dataDir: string;
  /** Holds the tables. Null: the first of the role's `search_path` that exists. */
  schema?: string | null;
  /** Connections of the pool. */
  poolMax?: number;
  /** False: behind a pooler that keeps none. */
  preparedStatements?: boolean;
  /** The `PG*` variables, which count where `url` says nothing. */
  variables?: Readonly<Record<string, string | undefined>>;
  /** For tests: a dumped data directory that a new embedded database starts from, instead of a folder. */
  image?: Blob;
  /** For tests that overload one process: timeouts longer than those of a server. */
  timeoutsMs?: { answer: number; connection: number };
}

export interface Database {
  readonly kind: 'postgresql' | 'embedded';
  readonly orm: MikroORM;
  /** Holds the tables. */
  readonly schema: string;
  /** Lowers letters the same in every database. Null: PostgreSQL was built without ICU. */
  readonly unicodeCollation: string | null;
  /** Returns a fresh identity map: one per operation, one per event. */
  em(): EntityManager;
  /** Runs one statement. Retries it when PostgreSQL chose it as the victim of a conflict. */
  statement<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction. Retries it when PostgreSQL chose it as the victim of a conflict. An attempt that
   * reaches one of the timeouts of `timeouts.ts` is rolled back and fails with UNAVAILABLE. After an error at the
   * commit it is unknown whether the transaction was committed.
   */
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Runs a transaction that may lock rows of one account, in the account's queue (see `createAccountQueue`). */
  accountTransaction<T>(
    account: string | { id: string; timeoutMs: number },
    work: (em: EntityManager) => Promise<T>,
  ): Promise<T>;
  /** Runs one statement in the account's queue. */
  accountStatement<T>(accountId: string, work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Runs a transaction with its own timeout, which each statement gets too. The timeout of locks stays. */
  longTransaction<T>(timeoutMs: number, work: (em: EntityManager) => Promise<T>): Promise<T>;
  /**
   * Fails with UNAVAILABLE when `read` has no answer within two seconds: no caller is let in on a guess. The silent
   * connection is destroyed when its statement is past its timeout.
   */
  withTimeout<T>(read: Promise<T>): Promise<T>;
  /** Resolves when the database answers and accepts writes. @throws UNAVAILABLE */
  ready(): Promise<void>;
  /**
   * Opens a connection outside of the pool, for work that needs a session of its own (see `dedicated-connection.ts`).
   * Null: the embedded database, which has one connection.
   */
  readonly openDedicatedConnection: ((role: string) => Promise<Client>) | null;
  close(): Promise<void>;
}
