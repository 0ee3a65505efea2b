import { flushActivity } from './activity.ts';
import { schedulePoll, showConnection } from './connection.ts';
import { decideAlone } from './deadlines.ts';
import { RefusedError } from './errors.ts';
import { type ServerEvent } from './events.ts';
import { ensureFind } from './find.ts';
import { goodToken, learnSession } from './knowledge.ts';
import { isOver, requestRefresh } from './refresh.ts';
import { measureClock } from './server-clock.ts';
import { endByRefusal } from './session-over.ts';
import { type CheckWaiter, hasSession, isLooking, type StatusCheck } from './state.ts';
import { change, clearTimer, nextId, type RefreshResult, resolve, setTimer, type Step } from './step.ts';

// Asks the server about the session: one check at a time, for many reasons.

/** After this time without an answer the view is released. */
const HOLD_TIMEOUT_MS = 3_000;

/** Checks now, or joins the check in progress. */
export function requestCheck(step: Step, waiter?: CheckWaiter): void {
  const { check } = step.state;
  const waiters = [...(check?.waiters ?? []), ...(waiter ? [waiter] : [])];
  if (check) changeCheck(step, { waiters });
  else startCheck(step, { waiters });
}

/** Checks, and holds the view until the answer is there. A check that began earlier does not count. */
export function checkFirst(step: Step): void {
  const { check, isHeld } = step.state;
  if (!isHeld) {
    setTimer(step, 'hold', HOLD_TIMEOUT_MS);
    change(step, { isHeld: true });
  }
  if (!check) startCheck(step, { isAwaited: true });
  else if (check.startedAt === step.at) changeCheck(step, { isAwaited: true });
  else changeCheck(step, { isRepeated: true });
}

/** The answer takes too long: releases the view and decides without it. */
export function holdTimedOut(step: Step): void {
  if (!step.state.isHeld) return;
  change(step, { isHeld: false });
  decideAlone(step);
}

export function sessionRead(step: Step, answer: ServerEvent & { type: 'session-read' }): void {
  if (step.state.check?.id !== answer.id) return;
  const serverMs = Date.parse(answer.serverTime);
  change(step, { clock: measureClock(step.state.clock, { ...answer, serverMs }) });
  learnSession(step, answer.session, serverMs);
  finishAnswered(step);
}

export function sessionReadFailed(
  step: Step,
  { id, error }: ServerEvent & { type: 'session-read-failed' },
): void {
  const { check, session } = step.state;
  if (check?.id !== id) return;
  if (!(error instanceof RefusedError)) return finishUnanswered(step);
  if (check.sessionId === session?.id) endByRefusal(step, error);
  // Maybe only the token was refused, for its age.
  if (hasSession(step.state)) refreshForCheck(step);
  else finishCheck(step);
}

export function checkRefreshed(step: Step, id: number, result: RefreshResult): void {
  if (step.state.check?.id !== id) return;
  if (result.kind === 'failed' || isOver(step)) finishUnanswered(step);
  else finishAnswered(step);
}

/** A search is done, or has failed for now. */
export function checkFound(step: Step): void {
  if (step.state.check?.stage === 'finding') finishCheck(step);
}

/** Ends the check in progress and continues its waiters. */
export function finishCheck(step: Step): void {
  const { check } = step.state;
  if (!check) return;
  change(step, { check: null });
  for (const waiter of check.waiters) {
    if (waiter.kind === 'call') resolve(step, waiter.call);
    else if (waiter.kind === 'poll') schedulePoll(step);
    else showConnection(step);
  }
  if (check.isAwaited) {
    clearTimer(step, 'hold');
    change(step, { isHeld: false });
  }
  if (check.isRepeated && step.state.isRunning) startCheck(step, { isAwaited: true });
}

function startCheck(step: Step, changes: Partial<StatusCheck>): void {
  const id = nextId(step);
  const sessionId = step.state.session?.id ?? null;
  const begun = { id, sessionId, startedAt: step.at, isAwaited: false, isRepeated: false, waiters: [] };
  change(step, { check: { ...begun, stage: 'finding', ...changes } });
  // A watcher that has stopped asks nothing more: it answers with what it knows.
  if (!step.state.isRunning) return finishCheck(step);
  if (isLooking(step.state)) return ensureFind(step);
  if (!hasSession(step.state)) return finishCheck(step);
  const token = goodToken(step);
  if (token === null) return refreshForCheck(step);
  changeCheck(step, { stage: 'reading' });
  step.effects.push({ type: 'read-session', id, token });
}

/** A refresh brings the session, too, and a new token. */
function refreshForCheck(step: Step): void {
  const { check } = step.state;
  if (!check) return;
  changeCheck(step, { stage: 'refreshing' });
  requestRefresh(step, { kind: 'check', id: check.id });
}

function finishAnswered(step: Step): void {
  if (hasSession(step.state)) {
    change(step, { answeredAt: step.at });
    flushActivity(step);
  }
  finishCheck(step);
}

function finishUnanswered(step: Step): void {
  if (hasSession(step.state)) decideAlone(step);
  finishCheck(step);
}

function changeCheck(step: Step, changes: Partial<StatusCheck>): void {
  const { check } = step.state;
  if (check) change(step, { check: { ...check, ...changes } });
}
