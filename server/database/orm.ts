import {
  MikroORM as PostgresORM,
  defineConfig as definePostgres,
  type EntityManager,
} from '@mikro-orm/postgresql';
import { MikroORM as PgliteORM, defineConfig as definePglite } from '@mikro-orm/pglite';
import { Migrator } from '@mikro-orm/migrations';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { migrations } from '../../migrations/index.ts';
import { Account } from '../accounts/account.entity.ts';
import { PasswordLink } from '../accounts/password-link.entity.ts';
import { User } from '../accounts/user.entity.ts';
import { AuditEvent } from '../audit/audit.entity.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { ServiceKey } from '../services/service-key.entity.ts';
import { isRetryable, isUnreachable } from './failures.ts';
import { lockFolder } from './folder-lock.ts';
import { giveBackLost } from './lost-connections.ts';
import { endingOnce } from './pool-end.ts';
import { prepareMarked } from './prepared-statements.ts';

export type { EntityManager };

export interface DatabaseOptions {
  /** PostgreSQL; null: the embedded database in `dataDir`. */
  url: string | null;
  dataDir: string;
  /** A dumped data directory that a new embedded database starts from, instead of a folder. For tests. */
  image?: Blob;
  /** How long `inTime` and a free connection are waited for; tests that crowd one process are given longer. */
  patienceMs?: { answer: number; connection: number };
}

export interface Database {
  readonly kind: 'postgresql' | 'embedded';
  readonly orm: PostgresORM;
  /** A fresh identity map: one per operation, one per event. */
  em(): EntityManager;
  /** Runs one statement, and again when PostgreSQL chose it as the victim of a conflict. */
  statement<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction and again when PostgreSQL chose it as the victim of a conflict. */
  transaction<T>(work: (em: EntityManager) => Promise<T>): Promise<T>;
  /** Fails with UNAVAILABLE when `read` has no answer in time, two seconds: nobody is let in on a guess. */
  inTime<T>(read: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const ATTEMPTS = 5;
/** A connection may take longer than an answer: a busy node that waits for a free one is slow, not out of order. */
const PATIENCE_MS = { answer: 2_000, connection: 5_000 };

export async function openDatabase(options: DatabaseOptions, logger: Logger): Promise<Database> {
  const common = {
    entities: [Account, User, PasswordLink, ServiceKey, AuditEvent],
    extensions: [Migrator],
    migrations: {
      migrationsList: migrations,
      tableName: 'curfew_migrations',
      snapshot: false,
      allOrNothing: true,
    },
    discovery: { warnWhenNoEntities: false },
    logger: (message: string) => logger.debug({ part: 'mikro-orm' }, message),
    colors: false,
  };
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const kind = options.url === null ? 'embedded' : 'postgresql';
  let pool: Pool | null = null;
  const unlock = options.url === null && !options.image ? await lockFolder(options.dataDir) : async () => {};
  try {
    const orm =
      options.url === null
        ? // Both drivers speak to PostgreSQL through the same entity manager; only the connection differs.
          ((await PgliteORM.init(
            definePglite({
              ...common,
              dbName: options.image ? 'memory://' : join(options.dataDir, 'database'),
              // As a function: the configuration is copied, and a copied Blob is none.
              driverOptions: () => (options.image ? { loadDataDir: options.image } : {}),
            }),
          )) as unknown as PostgresORM)
        : await PostgresORM.init(
            definePostgres({
              ...common,
              clientUrl: options.url,
              pool: { min: 0, max: 16, idleTimeoutMillis: 30_000 },
              driverOptions: {
                connectionTimeoutMillis: patienceMs.connection,
                application_name: 'curfew',
                keepAlive: true,
                onPoolCreated(created: Pool) {
                  prepareMarked(created);
                  giveBackLost(created);
                  pool = endingOnce(created);
                },
              },
            }),
          );
    return {
      ...operations(orm, patienceMs.answer),
      kind,
      orm,
      close: async () => (await pool?.end(), await orm.close(true), await unlock()),
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isRetryable(error)) throw error;
    }
  }
}

function operations(
  orm: PostgresORM,
  answerWithinMs: number,
): Pick<Database, 'em' | 'statement' | 'transaction' | 'inTime'> {
  const em = (): EntityManager => orm.em.fork();
  return {
    em,
    statement: (work) => retried(() => work(em())),
    transaction: (work) => retried(() => em().transactional((inner) => work(inner as EntityManager))),
    async inTime(read) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_, fail) => {
        // After a stall of this process timers run first: an answer that has arrived meanwhile is taken.
        timer = setTimeout(() => setImmediate(() => setImmediate(() => fail(unavailable()))), answerWithinMs);
      });
      try {
        return await Promise.race([read, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

export const unavailable = (cause?: unknown): AppError =>
  new AppError('UNAVAILABLE', 'The database cannot be reached. Try again.', {}, cause);

/** A connection problem becomes UNAVAILABLE; everything else stays what it is. */
export function asUnavailable(error: unknown): unknown {
  return isUnreachable(error) ? unavailable(error) : error;
}
