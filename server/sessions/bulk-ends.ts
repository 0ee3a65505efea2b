import type { Database, EntityManager } from '../database/orm.ts';
import type { SessionBus } from '../expiry/session-bus.ts';
import type { Logger } from '../logger.ts';
import type { Cursor } from '../pagination.ts';
import {
  beginEnding,
  countLive,
  findAccountsWithEndings,
  markBatch,
  type AccountScope,
} from './pending-endings.ts';
import { endSessions, type DecidedEnd } from './session.endings.ts';

export interface EndedMany {
  accountId: string;
  count: number;
  /** Null: so many that they are over and not marked yet. */
  ids: string[] | null;
}

/** The end of every session of an account: in effect with the caller's commit, however many there are. */
export interface BulkEnds {
  /** In the caller's transaction, which holds the account. */
  end(em: EntityManager, scope: AccountScope, reason: DecidedEnd, now: Date): Promise<EndedMany>;
  /** After the commit. */
  announce(ended: EndedMany): void;
  /** Begins to mark what is pending, also what other nodes have left behind. */
  mark(): void;
  stop(): Promise<void>;
}

/** So many are marked in one transaction. Up to as many are ended by marking them, and nothing is ever pending. */
const BATCH = 10_000;
/** Whoever is connected is told first: marking wants the same processors. */
const MARK_AFTER_MS = 1_000;

export function createBulkEnds(dependencies: {
  database: Database;
  bus: SessionBus;
  logger: Logger;
  batch?: number;
}): BulkEnds {
  const { database, bus, logger, batch = BATCH } = dependencies;
  let isStopped = false;
  let marking: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  /** One account after the other: what is pending is in effect, and requests need the connections more. */
  async function markAll(): Promise<void> {
    for (let hasMarked = true; hasMarked;) {
      hasMarked = false;
      for (const accountId of await findAccountsWithEndings(database.em()))
        if ((await markAccount(accountId)) > 0) hasMarked = true;
    }
  }

  async function markAccount(accountId: string): Promise<number> {
    let count = 0;
    for (let after: Cursor | null = null; !isStopped;) {
      const marked = await database.transaction((em) => markBatch(em, accountId, after, batch));
      if (!marked) break;
      after = marked.next;
      count += marked.ids.length;
      if (marked.ids.length > 0) bus.publish({ accountId, kind: 'ENDED', sessionIds: marked.ids });
    }
    if (count > 0) logger.info({ accountId, sessions: count }, 'marked sessions that had ended');
    return count;
  }

  function mark(): void {
    marking ??= markAll()
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'could not mark sessions that have ended; the next sweep tries again'),
      )
      .finally(() => (marking = null));
  }

  return {
    async end(em, scope, reason, now) {
      const { accountId } = scope;
      const count = await countLive(em, scope, now);
      if (count > batch) {
        await beginEnding(em, scope, reason, now);
        return { accountId, count, ids: null };
      }
      const ids = await endSessions(em, scope, reason, now);
      return { accountId, count: ids.length, ids };
    },

    announce({ accountId, ids }) {
      if (ids) return bus.publish({ accountId, kind: 'ENDED', sessionIds: ids });
      bus.publish({ accountId, kind: 'MANY_ENDED', sessionIds: [] });
      clearTimeout(timer);
      timer = setTimeout(mark, MARK_AFTER_MS).unref();
    },

    mark,

    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await marking;
    },
  };
}
