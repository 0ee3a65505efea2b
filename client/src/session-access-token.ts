/**
 * What Curfew's `issueSessionAccessToken` answers, as the application's back end hands it on. Good for following the
 * end of one session, for touching it and for ending it, and for nothing else.
 */
export interface SessionAccessToken {
  /** A JWT; in the page it stays in memory. */
  accessToken: string;
  /** When the token runs out, which is not when the session ends: RFC 3339. Five minutes from its issue, or less. */
  expiresAt: string;
}
