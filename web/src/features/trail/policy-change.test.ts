import { maximumChange, ruleChanges } from './further-change.ts';
import { appliedNow, isAnyChange, limitChanges } from './policy-change.ts';

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

const rule = (role: string | null, app_type: string | null, idle: number, absolute: number) => ({
  role,
  app_type,
  ...limits(idle, absolute),
});
const kindOf = (role: string | null, appType: string | null) => expect.objectContaining({ role, appType });

test('rules were added, removed or changed; others are left out', () => {
  const details = {
    old: {
      rules: [rule('OWNER', null, 15, 60), rule('MEMBER', null, 30, 60), rule(null, 'TENANT_APP', 45, 90)],
    },
    new: {
      rules: [rule('MEMBER', null, 30, 60), rule('OWNER', null, 15, 30), rule('OWNER', 'TENANT_APP', 20, 40)],
    },
  };
  expect(ruleChanges(details)).toEqual([
    {
      kind: kindOf('OWNER', null),
      before: expect.objectContaining({ idleMinutes: 15, absoluteMinutes: 60 }),
      after: expect.objectContaining({ idleMinutes: 15, absoluteMinutes: 30 }),
    },
    {
      kind: kindOf('OWNER', 'TENANT_APP'),
      before: null,
      after: expect.objectContaining({ idleMinutes: 20, absoluteMinutes: 40 }),
    },
    {
      kind: kindOf(null, 'TENANT_APP'),
      before: expect.objectContaining({ idleMinutes: 45, absoluteMinutes: 90 }),
      after: null,
    },
  ]);
  expect(ruleChanges({ old: limits(1, 2), new: limits(1, 2) })).toEqual([]);
});

test('rules that only a newer server knows, and odd details, are left out', () => {
  const odd = [rule('ADMIN', null, 1, 2), rule('OWNER', 'WATCH', 1, 2), { role: 'OWNER' }, null, 'x'];
  expect(ruleChanges({ old: { rules: odd }, new: { rules: 'x' } })).toEqual([]);
  expect(ruleChanges({ old: null })).toEqual([]);
  expect(maximumChange({})).toEqual({});
});

test('the maximum of sessions and what happens at it are there only where they changed', () => {
  expect(
    maximumChange({
      old: { max_sessions_per_user: null, session_limit_action: 'DENY' },
      new: { max_sessions_per_user: 3, session_limit_action: 'ASK' },
    }),
  ).toEqual({ maximum: { before: null, after: 3 }, action: { before: 'DENY', after: 'ASK' } });
  expect(maximumChange({ old: limits(1, 2), new: limits(1, 2) })).toEqual({});
  expect(maximumChange({ old: { max_sessions_per_user: 3 }, new: { max_sessions_per_user: null } })).toEqual({
    maximum: { before: 3, after: null },
  });
});

test('a change of rules or of the maximum alone is a change', () => {
  const same = {
    old: limits(30, 60),
    new: limits(30, 60),
    effective_old: limits(30, 60),
    effective_new: limits(30, 60),
  };
  expect(isAnyChange(same)).toBe(false);
  expect(isAnyChange({ ...same, new: { ...same.new, rules: [] } })).toBe(true);
  expect(isAnyChange({ ...same, new: { ...same.new, max_sessions_per_user: null } })).toBe(true);
});
