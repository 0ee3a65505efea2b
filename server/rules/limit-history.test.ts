import type { AppType, Role } from '../generated/schema.ts';
import {
  decisiveStep,
  limitStep,
  traceLimits,
  type HistoricPolicy,
  type RoleChange,
} from './limit-history.ts';
import type { EffectivePolicy } from './policy.ts';
import type { PolicyRule } from './policy-rules.ts';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1) + minute * 60_000);
const version = (
  number: number,
  minute: number,
  [idleMinutes, absoluteMinutes]: [number, number],
  { isApplied = false, rules = [] as readonly PolicyRule[] } = {},
): HistoricPolicy => ({
  version: number,
  at: at(minute),
  isApplied,
  policy: { idleMinutes, absoluteMinutes, rules },
});
const rule = (
  role: Role | null,
  appType: AppType | null,
  idleMinutes: number,
  absoluteMinutes: number,
): PolicyRule => ({ role, appType, idleMinutes, absoluteMinutes });
const DEFAULTS = version(0, -1_000, [4320, 20_160]);
const session = (
  minute: number,
  [idleMinutes, absoluteMinutes]: [number, number],
  endedAt: Date | null = null,
) => ({
  appType: 'CONTROL_PANEL' as const,
  authenticatedAt: at(minute),
  endedAt,
  limits: { idleMinutes, absoluteMinutes },
  limitsAtStart: null as EffectivePolicy | null,
});
const decided = (
  of: ReturnType<typeof session>,
  versions: readonly HistoricPolicy[],
  changes: readonly RoleChange[] = [],
  role: Role = 'MEMBER',
) => {
  const step = decisiveStep(traceLimits(of, versions, changes, role))!;
  return { cause: step.cause, version: step.version, rule: step.rule, limits: step.limits };
};

test('a session lives by the version at its authentication, not by one saved later for new sessions', () => {
  const versions = [DEFAULTS, version(1, 10, [60, 720]), version(2, 30, [15, 60])];
  expect(decided(session(20, [60, 720]), versions)).toMatchObject({
    cause: 'SIGN_IN',
    version: 1,
    rule: null,
  });
  expect(decided(session(5, [4320, 20_160]), versions)).toMatchObject({ version: 0 });
});

test('a version that is applied counts where it makes a limit shorter', () => {
  const applied = { isApplied: true };
  const versions = [DEFAULTS, version(1, 10, [60, 720], applied), version(2, 30, [90, 720], applied)];
  expect(decided(session(5, [60, 720]), versions)).toMatchObject({ cause: 'POLICY', version: 1 });
  const both = [...versions, version(3, 40, [90, 600], applied)];
  expect(decided(session(5, [60, 600]), both)).toMatchObject({
    version: 3,
    limits: { idleMinutes: 60, absoluteMinutes: 600 },
  });
});

test('each limit is from the latest version that has it, at most the decisive one', () => {
  const versions = [
    version(1, 0, [60, 720]),
    version(2, 10, [90, 600], { isApplied: true }),
    version(3, 20, [60, 480], { isApplied: true }),
    version(4, 30, [120, 300], { isApplied: true }),
    version(5, 40, [60, 900], { isApplied: true }),
  ];
  const steps = traceLimits(session(5, [60, 300]), versions, [], 'MEMBER');
  expect(limitStep(steps, 'idleMinutes')).toMatchObject({ version: 3, limits: { idleMinutes: 60 } });
  expect(limitStep(steps, 'absoluteMinutes')).toMatchObject({ version: 4, limits: { absoluteMinutes: 300 } });
  expect(decisiveStep(steps)).toMatchObject({ version: 4 });
});

test('the rule is that of the role and the application type of that moment', () => {
  const owners = rule('OWNER', 'CONTROL_PANEL', 15, 60);
  const members = rule('MEMBER', null, 30, 120);
  const versions = [DEFAULTS, version(1, 1, [60, 720], { rules: [members, owners] })];
  expect(decided(session(5, [30, 120]), versions)).toMatchObject({ rule: members });
  expect(decided(session(5, [15, 60]), versions, [], 'OWNER')).toMatchObject({ rule: owners });
  const promoted = [{ at: at(10), old: 'MEMBER' as const, new: 'OWNER' as const }];
  expect(decided(session(5, [15, 60]), versions, promoted, 'OWNER')).toMatchObject({
    cause: 'ROLE',
    version: 1,
    rule: owners,
  });
  const demoted = [{ at: at(10), old: 'OWNER' as const, new: 'MEMBER' as const }];
  expect(decided(session(5, [15, 60]), versions, demoted)).toMatchObject({ cause: 'SIGN_IN', rule: owners });
});

test('a change of role counts under the version of that moment, also one that was not applied', () => {
  const owners = rule('OWNER', null, 15, 60);
  const versions = [DEFAULTS, version(1, 8, [60, 720], { rules: [owners] })];
  const promoted = [{ at: at(10), old: 'MEMBER' as const, new: 'OWNER' as const }];
  expect(decided(session(5, [15, 60]), versions, promoted, 'OWNER')).toMatchObject({
    version: 1,
    rule: owners,
  });
});

test('of versions in the millisecond of the authentication, the one with the limits of the session counts', () => {
  const versions = [DEFAULTS, version(1, 5, [60, 720]), version(2, 5, [30, 720])];
  expect(decided(session(5, [4320, 20_160]), versions)).toMatchObject({ version: 0 });
  expect(decided(session(5, [60, 720]), versions)).toMatchObject({ version: 1 });
  expect(decided(session(5, [30, 720]), versions)).toMatchObject({ version: 2 });
  // Limits that no version leads to, as after a change of the bounds: the latest one.
  expect(decided(session(5, [31, 720]), versions)).toMatchObject({ version: 2 });
  expect(decided(session(6, [60, 720]), versions)).toMatchObject({ version: 2 });
});

test('a change of role after the end says which role it was, and counts no more', () => {
  const owners = rule('OWNER', null, 15, 60);
  const versions = [DEFAULTS, version(1, 5, [60, 720], { rules: [owners] }), version(2, 5, [30, 720])];
  const promoted = [{ at: at(20), old: 'MEMBER' as const, new: 'OWNER' as const }];
  expect(decided(session(5, [60, 720], at(10)), versions, promoted, 'OWNER')).toMatchObject({
    cause: 'SIGN_IN',
    version: 1,
    rule: null,
  });
});

test('a version that was applied without a record of it is found by the limits of the session', () => {
  const versions = [DEFAULTS, version(1, 10, [60, 720]), version(2, 20, [90, 900])];
  expect(decided(session(5, [60, 720]), versions)).toMatchObject({ cause: 'POLICY', version: 1 });
});

test('an imported session without limits of its own begins under no version', () => {
  const imported = { ...session(5, [1, 1]), limits: null };
  expect(traceLimits(imported, [DEFAULTS, version(1, 1, [60, 720])], [], 'MEMBER')).toEqual([]);
  const applied = version(2, 10, [30, 700], { isApplied: true });
  expect(traceLimits(imported, [DEFAULTS, version(1, 1, [60, 720]), applied], [], 'MEMBER')).toMatchObject([
    { cause: 'POLICY', version: 2, isChange: true, limits: { idleMinutes: 30, absoluteMinutes: 700 } },
  ]);
});

test('the limits that were recorded at the authentication count, also after the configuration has changed', () => {
  const applied = version(1, 10, [90, 20_000], { isApplied: true });
  const now = version(0, -1_000, [60, 600]);
  const begun = {
    ...session(5, [90, 20_000]),
    limitsAtStart: { idleMinutes: 4320, absoluteMinutes: 20_160 },
  };
  expect(decided(begun, [now, applied])).toMatchObject({
    cause: 'POLICY',
    version: 1,
    limits: { idleMinutes: 90, absoluteMinutes: 20_000 },
  });
  // Of versions of that very millisecond, it is still the one that comes to the limits.
  const versions = [DEFAULTS, version(1, 5, [60, 720]), version(2, 5, [30, 720])];
  const earlier = { ...session(5, [60, 720]), limitsAtStart: { idleMinutes: 60, absoluteMinutes: 720 } };
  expect(decided(earlier, versions)).toMatchObject({ version: 1 });
});
