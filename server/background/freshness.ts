import type { Logger } from '../logger.ts';

/** Watches one kind of read. While it fails for too long, ends of sessions go unnoticed. */
export interface FreshnessProbe {
  /** Runs a read, which has its own timeout. One read at a time. */
  run<T>(read: () => Promise<T>): Promise<T>;
  /** Stops the probe without calling `onChange`. */
  close(): void;
}

/** Whether this node can read the rows of the sessions that it follows. */
export interface Freshness {
  readonly isStale: boolean;
  probe(name: string): FreshnessProbe;
  /** Calls back at every change. Returns a function that unsubscribes. */
  onChange(listener: (isStale: boolean) => void): () => void;
}

/**
 * Counted from the start of the first read that failed. A read starts at least every second, so at most five seconds
 * have passed since the last one that succeeded.
 */
const STALE_AFTER_MS = 4_000;
/** A timer that fires this late shows that the process stood still, not the database. */
const STALL_MS = 1_000;
/** How long a read may take that was in flight during such a stall: the timeout of a read and a margin. */
const AFTER_STALL_MS = 2_500;

/** Calls `onChange` when no read has succeeded for too long, and when one succeeds again. */
export function createFreshnessProbe(
  onChange: (isStale: boolean) => void,
  staleAfterMs = STALE_AFTER_MS,
): FreshnessProbe {
  let isStale = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;

  function arm(milliseconds: number): void {
    const due = performance.now() + milliseconds;
    timer = setTimeout(() => {
      timer = null;
      if (performance.now() - due > STALL_MS) return arm(AFTER_STALL_MS);
      isStale = true;
      onChange(true);
    }, milliseconds).unref();
  }

  function disarm(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }

  return {
    async run(read) {
      // A later read does not restart the timer: the first one that failed counts.
      if (!isClosed && !isStale && timer === null) arm(staleAfterMs);
      const result = await read();
      disarm();
      if (isStale && !isClosed) {
        isStale = false;
        onChange(false);
      }
      return result;
    },
    close() {
      isClosed = true;
      disarm();
    },
  };
}

/** Combines the probes of a node: it is stale while any of them is. */
export function createFreshness({
  logger,
  staleAfterMs = STALE_AFTER_MS,
}: {
  logger: Logger;
  staleAfterMs?: number;
}): Freshness {
  const stale = new Set<string>();
  const listeners = new Set<(isStale: boolean) => void>();

  function change(name: string, isStale: boolean): void {
    const before = stale.size > 0;
    if (isStale) stale.add(name);
    else stale.delete(name);
    const after = stale.size > 0;
    if (before === after) return;
    if (after) logger.error({ probe: name }, 'cannot read the sessions: closing the sockets of this node');
    else logger.info('reads the sessions again');
    for (const listener of listeners) listener(after);
  }

  return {
    get isStale() {
      return stale.size > 0;
    },
    probe: (name) => createFreshnessProbe((isStale) => change(name, isStale), staleAfterMs),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
