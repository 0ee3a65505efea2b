/** What is said of a warning while it stands. */
export interface Warning {
  reason: 'IDLE' | 'ABSOLUTE';
  /** The deadline warned of; another one is another warning. */
  expiresAt: number;
  secondsRemaining: number;
}

/** The last thing that was said, and of which warning. */
export interface Announcement {
  readonly warning: Pick<Warning, 'reason' | 'expiresAt'> | null;
  /** Seconds before the deadline that have been spoken of; null: none yet. */
  readonly mark: number | null;
  readonly text: string;
}

export const SILENCE: Announcement = Object.freeze({ warning: null, mark: null, text: '' });

/** Seconds before the end at which a screen reader is told. The countdown itself would never let it finish. */
const MARKS = [300, 240, 180, 120, 60, 40, 20];
/** Of a mark that is further away nothing true can be said. */
const NEAR_SECONDS = 30;
/** Too late for a sentence. */
const LEAST_SECONDS = 10;

/**
 * The mark to speak of now, or null. On time it is the one just reached; when the warning starts late, or time has
 * leapt, the one nearest to the truth. None is spoken of twice, and none that is further off than the last.
 */
export function dueMark(secondsRemaining: number, spoken: number | null): number | null {
  if (secondsRemaining < LEAST_SECONDS) return null;
  const left = MARKS.filter((mark) => spoken === null || mark < spoken);
  const isReached = left.some((mark) => mark >= secondsRemaining);
  if (spoken !== null && !isReached) return null;
  const distance = (mark: number) => Math.abs(mark - secondsRemaining);
  const nearest = left.reduce<number | null>(
    (best, mark) => (best === null || distance(mark) <= distance(best) ? mark : best),
    null,
  );
  return nearest !== null && distance(nearest) <= NEAR_SECONDS ? nearest : null;
}

/** What has been said once the state of the warning is this; the same object where there is nothing new to say. */
export function nextAnnouncement(
  last: Announcement,
  warning: Warning | null,
  isSignedIn: boolean,
): Announcement {
  if (!warning) {
    if (!last.warning) return last;
    const isExtended = isSignedIn && last.warning.reason === 'IDLE';
    return { ...SILENCE, text: isExtended ? 'You are still signed in.' : '' };
  }
  const { reason, expiresAt, secondsRemaining } = warning;
  const isSame = last.warning?.expiresAt === expiresAt && last.warning.reason === reason;
  const mark = dueMark(secondsRemaining, isSame ? last.mark : null);
  if (isSame && mark === null) return last;
  return { warning: { reason, expiresAt }, mark, text: mark === null ? '' : sentence(mark) };
}

function sentence(mark: number): string {
  const [amount, unit] = mark < 60 ? [mark, 'second'] : [mark / 60, 'minute'];
  return `${amount} ${unit}${amount === 1 ? '' : 's'} until you are signed out.`;
}
