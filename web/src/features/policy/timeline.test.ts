import fc from 'fast-check';
import { timelineOf } from './timeline.ts';

const LEADS = { warningSeconds: 300, absoluteWarningSeconds: 300 };

const limits = fc
  .tuple(fc.integer({ min: 1, max: 129_600 }), fc.integer({ min: 1, max: 129_600 }))
  .map(([a, b]) => ({ idleMinutes: Math.min(a, b), absoluteMinutes: Math.max(a, b) }));

test('for all limits, every stretch lies within the picture, in order and visible', () => {
  fc.assert(
    fc.property(limits, (given) => {
      const { absolute, idle } = timelineOf(given, LEADS);
      for (const { from, to, warnFrom } of [absolute, ...idle]) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(1 + 1e-9);
        expect(to - from).toBeGreaterThan(0.2);
        expect(warnFrom).toBeGreaterThan(from);
        expect(to - warnFrom).toBeGreaterThan(0.02);
      }
      expect(idle.map(({ from }) => from)).toEqual(idle.map(({ from }) => from).toSorted((a, b) => a - b));
    }),
  );
});

test('a longer idle limit is a longer stretch', () => {
  const length = (idleMinutes: number) => {
    const [first] = timelineOf({ idleMinutes, absoluteMinutes: 43_200 }, LEADS).idle;
    return first!.to - first!.from;
  };
  expect(length(10_080)).toBeGreaterThan(length(4320));
  expect(length(43_200)).toBe(1);
});

test('the sentences name both limits and both warnings', () => {
  expect(timelineOf({ idleMinutes: 30, absoluteMinutes: 720 }, LEADS).sentences).toEqual([
    'Idle limit: signed out after 30 minutes without activity, with a warning 5 minutes before. Any activity restarts it.',
    'Absolute limit: signed out 12 hours after sign-in, with a warning 5 minutes before. Activity does not extend it.',
  ]);
});

test('the warning lead is at most half of the limit', () => {
  const [idle] = timelineOf(
    { idleMinutes: 5, absoluteMinutes: 30 },
    { ...LEADS, absoluteWarningSeconds: 61 },
  ).sentences;
  expect(idle).toContain('warning 2 minutes and 30 seconds before');
  const [, absolute] = timelineOf(
    { idleMinutes: 5, absoluteMinutes: 30 },
    { ...LEADS, absoluteWarningSeconds: 61 },
  ).sentences;
  expect(absolute).toContain('warning 1 minute and 1 second before');
});
