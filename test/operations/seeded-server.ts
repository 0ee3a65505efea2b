import { findFreePort } from '../../server/http/free-port.ts';
import type { App } from '../../server/app.ts';
import type { Database } from '../../server/database/database.ts';
import { createTestDatabase, type TestDatabase } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { createSeed, type Seed } from '../seed.ts';
import { secrets, startServer, type Server } from './processes.ts';

/** A server in a process of its own, on PostgreSQL, with a seed that writes into its database. */
export interface SeededServer {
  readonly server: Server;
  readonly database: Database;
  readonly testDatabase: TestDatabase;
  readonly seed: Seed;
  /** The settings of the server: what a command, or another node, needs too. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** Returns a seed for nodes that run as processes. Signs in at `url`. */
export const createProcessSeed = (database: Database, url: string): Seed =>
  createSeed({
    app: { database, clock: { now: () => new Date(), after: () => () => {} }, url } as unknown as App,
    client: createGraphQLClient(url),
  });

export async function startSeededServer(more: Record<string, string> = {}): Promise<SeededServer> {
  const testDatabase = await createTestDatabase('postgresql');
  const database = await testDatabase.open();
  const port = String(await findFreePort());
  const env = {
    ...secrets(),
    DATABASE_URL: testDatabase.url!,
    DATA_DIR: '/nonexistent',
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    ...more,
  };
  const server = await startServer({ ...env, PORT: port });
  return {
    server,
    database,
    testDatabase,
    seed: createProcessSeed(database, server.url),
    env,
    async stop() {
      await server.stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}
