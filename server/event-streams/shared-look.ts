import { startLoop } from '../background/loop.ts';
import type { Clock } from '../clock.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';

/** One look at the outbox for all who ask for one at about the same time. */
export interface SharedLook {
  /** Looks now. Does not wait for it. */
  wake(): void;
  /** Waits for the look in progress. There is none afterwards. */
  stop(): Promise<void>;
}

/** How often the outbox is looked at: for what is due by time, and for changes that other nodes made. */
const LOOK_EVERY_MS = 1_000;
const LOOK_TIMEOUT_MS = 30_000;
/** Under load a look is for all the sessions that start and end in this time. */
const GATHER_MS = 20;

export function createSharedLook(dependencies: {
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
  look(): Promise<void>;
  /** While false, no session that starts or ends leads to a look. */
  isWanted(): boolean;
  failure: string;
}): SharedLook {
  const { bus, clock, logger, look, isWanted, failure } = dependencies;
  let looking: Promise<void> | null = null;
  let isAskedAgain = false;
  let isStopped = false;

  async function lookWhileAsked(): Promise<void> {
    do {
      isAskedAgain = false;
      await look();
    } while (isAskedAgain && !isStopped);
  }

  /** Joins a look in progress, and has it look once more: it may have read before the commit. */
  function lookSoon(): Promise<void> {
    if (isStopped) return Promise.resolve();
    isAskedAgain = true;
    looking ??= lookWhileAsked().finally(() => (looking = null));
    return looking;
  }

  const wake = (): void =>
    void lookSoon().catch((error: unknown) => {
      logger.warn({ err: error }, failure);
    });

  const loop = startLoop({
    clock,
    logger,
    everyMs: LOOK_EVERY_MS,
    timeoutMs: LOOK_TIMEOUT_MS,
    failure,
    turn: lookSoon,
  });
  // Published after the commit, by this node and others. What it misses the loop finds.
  let soon: NodeJS.Timeout | null = null;
  const unsubscribe = bus.subscribe(({ kind }) => {
    if (!isWanted() || (kind !== 'STARTED' && kind !== 'ENDED')) return;
    soon ??= setTimeout(() => {
      soon = null;
      wake();
    }, GATHER_MS).unref();
  });

  return {
    wake,
    async stop() {
      isStopped = true;
      unsubscribe();
      if (soon) clearTimeout(soon);
      await loop.stop();
      await looking?.catch(() => undefined);
    },
  };
}
