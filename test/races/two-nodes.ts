import { sql } from 'kysely';
import { findFreePort } from '../../server/http/free-port.ts';
import { createTestDatabase } from '../databases.ts';
import { createGraphQLClient } from '../graphql-client.ts';
import { startApp, type StartOptions, type TestApp } from '../harness.ts';
import { secrets } from '../operations/processes.ts';
import { holdLock } from '../row-locks.ts';
import { waitUntil } from '../wait-until.ts';
import { query } from './race-app.ts';

/** For a node that sweeps once this much time has passed. */
export const SWEEP_MS = 15_000;
export const SWEEPING = { SESSION_SWEEP_SECONDS: String(SWEEP_MS / 1000) };

interface TwoNodesOptions extends Pick<StartOptions, 'revocationBatchSize' | 'hashQueue' | 'env'> {
  /** Of the second node alone. */
  otherEnv?: Record<string, string>;
}

export interface TwoNodes {
  app: TestApp;
  other: TestApp;
  databaseUrl: string;
  close(): Promise<void>;
}

/** Two nodes that hear nothing of each other but what is in the database. Neither sweeps, unless its `env` says so. */
export async function startTwoNodes({ env, otherEnv, ...options }: TwoNodesOptions): Promise<TwoNodes> {
  const testDatabase = await createTestDatabase('postgresql');
  const shared = { ...options, sharedDatabase: testDatabase };
  const common = {
    ...secrets(),
    ACCESS_TOKEN_TTL_SECONDS: '10000000',
    SESSION_SWEEP_SECONDS: '86400',
    ...env,
  };
  const app = await startApp({ ...shared, env: common });
  const port = await findFreePort();
  const node = await startApp({
    ...shared,
    clock: app.clock,
    // Tokens of the first node are valid at this one, which listens elsewhere.
    env: { ...common, ...otherEnv, PUBLIC_URL: app.url, PORT: String(port) },
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    app,
    other: Object.assign(node, createGraphQLClient(url), { url }),
    databaseUrl: testDatabase.url!,
    async close() {
      await node.close();
      await app.close();
      await testDatabase.drop();
    },
  };
}

/** Policies of an account that are not written into all its sessions yet. */
export const countPendingPolicies = async (
  app: Pick<TestApp, 'database'>,
  accountId: string,
): Promise<number> =>
  (await query(app, sql`select from policy_applications where account_id = ${accountId}`)).length;

/** Runs `play` while no node may write the policy that was just applied: all skip the locked application. */
export async function whileUnwritten<T>(
  { app, databaseUrl }: TwoNodes,
  accountId: string,
  play: () => Promise<T>,
): Promise<T> {
  const lock = await holdLock(
    databaseUrl,
    'select from policy_applications where account_id = $1 for update',
    [accountId],
  );
  const result = await play().finally(() => lock.release());
  app.clock.advance(SWEEP_MS);
  await waitUntil(async () => (await countPendingPolicies(app, accountId)) === 0);
  return result;
}
