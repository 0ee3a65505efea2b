import { MINUTE, SECOND } from '../refresh/session-rows.ts';

// The rules of the public contract in memory, to compare every answer and row with. They know nothing of the
// server's code; time is an argument, in epoch milliseconds.

export interface ModelSession {
  readonly id: string;
  readonly userId: string;
  readonly appType: AppType;
  /** Refresh tokens by generation; the last one is live. */
  tokens: string[];
  /** Replacement times of all but the last. */
  replacedAt: number[];
  /** The `requestId` of the last rotation. */
  requestId: string | null;
  /** Whether a new authentication made the live token, and not a refresh. */
  isReauthenticated: boolean;
  authenticatedAt: number;
  lastActivityAt: number;
  idleSeconds: number;
  absoluteSeconds: number;
  idleExpiresAt: number;
  absoluteExpiresAt: number;
  /** Null also for a session past a deadline whose row may not say so yet. */
  end: End | null;
  /** The absolute-expired token was presented: its answer is given once. */
  isConsumed: boolean;
  /** All access tokens, the latest last. */
  accessTokens: AccessToken[];
}

export type AppType = 'CONTROL_PANEL' | 'TENANT_APP';

export interface End {
  reason: string;
  at: number;
}

export interface AccessToken {
  token: string;
  expiresAt: number;
}

export const GRACE = 10 * SECOND;
const MAX_AHEAD = MINUTE;

export const isLive = (session: ModelSession, now: number): boolean =>
  session.end === null && now < session.idleExpiresAt && now < session.absoluteExpiresAt;

/**
 * Possible recorded ends of an expired session: which one depends on the time of the look. Empty while it is live.
 */
export function possibleTimeouts(session: ModelSession, now: number): End[] {
  const { idleExpiresAt, absoluteExpiresAt } = session;
  const ends: End[] = [];
  if (now >= idleExpiresAt && idleExpiresAt < absoluteExpiresAt)
    ends.push({ reason: 'IDLE_TIMEOUT', at: idleExpiresAt });
  if (now >= absoluteExpiresAt) ends.push({ reason: 'ABSOLUTE_TIMEOUT', at: absoluteExpiresAt });
  return ends;
}

export const isTimeout = ({ reason }: End): boolean => reason.endsWith('_TIMEOUT');

export interface PresentedToken {
  /** Rotations since it was live. */
  age: number;
  requestId: string | null;
  isActive: boolean;
  notAfter: number | null;
}

export type Expected =
  | { kind: 'rotated' }
  | { kind: 'replayed' }
  | { kind: 'refused'; code: string; extensions: Record<string, unknown> }
  /** Refused of a session that a deadline ended. */
  | { kind: 'refused-after-timeout' };

const refused = (code: string, extensions: Record<string, unknown> = {}): Expected => ({
  kind: 'refused',
  code,
  extensions,
});

/** The contract's `refreshSession`; changes the session accordingly. */
export function refresh(session: ModelSession, given: PresentedToken, now: number): Expected {
  const { age, requestId, isActive, notAfter } = given;
  if (notAfter !== null && notAfter > now + MAX_AHEAD)
    return refused('BAD_USER_INPUT', { field: 'notAfter' });
  if (notAfter !== null && now > notAfter) return refused('INVALID_REFRESH_TOKEN', { reason: 'TOO_LATE' });
  if (session.end !== null && !isTimeout(session.end))
    return refused('INVALID_REFRESH_TOKEN', { endReason: session.end.reason });

  const replaced = session.replacedAt.at(-age);
  const isInGrace = age > 0 && replaced !== undefined && now < replaced + GRACE;
  const isReplay =
    age === 1 &&
    !session.isReauthenticated &&
    (isInGrace || (requestId !== null && requestId === session.requestId));
  if (session.isConsumed || (age > 0 && !isReplay)) {
    if (!isLive(session, now)) return { kind: 'refused-after-timeout' };
    if (isInGrace) return refused('INVALID_REFRESH_TOKEN');
    session.end = { reason: 'REFRESH_TOKEN_REUSED', at: now };
    return refused('INVALID_REFRESH_TOKEN', { endReason: 'REFRESH_TOKEN_REUSED' });
  }
  if (now >= session.absoluteExpiresAt) {
    session.isConsumed = true;
    return refused('SESSION_EXPIRED_ABSOLUTE', { expiredAt: iso(session.absoluteExpiresAt) });
  }
  if (now >= session.idleExpiresAt)
    return refused('SESSION_EXPIRED_IDLE', { expiredAt: iso(session.idleExpiresAt) });
  if (age === 1) return { kind: 'replayed' };
  session.replacedAt.push(now);
  session.requestId = requestId;
  session.isReauthenticated = false;
  if (isActive) touch(session, now);
  return { kind: 'rotated' };
}

/** What was presented is this many rotations old when its lost answer is asked for again: another tab may have refreshed. */
const MAX_AGE_OF_REPEATED = 2;

/**
 * The contract's `reauthenticate` with the right password; changes the session accordingly. A session that is over, and a
 * token that cannot be replaced, answer as a refresh. `rotated`: authenticated; `replayed`: repeated.
 */
export function reauthenticate(
  session: ModelSession,
  { age, requestId }: Pick<PresentedToken, 'age' | 'requestId'>,
  policy: EffectivePolicy,
  now: number,
): Expected {
  const asRefresh = () => refresh(session, { age, requestId: null, isActive: false, notAfter: null }, now);
  if (!isLive(session, now)) return asRefresh();
  const isRepeat =
    session.isReauthenticated &&
    age <= MAX_AGE_OF_REPEATED &&
    requestId !== null &&
    requestId === session.requestId;
  if (isRepeat) return { kind: 'replayed' };
  const replaced = session.replacedAt.at(-age);
  const isInGrace = age === 1 && replaced !== undefined && now < replaced + GRACE;
  if (age > 0 && (!isInGrace || session.isReauthenticated)) return asRefresh();
  session.replacedAt.push(now);
  session.requestId = requestId;
  session.isReauthenticated = true;
  Object.assign(session, startUnder(policy, now));
  return { kind: 'rotated' };
}

/** The times of a session that starts, or whose user authenticates again. */
export const startUnder = (policy: EffectivePolicy, now: number) => ({
  authenticatedAt: now,
  lastActivityAt: now,
  idleSeconds: policy.idleMinutes * 60,
  absoluteSeconds: policy.absoluteMinutes * 60,
  idleExpiresAt: now + policy.idleMinutes * MINUTE,
  absoluteExpiresAt: now + policy.absoluteMinutes * MINUTE,
});

/** Activity moves the idle deadline later, and never past the absolute one. */
export function touch(session: ModelSession, now: number): void {
  session.lastActivityAt = now;
  const idle = Math.min(now + session.idleSeconds * SECOND, session.absoluteExpiresAt);
  session.idleExpiresAt = Math.max(session.idleExpiresAt, idle);
}

export interface EffectivePolicy {
  idleMinutes: number;
  absoluteMinutes: number;
}

/**
 * ACTIVE_SESSIONS: the shorter of old and new limits; a session past them ends. Returns whether a deadline came
 * closer, which is sent as SHORTENED.
 */
export function applyPolicy(session: ModelSession, policy: EffectivePolicy, now: number): boolean {
  if (!isLive(session, now)) return false;
  const absolute = Math.min(
    session.absoluteExpiresAt,
    session.authenticatedAt + policy.absoluteMinutes * MINUTE,
  );
  const idle = Math.min(
    session.idleExpiresAt,
    session.lastActivityAt + policy.idleMinutes * MINUTE,
    absolute,
  );
  session.idleSeconds = Math.min(session.idleSeconds, policy.idleMinutes * 60);
  session.absoluteSeconds = Math.min(session.absoluteSeconds, policy.absoluteMinutes * 60);
  if (idle <= now) {
    session.end = { reason: 'POLICY_CHANGED', at: now };
    return false;
  }
  const isShortened = idle < session.idleExpiresAt || absolute < session.absoluteExpiresAt;
  session.idleExpiresAt = idle;
  session.absoluteExpiresAt = absolute;
  return isShortened;
}

/** Ends a live session and changes an ended one in no way. Returns whether this ended it. */
export function revoke(session: ModelSession, reason: string, now: number): boolean {
  if (!isLive(session, now)) return false;
  session.end = { reason, at: now };
  return true;
}

/** The expiry of an access token that is minted now; tokens count in whole seconds. */
export const accessLimit = (session: ModelSession, ttlSeconds: number, now: number): number =>
  Math.min(now + ttlSeconds * SECOND, session.idleExpiresAt, session.absoluteExpiresAt);

export const isAccepted = (session: ModelSession, access: AccessToken, now: number): boolean =>
  isLive(session, now) && now < access.expiresAt;

export const iso = (moment: number): string => new Date(moment).toISOString();
