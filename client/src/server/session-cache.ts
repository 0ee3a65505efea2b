import { dropOldest } from './drop-oldest.ts';

/**
 * Sessions that Curfew called live while session reports were coming in, and sessions that have ended. A session counts
 * as live if it was checked after the reports began and no report since has named it; see `docs/decisions`.
 */
export interface SessionCache {
  /**
   * Call before a check is sent. `epoch` is that of the reports, null while there are none. Call the returned function
   * with the answer: the session is live until `liveUntil` (milliseconds since the epoch; null: not live), unless a
   * report named it while the answer was in transit, or the reports were interrupted.
   */
  beginCheck(sessionId: string, epoch: number | null): (liveUntil: number | null) => void;
  isLive(sessionId: string, epoch: number | null, now: number): boolean;
  hasEnded(sessionId: string): boolean;
  /** Records a report of an end. Sessions never revive. */
  end(sessionId: string): void;
  /** Records a report of changed limits. */
  change(sessionId: string): void;
}

interface PendingCheck {
  sessionId: string;
  isStale: boolean;
}

/** Beyond `maxSize` the oldest session is dropped, which costs one more check. */
export function createSessionCache({ maxSize }: { maxSize: number }): SessionCache {
  const live = new Map<string, { epoch: number; until: number }>();
  const ended = new Set<string>();
  const checks = new Map<string, Set<PendingCheck>>();

  function change(sessionId: string): void {
    live.delete(sessionId);
    for (const check of checks.get(sessionId) ?? []) check.isStale = true;
  }

  function finish(check: PendingCheck): void {
    const pending = checks.get(check.sessionId);
    pending?.delete(check);
    if (pending?.size === 0) checks.delete(check.sessionId);
  }

  return {
    beginCheck(sessionId, epoch) {
      const check = { sessionId, isStale: epoch === null };
      const pending = checks.get(sessionId) ?? new Set();
      checks.set(sessionId, pending.add(check));
      return (until) => {
        finish(check);
        if (check.isStale || epoch === null || until === null) return;
        live.delete(sessionId);
        live.set(sessionId, { epoch, until });
        dropOldest(live, maxSize);
      };
    },
    isLive(sessionId, epoch, now) {
      const entry = live.get(sessionId);
      return entry !== undefined && entry.epoch === epoch && now < entry.until;
    },
    hasEnded: (sessionId) => ended.has(sessionId),
    end(sessionId) {
      change(sessionId);
      ended.delete(sessionId);
      ended.add(sessionId);
      dropOldest(ended, maxSize);
    },
    change,
  };
}
