import type { AuditFilter } from '../audit/audit-list.sql.ts';
import type { Cursor } from '../pagination.ts';
import type { Viewer } from '../rules/caller.ts';
import { HEADS, readAuditText, type AuditText, type ExportFormat } from './audit-text.sql.ts';
import { paced } from './paced.ts';
import { recordExport, type ExportDependencies, type StartedExport } from './record-export.ts';

/**
 * All that an export holds in memory, beside what the connection buffers. One statement takes some milliseconds, for which
 * requests of others may wait.
 */
const PAGE_SIZE = 100;

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

  async function* readPages(filter: AuditFilter, format: ExportFormat): AsyncGenerator<string> {
    for (let after: Cursor | null = null; ;) {
      const page: AuditText = await database.withTimeout(
        readAuditText(database.em(), filter, format, after, PAGE_SIZE),
      );
      if (page.text !== '') yield page.text;
      if (!page.last || page.count < PAGE_SIZE) return;
      after = page.last;
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
    const { contentType, head } = HEADS[format];
    const filter = { accountId: viewer.accountId, actions: null, userId: null, from, to };

    async function* pieces(): AsyncGenerator<string> {
      if (head !== '') yield head;
      yield* readPages(filter, format);
    }

    return {
      contentType,
      fileName: `curfew-audit-${now.toISOString().slice(0, 10)}.${format}`,
      pieces: paced(pieces()),
    };
  };
}
