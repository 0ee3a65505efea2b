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
  /** Null: it is live. */
  endedAt: Date | null;
  /** The limits that it has by now, in minutes. Null: an imported session that has none of its own yet. */
  limits: EffectivePolicy | null;
  /**
   * Those that the trail recorded at the authentication. Null: it has none. The server's own limits and the bounds may have
   * been others then than now.
   */
  limitsAtStart: EffectivePolicy | null;
}

/** A moment at which the limits of a session were set, or could have been. */
export interface LimitStep {
  at: Date;
  cause: 'SIGN_IN' | 'POLICY' | 'ROLE';
  version: number;
  /** The rule that fits the session. Null: the account's pair. */
  rule: PolicyRule | null;
  /** The limits that the version has for such a session. */
  offered: EffectivePolicy;
  /** The limits of the session from then on: the least of those and what it had. */
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
 * saved in the very millisecond of the authentication, the one that leads to the session's limits is taken. The session began
 * with the limits that were recorded then: under the configuration of now its version may come to others.
 *
 * An imported session without limits of its own begins under no version: what was applied to it since is all there is.
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
  const firstRole = roleChanges[0]?.old ?? role;
  const { endedAt } = session;
  const known = roleChanges.filter(({ at }) => endedAt === null || at <= endedAt);
  const recorded = traceFromStart(session, versions, known, firstRole);
  if (session.limits === null || haveLimits(recorded, session.limits)) return recorded;
  // The first versions of Curfew did not record whether one was applied to live sessions. The session shows it.
  const applied = versions.map((version) => ({ ...version, isApplied: true }));
  const ifApplied = traceFromStart(session, applied, known, firstRole);
  return haveLimits(ifApplied, session.limits) ? ifApplied : recorded;
}

function traceFromStart(
  session: LimitedSession,
  versions: readonly HistoricPolicy[],
  roleChanges: readonly RoleChange[],
  firstRole: Role,
): LimitStep[] {
  const since = session.authenticatedAt.getTime();
  const latest = Math.max(
    versions.findLastIndex(({ at }) => at.getTime() <= since),
    0,
  );
  const trace = (from: number, by: LimitedSession) =>
    traceFrom(by, versions.slice(from), roleChanges, firstRole);
  // What each version comes to decides, not what was recorded.
  const leadsToLimits = (index: number): boolean =>
    session.limits === null || haveLimits(trace(index, { ...session, limitsAtStart: null }), session.limits);
  // Only those of that millisecond are uncertain.
  let index = latest;
  while (index > 0 && versions[index]!.at.getTime() === since && !leadsToLimits(index)) index -= 1;
  return trace(index === latest || leadsToLimits(index) ? index : latest, session);
}

const haveLimits = (steps: readonly LimitStep[], limits: EffectivePolicy): boolean => {
  const last = steps.at(-1);
  return last !== undefined && areEqual(last.limits, limits);
};

/** Returns the step that gave the session the limits that it has after all of them. */
export const decisiveStep = (steps: readonly LimitStep[]): LimitStep | null =>
  steps.findLast(({ isChange }) => isChange) ?? null;

/**
 * Returns the step that one limit is from. The decisive one where its version has that very limit. Else an earlier one: an
 * applied version can make one limit shorter and have a longer other one, which the session does not take.
 */
export const limitStep = (steps: readonly LimitStep[], limit: keyof EffectivePolicy): LimitStep | null =>
  steps.findLast(({ isChange, offered, limits }) => isChange && offered[limit] === limits[limit]) ?? null;

const UNLIMITED: EffectivePolicy = { idleMinutes: Infinity, absoluteMinutes: Infinity };

function traceFrom(
  { appType, authenticatedAt, limits: present, limitsAtStart }: LimitedSession,
  [first, ...later]: readonly HistoricPolicy[],
  roleChanges: readonly RoleChange[],
  firstRole: Role,
): LimitStep[] {
  const kind = { role: firstRole, appType };
  const steps: LimitStep[] = [];
  if (present !== null) {
    const limits = limitsAtStart ?? limitsFor(first!.policy, kind);
    const rule = ruleFor(first!.policy.rules, kind);
    const { version } = first!;
    steps.push({
      at: authenticatedAt,
      cause: 'SIGN_IN',
      version,
      rule,
      offered: limits,
      limits,
      isChange: true,
    });
  }
  for (const { at, cause, policy, role } of inOrder([first!, ...later], roleChanges, firstRole)) {
    const before = steps.at(-1)?.limits ?? UNLIMITED;
    const offered = limitsFor(policy.policy, { role, appType });
    const limits = {
      idleMinutes: Math.min(before.idleMinutes, offered.idleMinutes),
      absoluteMinutes: Math.min(before.absoluteMinutes, offered.absoluteMinutes),
    };
    const rule = ruleFor(policy.policy.rules, { role, appType });
    const isChange = !areEqual(limits, before);
    steps.push({ at, cause, version: policy.version, rule, offered, limits, isChange });
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
