import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import type { EffectivePolicy } from '../rules/policy.ts';
import { idleUnderPolicy, isShorter, liveSessionsOf, policyRow } from '../sessions/policy-application.sql.ts';
import { at } from '../sessions/session-row.ts';

export interface PolicyImpact {
  activeSessions: number;
  endNow: number;
  endWithinHour: number;
  shortened: number;
  endsSession: boolean;
  shortensSession: boolean;
}

/** Counts the effect that applying `policy` would have now. `endsSession`, `shortensSession`: `sessionId` is among them. */
export async function previewPolicy(
  em: EntityManager,
  accountId: string,
  sessionId: string,
  policy: EffectivePolicy,
  now: Date,
): Promise<PolicyImpact> {
  const rows = await rowsOf(
    em,
    sql<PolicyImpact>`
    select count(*)::int as "activeSessions",
      count(*) filter (where idle_at <= ${at(now)})::int as "endNow",
      count(*) filter (where idle_at > ${at(now)} and idle_at <= ${at(now)} + interval '1 hour')::int as "endWithinHour",
      count(*) filter (where idle_at > ${at(now)} and is_shorter)::int as "shortened",
      coalesce(bool_or(id = ${sessionId} and idle_at <= ${at(now)}), false) as "endsSession",
      coalesce(bool_or(id = ${sessionId} and idle_at > ${at(now)} and is_shorter), false) as "shortensSession"
    from (select s.id, ${idleUnderPolicy} as idle_at, ${isShorter} as is_shorter
      from ${liveSessionsOf(accountId, now)} cross join ${policyRow(policy, now)}) s`,
  );
  return rows[0]!;
}
