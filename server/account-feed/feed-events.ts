import type { SessionEvent } from '../events/session-bus.ts';
import type { AccountSessionEventKind } from '../generated/schema.ts';
import type { Session } from '../rules/session.ts';
import type { BufferedEvents } from './event-buffer.ts';

export interface AccountSessionEvent {
  kind: AccountSessionEventKind;
  session: Session;
}

/**
 * The kind under which a feed reports a session event. EXTENDED has none: activity is not reported. ROLES and
 * ACCOUNT_REVOKED name no session; ENDED and SHORTENED follow the latter.
 */
export const FEED_KINDS: Partial<Record<SessionEvent['kind'], AccountSessionEventKind>> = {
  STARTED: 'STARTED',
  SHORTENED: 'CHANGED',
  ENDED: 'ENDED',
};

/** The order of several events of one session within a batch. */
const ORDER: readonly AccountSessionEventKind[] = ['STARTED', 'CHANGED', 'ENDED'];

/**
 * Combines buffered events with the rows as read. The rows decide: an event of a session in another account, or an end
 * that the row does not have, is left out. `accountId` null: every account.
 */
export function toFeedEvents(
  sessions: readonly Session[],
  buffered: BufferedEvents,
  accountId: string | null,
): AccountSessionEvent[] {
  const isTrue = (kind: AccountSessionEventKind, session: Session): boolean =>
    (accountId === null || session.accountId === accountId) && (kind !== 'ENDED' || session.endedAt !== null);
  return sessions.flatMap((session) => {
    const kinds = buffered.get(session.id)!;
    return ORDER.filter((kind) => kinds.has(kind) && isTrue(kind, session)).map((kind) => ({
      kind,
      session,
    }));
  });
}
