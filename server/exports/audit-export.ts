import type { AuditEvent } from '../audit/audit-event.ts';
import { listAuditEvents, type AuditFilter } from '../audit/audit-list.sql.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Cursor } from '../pagination.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';
import { ROW_WRITERS, type ExportFormat } from './audit-rows.ts';

/** All that an export holds in memory, beside what the connection buffers. */
const PAGE_SIZE = 250;

export interface AuditExportRequest {
  format: ExportFormat;
  /** Inclusive. Null: from the first event. */
  from: Date | null;
  /** Exclusive. Null: to the last event, which is this export's own. */
  to: Date | null;
}

export interface StartedExport {
  contentType: string;
  fileName: string;
  /** The text in pieces, newest event first. Each page is read when the one before was taken. */
  pieces: AsyncIterable<string>;
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

export function createAuditExport(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
}): StartAuditExport {
  const { database, audit, clock } = dependencies;

  async function recordExport(
    viewer: Viewer,
    { format, from, to }: AuditExportRequest,
    ipAddress: string | null,
  ): Promise<Date> {
    const { accountId } = viewer;
    return database.accountTransaction(accountId, async (em) => {
      await lockAccountForSensitiveOperation(em, viewer, dependencies);
      const now = clock.now();
      await audit.record(
        em,
        {
          accountId,
          action: 'export.created',
          actor: actorOf(viewer),
          resource: { type: 'account', id: accountId },
          details: {
            export: 'audit',
            format,
            from: from?.toISOString() ?? null,
            to: to?.toISOString() ?? null,
          },
          ipAddress,
        },
        now,
      );
      return now;
    });
  }

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
    const now = await recordExport(viewer, request, ipAddress);
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
