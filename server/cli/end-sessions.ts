import { lockAccount } from '../accounts/account-lock.ts';
import { SYSTEM, type Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { isTimeout } from '../database/database-errors.ts';
import { BACKGROUND_TIMEOUT_MS } from '../database/timeouts.ts';
import { AppError } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Logger } from '../logger.ts';
import type { Session } from '../rules/session.ts';
import {
  createAccountRevocation,
  type AccountRevocation,
  type RevokedSessions,
} from '../sessions/account-revocation.ts';
import { createPendingChanges } from '../sessions/pending-changes.ts';
import { revokeSessions } from '../sessions/revoke.sql.ts';
import { createSessionRevoker } from '../sessions/revoke.ts';
import { countLiveByAccount, findBatchEnd, type LiveCount } from './end-sessions.sql.ts';

/**
 * Sessions that an operator ends. `since`: only those of sign-ins at that time or before it, whose later end or rotation
 * a restored database has forgotten. Null: all.
 */
export type EndTarget =
  | { kind: 'session'; session: Session }
  | { kind: 'user'; accountId: string; userId: string; since: Date | null }
  | { kind: 'account'; accountId: string; since: Date | null }
  | { kind: 'all'; since: Date | null };

export interface EndOutcome {
  endedSessions: number;
  /** Accounts that had such sessions. */
  accounts: number;
  /** Live sessions that stay because they began after `since`. */
  keptSessions: number;
}

interface Dependencies {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  logger: Logger;
}

/** No person of the account and no timeout: to them it is the service that they were signed in to. */
const REASON = 'REVOKED_BY_SERVICE';
const BY = { actor: SYSTEM, ipAddress: null };

/** Counts what `endByOperator` would do. Changes nothing. */
export async function planEnds(em: EntityManager, target: EndTarget, now: Date): Promise<EndOutcome> {
  if (target.kind !== 'session') return toOutcome(await countLiveByAccount(em, target, now));
  const isLive =
    target.session.endedAt === null &&
    target.session.idleExpiresAt > now &&
    target.session.absoluteExpiresAt > now;
  return { endedSessions: isLive ? 1 : 0, accounts: isLive ? 1 : 0, keptSessions: 0 };
}

/**
 * Ends sessions as the API does: under the account's lock, with audit rows, and told to every node. Of many accounts each
 * is ended by itself, so it can be repeated after a failure.
 * @throws UNAVAILABLE when an account is busy; the message says which are left
 */
export async function endByOperator(dependencies: Dependencies, target: EndTarget): Promise<EndOutcome> {
  const { database, clock } = dependencies;
  const revoker = createSessionRevoker(dependencies);

  if (target.kind === 'session') {
    const { accountId, id } = target.session;
    const hasEnded = await database.accountTransaction(accountId, (em) =>
      revoker.revokeOne(em, target.session, REASON, BY),
    );
    if (hasEnded) revoker.publish(accountId, REASON, [id]);
    return { endedSessions: hasEnded ? 1 : 0, accounts: hasEnded ? 1 : 0, keptSessions: 0 };
  }

  const planned = await countLiveByAccount(database.em(), target, clock.now());
  if (target.kind === 'user') {
    const { accountId, userId, since } = target;
    const user = { accountId, userId, ...(since ? { signedInBy: since } : {}) };
    const endedIds = await database.accountTransaction(accountId, async (em) => {
      // Waits for sign-ins in progress, so that their sessions end with the others.
      await lockAccount(em, accountId);
      return revoker.revokeAllOf(em, user, REASON, BY);
    });
    revoker.publish(accountId, REASON, endedIds);
    return { ...toOutcome(planned), endedSessions: endedIds.length };
  }

  const pendingChanges = createPendingChanges(dependencies);
  const revocation = createAccountRevocation({ ...dependencies, pendingChanges });
  const batchSize = pendingChanges.batchSize;
  let endedSessions = 0;
  const failed: string[] = [];
  try {
    for (const { accountId } of planned.filter(({ old }) => old > 0))
      try {
        endedSessions += await endAccount(dependencies, revocation, {
          accountId,
          batchSize,
          since: target.since,
        });
      } catch (error) {
        if (!isTimeout(error)) throw error;
        failed.push(accountId);
      }
  } finally {
    await pendingChanges.stop();
  }
  if (failed.length > 0)
    throw new AppError(
      'UNAVAILABLE',
      `Ended ${endedSessions} sessions. These accounts were busy and are left: ${failed.join(', ')}. Repeat the command.`,
    );
  return { ...toOutcome(planned), endedSessions };
}

/**
 * Ends the sessions of an account. All of them end with one commit, however many they are. Where newer ones stay, the
 * old ones end in batches, oldest first, so that sign-ins wait for one batch only.
 */
async function endAccount(
  { database, audit, clock }: Dependencies,
  revocation: AccountRevocation,
  { accountId, since, batchSize }: { accountId: string; since: Date | null; batchSize: number },
): Promise<number> {
  const endBatch = (): Promise<RevokedSessions & { isLast: boolean }> =>
    database.longTransaction(BACKGROUND_TIMEOUT_MS, async (em) => {
      await lockAccount(em, accountId);
      const now = clock.now();
      const [live] = await countLiveByAccount(em, { accountId, since }, now);
      const isWhole = since === null || !live || live.young === 0;
      const revoked = isWhole
        ? { ...(await revocation.revoke(em, { accountId }, REASON, now)), isLast: true }
        : await endOldest(em, { accountId, since, limit: batchSize }, now);
      const details = {
        scope: 'all',
        revoked_count: revoked.count,
        ...(since ? { signed_in_by: since.toISOString() } : {}),
      };
      const resource = { type: 'account' as const, id: accountId };
      const action = 'account.sessions_revoked_bulk' as const;
      await audit.record(em, { accountId, action, resource, details, ...BY }, now);
      return revoked;
    });

  for (let ended = 0; ;) {
    const { isLast, ...revoked } = await endBatch();
    ended += revoked.count;
    revocation.publish(revoked);
    if (isLast) return ended;
  }
}

async function endOldest(
  em: EntityManager,
  { accountId, since, limit }: { accountId: string; since: Date; limit: number },
  now: Date,
): Promise<RevokedSessions & { isLast: boolean }> {
  const signedInBy = await findBatchEnd(em, { accountId, since, limit }, now);
  const ids = signedInBy === null ? [] : await revokeSessions(em, { accountId, signedInBy }, REASON, now);
  return { accountId, reason: REASON, count: ids.length, ids, isLast: ids.length < limit };
}

const toOutcome = (counts: readonly LiveCount[]): EndOutcome => ({
  endedSessions: counts.reduce((sum, { old }) => sum + old, 0),
  accounts: counts.filter(({ old }) => old > 0).length,
  keptSessions: counts.reduce((sum, { young }) => sum + young, 0),
});
