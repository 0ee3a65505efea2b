import { type BrowserEnv } from '../browser/browser-env.ts';

/** Runs tasks that use the token source, one tab at a time. */
export type ExclusiveTask = (dropped: AbortSignal, task: () => Promise<void>) => Promise<void>;

/** A tab that holds the lock for longer hangs. The server can cope with two tasks at once. */
const LOCK_TIMEOUT_MS = 20_000;

/** `name`: prefix of the names that the tabs share. */
export function createExclusiveTask(
  { locks, setTimeout, clearTimeout }: Pick<BrowserEnv, 'locks' | 'setTimeout' | 'clearTimeout'>,
  name: string,
): ExclusiveTask {
  /** Runs the task once: with the lock, or without it after the timeout and where locks are denied. */
  return async (dropped, task) => {
    if (!locks) return task();
    let running: Promise<void> | null = null;
    const run = (): Promise<void> => (running ??= task());
    const waiting = new AbortController();
    const stopWaiting = (): void => waiting.abort();
    dropped.addEventListener('abort', stopWaiting, waiting);
    const timer = setTimeout(stopWaiting, LOCK_TIMEOUT_MS);
    try {
      // Earlier versions of the kit in other tabs use this name.
      // eslint-disable-next-line curfew/retired-words
      await locks.request(`${name}:renewal`, waiting, () => {
        clearTimeout(timer);
        return run();
      });
    } catch {
      // Denied, not granted in time, or taken away from a task that runs on. The task's own error follows below.
    } finally {
      clearTimeout(timer);
      stopWaiting();
    }
    return run();
  };
}
