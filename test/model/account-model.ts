import { isAccepted, type EffectivePolicy, type ModelSession } from './session-model.ts';

/** A user of the account, as far as the session rules need it. */
export interface ModelUser {
  readonly id: string;
  readonly email: string;
  readonly role: 'OWNER' | 'MEMBER';
}

export interface PolicyOverrides {
  idleMinutes: number | null;
  absoluteMinutes: number | null;
}

/** An account by the contract: its users, their sessions, its policy, and its expected audit rows. */
export interface AccountModel {
  readonly accountId: string;
  readonly users: readonly ModelUser[];
  readonly sessions: ModelSession[];
  overrides: PolicyOverrides;
  policyVersion: number;
  /** One line per audit row since the start: action, resource, details. */
  readonly audit: string[];
}

const DEFAULTS: EffectivePolicy = { idleMinutes: 30, absoluteMinutes: 60 };
const BOUNDS = { idleMinutes: [1, 43_200], absoluteMinutes: [1, 129_600] } as const;

const fill = ({ idleMinutes, absoluteMinutes }: PolicyOverrides): EffectivePolicy => ({
  idleMinutes: idleMinutes ?? DEFAULTS.idleMinutes,
  absoluteMinutes: absoluteMinutes ?? DEFAULTS.absoluteMinutes,
});

export function effectivePolicy(overrides: PolicyOverrides): EffectivePolicy {
  const { idleMinutes, absoluteMinutes } = fill(overrides);
  return { idleMinutes: Math.min(idleMinutes, absoluteMinutes), absoluteMinutes };
}

/** The input field at fault; null for a policy that is accepted. */
export function faultOf(overrides: PolicyOverrides): string | null {
  for (const field of ['idleMinutes', 'absoluteMinutes'] as const) {
    const value = overrides[field];
    if (value !== null && (value < BOUNDS[field][0] || value > BOUNDS[field][1])) return field;
  }
  const { idleMinutes, absoluteMinutes } = fill(overrides);
  return idleMinutes > absoluteMinutes ? 'idleMinutes' : null;
}

/** `applied`: what it does to live sessions; null: it counts from the next sign-in. */
export function recordPolicy(
  model: AccountModel,
  next: PolicyOverrides,
  applied: { endNow: number; shortened: number } | null,
): void {
  const detailsOf = (policy: PolicyOverrides) => ({
    idle_minutes: policy.idleMinutes,
    absolute_minutes: policy.absoluteMinutes,
  });
  record(model, 'account.session_policy_update', model.accountId, {
    old: detailsOf(model.overrides),
    new: detailsOf(next),
    effective_old: detailsOf(effectivePolicy(model.overrides)),
    effective_new: detailsOf(effectivePolicy(next)),
    apply: applied ? 'active_sessions' : 'next_login',
    ended_count: applied?.endNow ?? 0,
    shortened_count: applied?.shortened ?? 0,
  });
  model.overrides = next;
  model.policyVersion += 1;
}

export function record(model: AccountModel, action: string, resourceId: string, details?: object): void {
  model.audit.push(auditLine(action, resourceId, details ?? {}));
}

/** Actions whose details the contract spells out. */
const WITH_DETAILS = new Set(['account.session_policy_update', 'account.sessions_revoked_bulk']);

/** Compares without regard to the order of keys. */
export function auditLine(action: string, resourceId: string, details: object): string {
  return WITH_DETAILS.has(action)
    ? `${action} ${resourceId} ${JSON.stringify(sorted(details))}`
    : `${action} ${resourceId}`;
}

const sorted = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([one], [other]) => one.localeCompare(other))
          .map(([key, inner]) => [key, sorted(inner)]),
      )
    : value;

export const userOf = (model: AccountModel, { userId }: ModelSession): ModelUser =>
  model.users.find(({ id }) => id === userId)!;

/** Sessions that can act now with their latest access token. */
export const ableToAct = (model: AccountModel, role: ModelUser['role'], now: number): ModelSession[] =>
  model.sessions.filter(
    (session) =>
      userOf(model, session).role === role && isAccepted(session, session.accessTokens.at(-1)!, now),
  );
