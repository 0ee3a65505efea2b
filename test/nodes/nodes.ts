import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../server/app.ts';
import type { Database } from '../../server/database/database.ts';
import { createTestDatabase, hasPostgres, type TestDatabase } from '../databases.ts';
import { SHORT_SESSIONS } from '../expiry/session-subscriptions.ts';
import { createGraphQLClient, type Collector, type GraphQLClient } from '../graphql-client.ts';
import { findFreePort } from '../../server/http/free-port.ts';
import { secrets, startServer, type Server } from '../operations/processes.ts';
import { createSeed, ACCOUNT_SESSIONS, SESSION_EXPIRY, type Seed, type SignedIn } from '../seed.ts';
import { waitUntil } from '../wait-until.ts';

/** The tests never guess a server: it is named, or they are skipped. */
export const REDIS_URL = process.env.TEST_REDIS_URL ?? '';
/** A safety net for a busy machine, not an expectation. */
export const NODES_TIMEOUT_MS = 120_000;

/** Real processes on one PostgreSQL and one Redis. */
export function onNodes(define: () => void): void {
  const canRun = hasPostgres && REDIS_URL !== '';
  (canRun ? describe : describe.skip)(
    'on several nodes (needs PostgreSQL, and a Redis named by TEST_REDIS_URL)',
    define,
  );
}

export interface Node extends GraphQLClient {
  readonly url: string;
  readonly server: Server;
  readyz(query?: string): Promise<{ status: number; body: Record<string, string> }>;
  /** Resolves once messages come and go. */
  ready(): Promise<void>;
  /** The text of the node's metrics. */
  metrics(): Promise<string>;
}

export interface Nodes {
  readonly database: Database;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  /** Signs in at the first node. */
  readonly seed: Seed;
  /** `env` changes settings of this node: with PORT it replaces one that has ended. */
  start(env?: Record<string, string>): Promise<Node>;
  stop(): Promise<void>;
}

/** One installation: its nodes share database, keys and public URL. */
export async function createNodes(env: Record<string, string> = {}, given?: TestDatabase): Promise<Nodes> {
  const testDatabase = given ?? (await createTestDatabase('postgresql'));
  const database = await testDatabase.open();
  const ports = [await findFreePort()];
  const publicUrl = `http://127.0.0.1:${ports[0]}`;
  const common = {
    ...SHORT_SESSIONS,
    ...secrets(),
    DATABASE_URL: testDatabase.url!,
    PUBLIC_URL: publicUrl,
    REDIS_URL,
    ...env,
  };
  const started: Server[] = [];
  const clock = { now: () => new Date(), after: () => () => {} };

  return {
    database,
    publicUrl,
    databaseUrl: testDatabase.url!,
    seed: createSeed({
      app: { database, clock, url: publicUrl } as Pick<App, 'database' | 'clock' | 'url'> as App,
      client: createGraphQLClient(publicUrl),
    }),
    async start(own = {}) {
      const port = own.PORT ?? (started.length === 0 ? ports[0]! : await findFreePort());
      const server = await startServer({ ...common, ...own, PORT: String(port) });
      started.push(server);
      const url = `http://127.0.0.1:${port}`;
      const readyz: Node['readyz'] = async (query = '') => {
        const response = await fetch(`${url}/readyz${query}`);
        return { status: response.status, body: (await response.json()) as Record<string, string> };
      };
      return {
        ...createGraphQLClient(url),
        url,
        server,
        readyz,
        ready: () => waitUntil(async () => (await readyz()).status === 200),
        metrics: async () => (await fetch(`${url}/metrics`)).text(),
      };
    },
    async stop() {
      await Promise.all(started.map((server) => server.stop('SIGTERM')));
      await database.close();
      await testDatabase.drop();
    },
  };
}

/** Sets a session's idle deadline so many seconds from now, without a message. */
export const idleIn = (nodes: Nodes, sessionId: string, seconds: number) =>
  sql`update sessions set last_activity_at = now() + ${seconds}::int * interval '1 second' - idle_seconds * interval '1 second',
    idle_expires_at = now() + ${seconds}::int * interval '1 second' where id = ${sessionId}`.execute(
    nodes.database.em().getKysely(),
  );

/** Returns a session inside its warning time, followed on a node, once the warning has come. */
export async function followWarnedOn(nodes: Nodes, node: Node, who: SignedIn): Promise<Collector> {
  await idleIn(nodes, who.sessionId, 200);
  const expiry = node.subscribe(SESSION_EXPIRY, { accessToken: who.accessToken });
  expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE' });
  return expiry;
}

/** Returns a feed on a node that has reported a sign-in at that node, so it has begun. */
export async function followAccountOn(
  node: Node,
  connectionParams: Record<string, unknown>,
  signIn: () => Promise<unknown>,
): Promise<Collector> {
  const feed = node.subscribe(ACCOUNT_SESSIONS, connectionParams);
  let isHeard = false;
  const first = feed.next().then(() => (isHeard = true));
  while (!isHeard) {
    await signIn();
    await Promise.race([first, pause(300)]);
  }
  return feed;
}

/** Returns the next event of a kind about one session and skips others. */
export async function nextEventOf(feed: Collector, kind: string, sessionId: string): Promise<any> {
  for (;;) {
    const event = await feed.next();
    if (event.session.id === sessionId && event.kind === kind) return event;
  }
}

/** The result of `event`, and the time it took from now. */
export async function timed<T>(event: Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await event;
  return { value, ms: performance.now() - started };
}
