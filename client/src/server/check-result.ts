/** A live session and its user. */
export interface LiveSession {
  /** The kind of token: a JWT from Curfew's sign-in, or the token of a session that `createSession` created. */
  kind: 'access_token' | 'session_token';
  /** Curfew's id of the user. */
  userId: string;
  /** The user's id in the application that created the session. Null with an access token, and if there is none. */
  externalId: string | null;
  sessionId: string;
  accountId: string;
  /** With an access token that was checked locally: the role when the token was issued. `fresh` gives today's. */
  role: 'OWNER' | 'MEMBER';
  /**
   * When the user last authenticated. With an access token that was checked locally: as of when it was issued; `fresh`
   * and `maxAuthAgeSeconds` ask Curfew.
   */
  authenticatedAt: Date;
  /** When the token stops being good: the expiry of the access token, or the session's nearer deadline. */
  expiresAt: Date;
  /** Whether that deadline is near enough to warn. Null with an access token: Curfew warns its browser. */
  warning: boolean | null;
}

/**
 * - `NO_TOKEN`: the request has no token.
 * - `INVALID_TOKEN`: not a token of Curfew, not for this API, or of a kind that does not sign in here.
 * - `EXPIRED_TOKEN`: the access token has expired. Its session may be live: refresh the token.
 * - `SESSION_SCOPED_TOKEN`: a session-scoped token (`issueSessionAccessToken`). It can only follow or end its own session
 *   and does not prove that its holder is signed in.
 * - `SESSION_ENDED`: the access token's session has ended, or is outside the service key's reach.
 * - `NOT_FOUND`, `IDLE`, `ABSOLUTE`, `REVOKED`: the answer of `validateSession` about a session token.
 * - `REAUTHENTICATION_REQUIRED`: a live session whose user authenticated longer ago than this route allows.
 * - `WRONG_ROLE`, `WRONG_ACCOUNT`: a live session without access to this route.
 */
export type RefusalReason =
  | 'NO_TOKEN'
  | 'INVALID_TOKEN'
  | 'EXPIRED_TOKEN'
  | 'SESSION_SCOPED_TOKEN'
  | 'SESSION_ENDED'
  | 'NOT_FOUND'
  | 'IDLE'
  | 'ABSOLUTE'
  | 'REVOKED'
  | 'REAUTHENTICATION_REQUIRED'
  | 'WRONG_ROLE'
  | 'WRONG_ACCOUNT';

export interface Refused {
  state: 'refused';
  reason: RefusalReason;
  /** With `REVOKED`: one of Curfew's `SessionEndReason`. */
  endReason?: string;
  /** With `REAUTHENTICATION_REQUIRED`: the limit, and the session, which is live. */
  maxAgeSeconds?: number;
  session?: LiveSession;
}
export type Unavailable = { state: 'unavailable' };

/** The result of a session check. Treat `unavailable` as a refusal, or sessions that have ended get in. */
export type SessionCheckResult = { state: 'live'; session: LiveSession } | Refused | Unavailable;

/** @deprecated Use `SessionCheckResult`. */
export type Verdict = SessionCheckResult;

export const refused = (reason: RefusalReason, endReason?: string): Refused => ({
  state: 'refused',
  reason,
  ...(endReason === undefined ? {} : { endReason }),
});
