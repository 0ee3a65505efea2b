import { hasPassed, nextMoment } from './expiry-state.ts';
import { toLocalTime } from './server-clock.ts';
import { endSession } from './session-over.ts';
import { type Heartbeat, hasSession } from './state.ts';
import { change, clearTimer, serverNow, setTimer, type Step } from './step.ts';
import { SERVER_FIRST_MS } from './view.ts';

// Changes by the passing of time. One timer, the heartbeat, also detects that the computer slept or its clock was set.

/** A deadline that has passed here, but not for the server, is checked again after this time. */
const CHECK_AGAIN_MS = 1_000;
const MAX_BEAT_MS = 30_000;
const MIN_BEAT_MS = 100;
/** A beat that is further off than this was delayed by a sleep, or by a change of the clock. */
const USUAL_DELAY_MS = 5_000;

/** Whether the deciding deadline has passed. Of an unconfirmed session only the absolute one is left. */
export function isPastDeadline(step: Step): boolean {
  const { session, status } = step.state;
  if (!session) return false;
  if (status === 'unconfirmed') return isPastAbsolute(step);
  return status === 'active' && hasPassed(session, serverNow(step));
}

/** Decides without the server, because it cannot be reached. */
export function decideAlone(step: Step): void {
  if (!isPastDeadline(step)) return;
  if (isPastAbsolute(step)) endSession(step, { kind: 'expired', limit: 'absolute' });
  else change(step, { status: 'unconfirmed' });
}

/** Only a new authentication moves the absolute deadline later: none that could have is without an answer. */
function isPastAbsolute(step: Step): boolean {
  const { session, reauthentication, isAuthenticationUnanswered } = step.state;
  if (!session || reauthentication?.sessionId === session.id || isAuthenticationUnanswered) return false;
  return session.absoluteExpiresAt <= serverNow(step);
}

/** Takes the beat that is due. Returns whether time has passed unusually. */
export function takeBeat(step: Step): boolean {
  const { heartbeat } = step.state;
  change(step, { heartbeat: null });
  return heartbeat !== null && hasSlept(heartbeat, step.at);
}

/** Plans the next beat. A sleep that another event has revealed makes it due at once. */
export function planBeat(step: Step): void {
  const { heartbeat, session } = step.state;
  if (!session || !hasSession(step.state)) return stopBeat(step);
  if (heartbeat?.hasSlept) return;
  const isLate = heartbeat !== null && hasSlept(heartbeat, step.at);
  const waitMs = isLate
    ? 0
    : Math.min(MAX_BEAT_MS, Math.max(MIN_BEAT_MS, (nextBeatAt(step) ?? Infinity) - step.at));
  if (heartbeat && !isLate && heartbeat.expectedAt <= step.at + waitMs) return;
  change(step, { heartbeat: { plannedAt: step.at, expectedAt: step.at + waitMs, hasSlept: isLate } });
  setTimer(step, 'heartbeat', waitMs);
}

export function stopBeat(step: Step): void {
  if (!step.state.heartbeat) return;
  clearTimer(step, 'heartbeat');
  change(step, { heartbeat: null });
}

/** On this computer's clock; null when nothing is left to change. */
function nextBeatAt(step: Step): number | null {
  const { session, connection, clock } = step.state;
  if (!session) return null;
  if (isPastDeadline(step)) return step.at + CHECK_AGAIN_MS;
  const next = nextMoment(session, serverNow(step), connection === 'live' ? SERVER_FIRST_MS : 0);
  return next === null ? null : toLocalTime(clock, next);
}

const hasSlept = (beat: Heartbeat, now: number): boolean =>
  beat.hasSlept || now > beat.expectedAt + USUAL_DELAY_MS || now < beat.plannedAt - USUAL_DELAY_MS;
