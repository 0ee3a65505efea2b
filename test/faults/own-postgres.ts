import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../server/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import type { TestDatabase } from '../databases.ts';
import { pause } from './entry-points.ts';

/** A PostgreSQL for one suite, which may break it. */
export interface OwnPostgres {
  readonly testDatabase: TestDatabase;
  /** Signals its first process and waits for its end. */
  end(signal: 'SIGKILL' | 'SIGQUIT' | 'SIGINT'): Promise<void>;
  start(): Promise<void>;
  /** Kills one of the processes that serve connections; PostgreSQL ends the others and recovers by itself. */
  killBackend(): Promise<void>;
  /** Stops every process in place. */
  freeze(): Promise<void>;
  thaw(): void;
  /** As an administrator, on a separate connection. */
  run(...statements: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Why no PostgreSQL can be started here. */
export async function startOwnPostgres(): Promise<OwnPostgres | string> {
  const folder = await mkdtemp(join(tmpdir(), 'curfew-faults-'));
  const server = await startEmbeddedPostgres(join(folder, 'postgres')).catch((error: unknown) =>
    String((error as Error)?.message ?? 'it does not start'),
  );
  if (typeof server === 'string') {
    await rm(folder, { recursive: true, force: true });
    return server;
  }
  const { url } = server;
  let frozen: number[] = [];

  async function onConnection<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const backends = async (client: pg.Client): Promise<number[]> =>
    (
      await client.query(
        `select pid from pg_stat_activity order by pid = pg_backend_pid(), backend_type <> 'client backend'`,
      )
    ).rows.map((row: { pid: number }) => row.pid);

  return {
    testDatabase: {
      url,
      open: () =>
        openDatabase(
          { url, dataDir: '', timeoutsMs: { answer: 30_000, connection: 30_000 } },
          createLogger('silent'),
        ),
      drop: async () => {},
    },
    async end(signal) {
      const pid = await server.processId();
      process.kill(pid, signal);
      while (isAlive(pid)) await pause(20);
    },
    async start() {
      // Shared memory and other remains of a killed process do not disappear at once.
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await server.restart();
        } catch (error) {
          if (attempt === 50) throw error;
          await pause(100);
        }
      }
    },
    killBackend: () =>
      onConnection(async (client) => process.kill((await backends(client))[0]!, 'SIGKILL')).then(() => {}),
    async freeze() {
      const main = await server.processId();
      const client = new pg.Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      // The postmaster first, so that it starts no new process; the last one reports the end of the others.
      process.kill(main, 'SIGSTOP');
      frozen = [main, ...(await backends(client))];
      for (const pid of frozen.slice(1)) process.kill(pid, 'SIGSTOP');
      void client.end();
    },
    thaw() {
      for (const pid of frozen.reverse()) process.kill(pid, 'SIGCONT');
      frozen = [];
    },
    run: (...statements) =>
      onConnection(async (client) => {
        for (const statement of statements) await client.query(statement);
      }),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
