import { appliedNow, limitChanges } from './policy-change.ts';

const limits = (idle: number | null, absolute: number | null) => ({
  idle_minutes: idle,
  absolute_minutes: absolute,
});
const set = (minutes: number) => ({ minutes, isDefault: false });
const byDefault = (minutes: number) => ({ minutes, isDefault: true });

test('each limit has what it was before and after', () => {
  expect(
    limitChanges({
      old: limits(4320, 720),
      new: limits(30, 720),
      effective_old: limits(4320, 720),
      effective_new: limits(30, 720),
    }),
  ).toEqual([
    { limit: 'idle', before: set(4320), after: set(30) },
    { limit: 'absolute', before: null, after: set(720) },
  ]);
});

test('a limit that is not set is the default', () => {
  expect(
    limitChanges({
      old: limits(null, 720),
      new: limits(30, null),
      effective_old: limits(4320, 720),
      effective_new: limits(30, 20_160),
    }),
  ).toEqual([
    { limit: 'idle', before: byDefault(4320), after: set(30) },
    { limit: 'absolute', before: set(720), after: byDefault(20_160) },
  ]);
});

test('replacing the default by its number is a change, saving equal numbers is not', () => {
  const same = { effective_old: limits(4320, 720), effective_new: limits(4320, 720) };
  expect(limitChanges({ old: limits(null, 720), new: limits(4320, 720), ...same })[0]).toEqual({
    limit: 'idle',
    before: byDefault(4320),
    after: set(4320),
  });
  expect(
    limitChanges({ old: limits(4320, 720), new: limits(4320, 720), ...same }).map(({ before }) => before),
  ).toEqual([null, null]);
});

test('what an applied policy did is there only where the entry says so', () => {
  expect(appliedNow({ apply: 'active_sessions', ended_count: 15, shortened_count: 3 })).toEqual({
    ended: 15,
    shortened: 3,
  });
  expect(appliedNow({ apply: 'next_login', ended_count: 0, shortened_count: 0 })).toBeNull();
  expect(appliedNow({})).toBeNull();
});
