import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { createOneSlotIterator } from '../events/one-slot-iterator.ts';
import type { SessionBus, SessionEvent } from '../events/session-bus.ts';
import type { SessionWatch } from '../expiry/session-watch.ts';
import type { Logger } from '../logger.ts';
import type { Viewer } from '../rules/caller.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import { findSignIns } from './sign-ins.sql.ts';

/** Tells the sessions that are connected to this node of sign-ins of their user from a new device. */
export interface NewDeviceNotices {
  /** Yields such sign-ins as they happen, until the viewer's session ends. A subscription is no activity in it. */
  subscribe(viewer: Viewer): AsyncIterableIterator<Session>;
}

export interface NewDeviceNoticesDependencies {
  database: Database;
  bus: SessionBus;
  watch: SessionWatch;
  clock: Clock;
  logger: Logger;
}

interface Subscriber {
  sessionId: string;
  send(signIn: Session): void;
}

/** This many users are read in one statement. */
const USERS_PER_READ = 200;

/**
 * A sign-in is read on the nodes where a session of its user subscribes, and nowhere else. The events only say what to
 * read: the rows decide what is sent, and to which sessions. What was lost or could not be read is not sent later; the
 * list of sessions marks it all the same (docs/decisions/057-new-device-sign-ins.md).
 */
export function createNewDeviceNotices(dependencies: NewDeviceNoticesDependencies): NewDeviceNotices {
  const { database, bus, watch, clock, logger } = dependencies;
  const subscribersOf = new Map<string, Set<Subscriber>>();
  /** The latest sign-in of each user that is still to be read. */
  const unread = new Map<string, string>();
  let isReading = false;

  /** While anyone subscribes. */
  let stopListening = (): void => {};

  function hear({ kind, userId, sessionIds }: SessionEvent): void {
    if (kind !== 'NEW_DEVICE' || userId === undefined || !subscribersOf.has(userId)) return;
    for (const sessionId of sessionIds) unread.set(userId, sessionId);
    if (!isReading) void readAll();
  }

  async function readAll(): Promise<void> {
    isReading = true;
    while (unread.size > 0) {
      const signIns = [...unread.entries().take(USERS_PER_READ)];
      for (const [userId] of signIns) unread.delete(userId);
      await deliver(signIns).catch((error: unknown) =>
        logger.warn({ err: error }, 'could not read new-device sign-ins; no one is told of them live'),
      );
    }
    isReading = false;
  }

  /** @param signIns the ids of users, each with that of a session */
  async function deliver(signIns: readonly (readonly [string, string])[]): Promise<void> {
    const deliveries = signIns.map(([userId, sessionId]) => ({
      userId,
      sessionId,
      subscribers: [...(subscribersOf.get(userId) ?? [])].filter((each) => each.sessionId !== sessionId),
    }));
    const ids = deliveries.flatMap(({ sessionId, subscribers }) => [
      sessionId,
      ...subscribers.map((each) => each.sessionId),
    ]);
    const rows = await database.withTimeout(findSignIns(database.em(), ids));
    const now = clock.now();
    for (const { userId, sessionId, subscribers } of deliveries) {
      const signIn = rows.get(sessionId);
      if (!signIn?.isNewDevice || signIn.session.userId !== userId) continue;
      for (const { sessionId: own, send } of subscribers) {
        // Its end may be committed and not yet known to `watch`.
        const row = rows.get(own);
        if (row && endOfSession(row.session, now) === null) send(signIn.session);
      }
    }
  }

  function add(userId: string, subscriber: Subscriber): () => void {
    if (subscribersOf.size === 0) stopListening = bus.subscribe(hear);
    const subscribers = subscribersOf.get(userId) ?? new Set();
    subscribersOf.set(userId, subscribers.add(subscriber));
    // Called once.
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size > 0) return;
      subscribersOf.delete(userId);
      if (subscribersOf.size === 0) stopListening();
    };
  }

  return {
    subscribe({ userId, session: { id: sessionId } }) {
      let latest: Session | null = null;
      let lastSentId: string | null = null;
      let hasEnded = false;
      const iterator = createOneSlotIterator<Session>(
        () => {
          if (hasEnded) return { state: 'done' };
          if (latest === null) return { state: 'nothing' };
          const item = latest;
          latest = null;
          return { state: 'item', item, isLast: false };
        },
        () => {
          remove();
          stopWatching();
        },
      );
      const remove = add(userId, {
        sessionId,
        send(signIn) {
          // Messages may be duplicated.
          if (signIn.id === lastSentId) return;
          lastSentId = signIn.id;
          latest = signIn;
          iterator.wake();
        },
      });
      const stopWatching = watch.watch(sessionId, {
        onState({ endedAt }) {
          if (endedAt === null) return;
          hasEnded = true;
          iterator.wake();
        },
      });
      return iterator;
    },
  };
}
