import { flushActivity, noteActivity } from './activity.ts';
import { observeServer } from './connection.ts';
import { type ServerEvent } from './events.ts';
import { touched, touchFailed } from './extension.ts';
import { learnSession } from './knowledge.ts';
import { takeTokens } from './lifecycle.ts';
import { reauthenticated, reauthenticationFailed } from './reauthentication.ts';
import { settleRefresh } from './refresh.ts';
import { measureClock } from './server-clock.ts';
import { endByRefusal } from './session-over.ts';
import { finishSignOut, signedOut } from './sign-out.ts';
import { sessionRead, sessionReadFailed } from './status-check.ts';
import { change, type Step } from './step.ts';

/** Takes in the answer to a request, or its failure. */
export function receiveServerEvent(step: Step, event: ServerEvent): void {
  switch (event.type) {
    case 'request-settled':
      return requestSettled(step, event.isReached);
    case 'clock-measured':
      return measure(step, event);
    case 'refreshed':
      return refreshed(step, event);
    case 'refresh-failed':
      return refreshFailed(step, event);
    case 'reauthenticated':
      return reauthenticated(step, event);
    case 'reauthentication-failed':
      return reauthenticationFailed(step, event);
    case 'session-read':
      return sessionRead(step, event);
    case 'session-read-failed':
      return sessionReadFailed(step, event);
    case 'touched':
      return sessionTouched(step, event);
    case 'touch-failed':
      return touchFailed(step, event);
    case 'signed-out':
      return signedOut(step);
    case 'sign-out-failed':
      return finishSignOut(step, { isOver: false, error: event.error });
    case 'application-signed-out':
      return finishSignOut(step, { isOver: true });
    case 'application-sign-out-failed':
      return finishSignOut(step, { isOver: true, error: event.error });
    default:
      return event satisfies never;
  }
}

function requestSettled(step: Step, isReached: boolean): void {
  if (!step.state.isRunning) return;
  observeServer(step, isReached);
  if (step.state.connection === 'live') flushActivity(step);
}

function refreshed(step: Step, event: ServerEvent & { type: 'refreshed' }): void {
  const { refresh, config } = step.state;
  if (refresh?.id !== event.id) return;
  measure(step, { ...event, serverTime: event.tokens.serverTime });
  takeTokens(step, event.tokens, 'refresh');
  // A replay answers an earlier request, not this activity.
  const isActivity = config.isRotating && refresh.userActive && !event.isReplay;
  settleRefresh(step, { kind: 'done', isActivity });
}

function refreshFailed(step: Step, { id, error }: ServerEvent & { type: 'refresh-failed' }): void {
  if (step.state.refresh?.id !== id) return;
  endByRefusal(step, error);
  settleRefresh(step, { kind: 'failed', error });
}

function sessionTouched(step: Step, event: ServerEvent & { type: 'touched' }): void {
  const { session } = event;
  // The answer carries no time: the session was read when the activity in it was recorded.
  const knownAt = Date.parse(session.lastActivityAt);
  learnSession(step, session, knownAt);
  noteActivity(step);
  step.effects.push({ type: 'post', event: { kind: 'extended', session, knownAt } });
  touched(step, event);
}

function measure(step: Step, reading: { serverTime: string; sentAt: number; receivedAt: number }): void {
  const serverMs = Date.parse(reading.serverTime);
  change(step, { clock: measureClock(step.state.clock, { ...reading, serverMs }) });
}
