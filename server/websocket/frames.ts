import type { WebSocket } from 'ws';

export const MAX_MESSAGE_BYTES = 64 * 1024;
/** A client with this much unsent data does not read. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** The most that a close frame can carry (RFC 6455, section 5.5). */
const MAX_REASON_BYTES = 123;

/** Whether the client has stopped reading. */
export const isBacklogged = (socket: WebSocket): boolean => socket.bufferedAmount > MAX_BUFFERED_BYTES;

/**
 * Resolves when the text is written, and also when it cannot be: a failed write shows in the socket's `close` event.
 */
export function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((done) => {
    if (socket.readyState !== socket.OPEN) return done();
    // A client that sends requests and never reads would fill the memory before the next ping detects it.
    if (isBacklogged(socket)) {
      socket.terminate();
      return done();
    }
    socket.send(text, () => done());
  });
}

/** Returns the reason, or an empty one where it does not fit a close frame: some repeat what the client sent. */
export const toCloseReason = (reason: string | undefined): string =>
  reason !== undefined && Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : '';
