import type { AuditAction, AuditEntry } from '../audit/audit.ts';
import type { EventSourceView } from './event-source.ts';

/** The audit row of a change of a source. */
export const sourceEntry = (
  action: Extract<AuditAction, `event_source.${string}`>,
  {
    id,
    accountId,
    issuer,
    audience,
    providerId,
  }: Pick<EventSourceView, 'id' | 'accountId' | 'issuer' | 'audience' | 'providerId'>,
  by: Pick<AuditEntry, 'actor' | 'ipAddress'>,
): AuditEntry => ({
  ...by,
  accountId,
  action,
  resource: { type: 'event_source', id },
  details: { issuer, audience, provider: providerId },
});
