import { type SessionState, type WatchedSession } from './session-state.ts';

/** One of the two deadlines of a session, in milliseconds on the server's clock. */
export interface Deadline {
  readonly reason: 'IDLE' | 'ABSOLUTE';
  readonly expiresAt: number;
}

export type ExpiryView = Pick<SessionState, 'warning' | 'reason' | 'expiresAt' | 'canExtend'>;

const LAST_SECONDS_MS = 60_000;

export const QUIET: ExpiryView = { warning: 'none', reason: null, expiresAt: null, canExtend: false };

const idleDeadline = (session: WatchedSession): Deadline => ({
  reason: 'IDLE',
  expiresAt: session.idleExpiresAt,
});
const absoluteDeadline = (session: WatchedSession): Deadline => ({
  reason: 'ABSOLUTE',
  expiresAt: session.absoluteExpiresAt,
});

const isIdleNearer = (session: WatchedSession): boolean => session.idleExpiresAt < session.absoluteExpiresAt;
const idleWarningAt = (session: WatchedSession): number =>
  session.idleExpiresAt - session.idleWarningSeconds * 1000;
const absoluteWarningAt = (session: WatchedSession): number =>
  session.absoluteExpiresAt - session.absoluteWarningSeconds * 1000;

/** Returns the nearer deadline; ABSOLUTE if both are equal, because activity cannot move a capped idle deadline. */
export const nearerDeadline = (session: WatchedSession): Deadline =>
  isIdleNearer(session) ? idleDeadline(session) : absoluteDeadline(session);

/** A deadline equal to `now` has passed. */
export const hasPassed = (session: WatchedSession, now: number): boolean =>
  nearerDeadline(session).expiresAt <= now;

/** The deadline to warn of at `now`: the nearer, if both are due. This is the server's rule, too. */
export function dueWarning(session: WatchedSession, now: number): Deadline | null {
  if (isIdleNearer(session) && now >= idleWarningAt(session)) return idleDeadline(session);
  return now >= absoluteWarningAt(session) ? absoluteDeadline(session) : null;
}

/** Whether the deadline of a raised warning is still one of this session's. */
export function stands(raised: Deadline | null, session: WatchedSession): raised is Deadline {
  if (!raised) return false;
  return raised.reason === 'IDLE'
    ? isIdleNearer(session) && raised.expiresAt === session.idleExpiresAt
    : raised.expiresAt === session.absoluteExpiresAt;
}

/**
 * The warning to show at `now`: the one that is due, or the one that was raised before and still stands. `slackMs`:
 * how long the server may take to send it first.
 */
export function standingWarning(
  session: WatchedSession,
  raised: Deadline | null,
  now: number,
  slackMs: number,
): Deadline | null {
  const kept = stands(raised, session) ? raised : null;
  if (kept?.reason === 'IDLE') return kept;
  return dueWarning(session, now - slackMs) ?? kept;
}

export function viewOf(warned: Deadline | null, now: number): ExpiryView {
  if (!warned) return QUIET;
  return {
    warning: warned.expiresAt - now <= LAST_SECONDS_MS ? 'now' : 'soon',
    reason: warned.reason,
    expiresAt: warned.expiresAt,
    canExtend: warned.reason === 'IDLE',
  };
}

/** The next time at which what is shown changes without an event; null if none is left. */
export function nextMoment(session: WatchedSession, now: number, slackMs: number): number | null {
  const moments = [
    idleWarningAt(session) + slackMs,
    absoluteWarningAt(session) + slackMs,
    session.idleExpiresAt - LAST_SECONDS_MS,
    session.absoluteExpiresAt - LAST_SECONDS_MS,
    session.idleExpiresAt,
    session.absoluteExpiresAt,
  ].filter((moment) => moment > now);
  return moments.length === 0 ? null : Math.min(...moments);
}
