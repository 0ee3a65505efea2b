/** The warning that is shown now. */
export interface Warning {
  reason: 'IDLE' | 'ABSOLUTE';
  /** The deadline; another deadline makes it another warning. */
  expiresAt: number;
  secondsRemaining: number;
}

/** What was announced last, and the warning it belonged to. */
export interface Announcement {
  readonly warning: Pick<Warning, 'reason' | 'expiresAt'> | null;
  /** The last announced mark, in seconds before the deadline; null: none yet. */
  readonly mark: number | null;
  /** Without a mark: whether to say that the user is still signed in. */
  readonly isStillSignedIn: boolean;
}

export const SILENCE: Announcement = Object.freeze({ warning: null, mark: null, isStillSignedIn: false });

/** Seconds before the end at which screen readers announce the time. The countdown itself would never let them finish. */
const MARKS = [300, 240, 180, 120, 60, 40, 20];
/** A mark that is further away would be announced with a wrong time. */
const MAX_DISTANCE_SECONDS = 30;
/** Below this, the announcement would come too late. */
const MIN_SECONDS = 10;

/**
 * The mark to announce now, or null. On time, it is the mark just reached; after a late start or a jump of the clock,
 * it is the nearest one. Marks are announced in order and never twice.
 */
export function dueMark(secondsRemaining: number, lastMark: number | null): number | null {
  if (secondsRemaining < MIN_SECONDS) return null;
  const left = MARKS.filter((mark) => lastMark === null || mark < lastMark);
  const isReached = left.some((mark) => mark >= secondsRemaining);
  if (lastMark !== null && !isReached) return null;
  const distance = (mark: number) => Math.abs(mark - secondsRemaining);
  const nearest = left.reduce<number | null>(
    (best, mark) => (best === null || distance(mark) <= distance(best) ? mark : best),
    null,
  );
  return nearest !== null && distance(nearest) <= MAX_DISTANCE_SECONDS ? nearest : null;
}

/** The announcement for the current warning. Returns `last` itself when nothing new has to be said. */
export function nextAnnouncement(
  last: Announcement,
  warning: Warning | null,
  isSignedIn: boolean,
): Announcement {
  if (!warning) {
    if (!last.warning) return last;
    return { ...SILENCE, isStillSignedIn: isSignedIn && last.warning.reason === 'IDLE' };
  }
  const { reason, expiresAt, secondsRemaining } = warning;
  const isSame = last.warning?.expiresAt === expiresAt && last.warning.reason === reason;
  const mark = dueMark(secondsRemaining, isSame ? last.mark : null);
  if (isSame && mark === null) return last;
  return { warning: { reason, expiresAt }, mark, isStillSignedIn: false };
}
