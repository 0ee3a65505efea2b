import { type SessionState, type WatchedSession } from '../core/session-state.ts';
import { type SessionWatcher } from '../watcher.ts';
import { type Language } from './language.ts';

/**
 * The form in which a warning is shown: `idle` and `absolute` are bars, and `last-minute` is the idle bar with a dialog
 * over it. `dismissed`: the bar of the absolute limit was closed, and only its last minute asks once more.
 */
export type Stage = 'idle' | 'last-minute' | 'absolute' | 'dismissed';

/** A warning in the words of the page. */
export interface WarningView {
  readonly stage: Stage;
  readonly state: SessionState;
  readonly reason: 'IDLE' | 'ABSOLUTE';
  /** The deadline, on the server's clock. */
  readonly expiresAt: number;
  readonly secondsRemaining: number;
  /** Minutes and seconds: `4:59`. */
  readonly countdown: string;
  /** What is left of the time between the warning and the deadline: 0 to 1. */
  readonly share: number;
  /** Fills in the time of the deadline, the limit and the countdown. */
  words(text: string): string;
}

/** Null: there is nothing to warn of. So it is after the deadline, and while the server cannot be asked. */
export function warningView(
  watcher: Pick<SessionWatcher, 'getState' | 'now' | 'toLocal'> | null,
  { fill, clock, limit }: Language,
): WarningView | null {
  const state = watcher?.getState();
  if (!watcher || state?.status !== 'active' || !state.session) return null;
  const { session, warning, reason, expiresAt, isDismissed } = state;
  if (warning === 'none' || !reason || expiresAt === null) return null;
  const isIdle = reason === 'IDLE';
  const secondsRemaining = Math.max(0, Math.ceil((expiresAt - watcher.now()) / 1000));
  const countdown = asCountdown(secondsRemaining);
  const values = {
    countdown,
    time: clock(watcher.toLocal(expiresAt)),
    limit: limit(session.absoluteMinutes),
  };
  return {
    stage: isIdle ? (warning === 'now' ? 'last-minute' : 'idle') : isDismissed ? 'dismissed' : 'absolute',
    state,
    reason,
    expiresAt,
    secondsRemaining,
    countdown,
    share: Math.min(1, secondsRemaining / Math.max(1, leadSeconds(session, isIdle))),
    words: (text) => fill(text, values),
  };
}

const leadSeconds = (session: WatchedSession, isIdle: boolean): number =>
  isIdle ? session.idleWarningSeconds : session.absoluteWarningSeconds;

/** Seconds as a countdown: `4:59`, `0:07`. */
const asCountdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
