import { findFreePort } from '../../server/http/free-port.ts';
import type { Pool } from 'pg';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTestDatabase, type DatabaseKind } from '../databases.ts';
import { createGraphQLClient, type GraphQLClient } from '../graphql-client.ts';
import { startApp, type TestApp } from '../harness.ts';
import { createManualClock, type ManualClock } from '../manual-clock.ts';
import { secrets } from '../operations/processes.ts';
import { LIMITS } from '../refresh/session-rows.ts';
import { createSeed, type Seed } from '../seed.ts';

export const ACCESS_TTL_SECONDS = 1_200;

/** One node, by its own address. */
export interface Node extends GraphQLClient, Pick<TestApp, 'database' | 'close'> {
  readonly url: string;
  readonly seed: Seed;
}

/**
 * Nodes in this process that share a database, keys, a public URL and a clock that stands still until it is moved.
 */
export interface Installation {
  readonly clock: ManualClock;
  readonly canRestart: boolean;
  node(index: number): Node;
  readonly size: number;
  /** Closes a node and starts another one in its place, at another port. */
  restart(index: number): Promise<void>;
  /** Resolves once no node has a running or imminent statement. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** Checks several times in a row: between two statements of one task a node holds no connection. */
const QUIET_TURNS = 5;

export async function createInstallation(kind: DatabaseKind, size: number): Promise<Installation> {
  const testDatabase = await createTestDatabase(kind);
  const clock = createManualClock();
  const publicPort = await findFreePort();
  const env = {
    // The model knows nothing of when an owner authenticated.
    SENSITIVE_ACTION_MAX_AGE_SECONDS: '0',
    ...LIMITS,
    ...secrets(),
    PUBLIC_URL: `http://127.0.0.1:${publicPort}`,
    ACCESS_TOKEN_TTL_SECONDS: String(ACCESS_TTL_SECONDS),
  };

  async function start(index: number): Promise<Node> {
    const port = index === 0 && nodes.length === 0 ? publicPort : await findFreePort();
    const { app, database, close } = await startApp({
      sharedDatabase: testDatabase,
      clock,
      env: { ...env, PORT: String(port) },
      // The second node treats two sessions or more as a large revocation.
      ...(index === 1 ? { revocationBatchSize: 1 } : {}),
    });
    const url = `http://127.0.0.1:${port}`;
    const client = createGraphQLClient(url);
    return { ...client, url, database, close, seed: createSeed({ app, client }) };
  }

  const nodes: Node[] = [];
  for (let index = 0; index < size; index += 1) nodes.push(await start(index));

  const isBusy = async ({ database: { orm, kind } }: Node): Promise<boolean> => {
    if (kind === 'embedded') return false;
    const { totalCount, idleCount, waitingCount } = (await orm.em
      .getConnection()
      .getNativeClient()) as unknown as Pool;
    return totalCount > idleCount || waitingCount > 0;
  };

  return {
    clock,
    size,
    // The embedded database lives in the memory of its node.
    canRestart: kind === 'postgresql',
    node: (index) => nodes[index % size]!,
    async restart(index) {
      await nodes[index]!.close();
      nodes[index] = await start(index);
    },
    async quiet() {
      for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns += 1) {
        await nextTurn();
        for (const node of nodes) {
          // Its one connection answers in order.
          if (kind === 'embedded') await node.database.em().execute('select 1');
          else if (await isBusy(node)) quietTurns = -1;
        }
      }
    },
    async close() {
      for (const node of nodes) await node.close();
      await testDatabase.drop();
    },
  };
}
