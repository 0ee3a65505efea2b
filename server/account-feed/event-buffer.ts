import type { Clock } from '../clock.ts';
import type { AccountSessionEventKind } from '../generated/schema.ts';

export type BufferedEvents = Map<string, Set<AccountSessionEventKind>>;

/** The events of a feed that are still to be sent, by session, and a memory of those sent. */
export interface EventBuffer {
  readonly size: number;
  /** How many more sessions fit. Ends beyond that are found by a later poll. */
  readonly room: number;
  /** Buffers an event, unless it has been sent or the buffer is full. */
  add(id: string, kind: AccountSessionEventKind): void;
  /** Empties the buffer and returns its events, to be sent now. */
  take(): BufferedEvents;
  putBack(taken: BufferedEvents): void;
  /** Remembers that the event has been sent, so a duplicate is ignored. */
  markSent(id: string, kind: AccountSessionEventKind): void;
}

/** Maximum sessions buffered for a slow or flooded subscriber. */
const MAX_BUFFERED = 100_000;
/** How long a sent event is remembered. Duplicates come soon after the first. */
const SENT_KEPT_MS = 300_000;

export function createEventBuffer(clock: Clock): EventBuffer {
  const buffered: BufferedEvents = new Map();
  /** Events that happen once to a session, with the time of sending, oldest first. */
  const sent = new Map<string, number>();

  function add(id: string, kind: AccountSessionEventKind): void {
    if (sent.has(`${kind} ${id}`)) return;
    const kinds = buffered.get(id);
    if (kinds) kinds.add(kind);
    else if (buffered.size < MAX_BUFFERED) buffered.set(id, new Set([kind]));
  }

  return {
    get size() {
      return buffered.size;
    },
    get room() {
      return MAX_BUFFERED - buffered.size;
    },
    add,
    take() {
      const taken = new Map(buffered);
      buffered.clear();
      return taken;
    },
    putBack(taken) {
      for (const [id, kinds] of taken) for (const kind of kinds) add(id, kind);
    },
    markSent(id, kind) {
      const now = clock.now().getTime();
      // A policy may change a session many times.
      if (kind !== 'CHANGED') sent.set(`${kind} ${id}`, now);
      for (const [key, sentAt] of sent) {
        if (now - sentAt < SENT_KEPT_MS) break;
        sent.delete(key);
      }
    },
  };
}
