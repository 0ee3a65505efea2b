import { type TokenSet } from '../core/session-state.ts';
import { type Answer } from '../runtime/transport.ts';

/** The source of access tokens: Curfew's cookie on its own site, or the back end of an application elsewhere. */
export interface TokenSource {
  /**
   * True when each refresh consumes its credential (the cookie). Such a refresh carries a `requestId`, so that a lost
   * answer can be fetched again, and can be activity as well. Without rotation a refresh only reads, and activity is
   * reported separately.
   */
  readonly isRotating: boolean;
  /** @throws UnreachableError, or RefusedError when the session is over */
  refresh(request: RefreshRequest): Promise<Answer<TokenSet>>;
  /**
   * Authenticates the user again, in the same session. @throws UnreachableError, RefusedError, or the
   * ReauthenticationError of an application
   */
  reauthenticate(credentials: Credentials, request: ReauthenticationRequest): Promise<Answer<TokenSet>>;
  /** Ends the session of the token, or without one the source's session. @throws UnreachableError */
  signOut(accessToken: string | undefined): Promise<void>;
}

/** Proof that the user is still the same: for Curfew a password, for an application anything that it asks for. */
export interface Credentials {
  password?: string | undefined;
  [name: string]: unknown;
}

/** A source without rotation uses neither. */
export interface ReauthenticationRequest {
  /** Names the session. */
  accessToken: string;
  /** As in `RefreshRequest`. */
  requestId: string | undefined;
}

/** A source without rotation uses neither. */
export interface RefreshRequest {
  /** False: in the background, which does not move the idle deadline. */
  userActive: boolean;
  /** Unchanged until an answer has come: a repeated request gets the same answer, also after a restart. */
  requestId: string;
}
