import type { AuditEvent } from './audit-event.ts';
import { PERSONAL_KEYS } from './erase-audit.sql.ts';

/** Sign-ins as the subject, good and bad: their address is that of the browser. */
const SIGN_INS: readonly string[] = ['session.started', 'login.failed'];

/**
 * An event as the person who did it, or to whom it was done, may see it: with the names of others, and without their
 * e-mails and addresses. `actor` and `subject` are left only where they are that person.
 */
export function toOwnActivity(event: AuditEvent, userId: string): AuditEvent {
  const isActor = event.actorId === userId;
  const isSubject = event.subjectId === userId;
  const mayShowAddress = isActor || (isSubject && SIGN_INS.includes(event.action));
  return {
    ...event,
    actorId: isActor ? userId : null,
    subjectId: isSubject ? userId : null,
    details: isSubject ? event.details : withoutPersonalData(event.details),
    ipAddress: mayShowAddress ? event.ipAddress : null,
  };
}

const withoutPersonalData = (details: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(details).filter(([key]) => !PERSONAL.has(key)));

const PERSONAL: ReadonlySet<string> = new Set(PERSONAL_KEYS);
