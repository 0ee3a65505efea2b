import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { AccountSessionEventKind } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import { findSessions } from '../sessions/session.reads.ts';
import type { Session } from '../sessions/session.ts';
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
  /** Begins to call back when what the subscriber signed in with is over; returns what stops that. */
  onEnd(callback: () => void): () => void;
}

const BATCH_EVERY_MS = 1_000;
const RECHECK_EVERY_MS = 3_000;

/** EXTENDED is missing: activity is not reported. ROLES names no session. */
const KINDS: Partial<Record<SessionMessage['kind'], AccountSessionEventKind>> = {
  STARTED: 'STARTED',
  SHORTENED: 'CHANGED',
  ENDED: 'ENDED',
};
/** A session that started and ended within one batch is told in that order. */
const ORDER: readonly AccountSessionEventKind[] = ['STARTED', 'CHANGED', 'ENDED'];

/** What happens to the sessions of an account, or of all, in at most one batch a second, until the subscriber may no longer listen. */
export function followAccount(
  feed: AccountFeed,
  dependencies: { database: Database; bus: SessionBus; clock: Clock; logger: Logger },
): AsyncIterableIterator<AccountSessionEvent> {
  const { database, bus, clock, logger } = dependencies;
  const heard = new Map<string, Set<AccountSessionEventKind>>();
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
    const kinds = heard.get(id);
    if (kinds) kinds.add(kind);
    else heard.set(id, new Set([kind]));
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
    // A message is a hint: whose session it is, the row says.
    const isOurs = ({ accountId }: Session): boolean =>
      feed.accountId === null || accountId === feed.accountId;
    batch = sessions.filter(isOurs).flatMap((session) => {
      const kinds = taken.get(session.id)!;
      return ORDER.filter((kind) => kinds.has(kind)).map((kind) => ({ kind, session }));
    });
    iterator.wake();
  }

  const unsubscribe = bus.subscribe((message) => {
    if (feed.accountId !== null && message.accountId !== feed.accountId) return;
    const kind = KINDS[message.kind];
    if (kind) for (const id of message.sessionIds) hear(id, kind);
    if (message.kind === 'ROLES' || message.sessionIds.length > 0) hurry();
  });
  const stopEndWatch = feed.onEnd(end);
  return iterator;
}
