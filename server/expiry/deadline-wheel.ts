import type { Clock } from '../clock.ts';

export interface DeadlineWheel {
  /** Remembers that `id` is due at `moment`; a later call for the same id replaces the earlier one. */
  arm(id: string, moment: Date): void;
  disarm(id: string): void;
  readonly size: number;
  stop(): void;
}

/** How late an id may fire. Also how often a query is asked at most, however many sessions fall due. */
const SLOT_MS = 100;

/**
 * Which ids are due in which tenth of a second, with one timer for all of them: Node's timers end at 24.8 days and
 * cost memory, and everything due in one slot is read together. `onDue` gets the ids of every slot that has come.
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

  /** Sleeps until the earliest slot. Disarmed slots are not looked for: waking for nothing is harmless. */
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
    arm(id, moment) {
      disarm(id);
      // Rounded up: never early, and less than a slot late.
      const slot = Math.ceil(moment.getTime() / SLOT_MS);
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
