import type { Session } from '../sessions/session.ts';

/** Activity that other applications report, written in batches. */
export interface Activity {
  /**
   * Counts `now` as activity of a session that lives at `now`, and returns the session as that makes it. What is
   * acknowledged near a deadline is written before this resolves; the rest within a second.
   */
  touch(session: Session, now: Date): Promise<Session>;
  /** Writes what is left. */
  stop(): Promise<void>;
}
