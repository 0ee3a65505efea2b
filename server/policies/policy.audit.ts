import { effectivePolicy, type PolicyBounds, type PolicyOverrides } from '../rules/policy.ts';

/** Details of a policy change's audit row: the overrides and the effective limits, before and after. */
export const policyChangeDetails = (old: PolicyOverrides, next: PolicyOverrides, bounds: PolicyBounds) => ({
  old: toDetails(old),
  new: toDetails(next),
  effective_old: toDetails(effectivePolicy(old, bounds)),
  effective_new: toDetails(effectivePolicy(next, bounds)),
});

const toDetails = (policy: PolicyOverrides) => ({
  idle_minutes: policy.idleMinutes ?? null,
  absolute_minutes: policy.absoluteMinutes ?? null,
});
