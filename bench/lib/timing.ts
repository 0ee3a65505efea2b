import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds until `work` is done. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Asks every few milliseconds until the answer is yes. @throws after ten minutes of no */
export async function until(question: () => Promise<boolean>, everyMs = 10): Promise<void> {
  for (const end = performance.now() + 600_000; performance.now() < end; await pause(everyMs))
    if (await question()) return;
  throw new Error('It never came.');
}
