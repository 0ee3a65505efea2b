import { sql } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { rowsOf } from '../database/rows.ts';
import { ruleFor, SESSION_KINDS, type PolicyInForce, type PolicyRule } from '../rules/policy-rules.ts';
import { idleUnderPolicy, isShorter, liveSessionsOf } from '../sessions/policy-application.sql.ts';
import { kindName, policyRow } from '../sessions/policy-limits.sql.ts';
import { at } from '../sessions/session-row.ts';

interface Counts {
  activeSessions: number;
  endNow: number;
  shortened: number;
}

/** The effect on the sessions that take a rule. Null: on those that no rule fits. */
export interface RuleImpact extends Counts {
  rule: PolicyRule | null;
}

export interface PolicyImpact extends Counts {
  endWithinHour: number;
  endsSession: boolean;
  shortensSession: boolean;
  /** In the order of the rules, then the sessions that no rule fits. */
  byRule: RuleImpact[];
}

interface KindRow extends Omit<PolicyImpact, 'byRule'> {
  /** Null: there are no rules. */
  kind: string | null;
}

/** Counts the effect that applying `policy` would have now. `endsSession`, `shortensSession`: `sessionId` is among them. */
export async function previewPolicy(
  em: EntityManager,
  accountId: string,
  sessionId: string,
  policy: PolicyInForce,
  now: Date,
): Promise<PolicyImpact> {
  const rows = await rowsOf(
    em,
    sql<KindRow>`
    select kind, count(*)::int as "activeSessions",
      count(*) filter (where idle_at <= ${at(now)})::int as "endNow",
      count(*) filter (where idle_at > ${at(now)} and idle_at <= ${at(now)} + interval '1 hour')::int as "endWithinHour",
      count(*) filter (where idle_at > ${at(now)} and is_shorter)::int as "shortened",
      bool_or(id = ${sessionId} and idle_at <= ${at(now)}) as "endsSession",
      bool_or(id = ${sessionId} and idle_at > ${at(now)} and is_shorter) as "shortensSession"
    from (select s.id, p.kind, ${idleUnderPolicy} as idle_at, ${isShorter} as is_shorter
      from ${liveSessionsOf(accountId, now)} cross join ${policyRow(policy, now)}) s
    group by kind`,
  );
  const ruleOf = new Map(SESSION_KINDS.map((kind) => [kindName(kind), ruleFor(policy.rules, kind)]));
  const impactOf = (rule: PolicyRule | null): RuleImpact => ({
    rule,
    ...sum(rows.filter(({ kind }) => (ruleOf.get(kind ?? '') ?? null) === rule)),
  });
  return {
    ...sum(rows),
    endWithinHour: total(rows, ({ endWithinHour }) => endWithinHour),
    endsSession: rows.some(({ endsSession }) => endsSession),
    shortensSession: rows.some(({ shortensSession }) => shortensSession),
    byRule: [...policy.rules.map(impactOf), impactOf(null)],
  };
}

const total = (rows: readonly KindRow[], of: (row: KindRow) => number): number =>
  rows.reduce((count, row) => count + of(row), 0);

const sum = (rows: readonly KindRow[]): Counts => ({
  activeSessions: total(rows, ({ activeSessions }) => activeSessions),
  endNow: total(rows, ({ endNow }) => endNow),
  shortened: total(rows, ({ shortened }) => shortened),
});
