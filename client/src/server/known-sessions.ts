/**
 * Which sessions Curfew called live while their ends were being reported, and which have ended. A session is known to
 * live when it was asked about after the reports began, and no report since has named it; see `docs/decisions`.
 */
export interface KnownSessions {
  /**
   * Before the question is sent; `epoch` is that of the reports, null while there are none. The returned function
   * takes Curfew's yes: the session is known to live until `until`, unless a report named it while the answer was on
   * its way or the reports broke off.
   */
  asking(sessionId: string, epoch: number | null): (isLiveUntil: number | null) => void;
  isKnownLive(sessionId: string, epoch: number | null, now: number): boolean;
  hasEnded(sessionId: string): boolean;
  /** A report: it has ended. Sessions never revive. */
  end(sessionId: string): void;
  /** A report: its limits have changed. */
  change(sessionId: string): void;
}

interface Inquiry {
  sessionId: string;
  isVoid: boolean;
}

/** The oldest is forgotten first, which costs one more question and nothing else. */
export function createKnownSessions({ most }: { most: number }): KnownSessions {
  const live = new Map<string, { epoch: number; until: number }>();
  const ended = new Set<string>();
  const inquiries = new Map<string, Set<Inquiry>>();

  function change(sessionId: string): void {
    live.delete(sessionId);
    for (const inquiry of inquiries.get(sessionId) ?? []) inquiry.isVoid = true;
  }

  function finish(inquiry: Inquiry): void {
    const open = inquiries.get(inquiry.sessionId);
    open?.delete(inquiry);
    if (open?.size === 0) inquiries.delete(inquiry.sessionId);
  }

  return {
    asking(sessionId, epoch) {
      const inquiry = { sessionId, isVoid: epoch === null };
      const open = inquiries.get(sessionId) ?? new Set();
      inquiries.set(sessionId, open.add(inquiry));
      return (until) => {
        finish(inquiry);
        if (inquiry.isVoid || epoch === null || until === null) return;
        live.delete(sessionId);
        live.set(sessionId, { epoch, until });
        forgetOldest(live, most);
      };
    },
    isKnownLive(sessionId, epoch, now) {
      const known = live.get(sessionId);
      return known !== undefined && known.epoch === epoch && now < known.until;
    },
    hasEnded: (sessionId) => ended.has(sessionId),
    end(sessionId) {
      change(sessionId);
      ended.delete(sessionId);
      ended.add(sessionId);
      forgetOldest(ended, most);
    },
    change,
  };
}

function forgetOldest(
  known: { size: number; keys(): Iterator<string>; delete(key: string): boolean },
  most: number,
): void {
  if (known.size <= most) return;
  const { value, done } = known.keys().next();
  if (!done) known.delete(value);
}
