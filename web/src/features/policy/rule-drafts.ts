import type { RuleKind } from '../policy-words/kind-in-words.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import type { LimitFields } from './limit-check.ts';
import { fieldOf } from './limit-field.ts';
import { isSameKind, RULE_KINDS } from './rule-for.ts';

/** A rule as it was saved. */
export type Rule = RuleKind & Limits;

/** A rule in the form. */
export interface RuleDraft extends RuleKind {
  /** Stays while rules before it are removed. */
  id: number;
  fields: LimitFields;
}

export const ruleDraftsOf = (rules: readonly Rule[]): RuleDraft[] =>
  rules.map(({ role, appType, ...limits }, id) => ({ id, role, appType, fields: fieldsOf(limits) }));

/** Adds a rule for the first kind that has none, with these limits. Nothing to add: every kind has one. */
export function withNewRule(rules: readonly RuleDraft[], limits: Limits): RuleDraft[] {
  const kind = RULE_KINDS.find((kind) => !rules.some((rule) => isSameKind(rule, kind)));
  if (!kind) return [...rules];
  const id = Math.max(-1, ...rules.map((rule) => rule.id)) + 1;
  return [...rules, { id, ...kind, fields: fieldsOf(limits) }];
}

export const withChangedRule = (rules: readonly RuleDraft[], changed: RuleDraft): RuleDraft[] =>
  rules.map((rule) => (rule.id === changed.id ? changed : rule));

export const withoutRule = (rules: readonly RuleDraft[], id: number): RuleDraft[] =>
  rules.filter((rule) => rule.id !== id);

/** Whether every kind has a rule: the server takes no more. */
export const isFull = (rules: readonly RuleDraft[]): boolean =>
  RULE_KINDS.every((kind) => rules.some((rule) => isSameKind(rule, kind)));

export const fieldsOf = ({ idleMinutes, absoluteMinutes }: Limits): LimitFields => ({
  idleMinutes: fieldOf(idleMinutes),
  absoluteMinutes: fieldOf(absoluteMinutes),
});
