import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** A pipe is filled by another program, such as a secret manager. */
const PIPE_TIMEOUT_MS = 5_000;
const PAUSE_MS = 20;
const CHUNK_BYTES = 64 * 1024;
/** Settings and keys take some kilobytes. `/dev/zero` has no end. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads a file of settings or keys. Also reads a named pipe, and waits up to five seconds for its writer: a plain read
 * would wait for ever. @throws an error with a `code`: ETIMEDOUT for a pipe without a writer, EFBIG beyond 1 MB
 */
export function readSettingsFile(path: string): Buffer {
  // Opening a pipe waits for its writer, unless it is opened like this.
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const isPipe = fstatSync(file).isFIFO();
    const deadline = performance.now() + PIPE_TIMEOUT_MS;
    const chunks: Buffer[] = [];
    for (let size = 0; ;) {
      const chunk = readChunk(file);
      if (chunk !== null && chunk.length > 0) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > MAX_BYTES) throw failure('EFBIG', 'The file is larger than 1 MB.');
        continue;
      }
      const isEnd = chunk !== null && (size > 0 || !isPipe);
      if (isEnd) return Buffer.concat(chunks);
      if (performance.now() > deadline) throw failure('ETIMEDOUT', 'Nothing was written into the pipe.');
      pause(PAUSE_MS);
    }
  } finally {
    closeSync(file);
  }
}

/** Empty at the end of a file, and while no program has a pipe open for writing. Null: a pipe is empty for now. */
function readChunk(file: number): Buffer | null {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(file, chunk));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    throw error;
  }
}

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/** Blocks the process, which does nothing else while it reads its settings. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
