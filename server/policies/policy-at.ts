import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { badInput } from '../errors.ts';
import { policyOf, type AccountPolicy } from '../rules/account-policy.ts';
import type { Viewer } from '../rules/caller.ts';
import { effectivePolicy, type EffectivePolicy, type PolicyBounds } from '../rules/policy.ts';
import { readPolicyHistory, type PolicyHistory } from './policy-at.sql.ts';
import {
  actionFromDetails,
  limitsFromDetails,
  maximumFromDetails,
  rulesFromDetails,
} from './policy.audit.ts';

/** A client whose clock is ahead by less means now. */
const CLOCK_TOLERANCE_MS = 60_000;

/** The settings of a policy beside its two limits. */
type Settings = Pick<AccountPolicy, 'rules' | 'maxSessionsPerUser' | 'sessionLimitAction'>;

/** The policy that applied to sign-ins at a moment. */
export interface PolicyAt extends Settings {
  at: Date;
  effectiveIdleMinutes: number;
  effectiveAbsoluteMinutes: number;
  isCustomised: boolean;
  since: Date | null;
  setById: string | null;
  /** Null with `setById`: their present name is shown. */
  setByName: string | null;
}

/** @throws BAD_USER_INPUT for a moment in the future, before the account, or before what the trail still has */
export type FindPolicyAt = (viewer: Viewer, at: Date) => Promise<PolicyAt>;

export function createFindPolicyAt(dependencies: {
  database: Database;
  clock: Clock;
  bounds: PolicyBounds;
}): FindPolicyAt {
  const { database, clock, bounds } = dependencies;
  return async ({ accountId }, asked) => {
    const now = clock.now();
    if (asked.getTime() > now.getTime() + CLOCK_TOLERANCE_MS)
      throw outOfBounds('at must not be in the future.');
    const at = asked > now ? now : asked;
    const history = await database.withTimeout(readPolicyHistory(database.em(), accountId, at));
    if (at < history.createdAt) throw outOfBounds('The account did not exist at that moment.');
    return { at, ...limitsAt(history, at, bounds), ...settingsOf(history) };
  };
}

function limitsAt(
  { last, next, current }: PolicyHistory,
  at: Date,
  bounds: PolicyBounds,
): Omit<PolicyAt, 'at' | keyof Settings> {
  if (last)
    return {
      ...limitsOf(last.details, 'new', bounds),
      since: last.at,
      setById: last.actorId,
      setByName: last.actorName,
    };
  // The change after it says what it replaced.
  if (next) return { ...limitsOf(next.details, 'old', bounds), ...UNKNOWN_SETTER };
  if (current.setAt === null) return { ...shown(effectivePolicy({}, bounds), false), ...UNKNOWN_SETTER };
  // The rows of every change are past their retention.
  if (current.setAt > at) throw outOfBounds('The audit trail does not reach back that far.');
  return {
    ...shown(effectivePolicy(current, bounds), isSet(current.idleMinutes, current.absoluteMinutes)),
    since: current.setAt,
    setById: current.setById,
    setByName: null,
  };
}

/** A setting of which the trail has no change is the one of now. */
function settingsOf({ settings, current }: PolicyHistory): Settings {
  const { rules, maxSessionsPerUser, sessionLimitAction } = policyOf({
    policyRules: settings.rules ? rulesFromDetails(settings.rules) : current.policyRules,
    maxSessionsPerUser: settings.maxSessionsPerUser
      ? maximumFromDetails(settings.maxSessionsPerUser)
      : current.maxSessionsPerUser,
    sessionLimitAction: settings.sessionLimitAction
      ? actionFromDetails(settings.sessionLimitAction)
      : current.sessionLimitAction,
  });
  return { rules, maxSessionsPerUser, sessionLimitAction };
}

const UNKNOWN_SETTER = { since: null, setById: null, setByName: null };

const outOfBounds = (message: string) => badInput('at', message, { reason: 'OUT_OF_BOUNDS' });

/** The side of a change's details that applied, as `policyChangeDetails` wrote it. */
function limitsOf(details: Record<string, unknown>, side: 'old' | 'new', bounds: PolicyBounds) {
  const overrides = limitsFromDetails(details[side]);
  const effective = limitsFromDetails(details[`effective_${side}`]);
  const { idleMinutes, absoluteMinutes } = effectivePolicy(overrides, bounds);
  return shown(
    {
      idleMinutes: effective.idleMinutes ?? idleMinutes,
      absoluteMinutes: effective.absoluteMinutes ?? absoluteMinutes,
    },
    isSet(overrides.idleMinutes, overrides.absoluteMinutes),
  );
}

const isSet = (idleMinutes: number | null, absoluteMinutes: number | null): boolean =>
  idleMinutes !== null || absoluteMinutes !== null;

const shown = ({ idleMinutes, absoluteMinutes }: EffectivePolicy, isCustomised: boolean) => ({
  effectiveIdleMinutes: idleMinutes,
  effectiveAbsoluteMinutes: absoluteMinutes,
  isCustomised,
});
