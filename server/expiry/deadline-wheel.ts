import type { Clock } from '../clock.ts';

export interface DeadlineWheel {
  /** Schedules `id` for `dueAt`, replacing its earlier schedule. */
  arm(id: string, dueAt: Date): void;
  disarm(id: string): void;
  readonly size: number;
  stop(): void;
}

/** How late an id may fire, and the minimum time between two calls of `onDue`. */
const SLOT_MS = 100;

/**
 * Groups ids into slots of a tenth of a second, with one timer for all: a timer of Node reaches 24.8 days at most and
 * costs memory, and all ids of a slot can be read in one batch. Calls `onDue` with the ids of every slot that is due.
 */
export function createDeadlineWheel(clock: Clock, onDue: (ids: string[]) => void): DeadlineWheel {
  const idsBySlot = new Map<number, Set<string>>();
  const slotById = new Map<string, number>();
  let wake: { slot: number; cancel: () => void } | null = null;

  function disarm(id: string): void {
    const slot = slotById.get(id);
    if (slot === undefined) return;
    slotById.delete(id);
    const ids = idsBySlot.get(slot)!;
    ids.delete(id);
    if (ids.size === 0) idsBySlot.delete(slot);
  }

  /** Sets the timer to the earliest slot. A slot emptied by `disarm` keeps its timer: an empty turn is harmless. */
  function sleepUntil(slot: number): void {
    if (wake && wake.slot <= slot) return;
    wake?.cancel();
    wake = { slot, cancel: clock.after(slot * SLOT_MS - clock.now().getTime(), turn) };
  }

  function turn(): void {
    wake = null;
    const now = clock.now().getTime();
    const due: string[] = [];
    let earliest = Infinity;
    for (const [slot, ids] of idsBySlot) {
      if (slot * SLOT_MS <= now) {
        for (const id of ids) {
          due.push(id);
          slotById.delete(id);
        }
        idsBySlot.delete(slot);
      } else if (slot < earliest) {
        earliest = slot;
      }
    }
    if (earliest < Infinity) sleepUntil(earliest);
    if (due.length > 0) onDue(due);
  }

  return {
    arm(id, dueAt) {
      disarm(id);
      // Rounds up, so an id never fires early and fires less than one slot late.
      const slot = Math.ceil(dueAt.getTime() / SLOT_MS);
      const ids = idsBySlot.get(slot);
      if (ids) ids.add(id);
      else idsBySlot.set(slot, new Set([id]));
      slotById.set(id, slot);
      sleepUntil(slot);
    },
    disarm,
    get size() {
      return slotById.size;
    },
    stop() {
      wake?.cancel();
      wake = null;
    },
  };
}
