import type { Clock } from '../server/clock.ts';

export interface ManualClock extends Clock {
  /** Advances time and runs due timers on the way, in order, each at its own moment. */
  advance(milliseconds: number): void;
  readonly pendingTimers: number;
}

export function createManualClock(start: Date = new Date()): ManualClock {
  let now = start.getTime();
  let order = 0;
  const timers = new Map<number, { due: number; task: () => void }>();

  return {
    now: () => new Date(now),
    after(milliseconds, task) {
      const id = (order += 1);
      timers.set(id, { due: now + Math.max(0, milliseconds), task });
      return () => timers.delete(id);
    },
    advance(milliseconds) {
      const target = now + milliseconds;
      for (;;) {
        let next: { id: number; due: number; task: () => void } | null = null;
        for (const [id, timer] of timers)
          if (timer.due <= target && (!next || timer.due < next.due)) next = { id, ...timer };
        if (!next) break;
        timers.delete(next.id);
        now = Math.max(now, next.due);
        next.task();
      }
      now = target;
    },
    get pendingTimers() {
      return timers.size;
    },
  };
}
