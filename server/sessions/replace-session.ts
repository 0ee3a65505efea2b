import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Clock } from '../clock.ts';
import type { EntityManager } from '../database/database.ts';
import { belongsTo, type RefreshTokens } from '../tokens/refresh-token.ts';
import type { SessionRevoker } from './revoke.ts';
import type { SessionReader } from './session-reader.ts';
import type { SessionWithUser } from './user-row.ts';
import { endOfSession, type SessionWithRefreshState } from '../rules/session.ts';

/** The session of a browser that signs in again. */
export type ReplaceableSession = SessionWithUser<SessionWithRefreshState>;

/** A sign-in by cookie overwrites the browser's refresh cookie, so the session of the old cookie is ended (REPLACED). */
export interface SessionReplacement {
  /**
   * Returns the live session of a refresh cookie. Null for no cookie, and for one that cannot be rotated: only the live
   * token identifies the browser, an older one may be a stolen copy.
   */
  find(cookie: string | null): Promise<ReplaceableSession | null>;
  /**
   * Locks the account of the replaced session if its id is lower than that of the sign-in's account. Called before the
   * latter is locked: accounts are locked in the order of their ids.
   */
  lockAccountBefore(em: EntityManager, replaced: ReplaceableSession | null, accountId: string): Promise<void>;
  /** Locks it if its id is higher. Called after the sign-in's account is locked, and before users and sessions are. */
  lockAccountAfter(em: EntityManager, replaced: ReplaceableSession | null, accountId: string): Promise<void>;
  /** Ends the session, in the transaction of the sign-in. Null: there was none, or it had ended already. */
  end(
    em: EntityManager,
    replaced: ReplaceableSession | null,
    by: { accountId: string; actor: { id: string; name: string }; ipAddress: string | null },
  ): Promise<SessionWithRefreshState | null>;
  /** Publishes the end, after the commit. */
  publish(ended: SessionWithRefreshState | null): void;
}

export function createSessionReplacement(dependencies: {
  sessionReader: SessionReader;
  refreshTokens: RefreshTokens;
  revoker: SessionRevoker;
  clock: Clock;
}): SessionReplacement {
  const { sessionReader, refreshTokens, revoker, clock } = dependencies;

  return {
    async find(cookie) {
      const claims = cookie === null ? null : refreshTokens.read(cookie, clock.now());
      const current = claims && (await sessionReader.findWithRefreshState(claims.sessionId));
      if (!current || !belongsTo(claims, current.session)) return null;
      const isLive = endOfSession(current.session, clock.now()) === null;
      return isLive && claims.generation === current.session.generation ? current : null;
    },

    async lockAccountBefore(em, replaced, accountId) {
      if (replaced && replaced.session.accountId < accountId)
        await lockAccountForShare(em, replaced.session.accountId);
    },

    async lockAccountAfter(em, replaced, accountId) {
      if (replaced && replaced.session.accountId > accountId)
        await lockAccountForShare(em, replaced.session.accountId);
    },

    async end(em, replaced, { accountId, actor, ipAddress }) {
      if (!replaced) return null;
      const { session, user } = replaced;
      // The user who signs in is named in the audit trail of their own account only.
      const isSameAccount = session.accountId === accountId;
      const by = { actor: isSameAccount ? actor : { id: session.userId, name: user.name }, ipAddress };
      return (await revoker.revokeOne(em, session, 'REPLACED', by)) ? session : null;
    },

    publish(ended) {
      if (ended) revoker.publish(ended.accountId, 'REPLACED', [ended.id]);
    },
  };
}
