import type { SubjectFormat } from '../generated/schema.ts';
import type { SecurityEvent } from './event-stream.ts';

/** A subject identifier (RFC 9493, and `complex` of SSF 1.0). */
export type Subject = Readonly<Record<string, unknown>>;

export const opaque = (id: string): Subject => ({ format: 'opaque', id });

/**
 * Whom an event is about.
 * @param email the user's address now; null: none that names them alone, or a deleted user. They are named by issuer and id then
 */
export function subjectOf(
  event: SecurityEvent,
  format: SubjectFormat,
  { issuer, email }: { issuer: string; email: string | null },
): Subject {
  const { userId, sessionId, accountId } = event;
  const user = userId === null ? null : { format: 'iss_sub', iss: issuer, sub: userId };
  if (format === 'COMPLEX' || user === null)
    return {
      format: 'complex',
      ...(sessionId === null ? {} : { session: opaque(sessionId) }),
      ...(user === null ? {} : { user }),
      tenant: opaque(accountId),
    };
  return format === 'EMAIL' && email !== null ? { format: 'email', email } : user;
}
