import fc from 'fast-check';
import { AppError } from '../errors.ts';
import { changedPolicy, policyOf, validatePolicy, type PolicyInput } from './account-policy.ts';
import { effectivePolicy, type PolicyBounds } from './policy.ts';
import {
  limitsFor,
  policyInForce,
  ruleFor,
  SESSION_KINDS,
  type PolicyRule,
  type SessionKind,
} from './policy-rules.ts';

const BOUNDS: PolicyBounds = {
  idle: { default: 4320, min: 10, max: 43_200 },
  absolute: { default: 20_160, min: 30, max: 129_600 },
};

const rule = (
  role: PolicyRule['role'],
  appType: PolicyRule['appType'],
  idleMinutes = 60,
  absoluteMinutes = 720,
): PolicyRule => ({ role, appType, idleMinutes, absoluteMinutes });

const BOTH = rule('OWNER', 'CONTROL_PANEL');
const OF_ROLE = rule('OWNER', null);
const OF_TYPE = rule(null, 'CONTROL_PANEL');
const OWNER_HERE: SessionKind = { role: 'OWNER', appType: 'CONTROL_PANEL' };

/** Rules that a policy may have: at most one for each pair. */
const rules = fc
  .uniqueArray(
    fc.record({
      role: fc.constantFrom('OWNER' as const, 'MEMBER' as const, null),
      appType: fc.constantFrom('CONTROL_PANEL' as const, 'TENANT_APP' as const, null),
      idleMinutes: fc.integer({ min: 10, max: 43_200 }),
      absoluteMinutes: fc.integer({ min: 30, max: 129_600 }),
    }),
    { selector: ({ role, appType }) => `${role} ${appType}` },
  )
  .map((all) =>
    all
      .filter(({ role, appType }) => role !== null || appType !== null)
      .map((each) => ({ ...each, idleMinutes: Math.min(each.idleMinutes, each.absoluteMinutes) })),
  );

function refusal(input: PolicyInput): Record<string, unknown> | null {
  try {
    validatePolicy(input, BOUNDS);
    return null;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, ...error.details };
    throw error;
  }
}

describe('the rule of a session', () => {
  test('is the most specific that fits: both, then role, then application type, then none', () => {
    const inAnyOrder = [OF_TYPE, OF_ROLE, BOTH];
    expect(ruleFor(inAnyOrder, OWNER_HERE)).toBe(BOTH);
    expect(ruleFor([OF_TYPE, OF_ROLE], OWNER_HERE)).toBe(OF_ROLE);
    expect(ruleFor([OF_TYPE], OWNER_HERE)).toBe(OF_TYPE);
    expect(ruleFor(inAnyOrder, { role: 'OWNER', appType: 'TENANT_APP' })).toBe(OF_ROLE);
    expect(ruleFor(inAnyOrder, { role: 'MEMBER', appType: 'CONTROL_PANEL' })).toBe(OF_TYPE);
    expect(ruleFor(inAnyOrder, { role: 'MEMBER', appType: 'TENANT_APP' })).toBeNull();
    expect(ruleFor([], OWNER_HERE)).toBeNull();
  });

  test('does not depend on the order of the rules, and always fits the session', () => {
    fc.assert(
      fc.property(rules, fc.constantFrom(...SESSION_KINDS), (all, kind) => {
        const found = ruleFor(all, kind);
        expect(ruleFor(all.toReversed(), kind)).toEqual(found);
        if (found === null) return;
        expect([kind.role, null]).toContain(found.role);
        expect([kind.appType, null]).toContain(found.appType);
      }),
    );
  });

  test("gives its limits, clamped like the account's own two", () => {
    const tight: PolicyBounds = {
      idle: { default: 20, min: 10, max: 30 },
      absolute: { default: 40, min: 35, max: 50 },
    };
    const policy = policyInForce(
      { rules: [rule('OWNER', null, 500, 9000), rule('MEMBER', null, 1, 2)] },
      tight,
    );
    expect(limitsFor(policy, OWNER_HERE)).toEqual({ idleMinutes: 30, absoluteMinutes: 50 });
    expect(limitsFor(policy, { role: 'MEMBER', appType: 'TENANT_APP' })).toEqual({
      idleMinutes: 10,
      absoluteMinutes: 35,
    });
    fc.assert(
      fc.property(rules, fc.constantFrom(...SESSION_KINDS), (all, kind) => {
        const limits = limitsFor(policyInForce({ rules: all }, tight), kind);
        expect(limits).toEqual(effectivePolicy(ruleFor(all, kind) ?? {}, tight));
      }),
    );
  });
});

describe('a policy is checked', () => {
  const OUT = { code: 'BAD_USER_INPUT', reason: 'OUT_OF_BOUNDS' };
  const EXCEEDS = { code: 'BAD_USER_INPUT', reason: 'IDLE_EXCEEDS_ABSOLUTE', min: 10 };

  test('each rule like a policy, with its own names', () => {
    const tried = (each: PolicyRule) => refusal({ rules: [BOTH, each] });
    expect(tried(rule('MEMBER', null, 9))).toEqual({
      ...OUT,
      field: 'rules.1.idleMinutes',
      min: 10,
      max: 43_200,
    });
    expect(tried(rule('MEMBER', null, 60, 129_601))).toEqual({
      ...OUT,
      field: 'rules.1.absoluteMinutes',
      min: 30,
      max: 129_600,
    });
    expect(tried(rule('MEMBER', null, 61, 60))).toEqual({
      ...EXCEEDS,
      field: 'rules.1.idleMinutes',
      max: 60,
    });
    expect(tried(rule('MEMBER', null, 60, 60))).toBeNull();
  });

  test('a rule for nothing, and a second one for the same', () => {
    expect(refusal({ rules: [BOTH, rule(null, null)] })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'rules.1',
      reason: 'REQUIRED',
    });
    expect(refusal({ rules: [OF_ROLE, OF_TYPE, rule('OWNER', null, 10, 30)] })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'rules.2',
      reason: 'DUPLICATE',
    });
    expect(refusal({ rules: [BOTH, OF_ROLE, OF_TYPE, rule('MEMBER', null)] })).toBeNull();
  });

  test('so at most eight rules pass', () => {
    const halves = (['OWNER', 'MEMBER', null] as const).flatMap((role) =>
      (['CONTROL_PANEL', 'TENANT_APP', null] as const).map((appType) => rule(role, appType)),
    );
    const all = halves.filter(({ role, appType }) => role !== null || appType !== null);
    expect(all).toHaveLength(8);
    expect(refusal({ rules: all })).toBeNull();
    for (const ninth of halves)
      expect(refusal({ rules: [...all, ninth] })).toMatchObject({ field: 'rules.8' });
  });

  test('the maximum of sessions: 1 to 100', () => {
    for (const max of [1, 2, 99, 100, null, undefined])
      expect(refusal({ maxSessionsPerUser: max })).toBeNull();
    for (const max of [0, -1, 101, 2 ** 31 - 1])
      expect(refusal({ maxSessionsPerUser: max })).toEqual({
        ...OUT,
        field: 'maxSessionsPerUser',
        min: 1,
        max: 100,
      });
  });

  test('in this order: the two limits, the rules as they come, the maximum of sessions', () => {
    const rules = [rule('OWNER', null, 1), rule('OWNER', null), rule(null, null)];
    const all = { idleMinutes: 1, absoluteMinutes: 1, rules, maxSessionsPerUser: 0 };
    const fieldOf = (input: PolicyInput) => refusal(input)?.field;
    expect(fieldOf(all)).toBe('idleMinutes');
    expect(fieldOf({ ...all, idleMinutes: 60 })).toBe('absoluteMinutes');
    expect(fieldOf({ ...all, idleMinutes: 60, absoluteMinutes: 30 })).toBe('idleMinutes');
    const pair = { idleMinutes: 30, absoluteMinutes: 60 };
    expect(fieldOf({ ...all, ...pair })).toBe('rules.0.idleMinutes');
    expect(fieldOf({ ...all, ...pair, rules: rules.slice(1) })).toBe('rules.1');
    expect(fieldOf({ ...all, ...pair, rules: [] })).toBe('maxSessionsPerUser');
  });
});

describe('a change of a policy', () => {
  const old = policyOf({
    idleMinutes: 60,
    absoluteMinutes: 600,
    policyRules: [BOTH],
    maxSessionsPerUser: 3,
    sessionLimitAction: 'ASK',
  });

  test('clears the two limits that it leaves out, and nothing else', () => {
    expect(changedPolicy(old, {})).toEqual({ ...old, idleMinutes: null, absoluteMinutes: null });
  });

  test('clears with null, and an empty list of rules is null', () => {
    const cleared = { idleMinutes: null, absoluteMinutes: null, rules: [], maxSessionsPerUser: null };
    const input = { rules: null, maxSessionsPerUser: null, sessionLimitAction: null };
    expect(changedPolicy(old, input)).toEqual({ ...cleared, sessionLimitAction: 'DENY' });
    expect(changedPolicy(old, { rules: [] }).rules).toEqual([]);
  });

  test('leaves out what only a newer version can have stored', () => {
    const odd = { ...OF_ROLE, role: 'AUDITOR' as 'OWNER' };
    const kiosk = { ...OF_TYPE, appType: 'KIOSK' as 'TENANT_APP' };
    const stored = { policyRules: [odd, BOTH, kiosk], sessionLimitAction: 'LOTTERY' as 'DENY' };
    expect(policyOf(stored)).toEqual({ ...policyOf({}), rules: [BOTH], sessionLimitAction: 'DENY' });
  });
});
