import { goodToken } from './knowledge.ts';
import { endSession } from './session-over.ts';
import { hasSession } from './state.ts';
import { change, reject, resolve, type Step } from './step.ts';

// The user signs out: at Curfew first, whose answer counts, then at the application.

/** Several requests at once are one sign-out; without a session there is nothing to do. */
export function requestSignOut(step: Step, call: number): void {
  const { signOut, session } = step.state;
  if (!hasSession(step.state)) return resolve(step, call);
  if (signOut) return change(step, { signOut: { ...signOut, calls: [...signOut.calls, call] } });
  change(step, { signOut: { sessionId: session?.id ?? null, calls: [call], heldEnd: null } });
  step.effects.push({ type: 'sign-out', token: goodToken(step) ?? undefined });
}

/** Curfew has ended the session. */
export function signedOut(step: Step): void {
  if (step.state.config.hasApplicationSignOut) step.effects.push({ type: 'sign-out-application' });
  else finishSignOut(step, { isOver: true });
}

/** `isOver`: Curfew has ended the session, though the application may have failed. */
export function finishSignOut(step: Step, { isOver, error }: { isOver: boolean; error?: unknown }): void {
  const { signOut, session } = step.state;
  if (!signOut) return;
  change(step, { signOut: null });
  const { sessionId, heldEnd, calls } = signOut;
  const watchedId = session?.id ?? null;
  // Another tab may have signed in in the meantime.
  if (isOver && watchedId === sessionId) endSession(step, { kind: 'left' });
  else if (heldEnd && watchedId === heldEnd.sessionId) endSession(step, heldEnd.ending, heldEnd);
  for (const call of calls) {
    if (error === undefined) resolve(step, call);
    else reject(step, call, { kind: 'error', error });
  }
}
