import { supervise } from '../background/watchdog.ts';
import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { findEndedSince } from '../sessions/session-queries.ts';

export interface UnreportedEnds {
  /**
   * Returns at most `max` sessions that have ended and that no earlier call has returned; the rest is left to the next
   * call. The first call returns none: it only records which sessions had ended before. One call at a time.
   * @throws when the database does not answer within the timeout
   */
  find(max: number): Promise<string[]>;
}

/** How long the statement of an end usually takes from its timestamp to its commit. */
const USUAL_COMMIT_SECONDS = 10;
/** A bulk revocation takes longer. An expiry is stamped with its deadline, and the sweep finds it later. */
const SLOW_COMMIT_SECONDS = 120;
const LONG_SEARCH_EVERY_SECONDS = 30;
/** With a sweep once a day, a long search must not cover the whole day. */
const MAX_SWEEP_SECONDS = 600;
/** After the end of a million sessions a long search takes more than the usual two seconds. */
const LONG_SEARCH_TIMEOUT_MS = 4_000;

/**
 * Finds ends whose events were lost. Every search starts a little before the last one, because an end may be committed
 * after the time it is stamped with; every 30 seconds a long search starts much earlier.
 */
export function createUnreportedEnds(
  accountId: string | null,
  dependencies: { database: Database; clock: Clock; sweepSeconds: number },
): UnreportedEnds {
  const { database, clock, sweepSeconds } = dependencies;
  const longSeconds = SLOW_COMMIT_SECONDS + Math.min(sweepSeconds, MAX_SWEEP_SECONDS);
  /** The returned sessions, with the time of the first return. Deleted once no search goes back that far. */
  const reported = new Map<string, Date>();
  let searchedAt: Date | null = null;
  let longSearchedAt: Date | null = null;

  return {
    async find(max) {
      const now = clock.now();
      const isLong = longSearchedAt === null || addSeconds(longSearchedAt, LONG_SEARCH_EVERY_SECONDS) <= now;
      const since = isLong
        ? addSeconds(longSearchedAt ?? now, -longSeconds)
        : addSeconds(searchedAt ?? now, -USUAL_COMMIT_SECONDS);
      const read = (): Promise<string[]> => findEndedSince(database.em(), accountId, since);
      const ended = await (isLong ? supervise(LONG_SEARCH_TIMEOUT_MS, read) : database.withTimeout(read()));

      const isFirst = longSearchedAt === null;
      const unreported = ended.filter((id) => !reported.has(id));
      const found = isFirst ? unreported : unreported.slice(0, max);
      for (const id of found) reported.set(id, now);
      if (found.length === unreported.length) {
        searchedAt = now;
        if (isLong) longSearchedAt = now;
      }
      // An end is never reported before the time it is stamped with.
      if (isLong) for (const [id, reportedAt] of reported) if (reportedAt < since) reported.delete(id);
      return isFirst ? [] : found;
    },
  };
}
