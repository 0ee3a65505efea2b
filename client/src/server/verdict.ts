/** A live session, and whose it is. */
export interface LiveSession {
  /** What was presented: a JWT from Curfew's sign-in, or the token of a session that `createSession` opened. */
  kind: 'access_token' | 'session_token';
  /** Curfew's id of the user. */
  userId: string;
  /** The user's id in the application that opened the session; null with an access token, and where there is none. */
  externalId: string | null;
  sessionId: string;
  accountId: string;
  /** With an access token that was judged here: as it was when the token was issued. Ask with `fresh` for today's. */
  role: 'OWNER' | 'MEMBER';
  /** When what was presented stops being good: the access token's own end, or the session's nearer deadline. */
  expiresAt: Date;
  /** Whether that deadline is near enough to warn of. Null with an access token: its browser is warned by Curfew. */
  warning: boolean | null;
}

/**
 * - `NO_TOKEN`: none was presented.
 * - `INVALID_TOKEN`: not one of Curfew's, not meant for this API, or of a kind that signs nobody in here.
 * - `EXPIRED_TOKEN`: the access token is past its end. Its session may live: a fresh token will do.
 * - `CONFINED_TOKEN`: a token of `issueSessionAccessToken`, which follows the end of its session and may no more.
 * - `SESSION_ENDED`: the access token's session is over, or was never within the service key's reach.
 * - `NOT_FOUND`, `IDLE`, `ABSOLUTE`, `REVOKED`: what `validateSession` says of a session token.
 * - `WRONG_ROLE`, `WRONG_ACCOUNT`: a live session that the route is not for.
 */
export type RefusalReason =
  | 'NO_TOKEN'
  | 'INVALID_TOKEN'
  | 'EXPIRED_TOKEN'
  | 'CONFINED_TOKEN'
  | 'SESSION_ENDED'
  | 'NOT_FOUND'
  | 'IDLE'
  | 'ABSOLUTE'
  | 'REVOKED'
  | 'WRONG_ROLE'
  | 'WRONG_ACCOUNT';

export interface Refused {
  state: 'refused';
  reason: RefusalReason;
  /** With `REVOKED`: what ended the session, one of Curfew's `SessionEndReason`. */
  endReason?: string;
}
export type Unavailable = { state: 'unavailable' };

/** Whoever takes `unavailable` for a yes lets ended sessions in. */
export type Verdict = { state: 'live'; session: LiveSession } | Refused | Unavailable;

export const refused = (reason: RefusalReason, endReason?: string): Refused => ({
  state: 'refused',
  reason,
  ...(endReason === undefined ? {} : { endReason }),
});
