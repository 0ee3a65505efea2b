import type { Logger } from '../logger.ts';

/**
 * Waits for one step of the shutdown: until the deadline of the whole, and for `maxMs` at most. `close` is told how long
 * that is.
 */
export type ShutdownStep = (
  name: string,
  close: (leftMs: number) => unknown,
  maxMs?: number,
) => Promise<void>;

/** A step that starts after the deadline still gets this long. */
const MIN_STEP_MS = 200;

/**
 * Sets one timeout for a whole shutdown, counted from its first step. Work that hangs, such as a statement on a dead
 * connection, must not keep the later steps from running.
 */
export function createShutdown({ timeoutMs, logger }: { timeoutMs: number; logger: Logger }): ShutdownStep {
  let deadline: number | null = null;

  return async (name, close, maxMs = timeoutMs) => {
    deadline ??= performance.now() + timeoutMs;
    const leftMs = Math.min(maxMs, Math.max(MIN_STEP_MS, deadline - performance.now()));
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<'timeout'>((resolve) => {
      timer = setTimeout(resolve, leftMs, 'timeout');
    });
    try {
      const outcome = await Promise.race([Promise.resolve(close(leftMs)), timeout]);
      if (outcome === 'timeout') logger.warn({ part: name }, 'did not stop in time; continuing without it');
    } finally {
      clearTimeout(timer);
    }
  };
}
