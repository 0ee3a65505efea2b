import { MINUTE, SECOND } from './rows.ts';

/** The contract's session, kept in memory: what every answer is compared with. It knows nothing of the server's code. */
export interface ModelSession {
  id: string;
  /** The refresh tokens by generation; the last one is live. */
  tokens: string[];
  requestId: string | null;
  rotatedAt: number;
  authenticatedAt: number;
  lastActivityAt: number;
  idleSeconds: number;
  idleExpiresAt: number;
  absoluteExpiresAt: number;
  /** Ended for another cause than a timeout. */
  endReason: string | null;
  /** The absolute-expired token was presented: its answer is given once. */
  isConsumed: boolean;
  accessToken: string;
  accessExpiresAt: number;
}

export const GRACE = 10 * SECOND;

export type Expected =
  | { kind: 'rotated' }
  | { kind: 'replayed'; token: string }
  | { kind: 'refused'; code: string; endReason?: string; expiredAt?: number };

export const isLive = (session: ModelSession, now: number): boolean =>
  session.endReason === null && now < session.idleExpiresAt && now < session.absoluteExpiresAt;

/** What the contract says of a refresh with the token of `age` rotations ago; changes the model accordingly. */
export function refresh(
  session: ModelSession,
  given: { age: number; requestId: string | null; isActive: boolean },
  now: number,
): Expected {
  const { age, requestId, isActive } = given;
  if (session.endReason !== null)
    return { kind: 'refused', code: 'INVALID_REFRESH_TOKEN', endReason: session.endReason };
  const isInGrace = now < session.rotatedAt + GRACE;
  const isReplay = age === 1 && (isInGrace || (requestId !== null && requestId === session.requestId));
  if (session.isConsumed || (age > 0 && !isReplay)) {
    if (!session.isConsumed && !isInGrace && isLive(session, now)) {
      session.endReason = 'REFRESH_TOKEN_REUSED';
      return { kind: 'refused', code: 'INVALID_REFRESH_TOKEN', endReason: 'REFRESH_TOKEN_REUSED' };
    }
    return { kind: 'refused', code: 'INVALID_REFRESH_TOKEN' };
  }
  if (now >= session.absoluteExpiresAt) {
    session.isConsumed = true;
    return { kind: 'refused', code: 'SESSION_EXPIRED_ABSOLUTE', expiredAt: session.absoluteExpiresAt };
  }
  if (now >= session.idleExpiresAt)
    return { kind: 'refused', code: 'SESSION_EXPIRED_IDLE', expiredAt: session.idleExpiresAt };
  if (age === 1) return { kind: 'replayed', token: session.tokens.at(-1)! };
  session.rotatedAt = now;
  session.requestId = requestId;
  if (isActive) touch(session, now);
  return { kind: 'rotated' };
}

export function touch(session: ModelSession, now: number): void {
  session.lastActivityAt = now;
  const idle = Math.min(now + session.idleSeconds * SECOND, session.absoluteExpiresAt);
  session.idleExpiresAt = Math.max(session.idleExpiresAt, idle);
}

/** ACTIVE_SESSIONS: the least of old and new, never longer; what is past the new limits ends. */
export function applyPolicy(
  session: ModelSession,
  policy: { idleMinutes: number; absoluteMinutes: number },
  now: number,
): void {
  if (!isLive(session, now)) return;
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
  if (idle <= now) {
    session.endReason = 'POLICY_CHANGED';
    return;
  }
  session.idleExpiresAt = idle;
  session.absoluteExpiresAt = absolute;
}
