/** Runs jobs in the order in which they came, a few at a time. */
export interface WorkQueue {
  /** Jobs that run or wait. */
  readonly size: number;
  /** @param job must not fail */
  add(job: () => Promise<void>): void;
  /** Resolves when no job runs or waits. */
  idle(): Promise<void>;
}

export function createWorkQueue(maxActive: number): WorkQueue {
  const waiting: (() => Promise<void>)[] = [];
  const onIdle: (() => void)[] = [];
  let active = 0;

  const size = () => active + waiting.length;

  function startNext(): void {
    while (active < maxActive && waiting.length > 0) {
      active += 1;
      void waiting.shift()!().finally(() => {
        active -= 1;
        startNext();
      });
    }
    if (size() === 0) for (const resolve of onIdle.splice(0)) resolve();
  }

  return {
    get size() {
      return size();
    },
    add(job) {
      waiting.push(job);
      startNext();
    },
    idle: () => (size() === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
  };
}
