import { CurfewError, unavailable } from './curfew-error.ts';
import type { HttpCalls } from './http-calls.ts';
import type { LiveSession } from './verdict.ts';

/** What Curfew says of an access token (RFC 7662). Times are milliseconds since the epoch. */
export interface ActiveAccessToken {
  userId: string;
  sessionId: string;
  accountId: string;
  /** Today's. */
  role: LiveSession['role'];
  audience: unknown;
  issuer: unknown;
  scope: unknown;
  exp: number;
  sessionExpiresAt: number;
}

/**
 * Null for a token that is not active, that is outside the service key's reach, or that is no access token.
 * @throws CurfewError UNAVAILABLE when nothing is known, UNAUTHENTICATED when the service key is no good
 */
export async function introspect(http: HttpCalls, token: string): Promise<ActiveAccessToken | null> {
  const { status, body } = await http.post('/oauth/introspect', {
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams({ token, token_type_hint: 'access_token' }).toString(),
  });
  if (status === 401) throw new CurfewError('UNAUTHENTICATED', 'The service key is no good.');
  const answer = body as Record<string, unknown> | null;
  if (status !== 200 || typeof answer?.active !== 'boolean')
    throw unavailable(`Curfew answered with status ${status}.`);
  if (!answer.active || answer.token_type !== 'access_token') return null;
  const { sub, sid, account_id: accountId, role, exp, session_expires_at: sessionExpiresAt } = answer;
  const isWhole =
    typeof sub === 'string' &&
    typeof sid === 'string' &&
    typeof accountId === 'string' &&
    (role === 'OWNER' || role === 'MEMBER') &&
    typeof exp === 'number' &&
    typeof sessionExpiresAt === 'number';
  if (!isWhole) throw unavailable('Curfew’s answer is not what it should be.');
  return {
    userId: sub,
    sessionId: sid,
    accountId,
    role,
    audience: answer.aud,
    issuer: answer.iss,
    scope: answer.scope,
    exp: exp * 1000,
    sessionExpiresAt: sessionExpiresAt * 1000,
  };
}
