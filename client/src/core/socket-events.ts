import { flushActivity } from './activity.ts';
import { changeSocket, socketChanged } from './connection.ts';
import { type SocketEvent } from './events.ts';
import { learnDeadlines } from './knowledge.ts';
import { endOfReason } from './session-end.ts';
import { type SessionExpiryEvent } from './session-expiry-event.ts';
import { endSession } from './session-over.ts';
import { hasSession, type WatcherState } from './state.ts';
import { requestCheck } from './status-check.ts';
import { setTimer, type Step } from './step.ts';
import { requestToken } from './token-request.ts';

/** A policy change reaches every session of an account at once; their pages spread their checks over this time. */
const SPREAD_MS = 5_000;
/** An event about an extension comes no later after it. */
const EVENT_DELAY_MS = 5_000;
/** Minimum interval between reconnects when the server rejects fresh tokens. */
const REOPEN_INTERVAL_MS = 30_000;

/** Takes in an event of the socket. */
export function receiveSocketEvent(step: Step, event: SocketEvent): void {
  switch (event.type) {
    case 'socket-changed':
      socketChanged(step, event.isConnected);
      return step.state.connection === 'live' ? flushActivity(step) : undefined;
    case 'socket-received':
      return receiveExpiryEvent(step, event.event);
    case 'socket-over':
      return event.reason === 'UNAUTHENTICATED'
        ? verifyToken(step)
        : endSession(step, endOfReason(event.reason));
    case 'socket-token-requested': {
      const refused = event.isRefused ? step.state.socket.token : undefined;
      return requestToken(step, { kind: 'socket', call: event.call }, refused);
    }
    default:
      return event satisfies never;
  }
}

/** The event carries the deadlines; the limits, from which the warning leads follow, have to be read. */
function receiveExpiryEvent(step: Step, event: SessionExpiryEvent): void {
  const isKnown = isAlreadyKnown(step.state, event);
  learnDeadlines(step, event);
  if (event.kind === 'SHORTENED') setTimer(step, 'spread', 0, SPREAD_MS);
  // Maybe the user authenticated again elsewhere, which may change more than the deadlines, or none of them.
  if (event.kind === 'EXTENDED' && !isKnown && hasSession(step.state)) requestCheck(step);
}

/** Whether this tab knew of the extension before the event: it was its own, or another tab's. */
const isAlreadyKnown = ({ session, knownAt }: WatcherState, event: SessionExpiryEvent): boolean =>
  session?.id !== event.sessionId ||
  (session.idleExpiresAt === Date.parse(event.idleExpiresAt) &&
    session.absoluteExpiresAt === Date.parse(event.absoluteExpiresAt) &&
    Date.parse(event.serverTime) - knownAt <= EVENT_DELAY_MS);

/** The socket was refused, which says nothing about the session. A refresh finds out. */
function verifyToken(step: Step): void {
  const { refusedAt, token } = step.state.socket;
  const isRecent = Math.abs(step.at - refusedAt) < REOPEN_INTERVAL_MS;
  changeSocket(step, { refusedAt: step.at });
  requestToken(step, { kind: 'reopen', isRecent }, token);
}
