import { defineEntity, p } from '@mikro-orm/core';

const AuditEventSchema = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_events',
  properties: {
    id: p.uuid().primary(),
    accountId: p.uuid(),
    action: p.text(),
    actorId: p.uuid().nullable(),
    actorName: p.text(),
    resourceType: p.text(),
    resourceId: p.text(),
    details: p.json<Record<string, unknown>>(),
    ipAddress: p.text().nullable(),
    createdAt: p.datetime(3),
    /** The database's trigger rejects every update of the row, and a delete before this moment. */
    retainUntil: p.datetime(3),
  },
});

/** One row per change, written in the transaction of the change. Append-only. */
export class AuditEvent extends AuditEventSchema.class {}
AuditEventSchema.setClass(AuditEvent);
