import fc from 'fast-check';
import type { RequirementLevel, StandardVerdict } from '../generated/schema.ts';
import { presets, type PolicyBounds } from './policy.ts';
import { SESSION_KINDS, limitsFor, policyInForce, type PolicyRule } from './policy-rules.ts';
import { judgePolicy, type JudgedPolicy } from './standard-verdicts.ts';
import { STANDARDS } from './standards.ts';

const BOUNDS: PolicyBounds = {
  idle: { default: 4320, min: 1, max: 43_200 },
  absolute: { default: 20_160, min: 1, max: 129_600 },
};
const WARNINGS = { warningSeconds: 300, absoluteWarningSeconds: 300 };

const policy = (
  idleMinutes: number | null,
  absoluteMinutes: number | null,
  maxSessionsPerUser: number | null = null,
  rules: readonly PolicyRule[] = [],
): JudgedPolicy => ({ idleMinutes, absoluteMinutes, maxSessionsPerUser, rules });

const verdicts = (judged: JudgedPolicy, warnings = WARNINGS) => judgePolicy(judged, BOUNDS, warnings);
const met = (all: readonly StandardVerdict[]) =>
  all.filter(({ verdict }) => verdict === 'MEETS').map(({ id }) => id);
const standard = (all: readonly StandardVerdict[], id: string) => all.find((each) => each.id === id)!;
const missed = (all: readonly StandardVerdict[], id: string) =>
  standard(all, id)
    .checks.filter(({ verdict }) => verdict === 'MISSES')
    .map(({ clause, subject, level }) => `${clause} ${subject} ${level}`);

/** Met by every policy: a policy always has both limits, and recommendations decide nothing. */
const ALWAYS = ['NIST_800_63B_4_AAL1', 'NIST_800_63B_4_AAL2', 'NIST_800_53_R5_AC_12', 'ASVS_5_0_V7'];

describe('the standards', () => {
  test('have fixed ids, and titles that say what they are about', () => {
    expect(STANDARDS.map(({ id }) => id)).toEqual([
      'NIST_800_63B_4_AAL1',
      'NIST_800_63B_4_AAL2',
      'NIST_800_63B_4_AAL3',
      'PCI_DSS_4_0_1',
      'FEDRAMP_R5_LOW',
      'FEDRAMP_R5_MODERATE',
      'FEDRAMP_R5_HIGH',
      'NIST_800_53_R5_AC_12',
      'ASVS_5_0_V7',
    ]);
    for (const { title, revision, url } of STANDARDS) {
      expect(title).toMatch(/ \(time limits only\)$/);
      expect(revision).not.toBe('');
      expect(new URL(url).protocol).toBe('https:');
    }
  });

  test('ask for what their texts ask', () => {
    const asked = STANDARDS.map(({ id, requirements }) => [
      id,
      ...requirements.map(
        ({ clause, level, subject, limit }) => `${clause} ${level} ${subject} ${limit ?? 'set'}`,
      ),
    ]);
    expect(asked).toEqual([
      [
        'NIST_800_63B_4_AAL1',
        '5.2 REQUIRED ABSOLUTE set',
        '5.2 REQUIRED IDLE set',
        '2.1.3 RECOMMENDED ABSOLUTE 43200',
      ],
      [
        'NIST_800_63B_4_AAL2',
        '5.2 REQUIRED ABSOLUTE set',
        '5.2 REQUIRED IDLE set',
        '2.2.3 RECOMMENDED ABSOLUTE 1440',
        '2.2.3 RECOMMENDED IDLE 60',
      ],
      [
        'NIST_800_63B_4_AAL3',
        '5.2 REQUIRED ABSOLUTE set',
        '5.2 REQUIRED IDLE set',
        '2.3.3 REQUIRED ABSOLUTE 720',
        '2.3.3 RECOMMENDED IDLE 15',
      ],
      ['PCI_DSS_4_0_1', '8.2.8 REQUIRED IDLE 15'],
      ['FEDRAMP_R5_LOW', 'IA-11 REQUIRED ABSOLUTE 43200'],
      ['FEDRAMP_R5_MODERATE', 'IA-11 REQUIRED IDLE 30', 'IA-11 REQUIRED ABSOLUTE 720'],
      [
        'FEDRAMP_R5_HIGH',
        'IA-11 REQUIRED IDLE 15',
        'IA-11 REQUIRED ABSOLUTE 720',
        'AC-10 REQUIRED SESSIONS_AT_ONCE 3',
        'AC-10 REQUIRED SESSIONS_AT_ONCE 2',
      ],
      ['NIST_800_53_R5_AC_12', 'AC-12(3) REQUIRED WARNING set'],
      ['ASVS_5_0_V7', '7.3.1 REQUIRED IDLE set', '7.3.2 REQUIRED ABSOLUTE set'],
    ]);
  });
});

test.each<[string, JudgedPolicy, string[]]>([
  ['the defaults', policy(null, null), ['FEDRAMP_R5_LOW']],
  ['30 days', policy(10_080, 43_200), ['FEDRAMP_R5_LOW']],
  ['a minute over 30 days', policy(10_080, 43_201), []],
  ['12 hours', policy(60, 720), ['NIST_800_63B_4_AAL3', 'FEDRAMP_R5_LOW']],
  ['a minute over 12 hours', policy(30, 721), ['FEDRAMP_R5_LOW']],
  [
    '30 minutes and 12 hours',
    policy(30, 720),
    ['NIST_800_63B_4_AAL3', 'FEDRAMP_R5_LOW', 'FEDRAMP_R5_MODERATE'],
  ],
  ['31 minutes and 12 hours', policy(31, 720), ['NIST_800_63B_4_AAL3', 'FEDRAMP_R5_LOW']],
  ['15 minutes and 24 hours', policy(15, 1440), ['PCI_DSS_4_0_1', 'FEDRAMP_R5_LOW']],
  ['16 minutes and 24 hours', policy(16, 1440), ['FEDRAMP_R5_LOW']],
  [
    '15 minutes and 12 hours, any number of sessions',
    policy(15, 720),
    ['NIST_800_63B_4_AAL3', 'PCI_DSS_4_0_1', 'FEDRAMP_R5_LOW', 'FEDRAMP_R5_MODERATE'],
  ],
  [
    '15 minutes and 12 hours, 3 sessions',
    policy(15, 720, 3),
    ['NIST_800_63B_4_AAL3', 'PCI_DSS_4_0_1', 'FEDRAMP_R5_LOW', 'FEDRAMP_R5_MODERATE'],
  ],
  [
    '15 minutes and 12 hours, 2 sessions',
    policy(15, 720, 2),
    ['NIST_800_63B_4_AAL3', 'PCI_DSS_4_0_1', 'FEDRAMP_R5_LOW', 'FEDRAMP_R5_MODERATE', 'FEDRAMP_R5_HIGH'],
  ],
])('%s', (_, judged, ids) => {
  expect(met(verdicts(judged)).toSorted()).toEqual([...ALWAYS, ...ids].toSorted());
});

test('3 sessions at once are enough for owners and miss FedRAMP High because of members', () => {
  const { checks } = standard(verdicts(policy(15, 720, 3)), 'FEDRAMP_R5_HIGH');
  expect(checks.filter(({ clause }) => clause === 'AC-10')).toMatchObject([
    { limitMinutes: 3, actualMinutes: 3, verdict: 'MEETS' },
    { limitMinutes: 2, actualMinutes: 3, verdict: 'MISSES' },
  ]);
  const unlimited = standard(verdicts(policy(15, 720)), 'FEDRAMP_R5_HIGH').checks.slice(2);
  expect(unlimited).toMatchObject([
    { actualMinutes: null, verdict: 'MISSES' },
    { actualMinutes: null, verdict: 'MISSES' },
  ]);
});

/** At each limit of a standard, and one above it. */
test.each<[string, 'IDLE' | 'ABSOLUTE', RequirementLevel, number]>([
  ['NIST_800_63B_4_AAL1', 'ABSOLUTE', 'RECOMMENDED', 43_200],
  ['NIST_800_63B_4_AAL2', 'ABSOLUTE', 'RECOMMENDED', 1440],
  ['NIST_800_63B_4_AAL2', 'IDLE', 'RECOMMENDED', 60],
  ['NIST_800_63B_4_AAL3', 'ABSOLUTE', 'REQUIRED', 720],
  ['NIST_800_63B_4_AAL3', 'IDLE', 'RECOMMENDED', 15],
  ['PCI_DSS_4_0_1', 'IDLE', 'REQUIRED', 15],
  ['FEDRAMP_R5_LOW', 'ABSOLUTE', 'REQUIRED', 43_200],
  ['FEDRAMP_R5_MODERATE', 'IDLE', 'REQUIRED', 30],
  ['FEDRAMP_R5_MODERATE', 'ABSOLUTE', 'REQUIRED', 720],
  ['FEDRAMP_R5_HIGH', 'IDLE', 'REQUIRED', 15],
  ['FEDRAMP_R5_HIGH', 'ABSOLUTE', 'REQUIRED', 720],
])('%s, %s, %s: %i meets it, also in a rule, and one more does not', (id, subject, level, limit) => {
  /** Within every standard, but for the one limit. */
  const limits = (value: number) => ({
    idleMinutes: subject === 'IDLE' ? value : 10,
    absoluteMinutes: subject === 'ABSOLUTE' ? value : 600,
  });
  const inPair = (value: number) => ({ ...limits(value), maxSessionsPerUser: 2, rules: [] });
  const inRule = (value: number) =>
    policy(10, 600, 2, [{ role: 'MEMBER', appType: 'TENANT_APP', ...limits(value) }]);
  for (const policyWith of [inPair, inRule]) {
    const judged = (value: number) => standard(verdicts(policyWith(value)), id);
    const check = (value: number) =>
      judged(value).checks.find((each) => each.subject === subject && each.limitMinutes === limit);
    expect(check(limit)).toMatchObject({ level, actualMinutes: limit, verdict: 'MEETS' });
    expect(check(limit + 1)).toMatchObject({ level, actualMinutes: limit + 1, verdict: 'MISSES' });
    expect(judged(limit).verdict).toBe('MEETS');
    expect(judged(limit + 1).verdict).toBe(level === 'REQUIRED' ? 'MISSES' : 'MEETS');
  }
});

test('a recommendation that is missed is shown, and the standard is met', () => {
  const all = verdicts(policy(61, 1441));
  expect(standard(all, 'NIST_800_63B_4_AAL2').verdict).toBe('MEETS');
  expect(missed(all, 'NIST_800_63B_4_AAL2')).toEqual([
    '2.2.3 ABSOLUTE RECOMMENDED',
    '2.2.3 IDLE RECOMMENDED',
  ]);
});

test('the warning counts where both deadlines have one, and has no numbers', () => {
  expect(standard(verdicts(policy(15, 720)), 'NIST_800_53_R5_AC_12')).toMatchObject({
    verdict: 'MEETS',
    checks: [{ clause: 'AC-12(3)', subject: 'WARNING', limitMinutes: null, actualMinutes: null }],
  });
  for (const warnings of [
    { warningSeconds: 0, absoluteWarningSeconds: 300 },
    { warningSeconds: 300, absoluteWarningSeconds: 0 },
  ])
    expect(standard(verdicts(policy(15, 720), warnings), 'NIST_800_53_R5_AC_12').verdict).toBe('MISSES');
});

test('the limits in force count: the bounds clamp overrides and rules', () => {
  const bounds = { idle: { ...BOUNDS.idle, max: 15 }, absolute: { ...BOUNDS.absolute, max: 720 } };
  const rule: PolicyRule = { role: 'OWNER', appType: null, idleMinutes: 600, absoluteMinutes: 6000 };
  const all = judgePolicy(policy(600, 6000, 2, [rule]), bounds, WARNINGS);
  expect(standard(all, 'FEDRAMP_R5_HIGH').verdict).toBe('MEETS');
});

test('a preset meets everything that its standard asks for, and recommends', () => {
  const named = presets(BOUNDS).filter(({ standardId }) => standardId !== null);
  expect(named).toHaveLength(4);
  for (const { standardId, idleMinutes, absoluteMinutes } of named) {
    const { checks } = standard(verdicts(policy(idleMinutes, absoluteMinutes)), standardId!);
    expect(checks.filter(({ verdict }) => verdict !== 'MEETS')).toEqual([]);
  }
});

const minutes = fc.integer({ min: 1, max: 50_000 });
const rules = fc.uniqueArray(
  fc.record({
    role: fc.constantFrom('OWNER' as const, 'MEMBER' as const, null),
    appType: fc.constantFrom('CONTROL_PANEL' as const, 'TENANT_APP' as const, null),
    idleMinutes: minutes,
    absoluteMinutes: minutes,
  }),
  { selector: ({ role, appType }) => `${role} ${appType}`, maxLength: 8 },
);
const policies = fc.record({
  idleMinutes: fc.option(minutes),
  absoluteMinutes: fc.option(minutes),
  maxSessionsPerUser: fc.option(fc.integer({ min: 1, max: 100 })),
  rules: rules.map((all) => all.filter(({ role, appType }) => role !== null || appType !== null)),
});

const actual = (all: readonly StandardVerdict[], subject: 'IDLE' | 'ABSOLUTE') =>
  all.flatMap(({ checks }) => checks).find((check) => check.subject === subject)!.actualMinutes!;

test('each limit counts by its greatest value, reachable or not', () => {
  fc.assert(
    fc.property(policies, (judged) => {
      const all = verdicts(judged);
      const inForce = policyInForce(judged, BOUNDS);
      const pairs = [inForce, ...inForce.rules];
      expect(actual(all, 'IDLE')).toBe(Math.max(...pairs.map(({ idleMinutes }) => idleMinutes)));
      expect(actual(all, 'ABSOLUTE')).toBe(Math.max(...pairs.map(({ absoluteMinutes }) => absoluteMinutes)));
      for (const kind of SESSION_KINDS)
        expect(limitsFor(inForce, kind).idleMinutes).toBeLessThanOrEqual(actual(all, 'IDLE'));
    }),
  );
});

test('a verdict follows from the required checks, and each of those from its two numbers', () => {
  fc.assert(
    fc.property(policies, (judged) => {
      for (const { checks, verdict } of verdicts(judged)) {
        const required = checks.filter(({ level }) => level === 'REQUIRED');
        expect(verdict).toBe(required.every((check) => check.verdict === 'MEETS') ? 'MEETS' : 'MISSES');
        for (const { limitMinutes, actualMinutes, verdict: each } of checks) {
          const isMet = limitMinutes == null || (actualMinutes != null && actualMinutes <= limitMinutes);
          expect(each).toBe(isMet ? 'MEETS' : 'MISSES');
        }
      }
    }),
  );
});

test('a policy that allows less meets no fewer standards', () => {
  const least = (one: number | null, other: number | null) =>
    one === null ? other : other === null ? one : Math.min(one, other);
  fc.assert(
    fc.property(
      policies,
      minutes,
      minutes,
      fc.integer({ min: 1, max: 100 }),
      (judged, idle, absolute, max) => {
        const bounds = {
          idle: { ...BOUNDS.idle, max: idle },
          absolute: { ...BOUNDS.absolute, max: absolute },
        };
        const stricter = { ...judged, maxSessionsPerUser: least(judged.maxSessionsPerUser, max) };
        const before = met(verdicts(judged));
        const after = met(judgePolicy(stricter, bounds, WARNINGS));
        expect(before.filter((id) => !after.includes(id))).toEqual([]);
      },
    ),
  );
});
