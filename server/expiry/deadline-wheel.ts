import type { Clock } from '../clock.ts';

export interface DeadlineWheel {
  /** Remembers that `id` is due at `moment`; a later call for the same id replaces the earlier one. */
  arm(id: string, moment: Date): void;
  disarm(id: string): void;
  readonly size: number;
  stop(): void;
}

/**
 * Which ids are due in which second, with one timer for all of them: Node's timers end at 24.8 days and cost memory,
 * and everything due in one second is answered by one query. `onDue` gets the ids of every second that has come.
 */
export function createDeadlineWheel(clock: Clock, onDue: (ids: string[]) => void): DeadlineWheel {
  const idsBySecond = new Map<number, Set<string>>();
  const secondById = new Map<string, number>();
  let wake: { second: number; cancel: () => void } | null = null;

  function disarm(id: string): void {
    const second = secondById.get(id);
    if (second === undefined) return;
    secondById.delete(id);
    const ids = idsBySecond.get(second)!;
    ids.delete(id);
    if (ids.size === 0) idsBySecond.delete(second);
  }

  /** Sleeps until the earliest second. Disarmed seconds are not looked for: waking for nothing is harmless. */
  function sleepUntil(second: number): void {
    if (wake && wake.second <= second) return;
    wake?.cancel();
    wake = { second, cancel: clock.after(second * 1000 - clock.now().getTime(), turn) };
  }

  function turn(): void {
    wake = null;
    const now = clock.now().getTime();
    const due: string[] = [];
    let earliest = Infinity;
    for (const [second, ids] of idsBySecond) {
      if (second * 1000 <= now) {
        for (const id of ids) {
          due.push(id);
          secondById.delete(id);
        }
        idsBySecond.delete(second);
      } else if (second < earliest) {
        earliest = second;
      }
    }
    if (earliest < Infinity) sleepUntil(earliest);
    if (due.length > 0) onDue(due);
  }

  return {
    arm(id, moment) {
      disarm(id);
      // Rounded up: never early, and less than a second late.
      const second = Math.ceil(moment.getTime() / 1000);
      const ids = idsBySecond.get(second);
      if (ids) ids.add(id);
      else idsBySecond.set(second, new Set([id]));
      secondById.set(id, second);
      sleepUntil(second);
    },
    disarm,
    get size() {
      return secondById.size;
    },
    stop() {
      wake?.cancel();
      wake = null;
    },
  };
}
