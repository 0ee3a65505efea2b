import type { AuditEvent } from '../audit/audit-event.ts';
import { listAuditEvents, type AuditFilter } from '../audit/audit-list.sql.ts';
import type { Cursor } from '../pagination.ts';
import type { Viewer } from '../rules/caller.ts';
import { ROW_WRITERS, type ExportFormat } from './audit-rows.ts';
import { recordExport, type ExportDependencies, type StartedExport } from './record-export.ts';

/** All that an export holds in memory, beside what the connection buffers. */
const PAGE_SIZE = 250;

export interface AuditExportRequest {
  format: ExportFormat;
  /** Inclusive. Null: from the first event. */
  from: Date | null;
  /** Exclusive. Null: to the last event, which is this export's own. */
  to: Date | null;
}

/**
 * Records an export of the account's audit trail and starts it.
 * @throws UNAUTHENTICATED, FORBIDDEN when the caller is no owner any more, REAUTHENTICATION_REQUIRED
 */
export type StartAuditExport = (
  viewer: Viewer,
  request: AuditExportRequest,
  ipAddress: string | null,
) => Promise<StartedExport>;

export function createAuditExport(dependencies: ExportDependencies): StartAuditExport {
  const { database } = dependencies;

  async function* readPages(filter: AuditFilter): AsyncGenerator<AuditEvent[]> {
    for (let after: Cursor | null = null; ;) {
      const page: AuditEvent[] = await database.withTimeout(
        listAuditEvents(database.em(), filter, after, PAGE_SIZE),
      );
      if (page.length > 0) yield page;
      const last = page.at(-1);
      if (!last || page.length < PAGE_SIZE) return;
      after = { at: last.createdAt, id: last.id };
    }
  }

  return async (viewer, request, ipAddress) => {
    const { format, from, to } = request;
    const details = {
      export: 'audit' as const,
      format,
      from: from?.toISOString() ?? null,
      to: to?.toISOString() ?? null,
    };
    const now = await recordExport(dependencies, viewer, details, ipAddress);
    const writer = ROW_WRITERS[format];
    const filter = { accountId: viewer.accountId, actions: null, userId: null, from, to };

    async function* pieces(): AsyncGenerator<string> {
      if (writer.head !== '') yield writer.head;
      for await (const page of readPages(filter)) yield writer.write(page);
    }

    return {
      contentType: writer.contentType,
      fileName: `curfew-audit-${now.toISOString().slice(0, 10)}.${format}`,
      pieces: pieces(),
    };
  };
}
