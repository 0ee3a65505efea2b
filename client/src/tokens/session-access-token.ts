/**
 * An access token of one session, from Curfew's `issueSessionAccessToken` by way of the application's back end. It can
 * follow, touch and end that session, and do nothing else.
 */
export interface SessionAccessToken {
  /** A JWT; the page keeps it in memory. */
  accessToken: string;
  /** When the token expires (RFC 3339), at most five minutes after it was issued. Its session may last longer. */
  expiresAt: string;
}
