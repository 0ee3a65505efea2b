import { accessTokenOf, betterToken, isGood } from './access-token.ts';
import { warningOf } from './view.ts';
import { advanceClock } from './server-clock.ts';
import { type SessionExpiryEvent } from './session-expiry-event.ts';
import { watched } from './session-facts.ts';
import { type SessionEnd, type SessionFacts, type TokenSet, type WatchedSession } from './session-state.ts';
import { hasSession, type WatcherState } from './state.ts';
import { change, serverNow, type Step } from './step.ts';

// Changes of knowledge by answers and events. Newer knowledge wins, and a session that is over stays over.

/** Where a token set comes from: a sign-in by the application, or a refresh or new authentication of this tab. */
export type TokenOrigin = 'sign-in' | 'refresh' | 'reauthentication';

/**
 * `other-user`: refused, because only a sign-in replaces the user · `ignored`: its session is over · `kept`: of the
 * watched session · `begun`: of a new session.
 */
export type Acceptance = 'begun' | 'kept' | 'ignored' | 'other-user';

/** Takes in a token set. */
export function acceptTokens(step: Step, tokens: TokenSet, origin: TokenOrigin): Acceptance {
  const { state } = step;
  const token = accessTokenOf(tokens);
  const knownAt = token.issuedAt;
  if (state.user && state.user.id !== tokens.user.id && origin !== 'sign-in') return 'other-user';

  if (state.session?.id === tokens.session.id) {
    if (!hasSession(state)) return 'ignored';
    const isNewer = knownAt >= state.knownAt;
    change(step, {
      status: 'active',
      token: betterToken(state.token, token),
      ...(isNewer
        ? {
            session: newest(state.session, tokens.session),
            user: userOf(state, tokens),
            knownAt,
            isAuthenticationUnanswered: false,
          }
        : {}),
    });
    reviewWarning(step);
    return 'kept';
  }

  change(step, {
    status: 'active',
    session: watched(tokens.session),
    user: userOf(state, tokens),
    token,
    knownAt,
    isAuthenticationUnanswered: false,
    ending: null,
    raised: null,
    extending: 'no',
    isHeld: false,
  });
  reviewWarning(step);
  return 'begun';
}

/** Takes in a session as the server read it at `knownAt`, in milliseconds on its own clock. */
export function learnSession(step: Step, read: SessionFacts, knownAt: number): void {
  const { state } = step;
  if (!hasSession(state) || read.id !== state.session?.id || knownAt < state.knownAt) return;
  change(step, {
    status: 'active',
    session: newest(state.session, read),
    knownAt,
    isAuthenticationUnanswered: false,
  });
  reviewWarning(step);
}

/** Takes in the deadlines of a socket event. */
export function learnDeadlines(step: Step, event: SessionExpiryEvent): void {
  const { session, knownAt } = step.state;
  if (!session || !hasSession(step.state) || event.sessionId !== session.id) return;
  const serverTime = Date.parse(event.serverTime);
  change(step, { clock: advanceClock(step.state.clock, serverTime, step.at) });
  if (serverTime < knownAt) return;
  const idleExpiresAt = Date.parse(event.idleExpiresAt);
  const absoluteExpiresAt = Date.parse(event.absoluteExpiresAt);
  const { canReauthenticate } = event;
  change(step, {
    status: 'active',
    knownAt: serverTime,
    session: sameOr(
      session,
      Object.freeze({ ...session, idleExpiresAt, absoluteExpiresAt, canReauthenticate }),
    ),
  });
  if (event.kind === 'WARNING' && event.reason)
    change(step, { raised: { reason: event.reason, expiresAt: Date.parse(event.expiresAt) } });
  reviewWarning(step);
}

/** Ends the session. False: its end was known. */
export function learnEnd(step: Step, ending: SessionEnd): boolean {
  const { state } = step;
  // The user's own sign-out replaces any other reason: the server may have sent its own first.
  const isBetterKnown = state.status === 'over' && ending.kind === 'left' && state.ending?.kind !== 'left';
  if (!hasSession(state) && state.status !== 'starting' && !isBetterKnown) return false;
  const wasThere = state.session !== null || ending.kind === 'expired' || ending.kind === 'ended';
  step.effects.push({ type: 'store-dismissal', dismissal: null });
  change(step, {
    status: wasThere ? 'over' : 'none',
    ending: wasThere ? ending : null,
    token: null,
    raised: null,
    dismissal: null,
    extending: 'no',
    isHeld: false,
  });
  return true;
}

/** Forgets the session, because another one has begun. With `keepsUser` only a session of the same user is accepted. */
export function forgetSession(step: Step, { keepsUser }: { keepsUser: boolean }): void {
  change(step, {
    status: 'starting',
    session: null,
    user: keepsUser ? step.state.user : null,
    token: null,
    ending: null,
    raised: null,
    extending: 'no',
    isHeld: false,
  });
}

/** Dismisses the warning of this absolute deadline until the session ends. */
export function dismissDeadline(step: Step, deadline: number): void {
  const { session } = step.state;
  if (!session) return;
  const dismissal = { sessionId: session.id, deadline };
  change(step, { dismissal });
  step.effects.push({ type: 'store-dismissal', dismissal });
}

/** The access token, if it is good for a request. */
export function goodToken(step: Step): string | null {
  const { token, session } = step.state;
  return token && session && isGood(token, session, serverNow(step)) ? token.value : null;
}

function reviewWarning(step: Step): void {
  change(step, { raised: warningOf(step.state, serverNow(step)) });
}

/** Keeps the object of an unchanged user, so that nothing is rendered again. */
function userOf({ user }: WatcherState, tokens: TokenSet): TokenSet['user'] {
  return user && JSON.stringify(tokens.user) === JSON.stringify(user) ? user : Object.freeze(tokens.user);
}

const newest = (known: WatchedSession, read: SessionFacts): WatchedSession =>
  sameOr(known, watched(read, known));

function sameOr(known: WatchedSession, read: WatchedSession): WatchedSession {
  const keys = Object.keys(read) as (keyof WatchedSession)[];
  return keys.every((key) => Object.is(known[key], read[key])) ? known : read;
}
