import { effectivePolicy, type PolicyLimits, type PolicyOverrides } from './policy.ts';

/** What the audit row of a policy change says: what was asked for, and what was in force, before and after. */
export const policyChangeDetails = (old: PolicyOverrides, next: PolicyOverrides, limits: PolicyLimits) => ({
  old: toDetails(old),
  new: toDetails(next),
  effective_old: toDetails(effectivePolicy(old, limits)),
  effective_new: toDetails(effectivePolicy(next, limits)),
});

const toDetails = (policy: PolicyOverrides) => ({
  idle_minutes: policy.idleMinutes ?? null,
  absolute_minutes: policy.absoluteMinutes ?? null,
});
