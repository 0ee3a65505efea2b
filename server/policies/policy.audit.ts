import type { PolicyApplication } from '../generated/schema.ts';
import type { AppliedPolicy } from '../sessions/policy-application.ts';
import { effectivePolicy, type PolicyBounds, type PolicyOverrides } from '../rules/policy.ts';

const APPLY = { NEXT_LOGIN: 'next_login', ACTIVE_SESSIONS: 'active_sessions' } satisfies Record<
  PolicyApplication,
  string
>;

/**
 * Details of a policy change's audit row: the overrides and the effective limits, before and after, and what it did to
 * live sessions. `applied` null: nothing, because it counts from the next sign-in.
 */
export const policyChangeDetails = (
  old: PolicyOverrides,
  next: PolicyOverrides & { apply: PolicyApplication },
  applied: Pick<AppliedPolicy, 'endedSessions' | 'shortenedSessions'> | null,
  bounds: PolicyBounds,
) => ({
  old: toDetails(old),
  new: toDetails(next),
  effective_old: toDetails(effectivePolicy(old, bounds)),
  effective_new: toDetails(effectivePolicy(next, bounds)),
  apply: APPLY[next.apply],
  ended_count: applied?.endedSessions ?? 0,
  shortened_count: applied?.shortenedSessions ?? 0,
});

const toDetails = (policy: PolicyOverrides) => ({
  idle_minutes: policy.idleMinutes ?? null,
  absolute_minutes: policy.absoluteMinutes ?? null,
});
