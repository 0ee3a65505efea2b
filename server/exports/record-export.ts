import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { actorOf, type Viewer } from '../rules/caller.ts';
import { lockAccountForSensitiveOperation } from '../sessions/lock-as-caller.ts';

export interface ExportDependencies {
  database: Database;
  audit: Audit;
  clock: Clock;
  sensitiveMaxAgeSeconds: number;
}

export interface StartedExport {
  contentType: string;
  fileName: string;
  /** The text in pieces. Each page is read when the one before was taken. */
  pieces: AsyncIterable<string>;
}

/**
 * Records an export in the trail, before anything of it is sent, and returns its time.
 * @throws UNAUTHENTICATED, FORBIDDEN when the caller is no owner any more, REAUTHENTICATION_REQUIRED
 */
export async function recordExport(
  dependencies: ExportDependencies,
  viewer: Viewer,
  details: { export: 'audit' | 'policy'; format: string } & Record<string, unknown>,
  ipAddress: string | null,
): Promise<Date> {
  const { database, audit, clock } = dependencies;
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
        details,
        ipAddress,
      },
      now,
    );
    return now;
  });
}
