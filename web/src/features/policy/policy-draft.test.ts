import {
  checkDraft,
  draftOf,
  fieldsShown,
  isEdited,
  type Policy,
  type PolicyDraft,
  type Preset,
  rulesShown,
  withMaximumDraft,
  withPreset,
  withRules,
} from './policy-draft.ts';
import { type RuleDraft, ruleDraftsOf, withChangedRule, withNewRule, withoutRule } from './rule-drafts.ts';

const POLICY: Policy = {
  idleMinutes: 60,
  absoluteMinutes: 1440,
  effectiveIdleMinutes: 60,
  effectiveAbsoluteMinutes: 1440,
  idleMinutesMin: 10,
  idleMinutesMax: 43_200,
  absoluteMinutesMin: 30,
  absoluteMinutesMax: 129_600,
  preset: 'NIST_AAL2',
  rules: [],
  maxSessionsPerUser: null,
  sessionLimitAction: 'DENY',
  warningSeconds: 300,
  absoluteWarningSeconds: 300,
  version: 4,
  updatedAt: null,
  updatedBy: null,
};

const preset = (name: Preset['preset'], idleMinutes: number, absoluteMinutes: number): Preset => ({
  preset: name,
  idleMinutes,
  absoluteMinutes,
  description: '',
  available: true,
});
const PRESETS = [
  preset('STRICT', 4320, 20_160),
  preset('STANDARD', 10_080, 43_200),
  preset('NIST_AAL2', 60, 1440),
];

const check = (draft: PolicyDraft, policy = POLICY) => checkDraft(draft, policy, PRESETS);
const inputFor = (draft: PolicyDraft, policy = POLICY) => check(draft, policy).input;

test('an unedited form changes nothing', () => {
  const draft = draftOf(POLICY);
  expect(isEdited(draft, POLICY)).toBe(false);
  expect(check(draft).isChanged).toBe(false);
});

test("Strict follows the server's defaults, any other preset sends its two limits", () => {
  expect(inputFor(withPreset(draftOf(POLICY), 'STRICT', PRESETS))).toEqual({
    idleMinutes: null,
    absoluteMinutes: null,
  });
  expect(inputFor(withPreset(draftOf(POLICY), 'STANDARD', PRESETS))).toEqual({
    idleMinutes: 10_080,
    absoluteMinutes: 43_200,
  });
});

test('a policy that is only applied again is sent as it was saved', () => {
  const half: Policy = { ...POLICY, preset: 'CUSTOM', idleMinutes: null, effectiveIdleMinutes: 4320 };
  const policy = { ...half, absoluteMinutes: 5000, effectiveAbsoluteMinutes: 5000 };
  expect(inputFor({ ...draftOf(policy), apply: 'ACTIVE_SESSIONS' }, policy)).toEqual({
    idleMinutes: null,
    absoluteMinutes: 5000,
  });
});

test('Custom with the numbers of a preset differs from the preset', () => {
  const custom = withPreset(draftOf({ ...POLICY, preset: 'STRICT' }), 'CUSTOM', PRESETS);
  const policy: Policy = { ...POLICY, preset: 'STRICT' };
  expect(check(custom, policy).isChanged).toBe(true);
  expect(inputFor(custom, policy)).toEqual({ idleMinutes: 60, absoluteMinutes: 1440 });
});

test('Custom starts from the last preset', () => {
  const standard = withPreset(draftOf(POLICY), 'STANDARD', PRESETS);
  expect(fieldsShown(standard, PRESETS)).toEqual(
    fieldsShown(withPreset(standard, 'CUSTOM', PRESETS), PRESETS),
  );
});

test('values typed into Custom survive a look at the presets', () => {
  const typed = {
    ...withPreset(draftOf(POLICY), 'CUSTOM', PRESETS),
    fields: {
      idleMinutes: { amount: '45', unit: 'minutes' as const },
      absoluteMinutes: { amount: '', unit: 'days' as const },
    },
    isTyped: true,
  };
  const strict = withPreset(typed, 'STRICT', PRESETS);
  expect(fieldsShown(strict, PRESETS).idleMinutes).toEqual({ amount: '3', unit: 'days' });
  expect(withPreset(strict, 'CUSTOM', PRESETS).fields).toEqual(typed.fields);
});

const OWNERS = { role: 'OWNER', appType: null, idleMinutes: 15, absoluteMinutes: 60 } as const;
const MEMBERS = { role: 'MEMBER', appType: null, idleMinutes: 30, absoluteMinutes: 120 } as const;
const RULED: Policy = {
  ...POLICY,
  rules: [OWNERS, MEMBERS],
  maxSessionsPerUser: 3,
  sessionLimitAction: 'ASK',
};
const SAVED_LIMITS = { idleMinutes: 60, absoluteMinutes: 1440 };
const saved = ruleDraftsOf(RULED.rules);

test('what was not touched is not sent, so that it stays on the server', () => {
  expect(inputFor(withPreset(draftOf(RULED), 'STANDARD', PRESETS), RULED)).toEqual({
    idleMinutes: 10_080,
    absoluteMinutes: 43_200,
  });
});

test('changed rules are sent whole, and removed ones as none', () => {
  const added = withRules(draftOf(POLICY), withNewRule([], SAVED_LIMITS), POLICY);
  expect(check(added).isChanged).toBe(true);
  expect(inputFor(added)).toEqual({
    ...SAVED_LIMITS,
    rules: [{ role: 'OWNER', appType: 'CONTROL_PANEL', ...SAVED_LIMITS }],
  });
  const fewer = withRules(draftOf(RULED), withoutRule(saved, 0), RULED);
  expect(inputFor(fewer, RULED)).toEqual({ ...SAVED_LIMITS, rules: [MEMBERS] });
  expect(inputFor(withRules(draftOf(RULED), [], RULED), RULED)).toEqual({ ...SAVED_LIMITS, rules: [] });
});

test('rules that are as they were saved again are no change, also in another unit', () => {
  const inHours: RuleDraft = {
    ...saved[0]!,
    fields: { ...saved[0]!.fields, absoluteMinutes: { amount: '60', unit: 'minutes' } },
  };
  expect(check(withRules(draftOf(RULED), withChangedRule(saved, inHours), RULED), RULED).isChanged).toBe(
    false,
  );
  expect(withRules(withRules(draftOf(RULED), [], RULED), saved, RULED).rules).toBeNull();
});

test('untouched rules follow those that someone else saves', () => {
  const draft = withPreset(draftOf(POLICY), 'STANDARD', PRESETS);
  expect(rulesShown(draft, RULED)).toEqual(saved);
  expect(inputFor(draft, RULED)).not.toHaveProperty('rules');
});

test('saved rules outside tightened bounds are no error until the rules are edited', () => {
  const tight: Policy = { ...RULED, idleMinutesMin: 20 };
  expect(check(draftOf(tight), tight).rules[0]).toEqual({
    limits: { idleMinutes: 20, absoluteMinutes: 60 },
    errors: {},
  });
  const edited = check(withRules(draftOf(tight), withNewRule(saved, SAVED_LIMITS), tight), tight);
  expect(edited.rules[0]!.errors.idleMinutes).toContain('must be between 20 minutes');
  expect(edited.input).toBeNull();
  expect(edited.isChanged).toBe(true);
});

test('a draft with an error is a change and cannot be saved', () => {
  const draft = withMaximumDraft(draftOf(POLICY), { amount: 'x', action: 'DENY' }, POLICY);
  expect(check(draft)).toMatchObject({ isChanged: true, input: null });
});

test('of the maximum and what happens at it only what changed is sent', () => {
  const input = (amount: string | null, action: 'DENY' | 'END_OLDEST' | 'ASK', policy: Policy) =>
    inputFor(withMaximumDraft(draftOf(policy), { amount, action }, policy), policy);
  expect(input('5', 'DENY', POLICY)).toEqual({ ...SAVED_LIMITS, maxSessionsPerUser: 5 });
  expect(input('5', 'ASK', POLICY)).toEqual({
    ...SAVED_LIMITS,
    maxSessionsPerUser: 5,
    sessionLimitAction: 'ASK',
  });
  expect(input('3', 'END_OLDEST', RULED)).toEqual({ ...SAVED_LIMITS, sessionLimitAction: 'END_OLDEST' });
  expect(input(null, 'END_OLDEST', RULED)).toEqual({ ...SAVED_LIMITS, maxSessionsPerUser: null });
  expect(input('3', 'ASK', RULED)).toEqual(SAVED_LIMITS);
});
