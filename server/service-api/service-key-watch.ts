import { supervise, type Turn } from '../background/watchdog.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';

export interface ServiceKeyWatch {
  /** Calls back once when the key has been revoked or has expired. Returns a function that stops the watch. */
  watch(keyId: string, onEnd: () => void): () => void;
  /** Whether the key is valid now. If not, calls back all its watchers before it resolves. @throws UNAVAILABLE */
  isValid(keyId: string): Promise<boolean>;
  stop(): void;
}

/** How long the connections of a key may outlive it. */
const RECHECK_EVERY_MS = 2_000;
/** The timeout of one key's check; its statement has a shorter one. */
const KEY_TIMEOUT_MS = 10_000;

/** Checks the keys with open sockets on this node. One query per key, however many sockets it has. */
export function createServiceKeyWatch(dependencies: {
  serviceKeys: { isValid(keyId: string): Promise<boolean> };
  clock: Clock;
  logger: Logger;
}): ServiceKeyWatch {
  const { serviceKeys, clock, logger } = dependencies;
  const watched = new Map<string, Set<() => void>>();
  let cancelRecheck: (() => void) | null = null;
  let isStopped = false;

  async function isValid(keyId: string): Promise<boolean> {
    const isValid = await serviceKeys.isValid(keyId);
    if (isValid) return true;
    const callbacks = watched.get(keyId) ?? [];
    watched.delete(keyId);
    for (const onEnd of callbacks) onEnd();
    return false;
  }

  /** Stops at the first key that cannot be checked: the database is the reason, not the key. */
  async function recheckAll(turn: Turn): Promise<void> {
    for (const keyId of [...watched.keys()]) {
      await isValid(keyId);
      if (!turn.isCurrent) return;
      turn.advance();
    }
  }

  async function recheck(): Promise<void> {
    try {
      await supervise(KEY_TIMEOUT_MS, recheckAll);
    } catch (error) {
      logger.warn({ err: error }, 'could not check the connected service keys; trying again');
    }
    cancelRecheck = null;
    schedule();
  }

  function schedule(): void {
    if (isStopped || cancelRecheck || watched.size === 0) return;
    cancelRecheck = clock.after(RECHECK_EVERY_MS, () => void recheck());
  }

  return {
    isValid,
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
