import { type ForecastSlice, summaryOf, ticksFor } from './expiry-forecast.ts';

const slice = (idle: number, absolute: number): ForecastSlice => ({
  startsAt: '',
  endsAt: '',
  idle,
  absolute,
});

test('the summary counts the sessions that end, by limit', () => {
  expect(summaryOf([slice(2, 1), slice(3, 1)], 12)).toBe(
    '7 sessions end within 12 hours: 5 at the idle limit, 2 at the absolute limit.',
  );
  expect(summaryOf([slice(1, 0)], 24)).toBe('1 session ends within 24 hours, at the idle limit.');
  expect(summaryOf([slice(0, 2)], 72)).toBe('2 sessions end within 3 days, at the absolute limit.');
  expect(summaryOf([slice(0, 0)], 168)).toBe('No session ends within 7 days.');
});

test('the ticks are whole numbers that reach the highest bar, at most five', () => {
  expect(ticksFor(0)).toEqual([0, 1]);
  expect(ticksFor(3)).toEqual([0, 1, 2, 3]);
  expect(ticksFor(5)).toEqual([0, 2, 4, 6]);
  expect(ticksFor(44)).toEqual([0, 20, 40, 60]);
  for (let highest = 1; highest < 20_000; highest = Math.ceil(highest * 1.3)) {
    const ticks = ticksFor(highest);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest);
    expect(ticks.length).toBeLessThanOrEqual(5);
  }
});
