import { noteActivity } from './activity.ts';
import { ensureFind, findSessionOfUser } from './find.ts';
import { dismissDeadline, learnSession } from './knowledge.ts';
import { announcedSession, replacePage } from './lifecycle.ts';
import { endSession } from './session-over.ts';
import { hasSession, isLooking } from './state.ts';
import { change, type Step } from './step.ts';
import { type AnnouncedSession, type TabEvent } from './tab-event.ts';

/** Takes in an event of another tab. */
export function receiveTabEvent(step: Step, event: TabEvent): void {
  const { state } = step;
  const isWatched = (sessionId: string): boolean => sessionId === state.session?.id;
  switch (event.kind) {
    case 'who-is-here': {
      const announced = hasSession(state) ? announcedSession(state) : null;
      if (announced) step.effects.push({ type: 'post', event: { kind: 'session-here', ...announced } });
      return;
    }
    case 'session-here':
      return hasSession(state) ? undefined : receiveSignIn(step, event);
    case 'signed-in':
      return receiveSignIn(step, event);
    case 'extended':
      learnSession(step, event.session, event.knownAt);
      return noteActivity(step);
    case 'dismissed':
      return isWatched(event.sessionId) ? dismissDeadline(step, event.deadline) : undefined;
    case 'over':
      return isWatched(event.sessionId) ? endSession(step, event.ending, { isFromTab: true }) : undefined;
    case 'leaving':
      return isWatched(event.sessionId)
        ? change(step, { expectedSignOut: event.isLeaving ? event.sessionId : null })
        : undefined;
    case 'app':
      return void step.effects.push({ type: 'deliver', message: event.message });
    default:
      // From a newer version of the page, perhaps.
      return event satisfies never;
  }
}

/** A search in progress is not cut off: it may find this very session, and its answer may bring the newest cookie. */
function receiveSignIn(step: Step, announced: AnnouncedSession): void {
  if (!isLooking(step.state)) return followSignIn(step, announced);
  const { find } = step.state;
  change(step, { find: { ...find, signIns: [...find.signIns, announced] } });
  ensureFind(step);
}

/** Follows a session that another tab has announced, if it is newer than the watched one. */
export function followSignIn(step: Step, { sessionId, userId, authenticatedAt }: AnnouncedSession): void {
  const { session, user, status, isRunning } = step.state;
  // A tab may announce an older session because the newer sign-in has not reached it.
  const isOlder = authenticatedAt < (session?.authenticatedAt ?? 0);
  if (status === 'starting' || sessionId === session?.id || isOlder) return;
  if (user && user.id !== userId) replacePage(step);
  else if (isRunning) findSessionOfUser(step);
}
