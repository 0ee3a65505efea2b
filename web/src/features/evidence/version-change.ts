import type { EvidenceVersionFragment } from '../../generated/evidence-operations.ts';
import type { AuditEntryFragment } from '../../generated/audit-operations.ts';

export type Version = EvidenceVersionFragment;

/**
 * What differs between two versions, as the audit trail keeps a change from the one to the other: pages have one way to say
 * it. Rules and the maximum of sessions are there only where they differ.
 */
export function changeBetween(before: Version, after: Version): AuditEntryFragment['details'] {
  const hasOtherRules = JSON.stringify(rulesOf(before)) !== JSON.stringify(rulesOf(after));
  const hasOtherMaximum = before.maxSessionsPerUser !== after.maxSessionsPerUser;
  const hasOtherAction = before.sessionLimitAction !== after.sessionLimitAction;
  const side = (version: Version) => ({
    idle_minutes: version.idleMinutes,
    absolute_minutes: version.absoluteMinutes,
    ...(hasOtherRules && { rules: rulesOf(version) }),
    ...(hasOtherMaximum && { max_sessions_per_user: version.maxSessionsPerUser }),
    ...(hasOtherAction && { session_limit_action: version.sessionLimitAction }),
  });
  return {
    old: side(before),
    new: side(after),
    effective_old: effectiveOf(before),
    effective_new: effectiveOf(after),
  };
}

const effectiveOf = ({ effectiveIdleMinutes, effectiveAbsoluteMinutes }: Version) => ({
  idle_minutes: effectiveIdleMinutes,
  absolute_minutes: effectiveAbsoluteMinutes,
});

/** In an order of their own: that in which they were set decides nothing. */
const rulesOf = ({ rules }: Version) =>
  rules
    .map(({ role, appType, idleMinutes, absoluteMinutes }) => ({
      role,
      app_type: appType,
      idle_minutes: idleMinutes,
      absolute_minutes: absoluteMinutes,
    }))
    .toSorted((one, other) => kindOf(one).localeCompare(kindOf(other)));

const kindOf = ({ role, app_type: appType }: { role: string | null; app_type: string | null }): string =>
  `${role} ${appType}`;
