import { describePolicyChange } from './describe-policy-change.ts';

const limits = (idle: number | null, absolute: number | null) => ({
  idle_minutes: idle,
  absolute_minutes: absolute,
});

test('each limit is described before and after, in words', () => {
  expect(
    describePolicyChange({
      old: limits(4320, 720),
      new: limits(30, 720),
      effective_old: limits(4320, 720),
      effective_new: limits(30, 720),
    }),
  ).toEqual({
    what: 'changed the session policy',
    limits: [
      { name: 'Idle limit', before: '3 days', after: '30 minutes' },
      { name: 'Absolute limit', before: null, after: '12 hours' },
    ],
  });
});

test('a limit that is not set is described as the default', () => {
  const { limits: described } = describePolicyChange({
    old: limits(null, 720),
    new: limits(30, null),
    effective_old: limits(4320, 720),
    effective_new: limits(30, 20_160),
  });
  expect(described).toEqual([
    { name: 'Idle limit', before: '3 days (the default)', after: '30 minutes' },
    { name: 'Absolute limit', before: '12 hours', after: '14 days (the default)' },
  ]);
});

test('replacing the default by its number is a change, saving equal numbers is not', () => {
  const same = { effective_old: limits(4320, 720), effective_new: limits(4320, 720) };
  expect(describePolicyChange({ old: limits(null, 720), new: limits(4320, 720), ...same }).limits[0]).toEqual(
    { name: 'Idle limit', before: '3 days (the default)', after: '3 days' },
  );
  expect(describePolicyChange({ old: limits(4320, 720), new: limits(4320, 720), ...same })).toEqual({
    what: 'saved the session policy without changes',
    limits: [
      { name: 'Idle limit', before: null, after: '3 days' },
      { name: 'Absolute limit', before: null, after: '12 hours' },
    ],
  });
});
