import { sql, type RawBuilder } from 'kysely';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Cursor } from '../pagination.ts';
import type { AuditEvent } from './audit-event.ts';

/** Which events of an account. */
export interface AuditFilter {
  accountId: string;
  /** Null: all. */
  actions: readonly string[] | null;
  /** Who did them, or to whom they were done. Null: anybody. */
  userId: string | null;
  /** Inclusive. */
  from: Date | null;
  /** Exclusive. */
  to: Date | null;
}

interface AuditRow {
  id: string;
  action: string;
  actor_id: string | null;
  actor_name: string;
  resource_type: string;
  resource_id: string;
  subject_id: string | null;
  subject_name: string | null;
  details: Record<string, unknown>;
  ip_address: string | null;
  created_at: string;
}

/** Exactly as in the indexes of migrations/*-audit-subjects.ts. */
export const subjectOf = sql.raw(
  `audit_event_subject(e.resource_type, e.resource_id, e.details, e.actor_id)`,
);

/** Rows of service sessions have named their user since users can be deleted; before, the session did. */
const shownSubject = sql`coalesce(${subjectOf},
  (select s.user_id::text from sessions s where e.resource_type = 'session' and s.id = e.resource_id))`;

const columns = sql`e.id, e.action, e.actor_id, e.actor_name, e.resource_type, e.resource_id,
  ${shownSubject} as subject_id, e.subject_name, e.details, e.ip_address, e.created_at`;

const NEWEST_FIRST = sql.raw('order by e.created_at desc, e.id desc');

/** Lists up to `limit` events after the cursor, newest first. */
export async function listAuditEvents(
  em: EntityManager,
  filter: AuditFilter,
  after: Cursor | null,
  limit: number,
): Promise<AuditEvent[]> {
  const rows = await rowsOf(
    em,
    sql<AuditRow>`
    ${pageOfAuditEvents(filter, after, limit)}`,
  );
  return rows.map((row) => ({
    id: row.id,
    action: row.action,
    actorId: row.actor_id,
    actorName: row.actor_name,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    subjectId: row.subject_id,
    subjectName: row.subject_name,
    details: row.details,
    ipAddress: row.ip_address,
    createdAt: instant(row.created_at),
  }));
}

/** A page of `listAuditEvents` as a table, for statements that make something else of it. */
export const pageOfAuditEvents = (filter: AuditFilter, after: Cursor | null, limit: number) =>
  sql`(select ${columns} from (${selectEvents(filter, after, limit)}) e ${NEWEST_FIRST} limit ${limit})`;

/** Counts the events of a filter, up to `limit`. */
export async function countAuditEvents(
  em: EntityManager,
  filter: AuditFilter,
  limit: number,
): Promise<number> {
  const rows = await rowsOf(
    em,
    sql<{ count: number }>`
    select count(*)::int as count from (select from (${selectEvents(filter, null, limit)}) e limit ${limit}) e`,
  );
  return rows[0]!.count;
}

/** Each part reads no more of its index than a page: that of the account, of each action, or of the person. */
function selectEvents(filter: AuditFilter, after: Cursor | null, limit: number): RawBuilder<unknown> {
  const { accountId, actions, userId } = filter;
  const within = sql`e.account_id = ${accountId} and ${inTime(filter, after)}`;
  const part = (condition: RawBuilder<unknown>) =>
    sql`(select e.* from audit_events e where ${within} and ${condition} ${NEWEST_FIRST} limit ${limit})`;
  if (userId !== null) {
    const ofActions = actions === null ? sql`true` : sql`e.action = any(${actions}::text[])`;
    // No event is in both parts.
    const done = sql`e.actor_id = ${userId}::uuid and ${subjectOf} is distinct from e.actor_id::text`;
    return sql`${part(sql`${subjectOf} = ${userId}::text and ${ofActions}`)}
      union all ${part(sql`${done} and ${ofActions}`)}`;
  }
  if (actions === null) return part(sql`true`);
  return sql`
    select e.* from (select distinct unnest(${actions}::text[]) as name) a
    cross join lateral ${part(sql`e.action = a.name`)} e`;
}

/** The plain conditions bound the index scan; the pair decides among rows of the moment of the cursor. */
function inTime({ from, to }: AuditFilter, after: Cursor | null): RawBuilder<unknown> {
  const conditions = [sql`true`];
  if (from) conditions.push(sql`e.created_at >= ${from}::timestamptz`);
  if (to) conditions.push(sql`e.created_at < ${to}::timestamptz`);
  if (after) conditions.push(sql`(e.created_at, e.id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  return sql.join(conditions, sql` and `);
}
