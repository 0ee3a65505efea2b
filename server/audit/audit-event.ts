import type { Connection } from '../pagination.ts';

/** A row of the audit trail as readers of the trail see it. */
export interface AuditEvent {
  id: string;
  action: string;
  /** Null: a service key, Curfew itself, or an unauthenticated caller. */
  actorId: string | null;
  actorName: string;
  resourceType: string;
  resourceId: string;
  /** Whom it was done to, or whose session it was. Null: it has no person as its subject. */
  subjectId: string | null;
  /** Their name at that time. Null: there is none, or the row is from before names were stored. */
  subjectName: string | null;
  details: Record<string, unknown>;
  ipAddress: string | null;
  createdAt: Date;
}

export type AuditPage = Connection<AuditEvent>;
