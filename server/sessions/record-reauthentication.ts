import type { Audit, AuditEntry } from '../audit/audit.ts';
import type { EntityManager } from '../database/database.ts';
import type { Session } from '../rules/session.ts';

/** Writes the audit row of a new authentication, in its transaction. */
export const recordReauthentication = (
  em: EntityManager,
  audit: Audit,
  session: Session,
  by: Pick<AuditEntry, 'actor' | 'details' | 'ipAddress'>,
  now: Date,
): Promise<void> =>
  audit.record(
    em,
    {
      accountId: session.accountId,
      action: 'session.reauthenticated',
      resource: { type: 'session', id: session.id },
      ...by,
      details: {
        idle_seconds: session.idleSeconds,
        absolute_seconds: session.absoluteSeconds,
        ...by.details,
      },
    },
    now,
  );
