import { type SessionFacts, type WatchedSession } from './session-state.ts';

/** Reads the times of a session as the server sent it. `known`: the same session as it was known before. */
export function watched(facts: SessionFacts, known: WatchedSession | null = null): WatchedSession {
  const wasPossible = known?.id === facts.id && known.canReauthenticate;
  return Object.freeze({
    ...facts,
    canReauthenticate: facts.canReauthenticate ?? wasPossible,
    authenticatedAt: Date.parse(facts.authenticatedAt),
    lastActivityAt: Date.parse(facts.lastActivityAt),
    idleExpiresAt: Date.parse(facts.idleExpiresAt),
    absoluteExpiresAt: Date.parse(facts.absoluteExpiresAt),
  });
}
