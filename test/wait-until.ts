import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats `isSo` until it is true, and lets everything else run between two attempts. Without `timeoutMs` the time
 * limit of the test ends it.
 * @throws when `timeoutMs` passes first
 */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  { what = 'the condition', timeoutMs = Infinity }: { what?: string; timeoutMs?: number | undefined } = {},
): Promise<void> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > timeoutMs) throw new Error(`Not in time: ${what}.`);
    await pause(5);
  }
}
