import { type PollNeed, hasSession, type Socket } from './state.ts';
import { change, clearTimer, setTimer, type Step } from './step.ts';

// Follows the server: over the socket, and by polling while the socket is down.

const POLL_MS = 30_000;
const POLL_WHILE_WARNED_MS = 10_000;
const FIRST_RETRY_MS = 2_000;
/** An interruption this short is not shown. */
const BLINK_MS = 2_000;
const HURRY_INTERVAL_MS = 1_000;

export function changeSocket(step: Step, changes: Partial<Socket>): void {
  change(step, { socket: { ...step.state.socket, ...changes } });
}

/** Follows the session from the beginning. */
export function openSocket(step: Step): void {
  closeSocket(step);
  changeSocket(step, { failures: 0 });
  follow(step);
  awaitReturn(step);
  schedulePoll(step);
}

export function closeSocket(step: Step): void {
  clearTimer(step, 'blink');
  clearTimer(step, 'poll');
  step.effects.push({ type: 'close-socket' });
  changeSocket(step, { isFollowing: false, isUp: false, isBlink: false });
}

export function follow(step: Step): void {
  changeSocket(step, { isFollowing: true, followedAt: step.at });
  step.effects.push({ type: 'open-socket' });
}

export function socketChanged(step: Step, isUp: boolean): void {
  changeSocket(step, { isUp });
  if (isUp) {
    clearTimer(step, 'blink');
    changeSocket(step, { isBlink: false, failures: 0, upAt: step.at });
  } else awaitReturn(step);
  showConnection(step);
  schedulePoll(step);
}

/** Reconnects without waiting, because the network may be back. Several events of one return count once. */
export function hurry(step: Step): void {
  const { isFollowing, isUp, followedAt } = step.state.socket;
  if (!isFollowing || isUp || Math.abs(step.at - followedAt) < HURRY_INTERVAL_MS) return;
  follow(step);
  schedulePoll(step);
}

/** A request has shown whether the server can be reached. */
export function observeServer(step: Step, isReached: boolean): void {
  changeSocket(step, { isReached, failures: isReached ? 0 : step.state.socket.failures + 1 });
  showConnection(step);
}

export function showConnection(step: Step): void {
  const { isUp, isFollowing, isBlink, isReached } = step.state.socket;
  if (isUp) change(step, { connection: 'live' });
  else if (!isFollowing) change(step, { connection: isReached ? 'live' : 'offline' });
  else if (!isBlink) change(step, { connection: isReached ? 'polling' : 'offline' });
}

/** Plans the next poll again if the reason for polling has changed. */
export function replanPoll(step: Step): void {
  if (pollNeed(step) !== step.state.socket.plannedFor) schedulePoll(step);
}

export function schedulePoll(step: Step): void {
  clearTimer(step, 'poll');
  if (!step.state.socket.isFollowing) return;
  const need = pollNeed(step);
  changeSocket(step, { plannedFor: need });
  const pauseMs = pollPause(need, step.state.socket.failures);
  setTimer(step, 'poll', 0.8 * pauseMs, 1.2 * pauseMs);
}

/**
 * Whether to poll now. A socket that is up sends every later change, except to a session that is unconfirmed: one poll
 * after it came up finds what changed before.
 */
export function isPollNeeded(step: Step): boolean {
  const { socket, answeredAt } = step.state;
  const need = pollNeed(step);
  return need === 'urgent' || (need !== 'never' && (!socket.isUp || answeredAt < socket.upAt));
}

function pollNeed({ state, isVisible }: Step): PollNeed {
  if (!hasSession(state)) return 'never';
  if (state.status === 'unconfirmed') return 'urgent';
  if (state.raised) return 'warned';
  return isVisible ? 'usual' : 'never';
}

function pollPause(need: PollNeed, failures: number): number {
  switch (need) {
    case 'urgent':
      return Math.min(POLL_MS, FIRST_RETRY_MS * 2 ** failures);
    case 'warned':
      return POLL_WHILE_WARNED_MS;
    default:
      return POLL_MS;
  }
}

function awaitReturn(step: Step): void {
  changeSocket(step, { isBlink: true });
  setTimer(step, 'blink', BLINK_MS);
}
