import { limitChanges, isAnyChange } from '../trail/policy-change.ts';
import { maximumChange, ruleChanges } from '../trail/further-change.ts';
import { changeBetween, type Version } from './version-change.ts';

const VERSION: Version = {
  version: 1,
  createdAt: '2026-11-29T12:00:00.000Z',
  createdBy: null,
  idleMinutes: 30,
  absoluteMinutes: 720,
  effectiveIdleMinutes: 30,
  effectiveAbsoluteMinutes: 720,
  rules: [],
  maxSessionsPerUser: null,
  sessionLimitAction: 'DENY',
  apply: 'NEXT_LOGIN',
  endedSessions: 0,
  shortenedSessions: 0,
  restoredFrom: null,
};
const OWNERS = { role: 'OWNER', appType: null, idleMinutes: 15, absoluteMinutes: 60 } as const;
const MEMBERS = { role: 'MEMBER', appType: null, idleMinutes: 20, absoluteMinutes: 60 } as const;

test('a limit that differs is old and new, and one that does not is unchanged', () => {
  const change = changeBetween(VERSION, { ...VERSION, idleMinutes: 60, effectiveIdleMinutes: 60 });
  expect(limitChanges(change)).toEqual([
    {
      limit: 'idle',
      before: { minutes: 30, isDefault: false },
      after: { minutes: 60, isDefault: false },
    },
    { limit: 'absolute', before: null, after: { minutes: 720, isDefault: false } },
  ]);
});

test('a default is told from the same number that was set', () => {
  expect(isAnyChange(changeBetween({ ...VERSION, idleMinutes: null }, VERSION))).toBe(true);
});

test('rules, the maximum and what happens at it', () => {
  const change = changeBetween(
    { ...VERSION, rules: [OWNERS, MEMBERS] },
    {
      ...VERSION,
      rules: [{ ...MEMBERS, idleMinutes: 10 }],
      maxSessionsPerUser: 3,
      sessionLimitAction: 'END_OLDEST',
    },
  );
  expect(ruleChanges(change)).toMatchObject([
    { kind: { role: 'MEMBER' }, before: { idleMinutes: 20 }, after: { idleMinutes: 10 } },
    { kind: { role: 'OWNER' }, after: null },
  ]);
  expect(maximumChange(change)).toEqual({
    maximum: { before: null, after: 3 },
    action: { before: 'DENY', after: 'END_OLDEST' },
  });
});

test('versions with the same policy differ in nothing, also with their rules in another order', () => {
  const [one, other] = [
    { ...VERSION, rules: [OWNERS, MEMBERS] },
    { ...VERSION, version: 2, rules: [MEMBERS, OWNERS], apply: 'ACTIVE_SESSIONS' as const },
  ];
  expect(isAnyChange(changeBetween(one, other))).toBe(false);
});
