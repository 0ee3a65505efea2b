import { recordActivity, recordReading } from './activity.ts';
import { receiveApplicationEvent } from './application-events.ts';
import { replanPoll } from './connection.ts';
import { planBeat } from './deadlines.ts';
import { type Effect } from './effects.ts';
import { type WatcherEvent } from './events.ts';
import { followUp } from './follow-ups.ts';
import { pageReturned } from './lifecycle.ts';
import { reviewReauthentication } from './reauthentication.ts';
import { receiveServerEvent } from './server-events.ts';
import { receiveSocketEvent } from './socket-events.ts';
import { type WatcherState } from './state.ts';
import { change, serverNow, type Step } from './step.ts';
import { receiveTabEvent } from './tab-sync.ts';
import { receiveTimer } from './timer-events.ts';
import { viewState, warningOf } from './view.ts';

/**
 * Makes every decision: returns the next state and the effects of an event. Pure: it reads no clock, page or storage, and
 * equal states and events give equal results.
 */
export function reduce(state: WatcherState, event: WatcherEvent): { state: WatcherState; effects: Effect[] } {
  const step: Step = { state, at: event.at, isVisible: event.isVisible, effects: [], followUps: [] };
  receive(step, event);
  for (let next = step.followUps.shift(); next; next = step.followUps.shift()) followUp(step, next);
  finish(step);
  return { state: step.state, effects: step.effects };
}

function receive(step: Step, event: WatcherEvent): void {
  switch (event.type) {
    case 'start':
    case 'sign-in':
    case 'stop':
    case 'token-requested':
    case 'stay-requested':
    case 'check-requested':
    case 'reauthentication-requested':
    case 'sign-out-requested':
    case 'sign-out-expected':
    case 'sign-out-confirmed':
    case 'warning-dismissed':
    case 'message-announced':
      return receiveApplicationEvent(step, event);
    case 'page-returned':
      return pageReturned(step);
    case 'user-active':
      return recordActivity(step);
    case 'user-reading':
      return recordReading(step);
    case 'request-settled':
    case 'clock-measured':
    case 'refreshed':
    case 'refresh-failed':
    case 'reauthenticated':
    case 'reauthentication-failed':
    case 'session-read':
    case 'session-read-failed':
    case 'touched':
    case 'touch-failed':
    case 'signed-out':
    case 'sign-out-failed':
    case 'application-signed-out':
    case 'application-sign-out-failed':
      return receiveServerEvent(step, event);
    case 'socket-changed':
    case 'socket-received':
    case 'socket-over':
    case 'socket-token-requested':
      return receiveSocketEvent(step, event);
    case 'tab-received':
      return receiveTabEvent(step, event.event);
    case 'timer':
      return receiveTimer(step, event.timer);
    default:
      return event satisfies never;
  }
}

/** Updates the view and plans the next look after every event. */
function finish(step: Step): void {
  reviewReauthentication(step);
  // First, because it detects a sleep, after which the view waits for the server.
  if (step.state.isRunning) planBeat(step);
  change(step, { raised: warningOf(step.state, serverNow(step)) });
  const view = viewState(step.state, serverNow(step));
  change(step, { view, extending: view.extending });
  if (step.state.isRunning) replanPoll(step);
}
