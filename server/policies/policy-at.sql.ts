import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { PolicyColumns } from '../rules/account-policy.ts';
import { instantOrNull } from '../sessions/session-row.ts';

/** One change of the policy, from its audit row. */
export interface PolicyChangeRow {
  at: Date;
  actorId: string | null;
  actorName: string;
  details: Record<string, unknown>;
}

export interface PolicyHistory {
  createdAt: Date;
  /** The last change at the moment or before it. Null: the trail has none. */
  last: PolicyChangeRow | null;
  /** The first change after the moment. */
  next: PolicyChangeRow | null;
  /** What the details of changes say of the settings that are in them only where a change made them different. */
  settings: {
    rules: SettingsSide | null;
    maxSessionsPerUser: SettingsSide | null;
    sessionLimitAction: SettingsSide | null;
  };
  /** The policy of now, and when it was set. */
  current: Required<PolicyColumns> & { setAt: Date | null; setById: string | null };
}

/** The side of a change's details that was in force at the moment. Null: no change of that setting is in the trail. */
type SettingsSide = Record<string, unknown>;

type ChangeColumns<Prefix extends string> = Record<`${Prefix}_at` | `${Prefix}_actor_name`, string | null> &
  Record<`${Prefix}_actor_id`, string | null> &
  Record<`${Prefix}_details`, Record<string, unknown> | null>;

type HistoryRow = ChangeColumns<'last'> &
  ChangeColumns<'next'> & {
    created_at: string;
    settings: PolicyHistory['settings'];
    policy: Required<PolicyColumns>;
    policy_updated_at: string | null;
    policy_updated_by_id: string | null;
  };

/** Reads the changes of an account's policy on both sides of a moment. */
export async function readPolicyHistory(
  em: EntityManager,
  accountId: string,
  moment: Date,
): Promise<PolicyHistory> {
  const changes = sql`from audit_events e
    where e.account_id = ${accountId} and e.action = 'account.session_policy_update'`;
  const upTo = sql`${changes} and e.created_at <= ${moment}::timestamptz`;
  const after = sql`${changes} and e.created_at > ${moment}::timestamptz`;
  const latestFirst = sql`order by e.created_at desc, e.id desc limit 1`;
  const earliestFirst = sql`order by e.created_at, e.id limit 1`;
  const event = sql`e.created_at, e.actor_id, e.actor_name, e.details`;
  const setting = (name: string) => sql`coalesce(
    (select e.details -> 'new' ${upTo} and e.details #> array['new', ${sql.lit(name)}] is not null ${latestFirst}),
    (select e.details -> 'old' ${after} and e.details #> array['old', ${sql.lit(name)}] is not null ${earliestFirst}))`;
  const [row] = await rowsOf(
    em,
    sql<HistoryRow>`
    select a.created_at, a.policy_updated_at, a.policy_updated_by_id,
      jsonb_build_object('idleMinutes', a.idle_minutes, 'absoluteMinutes', a.absolute_minutes,
        'policyRules', a.policy_rules, 'maxSessionsPerUser', a.max_sessions_per_user,
        'sessionLimitAction', a.session_limit_action) as policy,
      jsonb_build_object('rules', ${setting('rules')},
        'maxSessionsPerUser', ${setting('max_sessions_per_user')},
        'sessionLimitAction', ${setting('session_limit_action')}) as settings,
      l.created_at as last_at, l.actor_id as last_actor_id, l.actor_name as last_actor_name, l.details as last_details,
      n.created_at as next_at, n.actor_id as next_actor_id, n.actor_name as next_actor_name, n.details as next_details
    from accounts a
    left join lateral (select ${event} ${upTo} ${latestFirst}) l on true
    left join lateral (select ${event} ${after} ${earliestFirst}) n on true
    where a.id = ${accountId}`,
  );
  const { created_at: createdAt, settings, policy, ...rest } = row!;
  return {
    createdAt: instant(createdAt),
    last: toChange(rest.last_at, rest.last_actor_id, rest.last_actor_name, rest.last_details),
    next: toChange(rest.next_at, rest.next_actor_id, rest.next_actor_name, rest.next_details),
    settings,
    current: {
      ...policy,
      setAt: instantOrNull(rest.policy_updated_at),
      setById: rest.policy_updated_by_id,
    },
  };
}

const toChange = (
  at: string | null,
  actorId: string | null,
  actorName: string | null,
  details: Record<string, unknown> | null,
): PolicyChangeRow | null =>
  at === null ? null : { at: instant(at), actorId, actorName: actorName ?? '', details: details ?? {} };
