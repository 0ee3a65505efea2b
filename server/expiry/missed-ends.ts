import { addSeconds, type Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import { findEndedSince } from '../sessions/session.ended-lately.ts';

export interface MissedEnds {
  /**
   * At most so many sessions that have ended and that no earlier call has named; the rest is left for the next one. The
   * first call names none: what had ended by then is no news. Calls follow one another.
   */
  ask(most: number): Promise<string[]>;
}

/** How long a statement that ends a session may take between its decision and its commit, ordinarily. */
const ORDINARY_COMMIT_SECONDS = 10;
/** Bulk ends take longer, and a timeout is stamped with its deadline, which the sweep finds later. */
const SLOW_COMMIT_SECONDS = 120;
const THOROUGH_EVERY_SECONDS = 30;
/** A sweep that comes once a day must not make every question one about the whole day. */
const LONGEST_SWEEP_SECONDS = 600;

/**
 * Finds the ends that no message told of. Every question goes back a little before the last one, because a commit may
 * come after the moment that it is stamped with; now and then one goes back far.
 */
export function createMissedEnds(
  accountId: string | null,
  dependencies: { database: Database; clock: Clock; sweepSeconds: number },
): MissedEnds {
  const { database, clock, sweepSeconds } = dependencies;
  const far = SLOW_COMMIT_SECONDS + Math.min(sweepSeconds, LONGEST_SWEEP_SECONDS);
  /** When each was named first; forgotten when no question goes back that far. */
  const named = new Map<string, Date>();
  let askedAt: Date | null = null;
  let askedFarAt: Date | null = null;

  return {
    async ask(most) {
      const now = clock.now();
      const goesFar = askedFarAt === null || addSeconds(askedFarAt, THOROUGH_EVERY_SECONDS) <= now;
      const since = goesFar
        ? addSeconds(askedFarAt ?? now, -far)
        : addSeconds(askedAt ?? now, -ORDINARY_COMMIT_SECONDS);
      const ended = await findEndedSince(database.em(), accountId, since);

      const isFirst = askedFarAt === null;
      const unnamed = ended.filter((id) => !named.has(id));
      const missed = isFirst ? unnamed : unnamed.slice(0, most);
      for (const id of missed) named.set(id, now);
      if (missed.length === unnamed.length) {
        askedAt = now;
        if (goesFar) askedFarAt = now;
      }
      // An end is never named before the moment that it is stamped with.
      if (goesFar) for (const [id, namedAt] of named) if (namedAt < since) named.delete(id);
      return isFirst ? [] : missed;
    },
  };
}
