/** One run of work in the background. */
export interface Turn {
  /** False once the run has been abandoned: nothing it reads from then on may be used. */
  readonly isCurrent: boolean;
  /** Reports progress, which restarts the timeout. */
  advance(): void;
}

/** The work made no progress within its timeout. It may still be running. */
export class StalledError extends Error {
  constructor(timeoutMs: number) {
    super(`No progress for ${timeoutMs} ms.`);
  }
}

/**
 * Waits for `work` as long as it makes progress, so a promise that never settles cannot stop a background loop: the
 * caller starts the next run instead. The timeout is in real time, independent of the clock that the work uses.
 * @throws StalledError when `timeoutMs` pass without a result and without a call of `advance`
 */
export async function supervise<T>(timeoutMs: number, work: (turn: Turn) => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let isCurrent = true;
  let abandon = (): void => {};
  const stalled = new Promise<never>((_, reject) => {
    abandon = () => {
      isCurrent = false;
      reject(new StalledError(timeoutMs));
    };
  });

  function arm(): void {
    clearTimeout(timer);
    const armed = setTimeout(() => {
      // After a stall of the whole process, timers run first. Results that have arrived by then still count.
      setImmediate(() => setImmediate(() => timer === armed && abandon()));
    }, timeoutMs);
    timer = armed.unref();
  }

  arm();
  try {
    return await Promise.race([
      work({
        get isCurrent() {
          return isCurrent;
        },
        advance: () => isCurrent && arm(),
      }),
      stalled,
    ]);
  } finally {
    clearTimeout(timer);
    timer = undefined;
  }
}
