import type { WebSocket } from 'ws';
import { isBacklogged } from './frames.ts';

export interface Pings {
  /** Pings the socket until it closes. */
  add(socket: WebSocket): void;
  stop(): void;
}

const PING_INTERVAL_MS = 15_000;
/** Ten thousand pings and their answers in one turn of the event loop would delay everything else. */
const GROUPS = 60;

/**
 * Terminates every socket that has not answered its last ping or does not read. One timer serves all sockets: each time
 * it pings the next of sixty groups, so every socket is pinged once in fifteen seconds.
 */
export function startPings(): Pings {
  const groups = Array.from({ length: GROUPS }, () => new Set<WebSocket>());
  const unanswered = new WeakSet<WebSocket>();
  let added = 0;
  let current = 0;

  function ping(socket: WebSocket): void {
    if (unanswered.has(socket) || isBacklogged(socket)) return socket.terminate();
    unanswered.add(socket);
    socket.ping();
  }

  const timer = setInterval(() => {
    current = (current + 1) % GROUPS;
    groups[current]!.forEach(ping);
  }, PING_INTERVAL_MS / GROUPS);
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
