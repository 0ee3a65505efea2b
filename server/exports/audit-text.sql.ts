import { sql, type RawBuilder } from 'kysely';
import { pageOfAuditEvents, type AuditFilter } from '../audit/audit-list.sql.ts';
import type { EntityManager } from '../database/database.ts';
import { instant } from '../database/instants.ts';
import { rowsOf } from '../database/rows.ts';
import type { Cursor } from '../pagination.ts';

// The database writes the text of a page. Objects of a million rows would be a gigabyte of garbage, which the node collects
// late, and work that every other request waits for.

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const isExportFormat = (text: unknown): text is ExportFormat =>
  EXPORT_FORMATS.some((format) => format === text);

/** The columns, in order, as text or JSON. Other programs read them by name and by place: they never change. */
const COLUMNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  id: sql`e.id::text`,
  created_at: sql`to_char(e.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  action: sql`e.action`,
  actor_id: sql`e.actor_id::text`,
  actor_name: sql`e.actor_name`,
  subject_id: sql`e.subject_id`,
  subject_name: sql`e.subject_name`,
  resource_type: sql`e.resource_type`,
  resource_id: sql`e.resource_id`,
  ip_address: sql`e.ip_address`,
  details: sql`e.details`,
};

export const HEADS: Readonly<Record<ExportFormat, { contentType: string; head: string }>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: `${Object.keys(COLUMNS).join(',')}\n`,
  },
  jsonl: { contentType: 'application/jsonl; charset=utf-8', head: '' },
};

/** As `toCell` (cells.ts): no cell begins like a formula. */
const guarded = (text: RawBuilder<unknown>) =>
  sql`case when ${text} ~ ${sql.lit('^[=+\\-@\\t\\r\\n＝＋－＠]')} then '''' || ${text} else ${text} end`;

/** RFC 4180, 2.5 to 2.7. */
const toCell = (column: RawBuilder<unknown>) => {
  const text = guarded(sql`coalesce(${column}::text, '')`);
  return sql`case when ${column}::text ~ ${sql.lit('[",\\r\\n]')} then '"' || replace(${text}, '"', '""') || '"' else ${text} end`;
};

const LINES: Readonly<Record<ExportFormat, RawBuilder<unknown>>> = {
  csv: sql.join(Object.values(COLUMNS).map(toCell), sql` || ',' || `),
  jsonl: sql`json_build_object(${sql.join(
    Object.entries(COLUMNS).map(([name, column]) => sql`${sql.lit(name)}, ${column}`),
  )})::text`,
};

/** A page of the file. */
export interface AuditText {
  /** Whole lines. */
  text: string;
  count: number;
  /** The last event. Null: there was none. */
  last: Cursor | null;
}

/** Writes up to `limit` events after the cursor as lines, newest first. */
export async function readAuditText(
  em: EntityManager,
  filter: AuditFilter,
  format: ExportFormat,
  after: Cursor | null,
  limit: number,
): Promise<AuditText> {
  const [row] = await rowsOf(
    em,
    sql<{ text: string | null; count: number; last_at: string | null; last_id: string | null }>`
    select string_agg(l.line || E'\n', '' order by l.created_at desc, l.id desc) as text, count(*)::int as count,
      min(l.created_at) as last_at, (array_agg(l.id order by l.created_at, l.id))[1] as last_id
    from (select e.created_at, e.id, ${LINES[format]} as line from ${pageOfAuditEvents(filter, after, limit)} e) l`,
  );
  const { text, count, last_at: at, last_id: id } = row!;
  return { text: text ?? '', count, last: at === null || id === null ? null : { at: instant(at), id } };
}
