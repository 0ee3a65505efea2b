import { closeSocket } from './connection.ts';
import { RefusedError } from './errors.ts';
import { learnEnd } from './knowledge.ts';
import { dropRefresh } from './refresh.ts';
import { endOfRefusal } from './session-end.ts';
import { type SessionEnd } from './session-state.ts';
import { hasSession, type WatcherState } from './state.ts';
import { change, clearTimer, type Step } from './step.ts';

// The end of the session, and the user's own part in it.

/**
 * Ends the session. During a sign-out the end is held until that is done, because a page that goes away at once would cut
 * the application's own sign-out short.
 */
export function endSession(step: Step, received: SessionEnd, { isFromTab = false } = {}): void {
  const { signOut, session } = step.state;
  const sessionId = session?.id ?? null;
  if (signOut) {
    const heldEnd = { ending: received, isFromTab, sessionId };
    return change(step, { signOut: { ...signOut, heldEnd } });
  }
  const ending = endAsSeen(step.state, received);
  if (!learnEnd(step, ending)) return;
  closeSocket(step);
  dropRefresh(step, { forgetsRequest: true });
  clearTimer(step, 'spread');
  if (!isFromTab && sessionId !== null)
    step.effects.push({ type: 'post', event: { kind: 'over', sessionId, ending } });
}

/** Ends the session if the server's refusal says so. */
export function endByRefusal(step: Step, error: unknown): void {
  if (!(error instanceof RefusedError)) return;
  const ending = endOfRefusal(error);
  if (ending) endSession(step, ending);
}

/** Records whether the user is about to end this session, and informs the other tabs. */
export function expectSignOut(step: Step, sessionId: string, isExpected: boolean): void {
  const { session, expectedSignOut } = step.state;
  const isKnown = isExpected
    ? hasSession(step.state) && session?.id === sessionId
    : expectedSignOut === sessionId;
  if (!isKnown) return;
  change(step, { expectedSignOut: isExpected ? sessionId : null });
  step.effects.push({ type: 'post', event: { kind: 'leaving', sessionId, isLeaving: isExpected } });
}

/** An expected end is the user's own sign-out, except for a deadline that passes. */
function endAsSeen({ expectedSignOut, session }: WatcherState, ending: SessionEnd): SessionEnd {
  const isOwn = expectedSignOut !== null && expectedSignOut === session?.id && ending.kind !== 'expired';
  return isOwn ? { kind: 'left' } : ending;
}
