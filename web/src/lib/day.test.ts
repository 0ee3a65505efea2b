import { endOf, momentsOf, startOf } from './day.ts';

test('a day runs from its first moment to the first of the next, on this clock', () => {
  expect(startOf('2026-11-29')).toEqual(new Date(2026, 10, 29));
  expect(endOf('2026-11-29')).toEqual(new Date(2026, 10, 30));
  expect(endOf('2026-12-31')).toEqual(new Date(2027, 0, 1));
  for (const day of ['2026-02-30', '2026-13-01', '0000-00-00']) expect(startOf(day)).toBeNull();
});

test('a stretch of days is one of moments on this clock, and open where a day is missing', () => {
  expect(momentsOf({ from: '2026-11-29', to: '2026-11-29' })).toEqual({
    from: new Date(2026, 10, 29).toISOString(),
    to: new Date(2026, 10, 30).toISOString(),
  });
  expect(momentsOf({ from: null, to: '2026-02-30' })).toEqual({ from: null, to: null });
});
