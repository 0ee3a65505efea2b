import { stringify } from 'csv-stringify/sync';
import type { AuditEvent } from '../audit/audit-event.ts';
import { toCell } from './cells.ts';

export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const isExportFormat = (text: unknown): text is ExportFormat =>
  EXPORT_FORMATS.some((format) => format === text);

/** The columns, in order. Other programs read them by name and by place: they never change. */
const COLUMNS = [
  'id',
  'created_at',
  'action',
  'actor_id',
  'actor_name',
  'subject_id',
  'subject_name',
  'resource_type',
  'resource_id',
  'ip_address',
  'details',
] as const;

type ExportedRow = Record<(typeof COLUMNS)[number], unknown>;

const toRow = (event: AuditEvent): ExportedRow => ({
  id: event.id,
  created_at: event.createdAt.toISOString(),
  action: event.action,
  actor_id: event.actorId,
  actor_name: event.actorName,
  subject_id: event.subjectId,
  subject_name: event.subjectName,
  resource_type: event.resourceType,
  resource_id: event.resourceId,
  ip_address: event.ipAddress,
  details: event.details,
});

export interface RowWriter {
  readonly contentType: string;
  /** What comes before the first row. */
  readonly head: string;
  write(events: readonly AuditEvent[]): string;
}

export const ROW_WRITERS: Readonly<Record<ExportFormat, RowWriter>> = {
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: stringify([[...COLUMNS]]),
    write: (events) =>
      stringify(
        events.map((event) => {
          const row = toRow(event);
          return COLUMNS.map((column) => toCell(row[column]));
        }),
      ),
  },
  jsonl: {
    contentType: 'application/jsonl; charset=utf-8',
    head: '',
    write: (events) => events.map((event) => `${JSON.stringify(toRow(event))}\n`).join(''),
  },
};
