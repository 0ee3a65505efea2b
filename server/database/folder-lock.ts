import { createServer, connect, type Server } from 'node:net';
import { mkdir, rename, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createHash, randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Who saw the same stale lock at the same moment has put theirs in its place by then. */
const SETTLED_AFTER_MS = 100;
/** A holder that is stopped or busy still holds. */
const NAMED_WITHIN_MS = 1_000;

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
  return inside.length < 80
    ? inside
    : join(tmpdir(), `curfew-${createHash('sha256').update(folder).digest('hex').slice(0, 24)}.sock`);
}

/**
 * Holds a folder for this process. The lock is a listening Unix socket that names its holder to whoever connects, so
 * it dies with the process however that ends; one left by a killed process refuses connections and is replaced.
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const folder = resolve(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = socketPath(folder);
  if ((await holderOf(path)) !== null) throw new FolderLockedError(folder);

  const name = randomBytes(8).toString('hex');
  // Under a name of its own first: closing a socket removes the file it was bound to, which must not be the winner's.
  const own = `${path}.${name}`;
  const server = await listen(own, name);
  await rename(own, path);
  // Of several processes that replaced the same stale file, the last one holds the folder.
  await pause(SETTLED_AFTER_MS);
  if ((await holderOf(path)) !== name) {
    server.close();
    throw new FolderLockedError(folder);
  }
  return async () => {
    await unlink(path).catch(ignoreMissing);
    await new Promise<void>((done) => server.close(() => done()));
  };
}

/** The name of the process that answers at `path`, or '' where it does not say; null where nobody listens. */
function holderOf(path: string): Promise<string | null> {
  return new Promise((answer) => {
    let name: string | null = null;
    const probe = connect(path).setEncoding('utf8');
    probe.once('connect', () => (name = ''));
    probe.on('data', (text: string) => (name += text));
    probe.on('error', () => {});
    probe.once('close', () => answer(name));
    probe.setTimeout(NAMED_WITHIN_MS, () => probe.destroy());
  });
}

function listen(path: string, name: string): Promise<Server> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.end(name);
    });
    server.once('error', fail);
    server.listen(path, () => {
      server.unref();
      done(server);
    });
  });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
