import { type SessionState } from './core/session-state.ts';
import { type SessionWatcher } from './watcher.ts';

/** What an expiry notice shows, and what its buttons do. */
export interface SessionExpiry extends Pick<
  SessionState,
  'warning' | 'reason' | 'expiresAt' | 'canExtend' | 'isDismissed' | 'extending' | 'reauthentication'
> {
  /** The deadline on this computer's clock, for display. */
  localExpiresAt: Date | null;
  /** Counts down once a second while a warning is shown; null otherwise. */
  secondsRemaining: number | null;
  stay: SessionWatcher['stay'];
  dismiss: SessionWatcher['dismiss'];
}

/** Whether a warning is shown, whose seconds count down. */
export const isCountingDown = ({ warning, expiresAt }: SessionState): boolean =>
  warning !== 'none' && expiresAt !== null;

/** The notice as of now. */
export function readSessionExpiry(watcher: SessionWatcher): SessionExpiry {
  const state = watcher.getState();
  const { warning, reason, expiresAt, canExtend, isDismissed, extending, reauthentication } = state;
  const remainingMs = isCountingDown(state) && expiresAt !== null ? expiresAt - watcher.now() : null;
  return {
    warning,
    reason,
    expiresAt,
    canExtend,
    isDismissed,
    extending,
    reauthentication,
    localExpiresAt: expiresAt === null ? null : watcher.toLocal(expiresAt),
    secondsRemaining: remainingMs === null ? null : Math.max(0, Math.ceil(remainingMs / 1000)),
    stay: watcher.stay,
    dismiss: watcher.dismiss,
  };
}
