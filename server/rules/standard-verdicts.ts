import type { StandardCheck, StandardVerdict, Verdict } from '../generated/schema.ts';
import { policyInForce, type RuledPolicy } from './policy-rules.ts';
import type { PolicyBounds } from './policy.ts';
import { STANDARDS, type Standard, type StandardRequirement } from './standards.ts';
import type { WarningSettings } from './warning-lead.ts';

/** What standards ask about. */
export interface JudgedPolicy extends RuledPolicy {
  /** Null: no limit. */
  maxSessionsPerUser: number | null;
}

/** The greatest values that the policy allows to any session. Limits in minutes. */
interface Allowed {
  idleMinutes: number;
  absoluteMinutes: number;
  maxSessionsPerUser: number | null;
  isWarned: boolean;
}

/**
 * Compares a policy with every standard. Limits are those in force: overrides and rules clamped into the bounds. Each
 * counts by its greatest value over the account's pair and every rule, also a rule that no session can take because others
 * are more specific: who reads the verdict must not have to work that out, and a later change must not undo it.
 */
export function judgePolicy(
  policy: JudgedPolicy,
  bounds: PolicyBounds,
  warnings: WarningSettings,
): StandardVerdict[] {
  const inForce = policyInForce(policy, bounds);
  const pairs = [inForce, ...inForce.rules];
  const allowed: Allowed = {
    idleMinutes: Math.max(...pairs.map(({ idleMinutes }) => idleMinutes)),
    absoluteMinutes: Math.max(...pairs.map(({ absoluteMinutes }) => absoluteMinutes)),
    maxSessionsPerUser: policy.maxSessionsPerUser,
    // Each deadline has its own warning, and either may be the one that ends a session.
    isWarned: warnings.warningSeconds > 0 && warnings.absoluteWarningSeconds > 0,
  };
  return STANDARDS.map((standard) => judgeStandard(standard, allowed));
}

function judgeStandard({ requirements, ...standard }: Standard, allowed: Allowed): StandardVerdict {
  const checks = requirements.map((requirement) => judge(requirement, allowed));
  return { ...standard, verdict: verdictOf(checks), checks };
}

/** What is only recommended is shown, and decides nothing. */
function verdictOf(checks: readonly StandardCheck[]): Verdict {
  const required = checks.filter(({ level }) => level === 'REQUIRED');
  if (required.some(({ verdict }) => verdict === 'MISSES')) return 'MISSES';
  return required.some(({ verdict }) => verdict === 'MEETS') ? 'MEETS' : 'NOT_APPLICABLE';
}

function judge({ limit, ...requirement }: StandardRequirement, allowed: Allowed): StandardCheck {
  const actual = actualOf(requirement.subject, allowed);
  const isMet = requirement.subject === 'WARNING' ? allowed.isWarned : isWithin(actual, limit);
  return { ...requirement, limitMinutes: limit, actualMinutes: actual, verdict: isMet ? 'MEETS' : 'MISSES' };
}

/** A value equal to the limit is within it. Null is no limit at all, which is within none. */
const isWithin = (actual: number | null, limit: number | null): boolean =>
  actual !== null && (limit === null || actual <= limit);

function actualOf(subject: StandardRequirement['subject'], allowed: Allowed): number | null {
  switch (subject) {
    case 'IDLE':
      return allowed.idleMinutes;
    case 'ABSOLUTE':
      return allowed.absoluteMinutes;
    case 'SESSIONS_AT_ONCE':
      return allowed.maxSessionsPerUser;
    case 'WARNING':
      return null;
    default:
      return subject satisfies never;
  }
}
