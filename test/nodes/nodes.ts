import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../../server/app.ts';
import type { Database } from '../../server/database/orm.ts';
import { createTestDatabase, hasPostgres } from '../databases.ts';
import { SHORT_SESSIONS } from '../expiry/following.ts';
import { createGraphQLClient, type Collector, type GraphQLClient } from '../graphql-client.ts';
import { freePort, secrets, startServer, type Server } from '../operations/processes.ts';
import { createSeed, ACCOUNT_SESSIONS, SESSION_EXPIRY, type Seed, type SignedIn } from '../seed.ts';

/** Never somebody's own server by guessing: it is named, or these tests are left out. */
export const REDIS_URL = process.env.TEST_REDIS_URL ?? '';
/** A safety net for a busy machine, not an expectation. */
export const PATIENCE_MS = 120_000;

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
  /** Once messages come and go. */
  ready(): Promise<void>;
  /** The text of the node's metrics. */
  metrics(): Promise<string>;
}

export interface Nodes {
  readonly database: Database;
  readonly publicUrl: string;
  /** Signs in at the first node. */
  readonly seed: Seed;
  start(): Promise<Node>;
  stop(): Promise<void>;
}

/** One installation: the nodes that it starts share database, keys and public URL. */
export async function createNodes(env: Record<string, string> = {}): Promise<Nodes> {
  const testDatabase = await createTestDatabase('postgresql');
  const database = await testDatabase.open();
  const ports = [await freePort()];
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
    seed: createSeed({
      app: { database, clock, url: publicUrl } as Pick<App, 'database' | 'clock' | 'url'> as App,
      client: createGraphQLClient(publicUrl),
    }),
    async start() {
      const port = started.length === 0 ? ports[0]! : await freePort();
      const server = await startServer({ ...common, PORT: String(port) });
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
        async ready() {
          while ((await readyz()).status !== 200) await pause(20);
        },
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

/** Puts a session's idle deadline so many seconds from now, behind everybody's back. */
export const idleIn = (nodes: Nodes, sessionId: string, seconds: number) =>
  sql`update sessions set last_activity_at = now() + ${seconds}::int * interval '1 second' - idle_seconds * interval '1 second',
    idle_expires_at = now() + ${seconds}::int * interval '1 second' where id = ${sessionId}`.execute(
    nodes.database.em().getKysely(),
  );

/** A session inside its warning time, followed on a node, which is in place once the warning has come. */
export async function followWarnedOn(nodes: Nodes, node: Node, who: SignedIn): Promise<Collector> {
  await idleIn(nodes, who.sessionId, 200);
  const expiry = node.subscribe(SESSION_EXPIRY, { accessToken: who.accessToken });
  expect(await expiry.next()).toMatchObject({ kind: 'WARNING', reason: 'IDLE' });
  return expiry;
}

/** A feed on a node that is known to be in place, because it has told of a sign-in at that node. */
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

/** The next event of a kind about one session; everything else is let pass. */
export async function heardOf(feed: Collector, kind: string, sessionId: string): Promise<any> {
  for (;;) {
    const event = await feed.next();
    if (event.session.id === sessionId && event.kind === kind) return event;
  }
}

/** What `event` resolves with, and how long that took from now. */
export async function timed<T>(event: Promise<T>): Promise<{ value: T; ms: number }> {
  const started = performance.now();
  const value = await event;
  return { value, ms: performance.now() - started };
}
