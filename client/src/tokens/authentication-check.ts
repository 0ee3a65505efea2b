import { RefusedError } from '../core/errors.ts';
import { type WatcherState } from '../core/state.ts';
import { readSession } from '../runtime/session-calls.ts';
import { type Transport } from '../runtime/transport.ts';

/** When the user of a session had last authenticated. */
export interface Authentication {
  sessionId: string;
  /** Milliseconds on the server's clock. */
  authenticatedAt: number;
}

/** Finds out whether the user has authenticated again, here or elsewhere. */
export interface AuthenticationCheck {
  /** The latest that this tab knows of. Null: it knows of no session. */
  known(): Authentication | null;
  /** Asks the server. False, too, without a token that is still good. @throws UnreachableError, or RefusedError for an end */
  isOutdated(known: Authentication): Promise<boolean>;
}

export function createAuthenticationCheck(
  transport: Transport,
  getState: () => Pick<WatcherState, 'session' | 'token'>,
): AuthenticationCheck {
  return {
    known() {
      const { session } = getState();
      return session && { sessionId: session.id, authenticatedAt: session.authenticatedAt };
    },
    async isOutdated({ sessionId, authenticatedAt }) {
      const { token } = getState();
      if (!token) return false;
      try {
        const { data } = await readSession(transport, token.value);
        const { id, authenticatedAt: latest } = data.currentSession;
        return id === sessionId && Date.parse(latest) > authenticatedAt;
      } catch (error) {
        if (error instanceof RefusedError && error.endReason === null) return false;
        throw error;
      }
    },
  };
}
