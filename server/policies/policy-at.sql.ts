import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
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
  /** The policy of now, and when it was set. */
  current: {
    idleMinutes: number | null;
    absoluteMinutes: number | null;
    setAt: Date | null;
    setById: string | null;
  };
}

type ChangeColumns<Prefix extends string> = Record<`${Prefix}_at` | `${Prefix}_actor_name`, string | null> &
  Record<`${Prefix}_actor_id`, string | null> &
  Record<`${Prefix}_details`, Record<string, unknown> | null>;

type HistoryRow = ChangeColumns<'last'> &
  ChangeColumns<'next'> & {
    created_at: string;
    idle_minutes: number | null;
    absolute_minutes: number | null;
    policy_updated_at: string | null;
    policy_updated_by_id: string | null;
  };

/** Reads the changes of an account's policy on both sides of a moment. */
export async function readPolicyHistory(
  em: EntityManager,
  accountId: string,
  moment: Date,
): Promise<PolicyHistory> {
  const changes = sql`select e.created_at, e.actor_id, e.actor_name, e.details from audit_events e
    where e.account_id = ${accountId} and e.action = 'account.session_policy_update'`;
  const [row] = await rowsOf(
    em,
    sql<HistoryRow>`
    select a.created_at, a.idle_minutes, a.absolute_minutes, a.policy_updated_at, a.policy_updated_by_id,
      l.created_at as last_at, l.actor_id as last_actor_id, l.actor_name as last_actor_name, l.details as last_details,
      n.created_at as next_at, n.actor_id as next_actor_id, n.actor_name as next_actor_name, n.details as next_details
    from accounts a
    left join lateral (${changes} and e.created_at <= ${moment}::timestamptz
      order by e.created_at desc, e.id desc limit 1) l on true
    left join lateral (${changes} and e.created_at > ${moment}::timestamptz
      order by e.created_at, e.id limit 1) n on true
    where a.id = ${accountId}`,
  );
  const { created_at: createdAt, ...rest } = row!;
  return {
    createdAt: instant(createdAt),
    last: toChange(rest.last_at, rest.last_actor_id, rest.last_actor_name, rest.last_details),
    next: toChange(rest.next_at, rest.next_actor_id, rest.next_actor_name, rest.next_details),
    current: {
      idleMinutes: rest.idle_minutes,
      absoluteMinutes: rest.absolute_minutes,
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
