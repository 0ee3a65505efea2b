import { sql } from 'kysely';
import { limitsInSeconds, type EffectivePolicy } from '../rules/policy.ts';
import { limitsFor, SESSION_KINDS, type PolicyInForce, type SessionKind } from '../rules/policy-rules.ts';
import { at } from './session-row.ts';

// Which limits of a policy a session takes, as SQL. `limits` has those of every kind of session, as "OWNER CONTROL_PANEL":
// [idle, absolute] in seconds; null: the policy has no rules. The role is the user's at this moment, and is read only
// where there are rules. `effective_sessions` and `live_sessions` say the same (migrations/*-policy-in-depth.ts).

/** The kind of the session `s`. */
const KIND = sql`session_kind(s.user_id, s.app_type)`;

export const kindName = ({ role, appType }: SessionKind): string => `${role} ${appType}`;

/** The limits as `policy_applications` stores them. Null: there are no rules. */
export const limitsByKind = (policy: PolicyInForce): string | null =>
  policy.rules.length === 0
    ? null
    : JSON.stringify(
        Object.fromEntries(SESSION_KINDS.map((kind) => [kindName(kind), pairOf(limitsFor(policy, kind))])),
      );

function pairOf(policy: EffectivePolicy): [number, number] {
  const { idleSeconds, absoluteSeconds } = limitsInSeconds(policy);
  return [idleSeconds, absoluteSeconds];
}

/**
 * The pending policies of the accounts of the sessions `s`, each as a row `p` with the limits for that session. `offset 0`
 * keeps the planner from repeating the look-up wherever a limit is used.
 */
export const SESSIONS_WITH_PENDING_POLICY = sql`policy_applications a join sessions s on s.account_id = a.account_id
  cross join lateral (
    select a.account_id, a.epoch, a.applied_at, coalesce((l.pair ->> 0)::int, a.idle_seconds) as idle_seconds,
      coalesce((l.pair ->> 1)::int, a.absolute_seconds) as absolute_seconds
    from (select case when a.limits is not null then a.limits -> ${KIND} end as pair offset 0) l) p`;

const limitOf = (column: 'idle_seconds' | 'absolute_seconds', index: 0 | 1) => sql`(
  case when p.limits is null then ${sql.ref(`p.${column}`)}
    else coalesce((p.limits -> ${KIND} ->> ${sql.lit(index)})::int, ${sql.ref(`p.${column}`)}) end)`;

/**
 * The limits for `s` of a row `p` of `policy_applications`, for a statement that reads very many sessions: a subquery
 * would run for each of them, also where no policy is pending.
 */
export const LIMITS_BY_RULE = {
  idle: limitOf('idle_seconds', 0),
  absolute: limitOf('absolute_seconds', 1),
};

/**
 * A policy as a table `p` of one row, with the limits for the session `s` before it in the list of tables. `epoch` null: it
 * is written at once and nothing is pending. `kind` is null where there are no rules.
 */
export function policyRow(policy: PolicyInForce, now: Date) {
  const { idleSeconds, absoluteSeconds } = limitsInSeconds(policy);
  const limits = limitsByKind(policy);
  if (limits === null)
    return sql`(select null::int as epoch, ${at(now)} as applied_at, ${idleSeconds}::int as idle_seconds,
      ${absoluteSeconds}::int as absolute_seconds, null::text as kind) p`;
  return sql`lateral (
    select null::int as epoch, ${at(now)} as applied_at, l.kind,
      coalesce((l.pair ->> 0)::int, ${idleSeconds}::int) as idle_seconds,
      coalesce((l.pair ->> 1)::int, ${absoluteSeconds}::int) as absolute_seconds
    from (select k.kind, ${limits}::jsonb -> k.kind as pair from (select ${KIND} as kind offset 0) k offset 0) l) p`;
}
