import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

export const WINDOW_SECONDS = 15 * 60;

/** Counts failures of one kind by key, each within 15 minutes of its first failure unless the kind has another window. */
export interface FailureCounter {
  /** The number of failures at which the limit binds. */
  readonly limit: number;
  /** Null: no failures. */
  read(key: string): Promise<FailureCount | null>;
  add(key: string): Promise<void>;
  clear(key: string): Promise<void>;
  /** Clears every key of a group: those written as `groupKey(group, ...)`. */
  clearGroup(group: string): Promise<void>;
}

const GROUP_END = '.';

/** A key that can be cleared with others of its group. Neither part holds a dot. */
export const groupKey = (group: string, rest: string): string => group + GROUP_END + rest;

/** What all keys of a group begin with. */
export const groupPrefix = (group: string): string => group + GROUP_END;

export interface FailureCount {
  failures: number;
  msLeft: number;
}

export interface FailureCounters {
  create(name: string, limit: number, windowSeconds?: number): FailureCounter;
  /** False while Redis, or else the database, is down or takes no writes: each node then counts for itself. */
  readonly isShared: boolean;
  stop(): void;
}

/** Groups whose keys a node remembers. Those of more groups are only cleared by time. */
const MAX_GROUPS = 50_000;

/** A counter in the memory of this node. */
export function createMemoryCounter(
  name: string,
  limit: number,
  windowSeconds = WINDOW_SECONDS,
): FailureCounter {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points: limit, duration: windowSeconds });
  const keysByGroup = new LRUCache<string, Set<string>>({ max: MAX_GROUPS, ttl: windowSeconds * 1000 });

  function remember(key: string): void {
    const end = key.indexOf(GROUP_END);
    if (end < 0) return;
    const group = key.slice(0, end);
    keysByGroup.set(group, (keysByGroup.get(group) ?? new Set()).add(key));
  }

  return {
    limit,
    read: async (key) => toFailureCount(await limiter.get(key)),
    async add(key) {
      remember(key);
      await limiter.penalty(key, 1);
    },
    clear: async (key) => void (await limiter.delete(key)),
    async clearGroup(group) {
      const keys = [...(keysByGroup.get(group) ?? [])];
      keysByGroup.delete(group);
      await Promise.all(keys.map((key) => limiter.delete(key)));
    },
  };
}

export const toFailureCount = (found: RateLimiterRes | null): FailureCount | null =>
  found && { failures: found.consumedPoints, msLeft: found.msBeforeNext };

/** The counters of a single node, in its memory. */
export function createLocalFailureCounters(): FailureCounters {
  return {
    isShared: true,
    create: createMemoryCounter,
    stop() {},
  };
}
