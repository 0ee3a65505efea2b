import type { ExpiryReason, SessionEndReason, SessionExpiryEventKind } from '../generated/schema.ts';
import { nearerDeadline, timeoutReason, verdict, type WatchedSession } from '../sessions/session.ts';
import { absoluteWarningAt, idleWarningAt, type WarningSettings } from './lead.ts';

/** What a subscriber is told. The remaining seconds are rounded down. */
export interface ExpiryEvent {
  kind: SessionExpiryEventKind;
  reason: ExpiryReason | null;
  endReason: SessionEndReason | null;
  sessionId: string;
  expiresAt: Date;
  secondsRemaining: number;
  canExtend: boolean;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  serverTime: Date;
}

/** What one subscription has been told so far. */
export interface Told {
  /** The idle limit and the deadlines as last seen. */
  readonly idleSeconds: number | null;
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
  /** The deadlines it was warned of, in epoch milliseconds. */
  readonly warnedIdle: number | null;
  readonly warnedAbsolute: number | null;
}

export interface Step {
  event: ExpiryEvent | null;
  told: Told;
  /** Nothing comes after this event. */
  isLast: boolean;
}

/** A subscription begins knowing the session as it stands, and warned of nothing. */
export const startTelling = (session: WatchedSession): Told => ({
  ...snapshot(session),
  warnedIdle: null,
  warnedAbsolute: null,
});

/**
 * The next thing to tell a subscriber about `session` at `now`, one at a time: call again with the returned `told`
 * until there is no event. A deadline that has passed says nothing by itself: EXPIRED waits for the end to be stored.
 */
export function nextStep(session: WatchedSession, told: Told, settings: WarningSettings, now: Date): Step {
  const state = verdict(session, now);
  if (session.endedAt !== null) return { event: endEvent(session, now), told, isLast: true };
  if (state.state !== 'live') return { event: null, told, isLast: false };

  const seen = { ...told, ...snapshot(session) };
  const event = (kind: SessionExpiryEventKind, at: Date, reason: ExpiryReason): ExpiryEvent => ({
    ...eventBase(session, at, now),
    kind,
    reason,
    canExtend: reason === 'IDLE',
  });
  const nearer = nearerDeadline(session);

  if (isShortened(session, told)) {
    // Another deadline is warned of anew, the same one is not.
    const kept = (warned: number | null, deadline: Date) => (warned === deadline.getTime() ? warned : null);
    const renewed = {
      ...seen,
      warnedIdle: kept(told.warnedIdle, session.idleExpiresAt),
      warnedAbsolute: kept(told.warnedAbsolute, session.absoluteExpiresAt),
    };
    return { event: event('SHORTENED', nearer.expiresAt, nearer.reason), told: renewed, isLast: false };
  }

  const idleMoved = told.warnedIdle !== null && session.idleExpiresAt.getTime() > told.warnedIdle;
  const absoluteMoved =
    told.warnedAbsolute !== null && session.absoluteExpiresAt.getTime() > told.warnedAbsolute;
  if (idleMoved || absoluteMoved) {
    const renewed = {
      ...seen,
      warnedIdle: idleMoved ? null : told.warnedIdle,
      warnedAbsolute: absoluteMoved ? null : told.warnedAbsolute,
    };
    return { event: event('EXTENDED', nearer.expiresAt, nearer.reason), told: renewed, isLast: false };
  }

  switch (dueWarning(session, settings, now)) {
    case 'IDLE':
      if (told.warnedIdle !== null) break;
      return {
        event: event('WARNING', session.idleExpiresAt, 'IDLE'),
        told: { ...seen, warnedIdle: session.idleExpiresAt.getTime() },
        isLast: false,
      };
    case 'ABSOLUTE':
      if (told.warnedAbsolute !== null) break;
      return {
        event: event('WARNING', session.absoluteExpiresAt, 'ABSOLUTE'),
        told: { ...seen, warnedAbsolute: session.absoluteExpiresAt.getTime() },
        isLast: false,
      };
    case null:
  }
  return { event: null, told: seen, isLast: false };
}

/** The deadline whose warning time has come; with both, the nearer one. An idle deadline cut by the absolute one is that. */
function dueWarning(session: WatchedSession, settings: WarningSettings, now: Date): ExpiryReason | null {
  const isIdleNearer = session.idleExpiresAt < session.absoluteExpiresAt;
  if (isIdleNearer && now >= idleWarningAt(session, settings)) return 'IDLE';
  return now >= absoluteWarningAt(session, settings) ? 'ABSOLUTE' : null;
}

/** When to look at the session again: the next warning that is not due yet, else its end. */
export function nextMoment(session: WatchedSession, settings: WarningSettings, now: Date): Date {
  const { expiresAt } = nearerDeadline(session);
  const moments = [absoluteWarningAt(session, settings)];
  if (session.idleExpiresAt < session.absoluteExpiresAt) moments.push(idleWarningAt(session, settings));
  const ahead = moments.filter((moment) => moment > now && moment < expiresAt);
  return ahead.reduce((earliest, moment) => (moment < earliest ? moment : earliest), expiresAt);
}

const snapshot = ({ idleSeconds, idleExpiresAt, absoluteExpiresAt }: WatchedSession) => ({
  idleSeconds,
  idleExpiresAt,
  absoluteExpiresAt,
});

/**
 * Only an applied policy brings a deadline nearer. Activity after it may have moved the idle one later again before
 * the row was read: then the smaller limit tells. A limit that moved no deadline, because the absolute one cuts the
 * idle one off before and after, is no news.
 */
function isShortened(session: WatchedSession, told: Told): boolean {
  const idleLimit = { now: session.idleSeconds, before: told.idleSeconds };
  const isIdleLimitSmaller =
    idleLimit.now !== null && idleLimit.before !== null && idleLimit.now < idleLimit.before;
  return (
    session.idleExpiresAt < told.idleExpiresAt ||
    session.absoluteExpiresAt < told.absoluteExpiresAt ||
    (isIdleLimitSmaller && session.idleExpiresAt > told.idleExpiresAt)
  );
}

function endEvent(session: WatchedSession, now: Date): ExpiryEvent {
  const state = verdict(session, now);
  if (state.state === 'live') throw new Error(`Session ${session.id} is live and has no end.`);
  const isExpired = state.state === 'expired';
  return {
    ...eventBase(session, state.at, now),
    secondsRemaining: 0,
    kind: isExpired ? 'EXPIRED' : 'REVOKED',
    reason: isExpired ? state.reason : null,
    endReason: isExpired ? timeoutReason(state.reason) : state.reason,
    canExtend: false,
  };
}

const eventBase = (session: WatchedSession, expiresAt: Date, now: Date) => ({
  endReason: null,
  sessionId: session.id,
  expiresAt,
  secondsRemaining: Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000)),
  idleExpiresAt: session.idleExpiresAt,
  absoluteExpiresAt: session.absoluteExpiresAt,
  serverTime: now,
});
