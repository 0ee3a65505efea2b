import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { unauthenticated, type Caller, type ClientInfo } from '../rules/caller.ts';
import type { SessionWatch } from '../expiry/session-watch.ts';
import type { ServiceKeyWatch } from '../service-api/service-key-watch.ts';
import { endOfSession } from '../rules/session.ts';
import type { FeedProofs } from '../account-feed/feed-proofs.ts';
import { SIGN_IN_AGAIN, TRY_AGAIN_LATER } from './close-codes.ts';

/** Of one session, or of one service key. */
const MAX_SOCKETS_PER_CALLER = 100;
/** How long a socket of an ended session may take to receive its last events. */
export const LAST_EVENTS_TIMEOUT_MS = 1_000;
/** Closing blocks the event loop, so other requests are served after each batch of this size. */
const CLOSE_BATCH_SIZE = 100;

export type SocketCaller = Extract<Caller, { kind: 'user' | 'service' }>;

/** The state of a socket from its upgrade to its end. */
export interface Connection {
  socket: WebSocket;
  client: ClientInfo;
  /** Names the socket in the log: the id of the request that opened it. */
  id: string;
  /** Null until `connection_init` is accepted. */
  caller: SocketCaller | null;
  openSubscriptions: Set<string>;
  /** Set once the session has ended or the key is no longer valid. The socket closes with it after its last event. */
  endReason: string | null;
  stopWatching: () => void;
  feedProofs: FeedProofs;
}

export interface Connections {
  readonly size: number;
  add(connection: Connection): void;
  /**
   * Binds the socket to its session or service key: the socket outlives the access token, and closes when the session
   * or key ends. Returns false, and closes the socket, when the caller has too many sockets.
   */
  bind(connection: Connection, caller: SocketCaller): boolean;
  /** Closes a socket whose session has ended, unless one of its subscriptions still has to complete. */
  closeIfDone(connection: Connection): void;
  /** Forgets a closed socket. */
  remove(connection: Connection): void;
  /** Closes every socket, in batches, so that other requests are served in between. */
  closeAll(code: number, reason: string): Promise<void>;
}

/** The open sockets of this node: the quota of each caller, the last event, and the close. */
export function createConnections(dependencies: {
  watch: SessionWatch;
  keyWatch: ServiceKeyWatch;
}): Connections {
  const { watch, keyWatch } = dependencies;
  const connections = new Set<Connection>();
  const socketsByCaller = new Map<string, number>();

  function closeAfterLastEvent(connection: Connection, reason: string): void {
    if (connection.endReason !== null) return;
    connection.endReason = reason;
    // The subscriptions of a service key learn of its end in this same turn, and send their last event first.
    setImmediate(() => {
      closeIfDone(connection);
      if (connection.openSubscriptions.size === 0) return;
      setTimeout(() => connection.socket.close(SIGN_IN_AGAIN, reason), LAST_EVENTS_TIMEOUT_MS).unref();
    });
  }

  function closeIfDone({ socket, endReason, openSubscriptions }: Connection): void {
    if (endReason !== null && openSubscriptions.size === 0) socket.close(SIGN_IN_AGAIN, endReason);
  }

  return {
    get size() {
      return connections.size;
    },

    add: (connection) => void connections.add(connection),

    bind(connection, caller) {
      if (connection.socket.readyState !== connection.socket.OPEN) return false;
      const id = idOf(caller);
      const open = socketsByCaller.get(id) ?? 0;
      if (open >= MAX_SOCKETS_PER_CALLER) {
        connection.socket.close(TRY_AGAIN_LATER, `Too many sockets of this ${nameOf(caller)}`);
        return false;
      }
      socketsByCaller.set(id, open + 1);
      connection.caller = caller;
      connection.stopWatching =
        caller.kind === 'user'
          ? watch.watch(caller.viewer.session.id, {
              onEndDelivered: (session) =>
                closeAfterLastEvent(connection, endOfSession(session, session.endedAt!)!.endReason),
            })
          : keyWatch.watch(caller.service.keyId, () =>
              closeAfterLastEvent(connection, unauthenticated().code),
            );
      return true;
    },

    closeIfDone,

    remove(connection) {
      connections.delete(connection);
      connection.stopWatching();
      if (!connection.caller) return;
      const id = idOf(connection.caller);
      const left = (socketsByCaller.get(id) ?? 1) - 1;
      if (left === 0) socketsByCaller.delete(id);
      else socketsByCaller.set(id, left);
    },

    async closeAll(code, reason) {
      let closed = 0;
      for (const { socket } of [...connections]) {
        socket.close(code, reason);
        closed += 1;
        if (closed % CLOSE_BATCH_SIZE === 0) await nextTurn();
      }
    },
  };
}

const nameOf = (caller: SocketCaller): string => (caller.kind === 'user' ? 'session' : 'service key');

const idOf = (caller: SocketCaller): string =>
  caller.kind === 'user' ? `session ${caller.viewer.session.id}` : `key ${caller.service.keyId}`;
