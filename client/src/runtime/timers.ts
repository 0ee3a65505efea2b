import { type BrowserEnv } from '../browser/browser-env.ts';
import { type TimerName } from '../core/events.ts';

export interface Timers {
  /** Due after a random time between the bounds, in milliseconds. Replaces a pending timer of this name. */
  set(name: TimerName, minMs: number, maxMs: number): void;
  clear(name: TimerName): void;
  clearAll(): void;
}

export function createTimers(
  env: Pick<BrowserEnv, 'setTimeout' | 'clearTimeout'>,
  onDue: (name: TimerName) => void,
): Timers {
  const pending = new Map<TimerName, unknown>();

  function clear(name: TimerName): void {
    if (!pending.has(name)) return;
    env.clearTimeout(pending.get(name));
    pending.delete(name);
  }

  return {
    set(name, minMs, maxMs) {
      clear(name);
      const timer = env.setTimeout(
        () => {
          pending.delete(name);
          onDue(name);
        },
        minMs + (maxMs - minMs) * Math.random(),
      );
      pending.set(name, timer);
    },
    clear,
    clearAll() {
      for (const name of [...pending.keys()]) clear(name);
    },
  };
}
