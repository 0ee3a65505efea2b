import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';

// Sizes of the long suites: a small one in CI and with `npm test`, the full one by their own commands.

export const isFullSize = process.env.TEST_SIZE === 'full';

/** Both sizes of one suite, next to each other. */
export const sized = (small: number, full: number): number => (isFullSize ? full : small);

/** Time limit of a suite, in milliseconds. */
export const timeLimit = sized(300_000, 4 * 3_600_000);

/**
 * Small runs repeat the kept seeds, so that CI never fails by chance; a full run takes a new one and prints it. SEED
 * repeats a run with a finding.
 */
export function seedsOf(kept: readonly number[]): readonly number[] {
  if (process.env.SEED !== undefined) return [Number(process.env.SEED)];
  return isFullSize ? [randomInt(2 ** 31)] : kept;
}

/** One row of a suite's results: printed at once, and kept for the table of all suites (`npm run test:long`). */
export function report(suite: string, did: Record<string, string | number>): void {
  const cells = Object.entries(did).map(([name, value]) => `${name} ${value}`);
  process.stderr.write(`  ${suite}: ${cells.join(', ')}\n`);
  const file = process.env.TEST_REPORT_FILE;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ suite, did })}\n`);
}
