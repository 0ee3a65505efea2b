import { User } from '../accounts/user.entity.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { toAsciiLowerCase } from '../email.ts';
import { requireUser, type Caller, type ClientInfo, type Viewer } from '../rules/caller.ts';
import type { SessionReauthentication } from '../sessions/reauthenticate-session.ts';
import { hashReauthenticationId } from '../sessions/refresh-request.ts';
import type { TokenIssuer, TokenSet } from '../sessions/token-set.ts';
import { OWN_AUDIENCE } from '../tokens/access-token.ts';
import type { ComparePassword } from './password-hashing.ts';
import { attemptOf, invalidCredentials, type PasswordVerification } from './password-verification.ts';
import { recordFailedLogin } from './record-failed-login.ts';

export interface ReauthenticateDependencies {
  database: Database;
  audit: Audit;
  clock: Clock;
  reauthentication: SessionReauthentication;
  tokenIssuer: TokenIssuer;
  verification: PasswordVerification;
}

/**
 * Authenticates a signed-in user again by their password, in their session.
 * @throws UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, INVALID_CREDENTIALS, RATE_LIMITED; as `refreshSession` for the
 *   refresh token
 */
export type Reauthenticate = (
  caller: Caller,
  input: {
    password: string;
    /** Null: none came. */
    refreshToken: string | null;
    requestId: string | null;
    audience: string | null;
    isGone(): boolean;
  },
  client: ClientInfo,
) => Promise<TokenSet>;

export function createReauthenticate(dependencies: ReauthenticateDependencies): Reauthenticate {
  const { database, audit, clock, reauthentication, tokenIssuer, verification } = dependencies;

  /** Checks the password as a sign-in does. @throws INVALID_CREDENTIALS, RATE_LIMITED */
  async function verifyPassword({ userId }: Viewer, password: string, client: ClientInfo): Promise<User> {
    const readUser = (): Promise<User> => database.withTimeout(database.em().findOneOrFail(User, userId));
    const known = await readUser();
    const attempt = attemptOf(known.signInEmail ?? toAsciiLowerCase(known.email), client);
    const check = async (compare: ComparePassword): Promise<User | null> => {
      const user = await readUser();
      if (await compare(user.passwordHash ?? null, password)) return user;
      const { ipAddress } = client;
      await database.transaction((em) => recordFailedLogin(em, audit, user, { ipAddress }, clock.now()));
      return null;
    };
    return verification.verifyPassword(attempt, check, { reason: 'PASSWORD_WRONG' });
  }

  return async (caller, { password, refreshToken, requestId, audience, isGone }, client) => {
    const from = { ipAddress: client.ipAddress, isGone };
    const endedId = endedSessionOf(caller);
    // Says more than that the caller's token is refused: how the session ended, as `refreshSession` says it.
    if (endedId !== null)
      await reauthentication.refuseEnded(refreshToken, endedId, { ...from, audience: OWN_AUDIENCE });
    const viewer = requireUser(caller);
    const request = { ...from, audience: tokenIssuer.requireAudience(audience) };
    const requestHash = hashReauthenticationId(requestId);
    const presented = await reauthentication.requireToken(refreshToken, viewer.session.id, request);
    const { passwordVersion } = await verifyPassword(viewer, password, client);
    const authentication = { method: 'PASSWORD' } as const;
    const proof = { authentication, passwordVersion, endsBy: null, requestHash };
    const tokens = await reauthentication.reauthenticate(viewer.session, presented, proof, request);
    if (!tokens) throw invalidCredentials({ reason: 'PASSWORD_CHANGED' });
    return tokens;
  };
}

/** The session of a token that is refused because its session has ended. Null: another caller. */
const endedSessionOf = (caller: Caller): string | null =>
  caller.kind === 'refused' && caller.error.details.endReason !== undefined
    ? (caller.error.evidence.sessionId ?? null)
    : null;
