import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { belongsTo, type RefreshTokens } from '../tokens/refresh-token.ts';
import type { SessionRevoker } from './revoke.ts';
import { findSessionsWithRefreshState, findSessionWithUser } from './session-queries.ts';
import type { SessionWithUser } from './user-row.ts';

export interface Logout {
  /** Ends the caller's session. False: it had ended already. */
  bySession(sessionId: string, ipAddress: string | null): Promise<boolean>;
  /** Ends the session of a refresh token. False: it had ended already, or the token is missing or not valid. */
  byRefreshToken(refreshToken: string | null, ipAddress: string | null): Promise<boolean>;
}

export function createLogout(dependencies: {
  database: Database;
  clock: Clock;
  refreshTokens: RefreshTokens;
  revoker: SessionRevoker;
}): Logout {
  const { database, clock, refreshTokens, revoker } = dependencies;

  async function logout({ session, user }: SessionWithUser, ipAddress: string | null): Promise<boolean> {
    const actor = { id: session.userId, name: user.name };
    const hasEnded = await database.accountTransaction(session.accountId, (em) =>
      revoker.revokeOne(em, session, 'LOGOUT', { actor, ipAddress }),
    );
    if (hasEnded) revoker.publish(session.accountId, 'LOGOUT', [session.id]);
    return hasEnded;
  }

  return {
    async bySession(sessionId, ipAddress) {
      const current = await database.withTimeout(findSessionWithUser(database.em(), sessionId));
      return current !== null && logout(current, ipAddress);
    },

    async byRefreshToken(refreshToken, ipAddress) {
      const claims = refreshToken === null ? null : refreshTokens.read(refreshToken, clock.now());
      if (!claims) return false;
      const [current] = await database.withTimeout(
        findSessionsWithRefreshState(database.em(), [claims.sessionId]),
      );
      return current !== undefined && belongsTo(claims, current.session) && logout(current, ipAddress);
    },
  };
}
