import { CurfewError, unavailable } from './curfew-error.ts';
import type { HttpCalls } from './http-calls.ts';
import type { LiveSession } from './check-result.ts';

/** Curfew's answer about an active access token (RFC 7662). Times are milliseconds since the epoch. */
export interface ActiveAccessToken {
  userId: string;
  sessionId: string;
  accountId: string;
  /** As of today. */
  role: LiveSession['role'];
  /** As of today, in whole seconds. */
  authenticatedAt: Date;
  audience: unknown;
  issuer: unknown;
  exp: number;
  sessionExpiresAt: number;
}

/** The answer about a token with a scope, which does not prove that its holder is signed in. */
export const SESSION_SCOPED = 'session-scoped';

/**
 * Asks Curfew about an access token. Null: it is not active, outside the service key's reach, or not an access token.
 * @throws CurfewError UNAVAILABLE without a usable answer, UNAUTHENTICATED for an invalid service key
 */
export async function introspect(
  http: HttpCalls,
  token: string,
): Promise<ActiveAccessToken | typeof SESSION_SCOPED | null> {
  const { status, body } = await http.post('/oauth/introspect', {
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
  });
  if (status === 401) throw new CurfewError('UNAUTHENTICATED', 'Curfew refused the service key.');
  const answer = body as Record<string, unknown> | null;
  if (status !== 200 || typeof answer?.active !== 'boolean')
    throw unavailable(`Curfew answered with status ${status}.`);
  if (!answer.active || answer.token_type !== 'access_token') return null;
  // Checked first, because such a token has no role or account.
  if (answer.scope !== undefined) return SESSION_SCOPED;
  const { sub, sid, account_id: accountId, role, exp } = answer;
  const { auth_time: authTime, session_expires_at: sessionExpiresAt } = answer;
  const isComplete =
    typeof sub === 'string' &&
    typeof sid === 'string' &&
    typeof accountId === 'string' &&
    (role === 'OWNER' || role === 'MEMBER') &&
    typeof authTime === 'number' &&
    typeof exp === 'number' &&
    typeof sessionExpiresAt === 'number';
  if (!isComplete) throw unavailable('Curfew’s answer is incomplete.');
  return {
    userId: sub,
    sessionId: sid,
    accountId,
    role,
    authenticatedAt: new Date(authTime * 1000),
    audience: answer.aud,
    issuer: answer.iss,
    exp: exp * 1000,
    sessionExpiresAt: sessionExpiresAt * 1000,
  };
}
