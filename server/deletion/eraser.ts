import { eraseUsersOfAccount, type UserPosition } from '../accounts/erase.sql.ts';
import { eraseAuditEvents } from '../audit/erase-audit.sql.ts';
import { supervise, type Turn } from '../background/watchdog.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { BACKGROUND_TIMEOUT_MS } from '../database/timeouts.ts';
import { eraseDecisions } from '../event-sources/disabled-users.sql.ts';
import { eraseEvents } from '../event-streams/purge.sql.ts';
import type { Logger } from '../logger.ts';
import type { Cursor } from '../pagination.ts';
import { eraseSessions } from '../sessions/erase-sessions.sql.ts';
import { unlinkIdentities } from '../sign-in/oidc/identities.ts';
import { deletePasswordLinks } from '../users/password-links.ts';
import { claimErasure, deleteErasure, findPendingErasures, type Erasure } from './erasure.sql.ts';

/** Removes the personal data of deleted users and accounts from the rows that stay, batch by batch. */
export interface Eraser {
  /** Erases and resolves when that is done, or when it takes longer than a request may. Never fails: a sweep goes on. */
  eraseSoon(erasure: Erasure): Promise<void>;
  /** Erases however long it takes. False: another process works on it. */
  eraseWholly(erasure: Erasure): Promise<boolean>;
  /** Starts what is pending, including what other nodes left behind. Not awaited. */
  erasePending(): void;
  stop(): Promise<void>;
}

/** Rows of one transaction. Small: on the embedded database a statement blocks the event loop. */
const BATCH_SIZE = 1_000;
/** For one batch. Longer than the timeout of its transaction. */
const BATCH_TIMEOUT_MS = 90_000;
/** How long the answer to a deletion waits for its erasure. The sessions have ended before. */
const ANSWER_WAIT_MS = 2_000;

export function createEraser(dependencies: {
  database: Database;
  logger: Logger;
  forgetFailures: (signInEmail: string) => Promise<void>;
  batchSize?: number;
}): Eraser {
  const { database, logger, forgetFailures, batchSize = BATCH_SIZE } = dependencies;
  let isStopped = false;
  const running = new Set<Promise<unknown>>();
  let pending: Promise<void> | null = null;

  /** Walks a list to its end, one batch in one transaction. False: another process works on this erasure. */
  async function walk<Position>(
    { id }: Erasure,
    turn: Turn,
    batch: (em: EntityManager, after: Position | null) => Promise<Position | null>,
  ): Promise<boolean> {
    for (let after: Position | null = null; !isStopped && turn.isCurrent;) {
      const done: { next: Position | null } | null = await database.longTransaction(
        BACKGROUND_TIMEOUT_MS,
        async (em) => ((await claimErasure(em, id)) ? { next: await batch(em, after) } : null),
      );
      turn.advance();
      if (!done) return false;
      if (done.next === null) return true;
      after = done.next;
    }
    return false;
  }

  async function eraseUsers(erasure: Erasure, turn: Turn): Promise<boolean> {
    let freed: string[] = [];
    const isDone = await walk<UserPosition>(erasure, turn, async (em, after) => {
      const users = await eraseUsersOfAccount(em, erasure.accountId, after, batchSize, erasure.deletedAt);
      await unlinkIdentities(em, users.ids);
      await deletePasswordLinks(em, users.ids);
      freed = [...freed, ...users.signInEmails];
      return users.next;
    });
    for (const email of freed) await forgetFailures(email);
    return isDone;
  }

  /** Sessions move from the first list to the second one when their end is stored, so both are walked in this order. */
  const eraseSessionsOf = async (erasure: Erasure, turn: Turn): Promise<boolean> =>
    (await walk<Cursor>(erasure, turn, (em, after) =>
      eraseSessions(em, { ...erasure, isEnded: false }, after, batchSize),
    )) &&
    (await walk<Cursor>(erasure, turn, (em, after) =>
      eraseSessions(em, { ...erasure, isEnded: true }, after, batchSize),
    ));

  async function erase(erasure: Erasure, turn: Turn): Promise<boolean> {
    const { accountId, userId } = erasure;
    const isDone =
      (userId !== null || (await eraseUsers(erasure, turn))) &&
      // Before the sessions: a row of the trail may be found by its session.
      (await walk<Cursor>(erasure, turn, (em, after) =>
        eraseAuditEvents(em, { accountId, userId }, after, batchSize),
      )) &&
      (await eraseSessionsOf(erasure, turn)) &&
      (await walk<string>(erasure, turn, (em, after) => eraseEvents(em, erasure, after, batchSize)));
    if (!isDone) return false;
    await database.longTransaction(BACKGROUND_TIMEOUT_MS, (em) => eraseDecisions(em, erasure));
    await database.transaction((em) => deleteErasure(em, erasure.id));
    logger.info({ accountId, userId }, 'erased the personal data of a deletion');
    return true;
  }

  function run(erasure: Erasure): Promise<boolean> {
    const work = supervise(BATCH_TIMEOUT_MS, (turn) => erase(erasure, turn));
    const settled = work.catch(() => undefined).finally(() => running.delete(settled));
    running.add(settled);
    return work;
  }

  const retryLater = (error: unknown): void =>
    logger.warn(
      { err: error },
      'could not erase the personal data of a deletion; the next sweep tries again',
    );

  async function eraseAllPending(): Promise<void> {
    for (const erasure of await findPendingErasures(database.em())) {
      if (isStopped) return;
      await run(erasure).catch(retryLater);
    }
  }

  return {
    async eraseSoon(erasure) {
      let timer: NodeJS.Timeout | undefined;
      const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, ANSWER_WAIT_MS)));
      await Promise.race([run(erasure).catch(retryLater), waited]);
      clearTimeout(timer);
    },

    eraseWholly: run,

    erasePending() {
      pending ??= eraseAllPending()
        .catch(retryLater)
        .finally(() => (pending = null));
    },

    async stop() {
      isStopped = true;
      await Promise.all([pending, ...running]);
    },
  };
}
