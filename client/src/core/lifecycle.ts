import { noteActivity, resetActivity } from './activity.ts';
import { closeSocket, hurry, openSocket } from './connection.ts';
import { stopBeat } from './deadlines.ts';
import { findNewSession, stopFind } from './find.ts';
import { acceptTokens, type TokenOrigin } from './knowledge.ts';
import { dropRefresh } from './refresh.ts';
import { advanceClock } from './server-clock.ts';
import { type TokenSet } from './session-state.ts';
import { type Dismissal, hasSession, type WatcherState } from './state.ts';
import { checkFirst, finishCheck, requestCheck } from './status-check.ts';
import { change, type Step } from './step.ts';
import { type AnnouncedSession } from './tab-event.ts';

// Starting, stopping, and the sessions in between.

/** An answer this fresh still holds when the page returns. */
const FRESH_MS = 5_000;

/** Finds the session, or follows the one that was known before a stop. */
export function start(step: Step, dismissal: Dismissal | null): void {
  if (step.state.isRunning) return;
  run(step, dismissal);
  if (hasSession(step.state)) openSocket(step);
  requestCheck(step);
}

/** Begins the session of a sign-in by the application. Null: the session has yet to be found. */
export function signIn(step: Step, tokens: TokenSet | null, dismissal: Dismissal | null): void {
  run(step, dismissal);
  if (!tokens) return findNewSession(step);
  change(step, { clock: advanceClock(step.state.clock, Date.parse(tokens.serverTime), step.at) });
  takeTokens(step, tokens, 'sign-in');
}

/** Takes in a token set, and opens or continues its session. */
export function takeTokens(step: Step, tokens: TokenSet, origin: TokenOrigin): void {
  const acceptance = acceptTokens(step, tokens, origin);
  switch (acceptance) {
    case 'other-user':
      return replacePage(step);
    case 'begun': {
      if (origin === 'sign-in') dropRefresh(step, { forgetsRequest: true });
      change(step, { answeredAt: step.at });
      openSocket(step);
      const announced = announcedSession(step.state);
      if (announced) step.effects.push({ type: 'post', event: { kind: 'signed-in', ...announced } });
      return noteActivity(step);
    }
    case 'kept':
      step.effects.push({
        type: 'post',
        event: { kind: 'extended', session: tokens.session, knownAt: Date.parse(tokens.serverTime) },
      });
      return noteActivity(step);
    case 'ignored':
      return;
    default:
      return acceptance satisfies never;
  }
}

/** Another user has signed in: stops, and replaces the page. */
export function replacePage(step: Step): void {
  if (!step.state.isRunning) return;
  stop(step);
  step.effects.push({ type: 'replace-page' });
}

/** The page is visible or online again, or the computer woke up: checks first, then shows. */
export function pageReturned(step: Step): void {
  const { isRunning, status, answeredAt } = step.state;
  if (!isRunning) return;
  if (!hasSession(step.state) && status !== 'starting')
    return void step.effects.push({ type: 'post', event: { kind: 'who-is-here' } });
  hurry(step);
  if (Math.abs(step.at - answeredAt) >= FRESH_MS) checkFirst(step);
}

export function stop(step: Step): void {
  if (!step.state.isRunning) return;
  change(step, { isRunning: false });
  closeSocket(step);
  stopBeat(step);
  stopFind(step);
  step.followUps.push({ type: 'find-settled' });
  dropRefresh(step, { forgetsRequest: false });
  finishCheck(step);
  change(step, { isHeld: false });
  resetActivity(step);
  step.effects.push({ type: 'detach' });
}

/** Null: no session has been found yet. */
export function announcedSession({ session, user }: WatcherState): AnnouncedSession | null {
  return session && user
    ? { sessionId: session.id, userId: user.id, authenticatedAt: session.authenticatedAt }
    : null;
}

function run(step: Step, dismissal: Dismissal | null): void {
  change(step, { dismissal });
  if (step.state.isRunning) return;
  change(step, { isRunning: true });
  resetActivity(step);
  step.effects.push({ type: 'attach' });
}
