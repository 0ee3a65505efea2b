import type { Target, Vitals } from './target.ts';
import { report } from '../size.ts';
import { slowness } from '../slowness.ts';

/** The contract's limit for blocking the event loop. */
const MAX_BLOCK_MS = 100;
/** Growth allowed for caches and compiled code. */
const HEAP_GROWTH_BYTES = 64 * 1024 * 1024;

/**
 * Expects that the server still runs, answers, was never blocked, holds no more memory, and logged no unexpected
 * error.
 */
export async function expectUnharmed(target: Target, before: Vitals): Promise<void> {
  expect(target.server.child.exitCode).toBeNull();
  expect(target.server.child.signalCode).toBeNull();
  const after = await target.vitals();
  const grownMb = Math.round((after.heapUsed + after.external - before.heapUsed - before.external) / 2 ** 20);
  report('afterwards', { 'longest block ms': Math.round(after.longestBlockMs), 'grown MB': grownMb });
  expect(target.unforeseen()).toEqual([]);
  expect(after.longestBlockMs).toBeLessThanOrEqual(MAX_BLOCK_MS * slowness());
  expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(HEAP_GROWTH_BYTES);
  const { data } = await target.gql('{ authProviders { id } }');
  expect(data.authProviders).toEqual([]);
}
