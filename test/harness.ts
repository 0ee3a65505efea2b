import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../server/app.ts';
import { loadConfig, type Config } from '../server/config/config.ts';
import type { Database } from '../server/database/database.ts';
import { ensureDemo, type DemoSignIn } from '../server/demo/demo.ts';
import type { HashQueueLimits } from '../server/sign-in/hash-queue.ts';
import { createLogger, type Logger } from '../server/logger.ts';
import { createTestDatabase, USUAL_DATABASE, type DatabaseKind, type TestDatabase } from './databases.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createGraphQLClient, type GraphQLClient } from './graphql-client.ts';
import { createSeed, type PasswordCost, type Seed } from './seed.ts';

export interface StartOptions {
  /** Absent: `USUAL_DATABASE`. */
  database?: DatabaseKind;
  /** A database that another node of the test has created; it is not dropped with this node. */
  sharedDatabase?: TestDatabase;
  /** Absent: time stands still until the test moves it. 'real': the database's clock. */
  clock?: 'real' | ManualClock;
  /** Environment variables as an operator would set them. */
  env?: Record<string, string>;
  /** Lowered, so that a few sessions count as very many. */
  revocationBatchSize?: number;
  /** Lowered, so that a few sign-ins fill the queue for password checks. */
  hashQueue?: HashQueueLimits;
  /** What checking a seeded user's password costs. 'full': as in production. */
  passwordCost?: PasswordCost;
  demo?: boolean;
  /** Log of the app; silent by default. */
  logger?: Logger;
  /** Replaces the database of the app, for example with one that can hang. */
  wrapDatabase?: (database: Database) => Database;
  /** A busy test process is not a node without a database: as long as the timeouts of answers, by default. */
  staleAfterMs?: number;
}

export interface TestApp extends GraphQLClient {
  readonly url: string;
  readonly app: App;
  readonly config: Config;
  readonly clock: ManualClock;
  readonly database: Database;
  readonly testDatabase: TestDatabase;
  readonly seed: Seed;
  readonly demo: { owner: DemoSignIn; member: DemoSignIn };
  /** The folder with generated secrets; removed by `close`. */
  readonly dataDir: string;
  close(): Promise<void>;
}

// Shared by all nodes of a test, so that tokens of one are valid at another.
const SECRET = randomBytes(32).toString('base64url');

/** Starts a complete Curfew on a free port and a fresh, migrated database. */
export async function startApp(options: StartOptions = {}): Promise<TestApp> {
  const testDatabase =
    options.sharedDatabase ?? (await createTestDatabase(options.database ?? USUAL_DATABASE));
  const dataDir = await mkdtemp(join(tmpdir(), 'curfew-test-'));
  const config = loadConfig(
    {
      PORT: '0',
      DATA_DIR: dataDir,
      REFRESH_TOKEN_SECRET: SECRET,
      LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
      DEMO: options.demo ? 'true' : 'false',
      ...options.env,
    },
    { isServer: false },
  );
  const database = await testDatabase.open();
  const clock = options.clock === 'real' ? undefined : (options.clock ?? createManualClock());
  const app = await createApp(config, options.logger ?? createLogger(config.logLevel), {
    database: options.wrapDatabase?.(database) ?? database,
    clock,
    revocationBatchSize: options.revocationBatchSize,
    hashQueue: options.hashQueue,
    staleAfterMs: options.staleAfterMs ?? 60_000,
  });
  const demo = options.demo ? await ensureDemo(app, config) : [];
  await app.listen();
  const client = createGraphQLClient(app.url);
  return {
    ...client,
    url: app.url,
    app,
    config,
    get clock() {
      if (!clock) throw new Error('This app runs on the real clock.');
      return clock;
    },
    database,
    testDatabase,
    seed: createSeed({ app, client, passwordCost: options.passwordCost }),
    get demo() {
      return { owner: demo[0]!, member: demo[1]! };
    },
    dataDir,
    async close() {
      await app.close();
      await database.close();
      if (!options.sharedDatabase) await testDatabase.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
