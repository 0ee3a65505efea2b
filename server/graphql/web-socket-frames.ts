import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** A client that lets this much pile up is not reading. */
const MAX_BUFFERED_BYTES = 1024 * 1024;
/** What fits into the close frame of RFC 6455. */
const MAX_REASON_BYTES = 123;

export const isFlooded = (socket: WebSocket): boolean => socket.bufferedAmount > MAX_BUFFERED_BYTES;

export function send(socket: WebSocket, text: string): Promise<void> {
  return new Promise((sent) => {
    if (socket.readyState !== socket.OPEN) return sent();
    // Whoever asks and never reads would fill the memory before the next ping finds out.
    if (isFlooded(socket)) {
      socket.terminate();
      return sent();
    }
    // A failed write ends in the socket's close event; there is nobody left to tell.
    socket.send(text, () => sent());
  });
}

/** Some reasons repeat what the client sent, which may be long. */
export const fitting = (reason: string | undefined): string =>
  reason !== undefined && Buffer.byteLength(reason) <= MAX_REASON_BYTES ? reason : '';

/** Answers an upgrade with a plain HTTP status instead. */
export function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  // The server no longer times this connection out; a client that does not hang up must not keep it.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
