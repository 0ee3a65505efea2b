import type { ExpiryReason, SessionEndReason, SessionExpiryEventKind } from '../generated/schema.ts';
import { nearerDeadline, timeoutReason, evaluateSession, type WatchedSession } from '../rules/session.ts';
import { absoluteWarningAt, idleWarningAt, type WarningSettings } from '../rules/warning-lead.ts';
import { toInt } from '../graphql-int.ts';

/** An event as a subscriber receives it. The remaining seconds are rounded down. */
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

/** What one subscription has been sent so far. */
export interface DeliveryState {
  /** The authentication, the idle limit and the deadlines as last read. */
  readonly authenticatedAt: Date;
  readonly idleSeconds: number | null;
  readonly idleExpiresAt: Date;
  readonly absoluteExpiresAt: Date;
  /** The deadlines whose warning was sent, in epoch milliseconds. */
  readonly warnedIdle: number | null;
  readonly warnedAbsolute: number | null;
}

export interface Delivery {
  event: ExpiryEvent | null;
  /** The state after the event. */
  sent: DeliveryState;
  /** No event follows. */
  isLast: boolean;
}

/** The state of a new subscription: it knows the session as it is, and no warning was sent. */
export const initialDeliveryState = (session: WatchedSession): DeliveryState => ({
  ...snapshot(session),
  warnedIdle: null,
  warnedAbsolute: null,
});

/**
 * Returns the next event for a subscriber to `session` at `now`, if any. Call again with the returned `sent` until there
 * is no event. A deadline that has passed yields none by itself: EXPIRED waits until the end is stored.
 */
export function nextDelivery(
  session: WatchedSession,
  sent: DeliveryState,
  settings: WarningSettings,
  now: Date,
): Delivery {
  const state = evaluateSession(session, now);
  if (session.endedAt !== null) return { event: endEvent(session, now), sent, isLast: true };
  if (state.state !== 'live') return { event: null, sent, isLast: false };

  const current = { ...sent, ...snapshot(session) };
  const event = (kind: SessionExpiryEventKind, at: Date, reason: ExpiryReason): ExpiryEvent => ({
    ...eventBase(session, at, now),
    kind,
    reason,
    canExtend: reason === 'IDLE',
  });
  const nearer = nearerDeadline(session);

  if (isReauthenticated(session, sent)) {
    // Warned of before or not, and wherever the deadlines are now. Each of them gets its own warning again.
    const next = { ...current, warnedIdle: null, warnedAbsolute: null };
    return { event: event('EXTENDED', nearer.expiresAt, nearer.reason), sent: next, isLast: false };
  }

  if (isShortened(session, sent)) {
    // Only a deadline that changed gets another warning.
    const kept = (warned: number | null, deadline: Date) => (warned === deadline.getTime() ? warned : null);
    const next = {
      ...current,
      warnedIdle: kept(sent.warnedIdle, session.idleExpiresAt),
      warnedAbsolute: kept(sent.warnedAbsolute, session.absoluteExpiresAt),
    };
    return { event: event('SHORTENED', nearer.expiresAt, nearer.reason), sent: next, isLast: false };
  }

  const idleMoved = sent.warnedIdle !== null && session.idleExpiresAt.getTime() > sent.warnedIdle;
  const absoluteMoved =
    sent.warnedAbsolute !== null && session.absoluteExpiresAt.getTime() > sent.warnedAbsolute;
  if (idleMoved || absoluteMoved) {
    const next = {
      ...current,
      warnedIdle: idleMoved ? null : sent.warnedIdle,
      warnedAbsolute: absoluteMoved ? null : sent.warnedAbsolute,
    };
    return { event: event('EXTENDED', nearer.expiresAt, nearer.reason), sent: next, isLast: false };
  }

  switch (dueWarning(session, settings, now)) {
    case 'IDLE':
      if (sent.warnedIdle !== null) break;
      return {
        event: event('WARNING', session.idleExpiresAt, 'IDLE'),
        sent: { ...current, warnedIdle: session.idleExpiresAt.getTime() },
        isLast: false,
      };
    case 'ABSOLUTE':
      if (sent.warnedAbsolute !== null) break;
      return {
        event: event('WARNING', session.absoluteExpiresAt, 'ABSOLUTE'),
        sent: { ...current, warnedAbsolute: session.absoluteExpiresAt.getTime() },
        isLast: false,
      };
    case null:
  }
  return { event: null, sent: current, isLast: false };
}

/** When the warning of this deadline is due. */
export const warningAt = (session: WatchedSession, deadline: ExpiryReason, settings: WarningSettings): Date =>
  (deadline === 'IDLE' ? idleWarningAt : absoluteWarningAt)(session, settings);

/** The deadline whose warning is due; of two, the nearer. An idle deadline capped by the absolute one is absolute. */
function dueWarning(session: WatchedSession, settings: WarningSettings, now: Date): ExpiryReason | null {
  const isIdleNearer = session.idleExpiresAt < session.absoluteExpiresAt;
  if (isIdleNearer && now >= idleWarningAt(session, settings)) return 'IDLE';
  return now >= absoluteWarningAt(session, settings) ? 'ABSOLUTE' : null;
}

/** When to check the session again: at the next warning that is not due yet, else at its end. */
export function nextCheckAt(session: WatchedSession, settings: WarningSettings, now: Date): Date {
  const { expiresAt } = nearerDeadline(session);
  const times = [absoluteWarningAt(session, settings)];
  if (session.idleExpiresAt < session.absoluteExpiresAt) times.push(idleWarningAt(session, settings));
  const ahead = times.filter((time) => time > now && time < expiresAt);
  return ahead.reduce((earliest, time) => (time < earliest ? time : earliest), expiresAt);
}

const snapshot = ({ authenticatedAt, idleSeconds, idleExpiresAt, absoluteExpiresAt }: WatchedSession) => ({
  authenticatedAt,
  idleSeconds,
  idleExpiresAt,
  absoluteExpiresAt,
});

/** The first rotation of an imported session, which had no limits before, is no new authentication. */
const isReauthenticated = (session: WatchedSession, sent: DeliveryState): boolean =>
  sent.idleSeconds !== null && session.authenticatedAt > sent.authenticatedAt;

/**
 * Beside a new authentication only an applied policy moves a deadline nearer. Activity may first have moved the idle deadline later without an event
 * here, so that the policy moves it back to the last known time or later: then only the smaller idle limit shows the
 * change. Where the absolute deadline caps the idle one, a smaller idle limit alone moves nothing and yields no event.
 */
function isShortened(session: WatchedSession, sent: DeliveryState): boolean {
  const idleLimit = { now: session.idleSeconds, before: sent.idleSeconds };
  const isIdleLimitSmaller =
    idleLimit.now !== null && idleLimit.before !== null && idleLimit.now < idleLimit.before;
  return (
    session.idleExpiresAt < sent.idleExpiresAt ||
    session.absoluteExpiresAt < sent.absoluteExpiresAt ||
    (isIdleLimitSmaller && session.idleExpiresAt < session.absoluteExpiresAt)
  );
}

function endEvent(session: WatchedSession, now: Date): ExpiryEvent {
  const state = evaluateSession(session, now);
  if (state.state === 'live') throw new Error(`Session ${session.id} is live and has not ended.`);
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
  secondsRemaining: toInt(Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000))),
  idleExpiresAt: session.idleExpiresAt,
  absoluteExpiresAt: session.absoluteExpiresAt,
  serverTime: now,
});
