import type { AppType, Role, SessionLimitAction } from '../generated/schema.ts';
import { badInput } from '../errors.ts';
import { validateOverrides, type PolicyBounds, type PolicyOverrides } from './policy.ts';
import {
  APP_TYPES,
  limitsFor,
  policyInForce,
  ROLES,
  validateRules,
  type PolicyRule,
  type RuledPolicy,
  type SessionKind,
} from './policy-rules.ts';

/** The whole policy of an account as it was set. */
export interface AccountPolicy extends RuledPolicy {
  /** How many live sessions a user may have. Null: no limit. */
  maxSessionsPerUser: number | null;
  sessionLimitAction: SessionLimitAction;
}

/** The columns of an account that hold its policy. */
export interface PolicyColumns {
  idleMinutes?: number | null;
  absoluteMinutes?: number | null;
  policyRules?: readonly PolicyRule[];
  maxSessionsPerUser?: number | null;
  sessionLimitAction?: SessionLimitAction | null;
}

const LIMIT_ACTIONS: readonly SessionLimitAction[] = ['DENY', 'END_OLDEST', 'ASK'];

/** Leaves out what only a newer version knows: its node is still running in a rolling upgrade. */
export function policyOf(account: PolicyColumns): AccountPolicy {
  const action = account.sessionLimitAction ?? null;
  return {
    idleMinutes: account.idleMinutes ?? null,
    absoluteMinutes: account.absoluteMinutes ?? null,
    rules: (account.policyRules ?? []).filter(isKnown),
    maxSessionsPerUser: account.maxSessionsPerUser ?? null,
    sessionLimitAction: action !== null && LIMIT_ACTIONS.includes(action) ? action : 'DENY',
  };
}

const isKnown = ({ role, appType }: { role: Role | null; appType: AppType | null }): boolean =>
  (role === null || ROLES.includes(role)) && (appType === null || APP_TYPES.includes(appType));

/** Returns the limits of a session of that kind that begins now. */
export const limitsOfNewSession = (account: PolicyColumns, kind: SessionKind, bounds: PolicyBounds) =>
  limitsFor(policyInForce(policyOf(account), bounds), kind);

/** A change of a policy. The two limits are set as given. The others stay where they are absent; null clears them. */
export interface PolicyInput extends PolicyOverrides {
  rules?: readonly PolicyRule[] | null;
  maxSessionsPerUser?: number | null;
  sessionLimitAction?: SessionLimitAction | null;
}

/** Returns the policy after the change. */
export const changedPolicy = (old: AccountPolicy, input: PolicyInput): AccountPolicy => ({
  idleMinutes: input.idleMinutes ?? null,
  absoluteMinutes: input.absoluteMinutes ?? null,
  rules: input.rules === undefined ? old.rules : (input.rules ?? []),
  maxSessionsPerUser:
    input.maxSessionsPerUser === undefined ? old.maxSessionsPerUser : input.maxSessionsPerUser,
  sessionLimitAction:
    input.sessionLimitAction === undefined ? old.sessionLimitAction : (input.sessionLimitAction ?? 'DENY'),
});

const MIN_SESSIONS = 1;
const MAX_SESSIONS = 100;

/**
 * Checks what a change sets, in this order: the account's two limits, the rules, the maximum of sessions. Rules that stay
 * are not checked again: like overrides, they are clamped when the bounds have become tighter.
 * @throws BAD_USER_INPUT with `field`, `min`, `max` and `reason`
 */
export function validatePolicy(input: PolicyInput, bounds: PolicyBounds): void {
  validateOverrides(input, bounds);
  validateRules(input.rules ?? [], bounds);
  const { maxSessionsPerUser } = input;
  if (maxSessionsPerUser == null) return;
  if (maxSessionsPerUser >= MIN_SESSIONS && maxSessionsPerUser <= MAX_SESSIONS) return;
  throw badInput(
    'maxSessionsPerUser',
    `maxSessionsPerUser must be between ${MIN_SESSIONS} and ${MAX_SESSIONS}.`,
    { reason: 'OUT_OF_BOUNDS', min: MIN_SESSIONS, max: MAX_SESSIONS },
  );
}
