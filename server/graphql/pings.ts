import type { WebSocket } from 'ws';
import { isFlooded } from './web-socket-frames.ts';

export interface Pings {
  /** Begins to ping a socket; it ends with the socket. */
  add(socket: WebSocket): void;
  stop(): void;
}

const PING_EVERY_MS = 15_000;
/** Ten thousand pings and their answers in one turn of the event loop would hold up whatever is due then. */
const GROUPS = 60;

/**
 * Drops every socket that has not answered its last ping, or does not read. One timer for all: each time it pings the
 * next of sixty groups, so that every socket has its turn once in fifteen seconds.
 */
export function startPings(): Pings {
  const groups = Array.from({ length: GROUPS }, () => new Set<WebSocket>());
  const unanswered = new WeakSet<WebSocket>();
  let added = 0;
  let turn = 0;

  function ping(socket: WebSocket): void {
    if (unanswered.has(socket) || isFlooded(socket)) return socket.terminate();
    unanswered.add(socket);
    socket.ping();
  }

  const timer = setInterval(() => {
    turn = (turn + 1) % GROUPS;
    groups[turn]!.forEach(ping);
  }, PING_EVERY_MS / GROUPS);
  timer.unref();

  return {
    add(socket) {
      const group = groups[added % GROUPS]!;
      added += 1;
      group.add(socket);
      socket.on('pong', () => unanswered.delete(socket));
      socket.once('close', () => group.delete(socket));
    },
    stop: () => clearInterval(timer),
  };
}
