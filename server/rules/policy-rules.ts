import type { AppType, Role } from '../generated/schema.ts';
import { badInput } from '../errors.ts';
import {
  effectivePolicy,
  validateOverrides,
  type EffectivePolicy,
  type PolicyBounds,
  type PolicyOverrides,
} from './policy.ts';

/** What the rules of a policy go by: the role of a session's user, and the application type. */
export interface SessionKind {
  role: Role;
  appType: AppType;
}

/** Limits, in minutes, for the sessions of a role, of an application type, or of both. Null: of every one. */
export interface PolicyRule extends EffectivePolicy {
  role: Role | null;
  appType: AppType | null;
}

/** The limits of an account as they were set. */
export interface RuledPolicy extends PolicyOverrides {
  rules: readonly PolicyRule[];
}

/** The limits that new sessions get: those of their rule, else the account's own two. Every one is clamped. */
export interface PolicyInForce extends EffectivePolicy {
  rules: readonly PolicyRule[];
}

/** Clamps the limits of each rule like the account's own two. */
export const policyInForce = (policy: RuledPolicy, bounds: PolicyBounds): PolicyInForce => ({
  ...effectivePolicy(policy, bounds),
  rules: policy.rules.map((rule) => ({ ...rule, ...effectivePolicy(rule, bounds) })),
});

/** Returns the most specific rule that fits: one with both, then one with the role, then one with the application type. */
export function ruleFor(rules: readonly PolicyRule[], { role, appType }: SessionKind): PolicyRule | null {
  const find = (ofRole: Role | null, ofType: AppType | null): PolicyRule | undefined =>
    rules.find((rule) => rule.role === ofRole && rule.appType === ofType);
  return find(role, appType) ?? find(role, null) ?? find(null, appType) ?? null;
}

/** Returns the limits of a session of that kind. */
export function limitsFor(policy: PolicyInForce, kind: SessionKind): EffectivePolicy {
  const { idleMinutes, absoluteMinutes } = ruleFor(policy.rules, kind) ?? policy;
  return { idleMinutes, absoluteMinutes };
}

export const ROLES: readonly Role[] = ['OWNER', 'MEMBER'];
export const APP_TYPES: readonly AppType[] = ['CONTROL_PANEL', 'TENANT_APP'];

/** Every kind of session that there is. */
export const SESSION_KINDS: readonly SessionKind[] = ROLES.flatMap((role) =>
  APP_TYPES.map((appType) => ({ role, appType })),
);

/**
 * Rejects a rule for nothing, one for what an earlier rule is for, and limits that a policy could not have, in that
 * order for each rule. So there are at most eight rules: three choices of a role by three of a type, without the one for
 * nothing.
 * @throws BAD_USER_INPUT with `field` `rules.N` and `reason` REQUIRED or DUPLICATE, or as `validateOverrides` with
 * `field` `rules.N.idleMinutes` or `rules.N.absoluteMinutes`
 */
export function validateRules(rules: readonly PolicyRule[], bounds: PolicyBounds): void {
  for (const [index, rule] of rules.entries()) {
    const field = `rules.${index}`;
    if (rule.role === null && rule.appType === null)
      throw badInput(field, 'A rule needs a role, an application type, or both.', { reason: 'REQUIRED' });
    const isForTheSame = ({ role, appType }: PolicyRule): boolean =>
      role === rule.role && appType === rule.appType;
    if (rules.slice(0, index).some(isForTheSame))
      throw badInput(field, 'There is another rule for the same role and application type.', {
        reason: 'DUPLICATE',
      });
    validateOverrides(rule, bounds, `${field}.`);
  }
}
