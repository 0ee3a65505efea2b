import { type BrowserEnv } from './browser-env.ts';

/** One timer for everything that time changes, which notices when time did not pass as usual. */
export interface Heartbeat {
  /** Beats again at this moment of this computer's clock, or before. */
  plan(at: number | null): void;
  stop(): void;
}

const LONGEST_MS = 30_000;
const SHORTEST_MS = 100;
/** Beyond that the computer slept or its clock was set. */
const USUAL_DELAY_MS = 5_000;

export function createHeartbeat(
  env: Pick<BrowserEnv, 'now' | 'setTimeout' | 'clearTimeout'>,
  onBeat: (isLate: boolean) => void,
): Heartbeat {
  let timer: unknown = null;
  let plannedAt = 0;
  let expectedAt = 0;

  /** Far from the expected moment, in either direction. */
  function isLate(): boolean {
    const now = env.now();
    return now > expectedAt + USUAL_DELAY_MS || now < plannedAt - USUAL_DELAY_MS;
  }

  function stop(): void {
    env.clearTimeout(timer);
    timer = null;
  }

  return {
    plan(at) {
      // Woken up by something else before its time came: the sleep must not be forgotten over the new plan.
      const hasSlept = timer !== null && isLate();
      stop();
      plannedAt = env.now();
      const wait = hasSlept ? 0 : Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (at ?? Infinity) - plannedAt));
      expectedAt = plannedAt + wait;
      timer = env.setTimeout(() => {
        timer = null;
        onBeat(hasSlept || isLate());
      }, wait);
    },
    stop,
  };
}
