/** What happened to some sessions of one account. A hint: whoever hears it reads the rows again. */
export interface SessionMessage {
  accountId: string;
  /**
   * STARTED, ENDED: as they say. MANY_ENDED: so many that none is named; those that follow one look for themselves.
   * SHORTENED: a stricter policy was applied. EXTENDED: activity inside a warning window. ROLES: somebody's
   * role or standing in the account changed; names no session.
   */
  kind: 'STARTED' | 'ENDED' | 'MANY_ENDED' | 'SHORTENED' | 'EXTENDED' | 'ROLES';
  sessionIds: readonly string[];
}

/** Published after the commit. A message may be lost, late or doubled; none of that changes a verdict. */
export interface SessionBus {
  publish(message: SessionMessage): void;
  subscribe(listener: (message: SessionMessage) => void): () => void;
}

/** Tells of many sessions at once: one message for each of their accounts. */
export function announce(
  bus: SessionBus,
  kind: SessionMessage['kind'],
  sessions: readonly { id: string; accountId: string }[],
): void {
  for (const [accountId, ofAccount] of Map.groupBy(sessions, (session) => session.accountId))
    bus.publish({ accountId, kind, sessionIds: ofAccount.map(({ id }) => id) });
}

/** One process, one node. */
export function createLocalBus(): SessionBus {
  const listeners = new Set<(message: SessionMessage) => void>();
  return {
    publish(message) {
      for (const listener of listeners) listener(message);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
