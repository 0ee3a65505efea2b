import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import { createSharedLook } from './shared-look.ts';
import { findStreamsWithPolled } from './poll.sql.ts';

/** Polls of this node that wait for events (RFC 8936, section 2.4). */
export interface PollWaiters {
  /** Resolves when the stream may have something, or the signal fires. */
  wait(streamId: string, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** One look at the database is for all that wait. Nothing is looked for while none does. */
export function startPollWaiters(dependencies: {
  database: Database;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
}): PollWaiters {
  const { database } = dependencies;
  const waiting = new Map<string, Set<() => void>>();

  const shared = createSharedLook({
    ...dependencies,
    async look() {
      const ids = [...waiting.keys()];
      if (ids.length === 0) return;
      for (const id of await database.withTimeout(findStreamsWithPolled(database.em(), ids)))
        for (const end of [...(waiting.get(id) ?? [])]) end();
    },
    isWanted: () => waiting.size > 0,
    failure: 'could not look for events of polls; trying again',
  });

  return {
    wait: (streamId, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const ofStream = waiting.get(streamId) ?? new Set();
        waiting.set(streamId, ofStream);
        const end = (): void => {
          signal.removeEventListener('abort', end);
          ofStream.delete(end);
          if (ofStream.size === 0 && waiting.get(streamId) === ofStream) waiting.delete(streamId);
          resolve();
        };
        ofStream.add(end);
        signal.addEventListener('abort', end);
        // What was committed since the caller read.
        shared.wake();
      }),
    stop: shared.stop,
  };
}
