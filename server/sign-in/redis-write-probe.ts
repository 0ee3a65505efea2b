import type { Logger } from '../logger.ts';
import type { RedisConnection } from '../events/redis.ts';

const PROBE_INTERVAL_MS = 1_000;
/** In a row. A single one may be due to a pause of this node itself. */
const MAX_LATE_PROBES = 2;
const MAX_PROBLEM_LENGTH = 200;

export interface RedisWriteProbe {
  /** Whether Redis is connected and took the latest probe. */
  readonly takesWrites: boolean;
  /** Whether every command of the past window reached Redis, so that its counts miss none of this node. */
  readonly isComplete: boolean;
  /** Runs a command. Null: Redis cannot be used now. */
  run<T>(command: () => Promise<T>): Promise<{ result: T } | null>;
  stop(): void;
}

/** Writes to Redis every second, and logs when writes start to fail and when they work again. */
export function startRedisWriteProbe({
  redis,
  logger,
  write,
  windowMs,
}: {
  redis: RedisConnection;
  logger: Logger;
  write: () => Promise<unknown>;
  windowMs: number;
}): RedisWriteProbe {
  let takesWrites = false;
  let hasFailed = false;
  let lateProbes = 0;
  let completeAt = -Infinity;

  function markIncomplete(): void {
    completeAt = performance.now() + windowMs;
  }

  function reportWorking(): void {
    lateProbes = 0;
    if (takesWrites) return;
    takesWrites = true;
    if (!hasFailed) return;
    logger.info({ part: 'redis' }, 'failed sign-ins are counted in Redis again');
  }

  function reportProblem(error: unknown): void {
    const isNew = takesWrites || !hasFailed;
    takesWrites = false;
    hasFailed = true;
    // The connection itself logs that it is lost.
    if (!isNew || !redis.isUp) return;
    const problem = (error instanceof Error ? error.message : 'unknown').slice(0, MAX_PROBLEM_LENGTH);
    logger.warn(
      { part: 'redis', problem },
      'Redis takes no writes; each node counts failed sign-ins for itself',
    );
  }

  function onProbeFailed(error: unknown): void {
    lateProbes = isTimeout(error) ? lateProbes + 1 : MAX_LATE_PROBES;
    if (lateProbes >= MAX_LATE_PROBES) reportProblem(error);
  }

  const probeNow = (): void => {
    if (redis.isUp) write().then(reportWorking, onProbeFailed);
  };
  redis.client.on('ready', probeNow);
  const probing = setInterval(probeNow, PROBE_INTERVAL_MS);
  probing.unref();

  return {
    get takesWrites() {
      return takesWrites && redis.isUp;
    },
    get isComplete() {
      return performance.now() >= completeAt;
    },
    async run(command) {
      if (!takesWrites || !redis.isUp) {
        markIncomplete();
        return null;
      }
      try {
        return { result: await command() };
      } catch (error) {
        markIncomplete();
        // One timeout may be due to this node itself; the next probes decide.
        if (!isTimeout(error)) reportProblem(error);
        return null;
      }
    },
    stop() {
      clearInterval(probing);
      redis.client.off('ready', probeNow);
    },
  };
}

/** The error of RLWrapperTimeouts. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.message === 'Operation timed out';
