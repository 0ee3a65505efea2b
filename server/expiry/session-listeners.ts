import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WatchedSession } from '../rules/session.ts';

export interface SessionListener {
  /** Called with every state of the session that this node reads, the first time soon after the watch began. */
  onState?(session: WatchedSession): void;
  /** Called when the session has ended, after `onState` of all listeners to the sessions that ended with it. */
  onEndDelivered?(session: WatchedSession): void;
}

/** The sessions that have listeners on this node, and their last known states. */
export interface SessionListeners {
  /** The number of sessions with a listener. */
  readonly size: number;
  has(sessionId: string): boolean;
  /** Returns a function that removes the listener. */
  add(sessionId: string, listener: SessionListener): () => void;
  /** The sessions that had not ended when they were last read. */
  live(): WatchedSession[];
  /** The ids of the account's sessions, and of all sessions not read yet. */
  idsOf(accountId: string): string[];
  /** Calls `onState` of all listeners to these sessions. */
  deliver(sessions: readonly WatchedSession[]): Promise<void>;
  /** Calls `onEndDelivered` for all ends delivered so far. */
  completeEnds(): Promise<void>;
}

interface Entry {
  session: WatchedSession | null;
  /** Few, most often two: a socket and its one subscription. */
  listeners: SessionListener[];
}

/** How many sessions are delivered in one turn of the event loop, during which all other requests wait. */
const MAX_PER_TURN = 100;

export function createSessionListeners(hooks: {
  /** Called with each session before its listeners. */
  onDeliver(session: WatchedSession): void;
  /** Called when the last listener to a session is removed. */
  onUnused(sessionId: string): void;
}): SessionListeners {
  const entries = new Map<string, Entry>();
  let ended: { entry: Entry; listener: SessionListener; session: WatchedSession }[] = [];
  let isCompleting = false;

  function deliverOne(session: WatchedSession): void {
    const entry = entries.get(session.id);
    if (!entry) return;
    entry.session = session;
    hooks.onDeliver(session);
    for (const listener of [...entry.listeners]) {
      listener.onState?.(session);
      if (listener.onEndDelivered && session.endedAt !== null) ended.push({ entry, listener, session });
    }
  }

  return {
    get size() {
      return entries.size;
    },
    has: (sessionId) => entries.has(sessionId),

    add(sessionId, listener) {
      const entry = entries.get(sessionId) ?? { session: null, listeners: [] };
      entries.set(sessionId, entry);
      entry.listeners.push(listener);
      return () => {
        entry.listeners = entry.listeners.filter((each) => each !== listener);
        if (entry.listeners.length > 0 || entries.get(sessionId) !== entry) return;
        entries.delete(sessionId);
        hooks.onUnused(sessionId);
      };
    },

    live: () =>
      [...entries.values()].flatMap(({ session }) => (session && session.endedAt === null ? [session] : [])),

    idsOf: (accountId) =>
      [...entries].flatMap(([id, { session }]) =>
        session === null || session.accountId === accountId ? [id] : [],
      ),

    async deliver(sessions) {
      for (const [index, session] of sessions.entries()) {
        if (index > 0 && index % MAX_PER_TURN === 0) await nextTurn();
        deliverOne(session);
      }
    },

    // Closing sockets is slower than sending events, so every subscriber gets its last event before any socket is closed.
    async completeEnds() {
      if (isCompleting) return;
      isCompleting = true;
      for (let start = 0; start < ended.length; start += MAX_PER_TURN) {
        if (start > 0) await nextTurn();
        for (const { entry, listener, session } of ended.slice(start, start + MAX_PER_TURN))
          if (entry.listeners.includes(listener)) listener.onEndDelivered?.(session);
      }
      ended = [];
      isCompleting = false;
    },
  };
}
