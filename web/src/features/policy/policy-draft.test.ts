import {
  changesLimits,
  checkDraft,
  draftOf,
  fieldsShown,
  inputOf,
  isEdited,
  type Policy,
  type Preset,
  withPreset,
} from './policy-draft.ts';

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

const inputFor = (draft: ReturnType<typeof draftOf>, policy = POLICY) => {
  const { limits } = checkDraft(draft, policy, PRESETS);
  return limits && inputOf(draft, limits, policy);
};

test('an unedited form changes nothing', () => {
  const draft = draftOf(POLICY);
  expect(isEdited(draft, POLICY)).toBe(false);
  expect(changesLimits(draft, checkDraft(draft, POLICY, PRESETS).limits, POLICY)).toBe(false);
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
  expect(changesLimits(custom, checkDraft(custom, policy, PRESETS).limits, policy)).toBe(true);
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
