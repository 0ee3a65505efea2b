import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import { liftDecisionsOf } from './disabled-users.sql.ts';
import type { EventSourceView } from './event-source.ts';
import { deleteSource } from './event-sources.sql.ts';
import { sourceEntry } from './source-entry.ts';

/**
 * Deletes a source, in a transaction that has locked its account, with its audit rows. Users whom it has disabled can sign in
 * again. Returns their ids.
 */
export async function removeSource(
  em: EntityManager,
  audit: Audit,
  source: EventSourceView,
  by: Pick<AuditEntry, 'actor' | 'ipAddress'>,
  now: Date,
): Promise<string[]> {
  const enabledIds = await liftDecisionsOf(em, source.id);
  await deleteSource(em, source.id);
  const deleted = sourceEntry('event_source.deleted', source, by);
  const enabled = enabledIds.map((userId): AuditEntry => ({
    ...deleted,
    action: 'user.reactivated',
    resource: { type: 'user', id: userId },
    details: { event: deleted.action, event_source_id: source.id },
  }));
  await audit.recordAll(em, [deleted, ...enabled], now);
  return enabledIds;
}
