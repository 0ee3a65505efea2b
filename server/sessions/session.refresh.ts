import { timingSafeEqual } from 'node:crypto';
import { addSeconds } from '../clock.ts';
import type { SessionEndReason } from '../generated/schema.ts';
import { belongsTo, type RefreshTokenClaims } from '../tokens/refresh-token.ts';
import { verdict, type RenewableSession } from './session.ts';

/** What to do with a refresh token, in the contract's order of checks. */
export type RefreshDecision =
  /** The live token of a live session. */
  | { action: 'rotate' }
  /** The parent of a token whose answer may have been lost: mint the same successor again and move nothing. */
  | { action: 'replay' }
  /** Past the absolute deadline: consume the token, commit that, then say so. */
  | { action: 'consume'; expiredAt: Date }
  | { action: 'refuse-idle'; expiredAt: Date }
  | { action: 'refuse'; endReason?: SessionEndReason; endedAt?: Date }
  /** Somebody holds a token that was exchanged long ago: end the session. */
  | { action: 'end-for-reuse' };

export interface RefreshQuestion {
  claims: RefreshTokenClaims;
  requestHash: Uint8Array | null;
  now: Date;
  graceSeconds: number;
}

/** Decides from the row alone. `generation` counts rotations: equal is the live token, one less its parent. */
export function judgeRefresh(session: RenewableSession | null, question: RefreshQuestion): RefreshDecision {
  const { claims, now } = question;
  if (!session || !belongsTo(claims, session)) return { action: 'refuse' };

  const state = verdict(session, now);
  if (state.state === 'ended') return { action: 'refuse', endReason: state.reason, endedAt: state.at };

  const age = session.generation - claims.generation;
  if (age < 0) return { action: 'refuse' };
  if (age > 0) {
    const isReplay = age === 1 && mayReplay(session, question);
    if (!isReplay) {
      const isLive = state.state === 'live';
      return isLive && !withinGrace(session, question) ? { action: 'end-for-reuse' } : { action: 'refuse' };
    }
    // Its rotation was the consumption of an absolute-expired token: that answer is given once.
    if (session.rotatedAt >= session.absoluteExpiresAt) return { action: 'refuse' };
  }

  if (now >= session.absoluteExpiresAt) return { action: 'consume', expiredAt: session.absoluteExpiresAt };
  if (state.state === 'expired') return { action: 'refuse-idle', expiredAt: state.at };
  return { action: age === 0 ? 'rotate' : 'replay' };
}

/** Before this moment a parent's replay, or an older token, is taken for a lost answer or a racing tab. */
const withinGrace = (session: RenewableSession, { now, graceSeconds }: RefreshQuestion): boolean =>
  now < addSeconds(session.rotatedAt, graceSeconds);

/** Until the successor is used, which moves the generation on, the same `requestId` proves the same client. */
function mayReplay(session: RenewableSession, question: RefreshQuestion): boolean {
  if (withinGrace(session, question)) return true;
  const { requestHash } = question;
  return (
    requestHash !== null &&
    session.refreshRequestHash !== null &&
    timingSafeEqual(requestHash, session.refreshRequestHash)
  );
}
