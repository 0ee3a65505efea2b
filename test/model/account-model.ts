import {
  isAccepted,
  isLive,
  type AppType,
  type EffectivePolicy,
  type End,
  type ModelSession,
} from './session-model.ts';

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

export interface Rule extends EffectivePolicy {
  role: ModelUser['role'] | null;
  appType: AppType | null;
}

/** The whole policy of an account. */
export interface Policy extends PolicyOverrides {
  rules: readonly Rule[];
  maxSessionsPerUser: number | null;
  sessionLimitAction: 'DENY' | 'END_OLDEST' | 'ASK';
}

export const NO_POLICY: Policy = {
  idleMinutes: null,
  absoluteMinutes: null,
  rules: [],
  maxSessionsPerUser: null,
  sessionLimitAction: 'DENY',
};

/** An account by the contract: its users, their sessions, its policy, and its expected audit rows. */
export interface AccountModel {
  readonly accountId: string;
  readonly users: readonly ModelUser[];
  readonly sessions: ModelSession[];
  policy: Policy;
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

/** The limits of a session of that user: of the most specific rule, the role before the application type. */
export function limitsFor(policy: Policy, { role }: ModelUser, appType: AppType): EffectivePolicy {
  const fitting = (ofRole: Rule['role'], ofType: Rule['appType']) =>
    policy.rules.find((rule) => rule.role === ofRole && rule.appType === ofType);
  const rule = fitting(role, appType) ?? fitting(role, null) ?? fitting(null, appType);
  return effectivePolicy(rule ?? policy);
}

/** The input field at fault; null for a policy that is accepted. */
export function faultOf({
  rules,
  ...overrides
}: PolicyOverrides & { rules: readonly Rule[] }): string | null {
  const ofRules = rules.map((rule, index) => {
    const isFor = ({ role, appType }: Rule) => role === rule.role && appType === rule.appType;
    if (rule.role === null && rule.appType === null) return `rules.${index}`;
    if (rules.slice(0, index).some(isFor)) return `rules.${index}`;
    const field = faultOfLimits(rule);
    return field && `rules.${index}.${field}`;
  });
  return [faultOfLimits(overrides), ...ofRules].find((field) => field !== null) ?? null;
}

function faultOfLimits(overrides: PolicyOverrides): string | null {
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
  next: Policy,
  applied: { endNow: number; shortened: number } | null,
): void {
  const before = detailsOfRest(model.policy);
  const after = detailsOfRest(next);
  const isChanged = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before[name]);
  const changed = Object.entries(after).filter(isChanged);
  const detailsOf = (policy: PolicyOverrides) => ({
    idle_minutes: policy.idleMinutes,
    absolute_minutes: policy.absoluteMinutes,
  });
  record(model, 'account.session_policy_update', model.accountId, {
    old: { ...detailsOf(model.policy), ...Object.fromEntries(changed.map(([name]) => [name, before[name]])) },
    new: { ...detailsOf(next), ...Object.fromEntries(changed) },
    effective_old: detailsOf(effectivePolicy(model.policy)),
    effective_new: detailsOf(effectivePolicy(next)),
    apply: applied ? 'active_sessions' : 'next_login',
    ended_count: applied?.endNow ?? 0,
    shortened_count: applied?.shortened ?? 0,
  });
  model.policy = next;
  model.policyVersion += 1;
}

const detailsOfRest = ({
  rules,
  maxSessionsPerUser,
  sessionLimitAction,
}: Policy): Record<string, unknown> => ({
  rules: rules.map(({ role, appType, idleMinutes, absoluteMinutes }) => ({
    role,
    app_type: appType,
    idle_minutes: idleMinutes,
    absolute_minutes: absoluteMinutes,
  })),
  max_sessions_per_user: maxSessionsPerUser,
  session_limit_action: sessionLimitAction,
});

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

/**
 * Live sessions of the user that one more sign-in is too many for, the least recently active first: as many have to end.
 */
export function excessSessions(
  { sessions, policy }: AccountModel,
  user: ModelUser,
  now: number,
): { excess: number; live: ModelSession[] } {
  const live = sessions
    .filter((session) => session.userId === user.id && isLive(session, now))
    .sort(
      (one, other) =>
        one.lastActivityAt - other.lastActivityAt ||
        one.authenticatedAt - other.authenticatedAt ||
        (one.id < other.id ? -1 : 1),
    );
  const max = policy.maxSessionsPerUser;
  return { live, excess: max === null ? 0 : Math.max(0, live.length + 1 - max) };
}

/** Ends sessions for one that begins. */
export function makeRoom(model: AccountModel, sessions: readonly ModelSession[], now: number): void {
  const end: End = { reason: 'SESSION_LIMIT', at: now };
  for (const session of sessions) {
    session.end = end;
    record(model, 'session.ended', session.id);
  }
}

/** Sessions that can act now with their latest access token. */
export const ableToAct = (model: AccountModel, role: ModelUser['role'], now: number): ModelSession[] =>
  model.sessions.filter(
    (session) =>
      userOf(model, session).role === role && isAccepted(session, session.accessTokens.at(-1)!, now),
  );
