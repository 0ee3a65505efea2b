import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { limitsOfNewSession } from '../rules/account-policy.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { SessionWithRefreshState } from '../rules/session.ts';
import { decideRefresh, type RefreshInput } from './refresh-decision.ts';
import {
  isAbandoned,
  notAfterInDatabase,
  tooLate,
  untilClosesAreRead,
  type RefreshRequest,
} from './refresh-request.ts';
import { revokeSession } from './revoke.sql.ts';
import {
  consumeExpiredToken,
  lockSessionWithUser,
  upgradeImportedSession,
  type LockedSession,
} from './rotate.sql.ts';

/** What was written for a refresh, and committed. */
export type WrittenRefresh =
  /** The one rotation of an imported session. */
  | { action: 'upgraded'; session: SessionWithRefreshState; now: Date }
  /** `hasEnded`: it also ended the session, which no one had stored as ended before. */
  | { action: 'consumed'; expiredAt: Date; hasEnded: boolean }
  | { action: 'ended-for-reuse'; endedAt: Date }
  /** Nothing: under the lock the row asks for something else. */
  | { action: 'none' };

export interface LockedRefresh {
  /**
   * Decides again with the account and the row locked, by the clock read after the locks, and writes the outcome.
   * @throws INVALID_REFRESH_TOKEN (TOO_LATE) when the client no longer waits for the answer; nothing is changed then
   */
  decide(
    session: Pick<SessionWithRefreshState, 'id' | 'accountId'>,
    request: RefreshRequest,
    input: Omit<RefreshInput, 'now'>,
  ): Promise<WrittenRefresh>;
}

/** Handles the decisions that write beyond an ordinary rotation: upgrade, consumption, reuse. */
export function createLockedRefresh(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  bounds: PolicyBounds;
}): LockedRefresh {
  const { database, audit, clock, bounds } = dependencies;

  async function recordReuse(
    em: EntityManager,
    { session, user }: LockedSession,
    ipAddress: string | null,
    now: Date,
  ): Promise<void> {
    await audit.record(
      em,
      {
        accountId: session.accountId,
        action: 'session.refresh_reuse_detected',
        actor: { id: session.userId, name: user.name },
        resource: { type: 'session', id: session.id },
        details: { generation: session.generation },
        ipAddress,
      },
      now,
    );
  }

  return {
    async decide({ id, accountId }, request, input) {
      await untilClosesAreRead();
      return database.accountTransaction(accountId, async (em): Promise<WrittenRefresh> => {
        const account = await lockAccountForShare(em, accountId);
        const locked = await lockSessionWithUser(em, id, notAfterInDatabase(request, clock));
        const now = clock.now();
        if (locked?.isLate || isAbandoned(request, now)) throw tooLate();
        if (!locked?.user.isActive) return { action: 'none' };

        const { session } = locked;
        const decision = decideRefresh(session, { ...input, now });
        switch (decision.action) {
          case 'rotate': {
            if (session.idleSeconds !== null) return { action: 'none' };
            const rotation = { id, generation: session.generation, requestHash: request.requestHash };
            const kind = { role: locked.user.role, appType: session.appType };
            const policy = limitsOfNewSession(account, kind, bounds);
            const upgraded = await upgradeImportedSession(em, rotation, policy, now);
            return upgraded ? { action: 'upgraded', session: upgraded, now } : { action: 'none' };
          }
          case 'consume': {
            const { expiredAt } = decision;
            const isConsumed = await consumeExpiredToken(em, id, session.generation, now);
            const hasEnded = session.endedAt === null;
            return isConsumed ? { action: 'consumed', expiredAt, hasEnded } : { action: 'none' };
          }
          case 'end-for-reuse': {
            if (!(await revokeSession(em, session, 'REFRESH_TOKEN_REUSED', now))) return { action: 'none' };
            await recordReuse(em, locked, request.ipAddress, now);
            return { action: 'ended-for-reuse', endedAt: now };
          }
          case 'replay':
          case 'refuse':
          case 'refuse-idle':
            return { action: 'none' };
          default:
            return decision satisfies never;
        }
      });
    },
  };
}
