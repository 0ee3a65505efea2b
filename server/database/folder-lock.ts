import { createServer, connect, type Server } from 'node:net';
import { mkdir, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Thrown when another living process holds the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Curfew process. Stop that process first, or choose another DATA_DIR.`,
    );
    this.name = 'FolderLockedError';
  }
}

/** A socket path is limited to some 100 bytes; a longer folder gets a name of its own in the temporary directory. */
function socketPath(folder: string): string {
  const inside = join(folder, 'lock.sock');
  return inside.length < 100
    ? inside
    : join(tmpdir(), `curfew-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}.sock`);
}

/**
 * Holds a folder for this process. The lock is a listening Unix socket, so it dies with the process however that
 * ends; a file left by a killed process refuses connections and is replaced.
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(folder);
  if (await isAnswered(path)) throw new FolderLockedError(folder);
  await unlink(path).catch(ignoreMissing);
  const server = await listen(path, folder);
  // Two processes that both saw the same stale file: the later one replaced the earlier one's socket.
  const { ino } = await stat(path);
  await pause(20);
  const now = await stat(path).catch(() => null);
  if (now?.ino !== ino) {
    server.close();
    throw new FolderLockedError(folder);
  }
  return () => new Promise((done) => server.close(() => done()));
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((answer) => {
    const probe = connect(path);
    probe.once('connect', () => (probe.destroy(), answer(true)));
    probe.once('error', () => answer(false));
  });
}

function listen(path: string, folder: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? new FolderLockedError(folder) : error),
    );
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
