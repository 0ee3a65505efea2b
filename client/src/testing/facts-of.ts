import { type SessionFacts, type WatchedSession } from '../core/session-state.ts';

/** A watched session as the server would send it: the reverse of `watched`. */
export const factsOf = (session: WatchedSession): SessionFacts => ({
  ...session,
  authenticatedAt: timestamp(session.authenticatedAt),
  lastActivityAt: timestamp(session.lastActivityAt),
  idleExpiresAt: timestamp(session.idleExpiresAt),
  absoluteExpiresAt: timestamp(session.absoluteExpiresAt),
});

const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString();
