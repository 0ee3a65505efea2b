import type { Logger } from '../logger.ts';
import { supervise, type Turn } from '../background/watchdog.ts';
import type { Database } from '../database/database.ts';
import { BACKGROUND_TIMEOUT_MS } from '../database/timeouts.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Cursor } from '../pagination.ts';
import { rowsOfOneEnd } from './event-weight.sql.ts';
import { applyRevocationBatch } from './account-revocation.sql.ts';
import { findAccountsWithPendingChanges } from './pending-changes.sql.ts';
import { writePolicyBatch } from './policy-application.sql.ts';

/** Writes changes of whole accounts, which are in effect already, into the rows of their sessions. */
export interface PendingChanges {
  /**
   * Rows written in one transaction, those of event streams among them (`rowsOfOneEnd`). Changes of no more than that are
   * written at once and never pending.
   */
  readonly batchSize: number;
  /** Tells the nodes of a change, after its commit, and starts to write it a little later. */
  announce(accountId: string): void;
  /** Starts to write what is pending, including what other nodes left behind. */
  writePending(): void;
  /** Writes what is pending in the account before it resolves, if no other node is writing it. */
  writeAccount(accountId: string): Promise<void>;
  stop(): Promise<void>;
}

const BATCH_SIZE = 10_000;
/** Subscribers hear of the change first: writing it competes for the same processors. */
const WRITE_DELAY_MS = 1_000;
/** For one batch. Longer than the limit of its transaction. */
const BATCH_TIMEOUT_MS = 90_000;

export function createPendingChanges(dependencies: {
  database: Database;
  bus: SessionBus;
  logger: Logger;
  batchSize?: number;
}): PendingChanges {
  const { database, bus, logger, batchSize = BATCH_SIZE } = dependencies;
  let isStopped = false;
  let writing: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** One account after the other: pending changes are in effect already, and requests need the connections. */
  async function writeAll(turn: Turn): Promise<void> {
    for (let hasWritten = true; hasWritten;) {
      hasWritten = false;
      for (const accountId of await findAccountsWithPendingChanges(database.em()))
        if ((await writeChangesOf(accountId, turn).catch(retryLater)) > 0) hasWritten = true;
    }
  }

  /** A row lock in one account does not hold up the others. */
  function retryLater(error: unknown): number {
    logger.warn({ err: error }, 'could not write a change of an account; the next sweep tries again');
    return 0;
  }

  async function writeChangesOf(accountId: string, turn: Turn): Promise<number> {
    let count = 0;
    const limit = Math.ceil(batchSize / (await rowsOfOneEnd(database.em(), accountId)));
    for (let after: Cursor | null = null; !isStopped && turn.isCurrent;) {
      const batch = await database.longTransaction(
        BACKGROUND_TIMEOUT_MS,
        async (em) =>
          (await writePolicyBatch(em, accountId, after, limit)) ??
          (await applyRevocationBatch(em, accountId, after, limit)),
      );
      turn.advance();
      if (!batch) break;
      const { endReason: reason, endedIds, shortenedIds, next } = batch;
      after = next;
      count += endedIds.length + shortenedIds.length;
      if (endedIds.length > 0) bus.publish({ accountId, kind: 'ENDED', reason, sessionIds: endedIds });
      if (shortenedIds.length > 0) bus.publish({ accountId, kind: 'SHORTENED', sessionIds: shortenedIds });
    }
    if (count > 0) logger.info({ accountId, sessions: count }, 'wrote a change of an account');
    return count;
  }

  function writePending(): void {
    // A run that hangs is given up, so that the next sweep starts another.
    writing ??= supervise(BATCH_TIMEOUT_MS, writeAll)
      .catch((error: unknown) => void retryLater(error))
      .finally(() => (writing = null));
  }

  return {
    batchSize,

    announce(accountId) {
      bus.publish({ accountId, kind: 'ACCOUNT_REVOKED', sessionIds: [] });
      clearTimeout(timer);
      timer = setTimeout(writePending, WRITE_DELAY_MS).unref();
    },

    writePending,

    writeAccount: (accountId) =>
      supervise(BATCH_TIMEOUT_MS, async (turn) => void (await writeChangesOf(accountId, turn))),

    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await writing;
    },
  };
}
