import { dropRefresh, requestRefresh } from './refresh.ts';
import { forgetSession } from './knowledge.ts';
import { closeSocket } from './connection.ts';
import { isLooking, NO_FIND } from './state.ts';
import { change, clearTimer, nextId, setTimer, type Step } from './step.ts';

// The search for the session of the cookie, or of the application.

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;

/** Searches now, unless a search is in progress or none is needed. A `find-settled` follows. */
export function ensureFind(step: Step): void {
  const { find } = step.state;
  if (!isLooking(step.state)) return void step.followUps.push({ type: 'find-settled' });
  if (find.id !== null) return;
  clearTimer(step, 'find');
  const id = nextId(step);
  change(step, { find: { ...find, id } });
  requestRefresh(step, { kind: 'find', id });
}

/** Tries again later if the session is still unknown. */
export function endFind(step: Step, id: number): void {
  const { find } = step.state;
  if (find.id !== id) return;
  change(step, { find: { ...find, id: null } });
  step.followUps.push({ type: 'find-settled' });
  if (!isLooking(step.state)) return;
  setTimer(step, 'find', Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** find.failures));
  change(step, { find: { ...step.state.find, failures: find.failures + 1 } });
}

/** Ends the search. Its waiters stay for the next one. */
export function stopFind(step: Step): void {
  clearTimer(step, 'find');
  const { tokenRequests, signIns } = step.state.find;
  change(step, { find: { ...NO_FIND, tokenRequests, signIns } });
}

/** Finds the session of a sign-in by the application, whose back end alone knows the user. */
export function findNewSession(step: Step): void {
  closeSocket(step);
  stopFind(step);
  dropRefresh(step, { forgetsRequest: true });
  step.effects.push({ type: 'abort-requests' });
  forgetSession(step, { keepsUser: false });
  ensureFind(step);
}

/** Finds the session that the user has signed in to in another tab, with a token for this tab. */
export function findSessionOfUser(step: Step): void {
  closeSocket(step);
  stopFind(step);
  dropRefresh(step, { forgetsRequest: false });
  // A refresh of the cookie is not cut off: its answer may bring the newest one.
  if (!step.state.config.isRotating) step.effects.push({ type: 'abort-requests' });
  forgetSession(step, { keepsUser: true });
  ensureFind(step);
}
