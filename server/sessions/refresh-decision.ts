import { timingSafeEqual } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import { endOfSession, evaluateSession, type SessionWithRefreshState } from '../rules/session.ts';
import { belongsTo, type RefreshTokenClaims } from '../tokens/refresh-token.ts';

// The decision after the fast path. `rotateTokens` (rotate.sql.ts) rotates the live token of a live session in one
// statement and decides nothing else; every other refresh is decided here, from the row. Both agree on what may rotate:
// a property test compares them on random rows (test/refresh/fast-path-agrees.test.ts).

/** What to do with a refresh token, in the order of the contract's checks. */
export type RefreshDecision =
  /** It is the live token of a live session. */
  | { action: 'rotate' }
  /** It is the parent, and the answer may have been lost: mint the same successor again and move nothing. */
  | { action: 'replay' }
  /** The session is past its absolute deadline: consume the token, commit, then refuse. */
  | { action: 'consume'; expiredAt: Date }
  | { action: 'refuse-idle'; expiredAt: Date }
  /** `isRace`: it was replaced within the grace, so tabs raced. Nothing else comes of it. */
  | { action: 'refuse'; endReason?: SessionEndReason; endedAt?: Date; isRace?: true }
  /** It was replaced long ago, so a copy is in use (RFC 9700, section 4.14.2): end the session. */
  | { action: 'end-for-reuse' };

export interface RefreshInput {
  claims: RefreshTokenClaims;
  requestHash: Uint8Array | null;
  /** When the request arrived, at most `now`. The grace counts to here, so a slow database costs no tab its session. */
  presentedAt: Date;
  now: Date;
  graceSeconds: number;
}

/** Rotations before the parent's that a row remembers. The trigger of `recent_rotations` keeps the same number. */
const MAX_RECENT_ROTATIONS = 100;

/** Decides from the row alone. `generation` counts rotations: the live token has the row's number, its parent one less. */
export function decideRefresh(session: SessionWithRefreshState | null, input: RefreshInput): RefreshDecision {
  const { claims, now } = input;
  if (!session || !belongsTo(claims, session)) return { action: 'refuse' };

  const state = evaluateSession(session, now);
  if (state.state === 'ended') return { action: 'refuse', endReason: state.reason, endedAt: state.at };
  const refusal: RefreshDecision = { action: 'refuse', ...endOfSession(session, now) };

  const age = session.generation - claims.generation;
  if (age < 0) return refusal;
  if (age > 0) {
    const isReplay = age === 1 && mayReplay(session, input);
    if (!isReplay) {
      if (state.state !== 'live') return refusal;
      return isWithinGrace(session, age, input) ? { ...refusal, isRace: true } : { action: 'end-for-reuse' };
    }
    // The last rotation consumed the token of an expired session. That answer is given once.
    if (session.rotatedAt >= session.absoluteExpiresAt) return refusal;
  }

  if (now >= session.absoluteExpiresAt) return { action: 'consume', expiredAt: session.absoluteExpiresAt };
  if (state.state === 'expired') return { action: 'refuse-idle', expiredAt: state.at };
  return { action: age === 0 ? 'rotate' : 'replay' };
}

/**
 * When the token of `age` rotations ago was replaced; age 1 is the parent. For a token older than the row remembers,
 * the earliest time it remembers, which is later than the replacement. Null: too many rotations ago for a racing tab.
 */
export function replacedAt(
  session: Pick<SessionWithRefreshState, 'rotatedAt' | 'recentRotations'>,
  age: number,
): Date | null {
  const known = [session.rotatedAt, ...session.recentRotations];
  if (age <= known.length) return known[age - 1]!;
  return session.recentRotations.length >= MAX_RECENT_ROTATIONS ? null : known.at(-1)!;
}

/** Within the grace after its own replacement, an old token counts as a lost answer or a racing tab. */
function isWithinGrace(
  session: SessionWithRefreshState,
  age: number,
  { presentedAt, graceSeconds }: RefreshInput,
): boolean {
  const replaced = replacedAt(session, age);
  return replaced !== null && presentedAt < addSeconds(replaced, graceSeconds);
}

/**
 * The same `requestId` proves the same client until the successor is used, which moves the generation on. The
 * holder of a token that a new authentication replaced has not authenticated: no refresh gets its successor.
 */
function mayReplay(session: SessionWithRefreshState, input: RefreshInput): boolean {
  if (session.reauthenticatedGeneration === session.generation) return false;
  if (isWithinGrace(session, 1, input)) return true;
  const { requestHash } = input;
  return (
    requestHash !== null &&
    session.refreshRequestHash !== null &&
    timingSafeEqual(requestHash, session.refreshRequestHash)
  );
}
