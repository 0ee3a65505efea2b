import fc from 'fast-check';
import { timeLineOf } from './time-line.ts';

const LEADS = { warningSeconds: 300, absoluteWarningSeconds: 300 };

const limits = fc
  .tuple(fc.integer({ min: 1, max: 129_600 }), fc.integer({ min: 1, max: 129_600 }))
  .map(([a, b]) => ({ idleMinutes: Math.min(a, b), absoluteMinutes: Math.max(a, b) }));

test('whatever the limits, everything lies in the picture, in order, and can be seen', () => {
  fc.assert(
    fc.property(limits, (given) => {
      const { absolute, idle } = timeLineOf(given, LEADS);
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
    const [first] = timeLineOf({ idleMinutes, absoluteMinutes: 43_200 }, LEADS).idle;
    return first!.to - first!.from;
  };
  expect(length(10_080)).toBeGreaterThan(length(4320));
  expect(length(43_200)).toBe(1);
});

test('the sentences say both limits and both warnings', () => {
  expect(timeLineOf({ idleMinutes: 30, absoluteMinutes: 720 }, LEADS).sentences).toEqual([
    'Idle limit: signed out after 30 minutes without activity, warned 5 minutes before. Every activity starts it anew.',
    'Absolute limit: signed out 12 hours after sign-in, warned 5 minutes before, however active.',
  ]);
});

test('a warning comes at most half the limit before', () => {
  const [idle] = timeLineOf(
    { idleMinutes: 5, absoluteMinutes: 30 },
    { ...LEADS, absoluteWarningSeconds: 61 },
  ).sentences;
  expect(idle).toContain('warned 2 minutes and 30 seconds before');
  const [, absolute] = timeLineOf(
    { idleMinutes: 5, absoluteMinutes: 30 },
    { ...LEADS, absoluteWarningSeconds: 61 },
  ).sentences;
  expect(absolute).toContain('warned 1 minute and 1 second before');
});
