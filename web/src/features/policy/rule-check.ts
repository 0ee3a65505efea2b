import { t } from '@lingui/core/macro';
import type { Problem } from '../../lib/problem.ts';
import { kindInWords } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import type { LimitBounds } from './limit-bounds.ts';
import { checkFields, errorsFromServer, type LimitErrors } from './limit-check.ts';
import type { Rule, RuleDraft } from './rule-drafts.ts';
import { isSameKind } from './rule-for.ts';

export interface RuleErrors extends LimitErrors {
  /** What it is for contradicts itself, or another rule. */
  kind?: string;
}

export interface CheckedRule {
  /** Null: they have an error. */
  limits: Limits | null;
  errors: RuleErrors;
}

/** Checks rules like the server: what each is for, then its limits. In their order. */
export const checkRules = (rules: readonly RuleDraft[], bounds: LimitBounds): CheckedRule[] =>
  rules.map((rule, index) => {
    const { limits, errors } = checkFields(rule.fields, bounds);
    const kind = kindError(rule, rules.slice(0, index));
    return { limits, errors: { ...errors, ...(kind !== null && { kind }) } };
  });

/** The rules to save. Null: one has an error. */
export function validRules(rules: readonly RuleDraft[], checked: readonly CheckedRule[]): Rule[] | null {
  const valid = rules.flatMap(({ role, appType }, index) => {
    const { limits, errors } = checked[index]!;
    return limits && errors.kind === undefined ? [{ role, appType, ...limits }] : [];
  });
  return valid.length === rules.length ? valid : null;
}

function kindError(rule: RuleDraft, before: readonly RuleDraft[]): string | null {
  if (rule.role === null && rule.appType === null) return forNothing();
  return before.some((other) => isSameKind(other, rule)) ? duplicate(rule) : null;
}

const forNothing = (): string =>
  t`The limits above are for everyone everywhere. Choose who, or where, this rule is for.`;

function duplicate(rule: RuleDraft): string {
  const kind = kindInWords(rule);
  return t`There is a rule for this already: ${kind}. Change or remove one of the two.`;
}

/** The server's rejection of one rule, as errors of that rule. Null when it is about no rule. */
export function ruleErrorsFromServer(
  problem: Problem,
  rules: readonly RuleDraft[],
  checked: readonly CheckedRule[],
): { id: number; errors: RuleErrors } | null {
  if (problem.kind !== 'refused' || problem.code !== 'BAD_USER_INPUT') return null;
  const { field, reason } = problem.extensions;
  const [, number, limit] = /^rules\.(\d+)(?:\.(\w+))?$/.exec(String(field)) ?? [];
  const rule = number === undefined ? undefined : rules[Number(number)];
  if (!rule) return null;
  const { id } = rule;
  if (limit === undefined) {
    if (reason === 'DUPLICATE') return { id, errors: { kind: duplicate(rule) } };
    return { id, errors: { kind: reason === 'REQUIRED' ? forNothing() : problem.message } };
  }
  const ofLimit = { ...problem, extensions: { ...problem.extensions, field: limit } };
  const errors = errorsFromServer(ofLimit, checked[Number(number)]?.limits?.absoluteMinutes ?? null);
  return errors && { id, errors };
}
