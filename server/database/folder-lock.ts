import { createServer, connect, type Server } from 'node:net';
import { rename, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sha256Hex } from '../sha256.ts';
import { StartError } from '../start-error.ts';
import { prepareDataFolder, unusableDataFolder } from './data-folder.ts';

/** By then every process that found the stale lock has put its own in place. */
const SETTLE_MS = 100;
/** A holder that does not answer, because it is stopped or busy, still holds the folder. */
const NAME_TIMEOUT_MS = 1_000;

/** Another running process holds the folder. */
export class FolderLockedError extends StartError {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Curfew process. Stop that process first, or choose another DATA_DIR.`,
    );
    this.name = 'FolderLockedError';
  }
}

/** Unix limits a socket path to about 100 bytes. A longer one becomes a hash in the temporary directory. */
function socketPath(folder: string): string {
  const inside = join(folder, 'lock.sock');
  return inside.length < 80 ? inside : join(tmpdir(), `curfew-${sha256Hex(folder).slice(0, 24)}.sock`);
}

/**
 * Locks a folder for this process and returns the release. The lock is a listening Unix socket that sends its holder's
 * name to each connection, so it ends with the process. One left by a killed process refuses connections and is
 * replaced.
 * @throws FolderLockedError, and another StartError for a folder that cannot be used
 */
export async function lockFolder(dataDir: string): Promise<() => Promise<void>> {
  const folder = resolve(dataDir);
  await prepareDataFolder(folder);
  const path = socketPath(folder);
  if ((await holderOf(path)) !== null) throw new FolderLockedError(folder);

  const name = randomBytes(8).toString('hex');
  // Bound under a unique path first: closing a socket removes its file, which must not be the winner's.
  const own = `${path}.${name}`;
  const server = await listen(own, name).catch((error: unknown) => {
    throw unusableDataFolder(folder, error);
  });
  await rename(own, path).catch((error: unknown) => {
    server.close();
    throw unusableDataFolder(folder, error);
  });
  // When several processes replaced the stale file, the last one holds the folder.
  await pause(SETTLE_MS);
  if ((await holderOf(path)) !== name) {
    server.close();
    throw new FolderLockedError(folder);
  }
  return async () => {
    await unlink(path).catch(ignoreMissing);
    await new Promise<void>((done) => server.close(() => done()));
  };
}

/** Returns the name of the process that listens at `path`, '' when it sends none. Null: no process listens. */
function holderOf(path: string): Promise<string | null> {
  return new Promise((answer) => {
    let name: string | null = null;
    const probe = connect(path).setEncoding('utf8');
    probe.once('connect', () => (name = ''));
    probe.on('data', (text: string) => (name += text));
    probe.on('error', () => {});
    probe.once('close', () => answer(name));
    probe.setTimeout(NAME_TIMEOUT_MS, () => probe.destroy());
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
