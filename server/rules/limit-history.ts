import type { AppType, Role } from '../generated/schema.ts';
import type { EffectivePolicy } from './policy.ts';
import { limitsFor, ruleFor, type PolicyInForce, type PolicyRule } from './policy-rules.ts';

/** A version of a policy as it was in force. Version 0: the server's own limits, before the first save. */
export interface HistoricPolicy {
  version: number;
  at: Date;
  /** Whether it was applied to the sessions that were live. */
  isApplied: boolean;
  policy: PolicyInForce;
}

/** A change of the role of the session's user. */
export interface RoleChange {
  at: Date;
  old: Role;
  new: Role;
}

/** What is known of a session's limits. */
export interface LimitedSession {
  appType: AppType;
  authenticatedAt: Date;
  /** The limits that it has by now, in minutes. */
  limits: EffectivePolicy;
}

/** A moment at which the limits of a session were set, or could have been. */
export interface LimitStep {
  at: Date;
  cause: 'SIGN_IN' | 'POLICY' | 'ROLE';
  version: number;
  /** The rule that fits the session. Null: the account's pair. */
  rule: PolicyRule | null;
  /** The limits of the session from then on. */
  limits: EffectivePolicy;
  /** Whether it changed a limit. True at the sign-in. */
  isChange: boolean;
}

/** A policy that counts for a session, and when. */
interface Counting {
  at: Date;
  cause: 'POLICY' | 'ROLE';
  policy: HistoricPolicy;
  role: Role;
}

/**
 * Traces where the limits of a session come from: those of the version at its authentication, then of each version that was
 * applied to live sessions and of each change of its user's role. A limit is never lengthened.
 *
 * The row of a session does not say under which version it began, so that is the latest one by then. Of versions that were
 * saved in the very millisecond of the authentication, the one that leads to the session's limits is taken.
 * @param versions in their order, from the one at the authentication (or an earlier one) up to the end of the session
 * @param roleChanges since the authentication, in their order, also those after the end
 * @param role the user's present role
 */
export function traceLimits(
  session: LimitedSession,
  versions: readonly HistoricPolicy[],
  roleChanges: readonly RoleChange[],
  role: Role,
): LimitStep[] {
  const since = session.authenticatedAt.getTime();
  const firstRole = roleChanges[0]?.old ?? role;
  const latest = versions.findLastIndex(({ at }) => at.getTime() <= since);
  let traced: LimitStep[] | null = null;
  for (let index = Math.max(latest, 0); index >= 0; index -= 1) {
    const steps = traceFrom(session, versions.slice(index), roleChanges, firstRole);
    if (areEqual(steps.at(-1)!.limits, session.limits)) return steps;
    traced ??= steps;
    // Only those of that millisecond are uncertain.
    if (versions[index]!.at.getTime() < since) break;
  }
  return traced ?? [];
}

/** Returns the step that gave the session the limits that it has after all of them. */
export const decisiveStep = (steps: readonly LimitStep[]): LimitStep | null =>
  steps.findLast(({ isChange }) => isChange) ?? null;

function traceFrom(
  { appType, authenticatedAt }: LimitedSession,
  [first, ...later]: readonly HistoricPolicy[],
  roleChanges: readonly RoleChange[],
  firstRole: Role,
): LimitStep[] {
  const kind = { role: firstRole, appType };
  const steps: LimitStep[] = [
    {
      at: authenticatedAt,
      cause: 'SIGN_IN',
      version: first!.version,
      rule: ruleFor(first!.policy.rules, kind),
      limits: limitsFor(first!.policy, kind),
      isChange: true,
    },
  ];
  for (const { at, cause, policy, role } of inOrder([first!, ...later], roleChanges, firstRole)) {
    const before = steps.at(-1)!.limits;
    const fitting = limitsFor(policy.policy, { role, appType });
    const limits = {
      idleMinutes: Math.min(before.idleMinutes, fitting.idleMinutes),
      absoluteMinutes: Math.min(before.absoluteMinutes, fitting.absoluteMinutes),
    };
    const rule = ruleFor(policy.policy.rules, { role, appType });
    steps.push({ at, cause, version: policy.version, rule, limits, isChange: !areEqual(limits, before) });
  }
  return steps;
}

/** What counts after the authentication. Of one moment, a version comes before a change of role. */
function inOrder(
  [first, ...later]: readonly HistoricPolicy[],
  roleChanges: readonly RoleChange[],
  firstRole: Role,
): Counting[] {
  const counting: Counting[] = [];
  let [policy, role] = [first!, firstRole];
  const moments = [
    ...later.map((next) => ({ at: next.at, next, change: null })),
    ...roleChanges.map((change) => ({ at: change.at, next: null, change })),
  ].toSorted((one, other) => one.at.getTime() - other.at.getTime());
  for (const { at, next, change } of moments) {
    if (next) policy = next;
    if (change) role = change.new;
    if (change || next.isApplied) counting.push({ at, cause: change ? 'ROLE' : 'POLICY', policy, role });
  }
  return counting;
}

const areEqual = (one: EffectivePolicy, other: EffectivePolicy): boolean =>
  one.idleMinutes === other.idleMinutes && one.absoluteMinutes === other.absoluteMinutes;
