import { startExtension } from './extension.ts';
import { toLocalTime } from './server-clock.ts';
import { type Activity, hasSession, NO_ACTIVITY, type WatcherState } from './state.ts';
import { change, clearTimer, setTimer, type Step } from './step.ts';

// Reports the user's activity on the page now and then, and loses none that still counts.

const MAX_INTERVAL_MS = 60_000;
/** While the idle warning is shown: a click on the answer to it is that answer, not activity beside it. */
const ANSWER_FIRST_MS = 1_000;

/** The user did something. Counts in a visible page, and not in the last minute, which waits for an explicit answer. */
export function recordActivity(step: Step): void {
  const { isRunning, status } = step.state;
  if (!isRunning || !step.isVisible || status !== 'active' || waitsForAnswer(step.state)) return;
  changeActivity(step, { unsent: step.at });
  scheduleSend(step);
}

/** The user reads on. Once a warning is shown, only an explicit click or key extends. */
export function recordReading(step: Step): void {
  if (step.state.view.warning === 'none') recordActivity(step);
}

/** The server knows of activity in the session, from any tab. */
export function noteActivity(step: Step): void {
  const { session, clock, activity } = step.state;
  if (!session) return;
  const at = toLocalTime(clock, session.lastActivityAt);
  const { unsent } = activity;
  changeActivity(step, {
    sentAt: Math.max(activity.sentAt, at),
    unsent: unsent !== null && unsent <= at ? null : unsent,
  });
}

/** The server can be reached again: sends what could not be sent. */
export function flushActivity(step: Step): void {
  if (!step.state.activity.isTimerSet) sendActivity(step);
}

export function activityDue(step: Step): void {
  changeActivity(step, { isTimerSet: false });
  sendActivity(step);
}

/** What could not be sent waits for a connection, or for more activity. */
export function activitySettled(step: Step, isReceived: boolean): void {
  const { sending, unsent } = step.state.activity;
  if (sending === null) return;
  changeActivity(step, { sending: null, unsent: isReceived ? unsent : (unsent ?? sending) });
  if (isReceived) scheduleSend(step);
}

export function resetActivity(step: Step): void {
  clearTimer(step, 'activity');
  change(step, { activity: NO_ACTIVITY });
}

function scheduleSend(step: Step): void {
  const { unsent, isTimerSet, sending, sentAt } = step.state.activity;
  if (unsent === null || isTimerSet || sending !== null) return;
  // The difference may be negative: after the clock was set back nothing is waited for.
  const pauseMs = Math.max(
    step.state.view.reason === 'IDLE' ? ANSWER_FIRST_MS : 0,
    intervalMs(step.state) - Math.abs(step.at - sentAt),
  );
  if (pauseMs === 0) return sendActivity(step);
  changeActivity(step, { isTimerSet: true });
  setTimer(step, 'activity', pauseMs);
}

function sendActivity(step: Step): void {
  const { unsent, sending } = step.state.activity;
  if (unsent === null || sending !== null || step.state.extensions.stay) return;
  changeActivity(step, { unsent: null });
  if (!isWorthSending(step, unsent)) return;
  changeActivity(step, { sending: unsent, sentAt: step.at });
  startExtension(step, 'activity');
}

/**
 * The server takes it for activity of now. Older activity, such as from before the computer slept, would lengthen the
 * session by its age.
 */
const isWorthSending = ({ state, at }: Step, activeAt: number): boolean =>
  hasSession(state) && !waitsForAnswer(state) && at - activeAt <= 2 * intervalMs(state);

/** In the last minute of the idle limit a person is asked whether they are there: a stray key is no answer. */
const waitsForAnswer = ({ view }: WatcherState): boolean => view.reason === 'IDLE' && view.warning === 'now';

/** At least twice between the start of the idle limit and its warning. */
function intervalMs({ session }: WatcherState): number {
  const { idleMinutes = 0, idleWarningSeconds = 0 } = session ?? {};
  return Math.min(MAX_INTERVAL_MS, (idleMinutes * 60_000 - idleWarningSeconds * 1000) / 2);
}

function changeActivity(step: Step, changes: Partial<Activity>): void {
  change(step, { activity: { ...step.state.activity, ...changes } });
}
