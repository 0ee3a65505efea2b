import { policyOf } from '../rules/account-policy.ts';
import {
  decisiveStep,
  traceLimits,
  type HistoricPolicy,
  type LimitStep,
  type RoleChange,
} from '../rules/limit-history.ts';
import { effectivePolicy, type EffectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import { policyInForce, type PolicyRule } from '../rules/policy-rules.ts';
import { nearerDeadline, type Session } from '../rules/session.ts';
import type { PolicyVersion } from './policy-versions.sql.ts';
import type { StoryEvent } from './session-story.sql.ts';

/** Traces where the limits of a session come from, since its latest authentication (`traceLimits`). */
export function traceSessionLimits(
  session: Session,
  versions: readonly PolicyVersion[],
  story: readonly StoryEvent[],
  role: 'OWNER' | 'MEMBER',
  endedAt: Date | null,
  bounds: PolicyBounds,
): LimitStep[] {
  const { idleSeconds, absoluteSeconds, appType, authenticatedAt } = session;
  const limits =
    idleSeconds === null || absoluteSeconds === null
      ? null
      : { idleMinutes: idleSeconds / 60, absoluteMinutes: absoluteSeconds / 60 };
  return traceLimits(
    { appType, authenticatedAt, endedAt, limits, limitsAtStart: recordedLimits(story, authenticatedAt) },
    historyOf(versions, authenticatedAt, bounds),
    roleChangesOf(story).filter(({ at }) => at > authenticatedAt),
    role,
  );
}

/** What the trail says of the limits at an authentication. Null: it has no row of it, as of an imported session. */
function recordedLimits(story: readonly StoryEvent[], authenticatedAt: Date): EffectivePolicy | null {
  const event = story.findLast(
    ({ action, at }) =>
      (action === 'session.started' || action === 'session.reauthenticated') && +at === +authenticatedAt,
  );
  return limitsOfDetails(event?.details ?? {});
}

/** The limits in the details of an authentication. Null: there are none. */
export function limitsOfDetails({
  idle_seconds: idle,
  absolute_seconds: absolute,
}: Record<string, unknown>): EffectivePolicy | null {
  if (typeof idle !== 'number' || typeof absolute !== 'number') return null;
  return { idleMinutes: idle / 60, absoluteMinutes: absolute / 60 };
}

export const roleChangesOf = (story: readonly StoryEvent[]): RoleChange[] =>
  story
    .filter(({ action }) => action === 'user.role_changed')
    .map(({ at, details }) => ({
      at,
      old: details.old === 'OWNER' ? 'OWNER' : 'MEMBER',
      new: details.new === 'OWNER' ? 'OWNER' : 'MEMBER',
    }));

/** The versions as they were in force, after the server's own limits where the first one is later than the session. */
function historyOf(
  versions: readonly PolicyVersion[],
  authenticatedAt: Date,
  bounds: PolicyBounds,
): HistoricPolicy[] {
  const saved = versions.map((version) => {
    const effective = effectivePolicy(version, bounds);
    return {
      version: version.version,
      at: version.createdAt,
      isApplied: version.apply === 'ACTIVE_SESSIONS',
      policy: {
        ...policyInForce(policyOf(version), bounds),
        idleMinutes: version.effectiveIdleMinutes ?? effective.idleMinutes,
        absoluteMinutes: version.effectiveAbsoluteMinutes ?? effective.absoluteMinutes,
      },
    };
  });
  const first = versions[0];
  if (first && first.version > 1 && first.createdAt < authenticatedAt) return saved;
  const before = { version: first ? first.version - 1 : 0, at: new Date(0), isApplied: false };
  return [{ ...before, policy: policyInForce({ rules: [] }, bounds) }, ...saved];
}

/**
 * Returns the step whose limits a session lives by. Null: none, so an imported session ends with its token.
 *
 * An imported session has no limits of its own before its first refresh, but what is applied shortens its deadlines. Its
 * token sets both to one moment: an idle deadline before that is an applied policy's, and so is an absolute one that is
 * its limit after the sign-in.
 */
export function stepInForce(session: Session, steps: readonly LimitStep[]): LimitStep | null {
  const decisive = decisiveStep(steps);
  if (!decisive || session.idleSeconds !== null || nearerDeadline(session).reason === 'IDLE') return decisive;
  const { authenticatedAt, absoluteExpiresAt } = session;
  const limit = authenticatedAt.getTime() + decisive.limits.absoluteMinutes * 60_000;
  return absoluteExpiresAt.getTime() === limit ? decisive : null;
}

/** The rule as its version has it: the trace has the clamped one. */
export function ruleAsSet(step: LimitStep | null, versions: readonly PolicyVersion[]): PolicyRule | null {
  const rule = step?.rule;
  if (!rule) return null;
  const version = versions.find((each) => each.version === step.version);
  const rules = version ? policyOf(version).rules : [];
  return rules.find(({ role, appType }) => role === rule.role && appType === rule.appType) ?? rule;
}
