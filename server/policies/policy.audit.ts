import type { AppType, PolicyApplication, Role, SessionLimitAction } from '../generated/schema.ts';
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

// The same read back, from rows of any version: a value that is not as it was written counts as absent.

export const limitsFromDetails = (side: unknown) => {
  const { idle_minutes: idle, absolute_minutes: absolute } = toRecord(side);
  return { idleMinutes: positiveOrNull(idle), absoluteMinutes: positiveOrNull(absolute) };
};

export function rulesFromDetails(side: Details): PolicyRule[] {
  const rules: unknown[] = Array.isArray(side.rules) ? side.rules : [];
  return rules.flatMap((rule) => {
    const { role, app_type: appType } = toRecord(rule);
    const { idleMinutes, absoluteMinutes } = limitsFromDetails(rule);
    if (idleMinutes === null || absoluteMinutes === null) return [];
    return [
      { role: textOrNull<Role>(role), appType: textOrNull<AppType>(appType), idleMinutes, absoluteMinutes },
    ];
  });
}

export const maximumFromDetails = (side: Details): number | null =>
  positiveOrNull(side.max_sessions_per_user);

export const actionFromDetails = (side: Details): SessionLimitAction | null =>
  textOrNull<SessionLimitAction>(side.session_limit_action);

const toRecord = (value: unknown): Details => (value ?? {}) as Details;

const positiveOrNull = (value: unknown): number | null =>
  Number.isInteger(value) && (value as number) > 0 ? (value as number) : null;

/** One that only a newer version knows is left out by `policyOf`. */
const textOrNull = <Known extends string>(value: unknown): Known | null =>
  typeof value === 'string' ? (value as Known) : null;
