import { activityDue } from './activity.ts';
import { changeSocket, isPollNeeded, schedulePoll } from './connection.ts';
import { isPastDeadline, takeBeat } from './deadlines.ts';
import { type TimerName } from './events.ts';
import { ensureFind } from './find.ts';
import { pageReturned } from './lifecycle.ts';
import { isLooking } from './state.ts';
import { checkFirst, holdTimedOut, requestCheck } from './status-check.ts';
import { type Step } from './step.ts';

/** Takes in a timer that is due. */
export function receiveTimer(step: Step, timer: TimerName): void {
  switch (timer) {
    case 'heartbeat':
      return beat(step);
    case 'find':
      return isLooking(step.state) ? ensureFind(step) : undefined;
    case 'hold':
      return holdTimedOut(step);
    case 'blink':
      changeSocket(step, { isBlink: false });
      // Shows which of the two it is: no socket, or no network.
      return requestCheck(step, { kind: 'blink' });
    case 'poll':
      return isPollNeeded(step) ? requestCheck(step, { kind: 'poll' }) : schedulePoll(step);
    case 'spread':
      return requestCheck(step);
    case 'activity':
      return activityDue(step);
    default:
      return timer satisfies never;
  }
}

function beat(step: Step): void {
  const hasSlept = takeBeat(step);
  if (hasSlept && step.isVisible) pageReturned(step);
  if (isPastDeadline(step)) checkFirst(step);
}
