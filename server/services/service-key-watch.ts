import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

export interface ServiceKeyWatch {
  /** Calls back once, when the key has been revoked or is past its day; returns what ends the watch. */
  watch(keyId: string, onEnd: () => void): () => void;
  stop(): void;
}

/** How long a key that is no longer good may keep what it has opened. */
const RECHECK_EVERY_MS = 2_000;

/** Follows the keys that somebody on this node is connected with. One question per key, however many sockets it has. */
export function createServiceKeyWatch(dependencies: {
  serviceKeys: { isGood(keyId: string): Promise<boolean> };
  clock: Clock;
  logger: Logger;
}): ServiceKeyWatch {
  const { serviceKeys, clock, logger } = dependencies;
  const watched = new Map<string, Set<() => void>>();
  let cancelRecheck: (() => void) | null = null;
  let isStopped = false;

  async function recheck(): Promise<void> {
    for (const [keyId, callbacks] of [...watched]) {
      try {
        if (await serviceKeys.isGood(keyId)) continue;
        watched.delete(keyId);
        for (const onEnd of callbacks) onEnd();
      } catch (error) {
        logger.warn({ err: error }, 'could not check a service key that is connected; trying again');
      }
    }
    cancelRecheck = null;
    schedule();
  }

  function schedule(): void {
    if (isStopped || cancelRecheck || watched.size === 0) return;
    cancelRecheck = clock.after(RECHECK_EVERY_MS, () => void recheck());
  }

  return {
    watch(keyId, onEnd) {
      const callbacks = watched.get(keyId) ?? new Set();
      watched.set(keyId, callbacks);
      callbacks.add(onEnd);
      schedule();
      return () => {
        callbacks.delete(onEnd);
        if (callbacks.size === 0 && watched.get(keyId) === callbacks) watched.delete(keyId);
      };
    },
    stop() {
      isStopped = true;
      cancelRecheck?.();
    },
  };
}
