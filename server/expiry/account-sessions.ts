import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { AccountSessionEventKind } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { findPendingEndings } from '../sessions/pending-endings.ts';
import { findSessions } from '../sessions/session.reads.ts';
import type { Session } from '../sessions/session.ts';
import { createMissedEnds } from './missed-ends.ts';
import { createOneSlotIterator } from './one-slot-iterator.ts';
import type { SessionBus, SessionMessage } from './session-bus.ts';

export interface AccountSessionEvent {
  kind: AccountSessionEventKind;
  session: Session;
}

export interface AccountFeed {
  /** Null: every account. */
  accountId: string | null;
  /** Whether the subscriber may still listen; asked before every batch and every few seconds. */
  isAllowed(): Promise<boolean>;
  /**
   * Whether it ends when more sessions end at once than are marked at once: they are told one by one only as they are
   * marked, which is too late for whoever believes a session to live until told otherwise.
   */
  endsWithMany: boolean;
  /** Begins to call back when what the subscriber signed in with is over; returns what stops that. */
  onEnd(callback: () => void): () => void;
}

const BATCH_EVERY_MS = 1_000;
/** How long a lost message about an end can stay unnoticed. */
const RECHECK_EVERY_MS = 3_000;
/** For a reader who does not keep up, and against messages that nobody sent. What is beyond it is asked for again. */
const MOST_HEARD = 100_000;
/** A message that comes twice comes soon. */
const REMEMBERED_MS = 300_000;

/** EXTENDED is missing: activity is not reported. ROLES and MANY_ENDED name no session; ENDED follows the latter. */
const KINDS: Partial<Record<SessionMessage['kind'], AccountSessionEventKind>> = {
  STARTED: 'STARTED',
  SHORTENED: 'CHANGED',
  ENDED: 'ENDED',
};
/** A session that started and ended within one batch is told in that order. */
const ORDER: readonly AccountSessionEventKind[] = ['STARTED', 'CHANGED', 'ENDED'];

/**
 * What happens to the sessions of an account, or of all, in at most one batch a second, until the subscriber may no
 * longer listen. Of ends the database is asked as well, so a lost message only delays them.
 */
export function followAccount(
  feed: AccountFeed,
  dependencies: {
    database: Database;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    sweepSeconds: number;
  },
): AsyncIterableIterator<AccountSessionEvent> {
  const { database, bus, clock, logger } = dependencies;
  const heard = new Map<string, Set<AccountSessionEventKind>>();
  /** What happens once to a session and has been told, with the time of that, oldest first. */
  const told = new Map<string, number>();
  const missedEnds = createMissedEnds(feed.accountId, dependencies);
  let pendingBefore: Set<string> | null = null;
  let batch: AccountSessionEvent[] = [];
  let isOver = false;
  let cancelTimer = clock.after(RECHECK_EVERY_MS, () => void turn());
  let isTurning = false;
  let lastTurn = -Infinity;

  const iterator = createOneSlotIterator<AccountSessionEvent>(
    () => {
      const item = batch.shift();
      if (item) return { state: 'item', item, isLast: false };
      if (isOver) return { state: 'done' };
      return { state: 'nothing' };
    },
    () => {
      isOver = true;
      cancelTimer();
      unsubscribe();
      stopEndWatch();
    },
  );

  function hear(id: string, kind: AccountSessionEventKind): void {
    if (told.has(`${kind} ${id}`)) return;
    const kinds = heard.get(id);
    if (kinds) kinds.add(kind);
    else if (heard.size < MOST_HEARD) heard.set(id, new Set([kind]));
  }

  function remember(kind: AccountSessionEventKind, id: string): void {
    const now = clock.now().getTime();
    // A policy may be applied to a session many times.
    if (kind !== 'CHANGED') told.set(`${kind} ${id}`, now);
    for (const [key, toldAt] of told) {
      if (now - toldAt < REMEMBERED_MS) break;
      told.delete(key);
    }
  }

  function end(): void {
    isOver = true;
    iterator.wake();
  }

  /** Brings the next turn forward to as soon as a second has passed since the last one. */
  function hurry(): void {
    if (isOver || isTurning) return;
    cancelTimer();
    const since = clock.now().getTime() - lastTurn;
    cancelTimer = clock.after(Math.max(0, BATCH_EVERY_MS - since), () => void turn());
  }

  async function turn(): Promise<void> {
    isTurning = true;
    lastTurn = clock.now().getTime();
    try {
      if (!(await feed.isAllowed())) return end();
      await begun;
      if (await hasManyEnded()) return end();
      for (const id of await missedEnds.ask(MOST_HEARD - heard.size)) hear(id, 'ENDED');
      // A slow reader has not taken the last batch yet: what is heard meanwhile is merged, not queued.
      if (batch.length === 0 && heard.size > 0) await readBatch();
    } catch (error) {
      logger.warn({ err: error }, 'could not read the sessions of an account feed; trying again');
    } finally {
      isTurning = false;
    }
    if (isOver) return;
    cancelTimer();
    cancelTimer = clock.after(heard.size > 0 ? BATCH_EVERY_MS : RECHECK_EVERY_MS, () => void turn());
  }

  async function readBatch(): Promise<void> {
    // Taken before the rows are read: what is heard meanwhile may be newer than they are, and goes into the next batch.
    const taken = new Map(heard);
    heard.clear();
    const sessions = await findSessions(database.em(), [...taken.keys()]).catch((error: unknown) => {
      for (const [id, kinds] of taken) for (const kind of kinds) hear(id, kind);
      throw error;
    });
    // A message is a hint: whose session it is and whether it has ended, the row says.
    const isTrue = (kind: AccountSessionEventKind, { accountId, endedAt }: Session): boolean =>
      (feed.accountId === null || accountId === feed.accountId) && (kind !== 'ENDED' || endedAt !== null);
    batch = sessions.flatMap((session) => {
      const kinds = taken.get(session.id)!;
      return ORDER.filter((kind) => kinds.has(kind) && isTrue(kind, session)).map((kind) => ({
        kind,
        session,
      }));
    });
    for (const { kind, session } of batch) remember(kind, session.id);
    iterator.wake();
  }

  /** An ending that was not pending when the feed began, should its message be lost. */
  async function hasManyEnded(): Promise<boolean> {
    if (!feed.endsWithMany) return false;
    const pending = await findPendingEndings(database.em(), feed.accountId);
    pendingBefore ??= new Set(pending);
    return pending.some((name) => !pendingBefore!.has(name));
  }

  const unsubscribe = bus.subscribe((message) => {
    if (feed.accountId !== null && message.accountId !== feed.accountId) return;
    if (message.kind === 'MANY_ENDED' && feed.endsWithMany) return end();
    const kind = KINDS[message.kind];
    if (kind) for (const id of message.sessionIds) hear(id, kind);
    if (message.kind === 'ROLES' || message.sessionIds.length > 0) hurry();
  });
  const stopEndWatch = feed.onEnd(end);
  // Listening first, asking second: what ends between the two is told.
  const begun = Promise.all([missedEnds.ask(0), hasManyEnded()]).catch((error: unknown) => {
    logger.warn({ err: error }, 'could not ask for the ended sessions of an account feed; trying again');
  });
  return iterator;
}
