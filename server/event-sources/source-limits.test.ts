import { paceSource } from './source-limits.ts';

const START = new Date('2026-11-30T12:00:00Z');

/** Sends until it is refused. */
function sendMany(pacedUntil: Date | null, now: Date): { count: number; pacedUntil: Date | null } {
  for (let count = 0; ; count += 1) {
    const paced = paceSource(pacedUntil, now);
    if ('retryAfterSeconds' in paced) return { count, pacedUntil };
    ({ pacedUntil } = paced);
  }
}

test('five thousand tokens are taken at once, then fifty a second', () => {
  const first = sendMany(null, START);
  expect(first.count).toBe(5_000);
  expect(paceSource(first.pacedUntil, START)).toEqual({ retryAfterSeconds: 1 });
  const later = new Date(START.getTime() + 1_000);
  expect(sendMany(first.pacedUntil, later).count).toBe(50);
});

test('a source that was quiet for long may send no more than at first', () => {
  const { pacedUntil } = sendMany(null, START);
  expect(sendMany(pacedUntil, new Date(START.getTime() + 86_400_000)).count).toBe(5_000);
});
