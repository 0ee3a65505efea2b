import type { PolicyApplication } from '../generated/schema.ts';
import type { AppliedPolicy } from '../sessions/policy-application.ts';
import type { AccountPolicy } from '../rules/account-policy.ts';
import { effectivePolicy, type PolicyBounds, type PolicyOverrides } from '../rules/policy.ts';
import type { PolicyRule } from '../rules/policy-rules.ts';

const APPLY = { NEXT_LOGIN: 'next_login', ACTIVE_SESSIONS: 'active_sessions' } satisfies Record<
  PolicyApplication,
  string
>;

/**
 * Details of a policy change's audit row: the overrides and the effective limits, before and after, and what it did to
 * live sessions. Rules and the maximum of sessions are there only where the change made them different. `applied` null:
 * nothing, because it counts from the next sign-in.
 */
export function policyChangeDetails(
  old: AccountPolicy,
  next: AccountPolicy & { apply: PolicyApplication },
  applied: Pick<AppliedPolicy, 'endedSessions' | 'shortenedSessions'> | null,
  bounds: PolicyBounds,
) {
  const [before, after] = [toDetails(old), toDetails(next)];
  const changed = Object.keys(after).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  const only = (details: Details) => Object.fromEntries(changed.map((name) => [name, details[name]]));
  return {
    old: { ...toLimits(old), ...only(before) },
    new: { ...toLimits(next), ...only(after) },
    effective_old: toLimits(effectivePolicy(old, bounds)),
    effective_new: toLimits(effectivePolicy(next, bounds)),
    apply: APPLY[next.apply],
    ended_count: applied?.endedSessions ?? 0,
    shortened_count: applied?.shortenedSessions ?? 0,
  };
}

type Details = Record<string, unknown>;

const toLimits = (policy: PolicyOverrides) => ({
  idle_minutes: policy.idleMinutes ?? null,
  absolute_minutes: policy.absoluteMinutes ?? null,
});

const toDetails = ({ rules, maxSessionsPerUser, sessionLimitAction }: AccountPolicy): Details => ({
  rules: rules.map(toRuleDetails),
  max_sessions_per_user: maxSessionsPerUser,
  session_limit_action: sessionLimitAction,
});

const toRuleDetails = (rule: PolicyRule) => ({
  role: rule.role,
  app_type: rule.appType,
  ...toLimits(rule),
});
