import type { AppType, Role } from '../../generated/policy-operations.ts';
import type { RuleKind } from '../policy-words/kind-in-words.ts';

// Shows before a save what the server decides (server/rules/policy-rules.ts); test/policy/page-agrees.test.ts compares the two.

/** A kind of session. */
export interface SessionKind {
  role: Role;
  appType: AppType;
}

export const SESSION_KINDS: readonly SessionKind[] = [
  { role: 'OWNER', appType: 'CONTROL_PANEL' },
  { role: 'OWNER', appType: 'TENANT_APP' },
  { role: 'MEMBER', appType: 'CONTROL_PANEL' },
  { role: 'MEMBER', appType: 'TENANT_APP' },
];

/** What rules can be for, in the order in which a new one is offered. */
export const RULE_KINDS: readonly RuleKind[] = [
  { role: 'OWNER', appType: 'CONTROL_PANEL' },
  { role: 'MEMBER', appType: null },
  { role: null, appType: 'TENANT_APP' },
  { role: 'OWNER', appType: null },
  { role: null, appType: 'CONTROL_PANEL' },
  { role: 'OWNER', appType: 'TENANT_APP' },
  { role: 'MEMBER', appType: 'CONTROL_PANEL' },
  { role: 'MEMBER', appType: 'TENANT_APP' },
];

export const isSameKind = (one: RuleKind, other: RuleKind): boolean =>
  one.role === other.role && one.appType === other.appType;

/** The place of the rule that counts: the one for both, then the one for the role, then the one for the application type. -1: none fits. */
export function indexOfRuleFor(rules: readonly RuleKind[], { role, appType }: SessionKind): number {
  for (const kind of [
    { role, appType },
    { role, appType: null },
    { role: null, appType },
  ]) {
    const index = rules.findIndex((rule) => isSameKind(rule, kind));
    if (index !== -1) return index;
  }
  return -1;
}
