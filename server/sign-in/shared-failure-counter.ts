import { createMemoryCounter, type FailureCount, type FailureCounter } from './failure-counters.ts';

/** Where all nodes count the failures of one kind. */
export interface SharedCount {
  read(key: string): Promise<FailureCount | null>;
  add(key: string): Promise<unknown>;
  clear(key: string): Promise<unknown>;
  clearGroup(group: string): Promise<unknown>;
}

export interface SharedStore {
  /**
   * Runs a command. Null: the store cannot be used now.
   * @throws UNAVAILABLE for a check when nothing else could be answered either
   */
  run<T>(command: () => Promise<T>, options?: { isCheck: boolean }): Promise<{ result: T } | null>;
  /** Whether every command of the past window reached the store, so that its counts miss none of this node. */
  readonly isComplete: boolean;
}

/**
 * A counter that all nodes share, while each node also counts in its memory. Once the store fails, and for 15 minutes
 * after it recovers, the node's own count is read as well, so that no limit is ever off.
 */
export function createSharedFailureCounter(
  { name, limit, windowSeconds }: { name: string; limit: number; windowSeconds?: number },
  { shared, store }: { shared: SharedCount; store: SharedStore },
): FailureCounter {
  const memory = createMemoryCounter(name, limit, windowSeconds);
  return {
    limit,
    async read(key) {
      const found = await store.run(() => shared.read(key), { isCheck: true });
      const isComplete = found !== null && store.isComplete;
      const counts = [found?.result ?? null, isComplete ? null : await memory.read(key)].filter(
        (count) => count !== null,
      );
      return counts.toSorted((one, other) => other.failures - one.failures)[0] ?? null;
    },
    async add(key) {
      await Promise.all([memory.add(key), store.run(() => shared.add(key))]);
    },
    async clear(key) {
      await Promise.all([memory.clear(key), store.run(() => shared.clear(key))]);
    },
    async clearGroup(group) {
      await Promise.all([memory.clearGroup(group), store.run(() => shared.clearGroup(group))]);
    },
  };
}
