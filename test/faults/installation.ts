import { sql } from 'kysely';
import { hasRedisServer, startRedis, type RedisServer } from '../nodes/redis-server.ts';
import { createNodes, type Node, type Nodes } from '../nodes/nodes.ts';
import { startTcpProxy, type TcpProxy } from '../operations/tcp-proxy.ts';
import type { SeededAccount } from '../seed.ts';
import type { OwnPostgres } from './own-postgres.ts';
import { startMessageFilter, type MessageFilter } from './redis-messages.ts';
import type { Someone } from './round.ts';

/** One node with the networks around it. After a fault another process may run in its place. */
export interface Place {
  node: Node;
  /** Between clients and the node, the node and the database, the node and Redis. */
  readonly front: TcpProxy;
  readonly database: TcpProxy;
  readonly redis: TcpProxy | null;
  /** Starts a process in place of one that ended. */
  startAgain(): Promise<void>;
}

/** Two nodes on their own PostgreSQL and Redis, with a network that can fail everywhere. */
export interface Installation {
  readonly postgres: OwnPostgres;
  readonly redis: { server: RedisServer; messages: MessageFilter } | null;
  readonly places: readonly Place[];
  readonly nodes: Nodes;
  readonly accounts: readonly SeededAccount[];
  /** Number of rotations of each session. */
  generations(ids: readonly string[]): Promise<Map<string, number>>;
  stop(): Promise<void>;
}

const PLACES = 2;
const ACCOUNTS = 2;

const proxyTo = (url: URL): Promise<TcpProxy> =>
  startTcpProxy({ host: url.hostname, port: Number(url.port) });

const through = (proxy: { port: number }, url: URL): string =>
  Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(proxy.port) }).href;

export async function startInstallation(postgres: OwnPostgres): Promise<Installation> {
  const closers: (() => unknown)[] = [];
  const databaseUrl = new URL(postgres.testDatabase.url!);
  const server = hasRedisServer ? await startRedis() : null;
  const redis = server && {
    server,
    messages: await startMessageFilter({ host: '127.0.0.1', port: Number(new URL(server.url).port) }),
  };
  const redisUrl = redis && new URL(`redis://127.0.0.1:${redis.messages.port}`);
  const nodes = await createNodes(
    // Without a grace only the requestId recovers a lost answer.
    { REDIS_URL: '', REFRESH_REUSE_GRACE_SECONDS: '0' },
    postgres.testDatabase,
  );

  const places: Place[] = [];
  for (let number = 0; number < PLACES; number += 1) {
    const database = await proxyTo(databaseUrl);
    const redisProxy = redisUrl && (await proxyTo(redisUrl));
    const env = {
      DATABASE_URL: through(database, databaseUrl),
      ...(redisProxy && { REDIS_URL: through(redisProxy, redisUrl) }),
    };
    const node = await nodes.start(env);
    const front = await proxyTo(new URL(node.url));
    const place: Place = {
      node,
      front,
      database,
      redis: redisProxy,
      async startAgain() {
        place.node = await nodes.start({ ...env, PORT: new URL(node.url).port });
      },
    };
    places.push(place);
    closers.push(() => Promise.all([front, database, redisProxy].map(async (proxy) => proxy?.close())));
  }

  const accounts: SeededAccount[] = [];
  for (let count = 0; count < ACCOUNTS; count += 1) accounts.push(await nodes.seed.account());

  return {
    postgres,
    redis,
    places,
    nodes,
    accounts,
    async generations(ids) {
      const { rows } = await sql<{ id: string; generation: number }>`
        select id, generation from sessions where id in (${sql.join([...ids])})`.execute(
        nodes.database.em().getKysely(),
      );
      return new Map(rows.map(({ id, generation }) => [id, generation]));
    },
    async stop() {
      await nodes.stop();
      for (const close of closers) await close();
      redis?.messages.close();
      await redis?.server.stop();
      await postgres.stop();
    },
  };
}

/** Adds users to each account. */
export async function addPeople({ accounts }: Installation, perAccount: number): Promise<Someone[]> {
  const people: Someone[] = [];
  for (let count = 0; count < perAccount; count += 1)
    for (const { owner, addUser } of accounts) people.push({ email: (await addUser()).email, owner });
  return people;
}
