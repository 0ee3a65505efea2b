import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ignoreRest } from './pipelining.ts';

/** For a client that goes on sending. One that reads its response closes at once. */
const LINGER_MS = 2_000;

/**
 * Lets a client that is refused before it has sent its whole body read the refusal. Closing a socket with unread data
 * resets the connection, and the reset can overtake the response (RFC 9112, section 9.6). So the server closes its own
 * half only, and discards what still arrives, for two seconds.
 */
export function lingerAfterRefusal(request: IncomingMessage, response: ServerResponse): void {
  // Before Node's own listener, which closes the connection with `destroySoon`.
  response.prependOnceListener('finish', () => {
    const { socket } = request;
    if (!request.complete) socket.destroySoon = () => closeOwnHalf(socket);
  });
}

function closeOwnHalf(socket: Socket): void {
  ignoreRest(socket);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
  socket.end();
  socket.resume();
}
