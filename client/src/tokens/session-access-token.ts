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

/** What an application answers, in words. */
export const SESSION_ACCESS_TOKEN = '{ accessToken, expiresAt } or null';

export function isAccessToken(answer: unknown): answer is SessionAccessToken {
  if (typeof answer !== 'object' || answer === null) return false;
  const { accessToken, expiresAt } = answer as Record<string, unknown>;
  return (
    typeof accessToken === 'string' && typeof expiresAt === 'string' && !Number.isNaN(Date.parse(expiresAt))
  );
}
