import type { IncomingMessage } from 'node:http';

/** Larger pieces gain nothing: this is what a stream buffers by default. */
const MAX_HELD_BYTES = 16 * 1024;
/** More chunks in one turn stop the socket until the next. Each takes a few microseconds to parse. */
const MAX_HELD_CHUNKS = 1_000;

/**
 * Joins the chunks of a chunked body (RFC 9112, section 7.1) that arrive in one turn of the event loop. A stream takes
 * each piece by itself, so that twenty thousand chunks of one byte in two packets would block other requests for more
 * than 100 ms.
 */
export function coalesceBody(request: IncomingMessage): void {
  if (request.headers['transfer-encoding'] === undefined) return;
  const push = request.push.bind(request);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let flushing: NodeJS.Immediate | undefined;

  /** Returns whether the stream has room, by which Node pauses and resumes the socket. */
  function flush(): boolean {
    clearImmediate(flushing);
    flushing = undefined;
    const body = Buffer.concat(held, heldBytes);
    held = [];
    heldBytes = 0;
    return body.length === 0 || request.destroyed || push(body);
  }

  request.push = (chunk: Buffer | null): boolean => {
    if (chunk === null) {
      flush();
      return push(null);
    }
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes >= MAX_HELD_BYTES) return flush();
    flushing ??= setImmediate(flush);
    return held.length < MAX_HELD_CHUNKS;
  };
}
