import type { Problem } from '../../lib/problem.ts';
import { checkRules, ruleErrorsFromServer, validRules } from './rule-check.ts';
import { isFull, type RuleDraft, ruleDraftsOf, withNewRule, withoutRule } from './rule-drafts.ts';
import { RULE_KINDS } from './rule-for.ts';

const BOUNDS = {
  idleMinutesMin: 10,
  idleMinutesMax: 43_200,
  absoluteMinutesMin: 30,
  absoluteMinutesMax: 129_600,
};
const LIMITS = { idleMinutes: 60, absoluteMinutes: 720 };
const owners = { role: 'OWNER', appType: null, ...LIMITS } as const;
const applications = { role: null, appType: 'TENANT_APP', ...LIMITS } as const;

const typed = (rule: RuleDraft, amount: string): RuleDraft => ({
  ...rule,
  fields: { ...rule.fields, idleMinutes: { amount, unit: 'minutes' } },
});
const check = (rules: RuleDraft[]) => checkRules(rules, BOUNDS);

test('rules without an error are saved in their order', () => {
  const rules = ruleDraftsOf([applications, owners]);
  expect(validRules(rules, check(rules))).toEqual([applications, owners]);
});

test('the later of two rules for the same has the error, also with other limits', () => {
  const rules = ruleDraftsOf([owners, applications, { ...owners, idleMinutes: 10 }]);
  const errors = check(rules).map(({ errors }) => errors);
  expect(errors).toEqual([
    {},
    {},
    { kind: 'There is a rule for this already: Owners everywhere. Change or remove one of the two.' },
  ]);
  expect(validRules(rules, check(rules))).toBeNull();
});

test('a rule for everyone everywhere is none', () => {
  const rules = ruleDraftsOf([{ ...owners, role: null }]);
  expect(check(rules)[0]!.errors.kind).toContain('Choose who, or where');
});

test.each([
  ['9', 'The idle limit must be between 10 minutes and 30 days.'],
  ['99999999999999999999', 'The idle limit must be between 10 minutes and 30 days.'],
  ['721', 'The idle limit can’t be longer than the absolute limit of 12 hours.'],
  ['', 'Enter an idle limit between 10 minutes and 30 days.'],
  ['1.5', 'Enter a whole number, or choose a smaller unit.'],
])('an idle limit of "%s" minutes is refused', (amount, message) => {
  const [rule] = ruleDraftsOf([owners]);
  const rules = [typed(rule!, amount)];
  expect(check(rules)).toEqual([{ limits: null, errors: { idleMinutes: message } }]);
  expect(validRules(rules, check(rules))).toBeNull();
});

test('new rules are for what has none yet, until everything has one', () => {
  let rules: RuleDraft[] = [];
  for (let count = 1; count <= RULE_KINDS.length; count += 1) {
    expect(isFull(rules)).toBe(false);
    rules = withNewRule(rules, LIMITS);
    expect(rules).toHaveLength(count);
    expect(check(rules).every(({ errors }) => Object.keys(errors).length === 0)).toBe(true);
  }
  expect(rules).toHaveLength(8);
  expect(isFull(rules)).toBe(true);
  expect(withNewRule(rules, LIMITS)).toEqual(rules);
});

test('a rule keeps its id while another is removed, and no two have the same', () => {
  const rules = withoutRule(withNewRule(ruleDraftsOf([owners, applications]), LIMITS), 0);
  expect(rules.map(({ id }) => id)).toEqual([1, 2]);
  expect(new Set(withNewRule(rules, LIMITS).map(({ id }) => id)).size).toBe(3);
});

const refusal = (extensions: Record<string, unknown>): Problem => ({
  kind: 'refused',
  code: 'BAD_USER_INPUT',
  message: 'Refused.',
  extensions,
});

test('a refusal of the server is shown at the rule that it names', () => {
  const rules = withoutRule(ruleDraftsOf([owners, applications, { ...owners, role: 'MEMBER' }]), 0);
  const errors = (extensions: Record<string, unknown>) =>
    ruleErrorsFromServer(refusal(extensions), rules, check(rules));
  expect(errors({ field: 'rules.1.idleMinutes', reason: 'OUT_OF_BOUNDS', min: 10, max: 60 })).toEqual({
    id: 2,
    errors: { idleMinutes: 'The idle limit must be between 10 minutes and 1 hour.' },
  });
  expect(errors({ field: 'rules.0.idleMinutes', reason: 'IDLE_EXCEEDS_ABSOLUTE' })).toEqual({
    id: 1,
    errors: { idleMinutes: 'The idle limit can’t be longer than the absolute limit of 12 hours.' },
  });
  expect(errors({ field: 'rules.1', reason: 'DUPLICATE' })?.errors.kind).toContain('Members everywhere');
  expect(errors({ field: 'rules.0', reason: 'REQUIRED' })?.errors.kind).toContain('Choose who');
  for (const field of ['idleMinutes', 'rules.2', 'rules.0.role', 'maxSessionsPerUser', undefined])
    expect(errors({ field })).toBeNull();
});
