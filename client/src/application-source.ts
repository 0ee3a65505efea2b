import { type GrantSource } from './grant-source.ts';
import { findSession, logOut, readSession } from './session-calls.ts';
import { type SessionAccessToken } from './session-access-token.ts';
import { type Grant } from './session-state.ts';
import { type Answer, RefusedError, type Transport, UnreachableError } from './transport.ts';

/** What the application's null is here, among the codes of Curfew's refusals. */
export const NOT_SIGNED_IN = 'NOT_SIGNED_IN';

/**
 * On the page of an application with a sign-in of its own: its back end hands out the access tokens of the session
 * that it opened, and what they are good for is read at Curfew.
 */
export function createApplicationSource(dependencies: {
  transport: Transport;
  /** The application's; see `WatcherOptions`. */
  getSessionAccessToken(options: { signal: AbortSignal }): Promise<SessionAccessToken | null>;
  /** The token of the watched session, also when it has run out: Curfew tells by it how the session ended. */
  lastToken(): string | undefined;
  /** There is no token to be had for now. */
  onSilence(): void;
}): GrantSource {
  const { transport, getSessionAccessToken, lastToken, onSilence } = dependencies;

  async function askApplication(): Promise<SessionAccessToken | null> {
    const answer: unknown = await transport.call((signal) => getSessionAccessToken({ signal }));
    if (answer === null || isAccessToken(answer)) return answer;
    throw new UnreachableError('The application answered with something else than an access token.');
  }

  /** @throws RefusedError where the session is over, and Curfew says how it ended */
  async function askHowItEnded(): Promise<void> {
    const token = lastToken();
    if (token === undefined) return;
    try {
      await readSession(transport, token);
    } catch (error) {
      if (error instanceof RefusedError && error.endReason !== null) throw error;
      // Not over as far as Curfew can say: a token that has merely run out is refused without a reason.
    }
  }

  async function fetchToken(): Promise<SessionAccessToken> {
    let token: SessionAccessToken | null;
    try {
      token = await askApplication();
    } catch (error) {
      await askHowItEnded();
      onSilence();
      throw error;
    }
    if (token !== null) return token;
    await askHowItEnded();
    throw new RefusedError(NOT_SIGNED_IN, null, 'Nobody is signed in at the application.');
  }

  async function find(accessToken: string): ReturnType<typeof findSession> {
    try {
      return await findSession(transport, accessToken);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.endReason !== null) throw error;
      onSilence();
      // Says nothing of the session: the application's mistake, or a token that it has kept for too long.
      throw new UnreachableError(`Curfew refuses the application's access token (${error.code}).`, {
        cause: error,
      });
    }
  }

  return {
    isRotating: false,

    async renew(): Promise<Answer<Grant>> {
      const { accessToken, expiresAt } = await fetchToken();
      const answer = await find(accessToken);
      const { currentSession, serverTime } = answer.data;
      const { user, ...session } = currentSession;
      return { ...answer, data: { accessToken, accessTokenExpiresAt: expiresAt, serverTime, session, user } };
    },

    async signOut(accessToken) {
      if (accessToken !== undefined && (await logOut(transport, accessToken))) return;
      // That token was no longer good, or its session is over already: then there is no other token to be had.
      const fresh = await askApplication();
      if (fresh === null || (await logOut(transport, fresh.accessToken))) return;
      throw new UnreachableError("Curfew refuses the application's access token.");
    },
  };
}

function isAccessToken(answer: unknown): answer is SessionAccessToken {
  if (typeof answer !== 'object' || answer === null) return false;
  const { accessToken, expiresAt } = answer as Record<string, unknown>;
  return (
    typeof accessToken === 'string' && typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt))
  );
}
