import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers and proxies hardly pipeline at all; more than this in flight at once is an attack. */
const MAX_WAITING = 100;

/**
 * Answers pipelined requests of one connection one by one, each in its own turn of the event loop. Node hands on all
 * requests of one packet at once: two thousand without a body would delay all other clients for a quarter of a second.
 * The order of the responses is the requests' in any case (RFC 9112, section 9.3.2).
 */
export function answerOneByOne(handle: RequestListener): RequestListener {
  const waitingOf = new WeakMap<Socket, (() => void)[]>();

  return (request, response) => {
    const { socket } = request;

    function answer(): void {
      response.once('close', () => setImmediate(next));
      handle(request, response);
    }

    function next(): void {
      const following = waitingOf.get(socket)?.shift();
      if (following) following();
      else waitingOf.delete(socket);
    }

    const waiting = waitingOf.get(socket);
    if (!waiting) {
      waitingOf.set(socket, []);
      answer();
    } else if (waiting.length < MAX_WAITING) waiting.push(answer);
    else {
      socket.destroy();
      ignoreRest(socket);
    }
  };
}

/**
 * Ignores all further requests on a connection, which Node parses although the socket is closed. `parser` is what Node's
 * HTTP server keeps with a socket.
 */
export function ignoreRest(socket: Socket & { parser?: { onIncoming: unknown } | null }): void {
  if (socket.parser) socket.parser.onIncoming = () => 0;
}
