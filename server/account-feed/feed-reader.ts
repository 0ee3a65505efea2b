import type { FreshnessProbe } from '../background/freshness.ts';
import type { Turn } from '../background/watchdog.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../rules/session.ts';
import { findPendingChanges } from '../sessions/pending-changes.sql.ts';
import { findSessions } from '../sessions/session-queries.ts';
import { createUnreportedEnds } from './unreported-ends.ts';

/** The reads of one feed, all under its freshness probe. */
export interface FeedReader {
  isAllowed(): Promise<boolean>;
  sessions(ids: readonly string[], turn: Turn): Promise<Session[]>;
  /** See `UnreportedEnds.find`. */
  unreportedEnds(max: number): Promise<string[]>;
  /** Whether an account revocation is pending that was not pending at the first call; finds it if its event was lost. */
  hasNewRevocation(): Promise<boolean>;
}

/** This many rows are read within the timeout of one statement. */
const CHUNK = 5_000;

export function createFeedReader(
  feed: { accountId: string | null; isAllowed(): Promise<boolean> },
  dependencies: { database: Database; clock: Clock; sweepSeconds: number; probe: FreshnessProbe },
): FeedReader {
  const { database, probe } = dependencies;
  const ends = createUnreportedEnds(feed.accountId, dependencies);
  let pendingBefore: Set<string> | null = null;

  return {
    isAllowed: () => probe.run(feed.isAllowed),

    async sessions(ids, turn) {
      const sessions: Session[] = [];
      for (let start = 0; start < ids.length; start += CHUNK) {
        const chunk = ids.slice(start, start + CHUNK);
        sessions.push(...(await probe.run(() => database.withTimeout(findSessions(database.em(), chunk)))));
        turn.advance();
      }
      return sessions;
    },

    unreportedEnds: (max) => probe.run(() => ends.find(max)),

    async hasNewRevocation() {
      const pending = await probe.run(() =>
        database.withTimeout(findPendingChanges(database.em(), feed.accountId)),
      );
      pendingBefore ??= new Set(pending);
      return pending.some((name) => !pendingBefore!.has(name));
    },
  };
}
