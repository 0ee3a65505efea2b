import { ReauthenticationError, RefusedError, UnreachableError } from '../core/errors.ts';
import { NOT_SIGNED_IN } from '../core/session-end.ts';
import { type TokenSet } from '../core/session-state.ts';
import { findSession, logOut, readSession } from '../runtime/session-calls.ts';
import { type Answer, type Transport } from '../runtime/transport.ts';
import { createComplaints } from './complaints.ts';
import { isAccessToken, SESSION_ACCESS_TOKEN, type SessionAccessToken } from './session-access-token.ts';
import { type Credentials, type TokenSource } from './token-source.ts';

/**
 * On the page of an application with its own sign-in: its back end issues the access tokens of the session that it
 * created, and Curfew answers with their session.
 */
export function createApplicationSource(dependencies: {
  transport: Transport;
  /** The application's function; see `WatcherOptions`. */
  getSessionAccessToken(options: { signal: AbortSignal }): Promise<SessionAccessToken | null>;
  /** The application's function, if it has one. */
  onReauthenticate:
    | ((credentials: Credentials, options: { signal: AbortSignal }) => Promise<SessionAccessToken | null>)
    | undefined;
  /** The last token of the watched session. Even after its expiry, Curfew recognises the session by it. */
  lastToken(): string | undefined;
  /** Called when no token is available for now. */
  onUnavailable(): void;
}): TokenSource {
  const { transport, getSessionAccessToken, onReauthenticate, lastToken, onUnavailable } = dependencies;
  const complain = createComplaints();

  async function callApplication(
    task: (options: { signal: AbortSignal }) => Promise<SessionAccessToken | null>,
  ): Promise<SessionAccessToken | null> {
    let answer: unknown;
    try {
      answer = await transport.call((signal) => task({ signal }));
    } catch (error) {
      const { cause } = error as UnreachableError;
      // There was an answer, such as a page in place of JSON.
      if (cause instanceof SyntaxError)
        complain(`The application did not answer with ${SESSION_ACCESS_TOKEN}: ${cause.message}`);
      throw error;
    }
    if (answer === null || isAccessToken(answer)) return answer;
    const message = `The application did not answer with ${SESSION_ACCESS_TOKEN}.`;
    complain(message);
    throw new UnreachableError(message);
  }

  /** @throws RefusedError if the session is over and Curfew knows how it ended */
  async function assertNotEnded(): Promise<void> {
    const token = lastToken();
    if (token === undefined) return;
    try {
      await readSession(transport, token);
    } catch (error) {
      if (error instanceof RefusedError && error.endReason !== null) throw error;
      // Not over as far as Curfew knows: a token that has merely expired is refused without a reason.
    }
  }

  async function fetchToken(): Promise<SessionAccessToken> {
    let token: SessionAccessToken | null;
    try {
      token = await callApplication(getSessionAccessToken);
    } catch (error) {
      await assertNotEnded();
      onUnavailable();
      throw error;
    }
    if (token !== null) return token;
    await assertNotEnded();
    throw new RefusedError(NOT_SIGNED_IN, null, 'No user is signed in at the application.');
  }

  async function find(accessToken: string): ReturnType<typeof findSession> {
    try {
      return await findSession(transport, accessToken);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.endReason !== null) throw error;
      onUnavailable();
      // Says nothing about the session: the application is mistaken, or kept the token for too long.
      const message = `Curfew refuses the application's access token (${error.code}).`;
      complain(message);
      throw new UnreachableError(message, { cause: error });
    }
  }

  /** The token with its session. */
  async function tokensOf({ accessToken, expiresAt }: SessionAccessToken): Promise<Answer<TokenSet>> {
    const answer = await find(accessToken);
    const { currentSession, serverTime } = answer.data;
    const { user, ...session } = currentSession;
    return { ...answer, data: { accessToken, accessTokenExpiresAt: expiresAt, serverTime, session, user } };
  }

  async function authenticate(credentials: Credentials): Promise<SessionAccessToken | null> {
    if (!onReauthenticate) throw new ReauthenticationError('IMPOSSIBLE');
    try {
      return await callApplication((options) => onReauthenticate(credentials, options));
    } catch (error) {
      const { cause } = error as UnreachableError;
      throw cause instanceof ReauthenticationError ? cause : error;
    }
  }

  return {
    isRotating: false,

    refresh: async () => tokensOf(await fetchToken()),

    async reauthenticate(credentials) {
      const token = await authenticate(credentials);
      if (token === null)
        throw new RefusedError('INVALID_CREDENTIALS', null, 'The application refused the credentials.');
      return tokensOf(token);
    },

    async signOut(accessToken) {
      if (accessToken !== undefined && (await logOut(transport, accessToken))) return;
      // That token is no longer good, or its session is over already: then the application has no other token.
      const fresh = await callApplication(getSessionAccessToken);
      if (fresh === null || (await logOut(transport, fresh.accessToken))) return;
      throw new UnreachableError("Curfew refuses the application's access token.");
    },
  };
}
