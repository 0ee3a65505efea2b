import { timingSafeEqual } from 'node:crypto';
import { evaluateSession, type SessionWithRefreshState } from '../rules/session.ts';
import { belongsTo } from '../tokens/refresh-token.ts';
import { decideRefresh, type RefreshDecision, type RefreshInput } from './refresh-decision.ts';

/** What to do with the refresh token that comes with a new authentication, whose proof is good. */
export type ReauthenticationDecision =
  /** It may be replaced: the live token, or its parent within the grace, when another tab refreshed at that moment. */
  | { action: 'authenticate' }
  /** The answer of this very authentication may have been lost: mint the same successor again and move nothing. */
  | { action: 'repeat' }
  /** As a refresh with that token, which replaces nothing. */
  | Exclude<RefreshDecision, { action: 'rotate' | 'replay' }>;

/** Decides from the row alone, as `decideRefresh` does. `input.requestHash`: by `hashReauthenticationId`. */
export function decideReauthentication(
  session: SessionWithRefreshState,
  input: RefreshInput,
): ReauthenticationDecision {
  if (isRepeat(session, input)) return { action: 'repeat' };
  const decision = decideRefresh(session, { ...input, requestHash: null });
  return decision.action === 'rotate' || decision.action === 'replay' ? { action: 'authenticate' } : decision;
}

/**
 * What was presented then is one rotation old, or two: another tab may have refreshed just before. None: a browser has
 * stored the new cookie of an answer whose body was lost.
 */
const MAX_AGE_OF_REPEATED = 2;

/** The same `requestId` proves the same client until the successor is used, which moves the generation on. */
function isRepeat(session: SessionWithRefreshState, { claims, requestHash, now }: RefreshInput): boolean {
  const age = session.generation - claims.generation;
  return (
    session.reauthenticatedGeneration === session.generation &&
    age >= 0 &&
    age <= MAX_AGE_OF_REPEATED &&
    requestHash !== null &&
    session.refreshRequestHash !== null &&
    timingSafeEqual(requestHash, session.refreshRequestHash) &&
    belongsTo(claims, session) &&
    evaluateSession(session, now).state === 'live'
  );
}

/** Decides for a client that presents no token: the live one is replaced. */
export function decideWithoutToken(session: SessionWithRefreshState, now: Date): ReauthenticationDecision {
  const state = evaluateSession(session, now);
  switch (state.state) {
    case 'live':
      return { action: 'authenticate' };
    case 'ended':
      return { action: 'refuse', endReason: state.reason, endedAt: state.at };
    case 'expired':
      return { action: state.reason === 'IDLE' ? 'refuse-idle' : 'consume', expiredAt: state.at };
    default:
      return state satisfies never;
  }
}
