import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import { supervise, type Turn } from './watchdog.ts';

export interface Loop {
  /** Resolves when the current run has ended or was abandoned. No run starts after the call. */
  stop(): Promise<void>;
}

/**
 * Runs `turn` repeatedly, each time `everyMs` after the last run has ended. A run that fails or makes no progress for
 * `timeoutMs` is logged as `failure`, and the loop continues.
 */
export function startLoop(options: {
  clock: Clock;
  logger: Logger;
  everyMs: number;
  /** The interval after a failed run; `everyMs` by default. */
  retryMs?: number;
  timeoutMs: number;
  failure: string;
  turn(turn: Turn): Promise<unknown>;
}): Loop {
  const { clock, logger, everyMs, retryMs = everyMs, timeoutMs, failure, turn } = options;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel = (): void => {};

  async function run(): Promise<void> {
    let pauseMs = everyMs;
    try {
      await supervise(timeoutMs, turn);
    } catch (error) {
      logger.warn({ err: error }, failure);
      pauseMs = retryMs;
    } finally {
      schedule(pauseMs);
    }
  }

  function schedule(pauseMs: number): void {
    if (!isStopped) cancel = clock.after(pauseMs, () => void (running = run()));
  }
  schedule(everyMs);

  return {
    stop() {
      isStopped = true;
      cancel();
      return running;
    },
  };
}
