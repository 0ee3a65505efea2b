import type { AppType, SessionEndReason } from '../generated/schema.ts';
import type { StartMethod } from '../metrics/metrics.ts';

/** A change to sessions of one account. It carries no state: its receiver reads the rows again. */
export interface SessionEvent {
  accountId: string;
  /**
   * STARTED and ENDED: sessions that were created or have ended. ACCOUNT_REVOKED: too many ended, or were shortened, to
   * name any (a pending change); each node reads again the sessions it follows. SHORTENED: a stricter policy was applied. EXTENDED: activity inside a warning
   * window, or a new authentication. ROLES: the role of a user changed, or whether they are active; names no session.
   * NEW_DEVICE: a sign-in from a new device, beside its STARTED. Nodes of versions before it ignore that.
   */
  kind: 'STARTED' | 'ENDED' | 'ACCOUNT_REVOKED' | 'SHORTENED' | 'EXTENDED' | 'ROLES' | 'NEW_DEVICE';
  sessionIds: readonly string[];
  /** Of NEW_DEVICE: whose sign-in it is, so that a node where no one asks for it reads nothing. */
  userId?: string;
}

type SessionNews = Pick<SessionEvent, 'accountId' | 'sessionIds'>;

/**
 * An event as the node that made the change publishes it, once for each change. It names exactly the sessions that this
 * change started or ended, with what the node counts them by (`counted-bus.ts`); that does not reach other nodes.
 */
export type PublishedEvent = SessionNews &
  (
    | { kind: 'STARTED'; appType: AppType; method: StartMethod }
    | { kind: 'ENDED'; reason: SessionEndReason }
    | { kind: 'ACCOUNT_REVOKED' | 'SHORTENED' | 'EXTENDED' | 'ROLES' }
    | { kind: 'NEW_DEVICE'; userId: string }
  );

/** Events are published after the commit. One may be lost, late or duplicated without changing any session state. */
export interface SessionBus {
  publish(event: PublishedEvent): void;
  /** Returns a function that unsubscribes. */
  subscribe(listener: (event: SessionEvent) => void): () => void;
}

/** Publishes one event for each account that the sessions belong to. */
export function publishByAccount(
  bus: SessionBus,
  kind: 'EXTENDED' | 'SHORTENED',
  sessions: readonly { id: string; accountId: string }[],
): void {
  for (const [accountId, ofAccount] of Map.groupBy(sessions, (session) => session.accountId))
    bus.publish({ accountId, kind, sessionIds: ofAccount.map(({ id }) => id) });
}

/** Publishes the end of sessions: one event for each account and reason. */
export function publishEnds(
  bus: SessionBus,
  sessions: readonly { id: string; accountId: string; endReason: SessionEndReason }[],
): void {
  for (const [reason, ended] of Map.groupBy(sessions, ({ endReason }) => endReason))
    for (const [accountId, ofAccount] of Map.groupBy(ended, (session) => session.accountId))
      bus.publish({ accountId, kind: 'ENDED', reason, sessionIds: ofAccount.map(({ id }) => id) });
}

/** Carries events, those of this node and those that came from others. */
export interface EventCarrier extends SessionBus {
  publish(event: SessionEvent): void;
}

/** The bus of a single node: events stay in this process. */
export function createLocalBus(): EventCarrier {
  const listeners = new Set<(event: SessionEvent) => void>();
  return {
    publish(event) {
      for (const listener of listeners) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
