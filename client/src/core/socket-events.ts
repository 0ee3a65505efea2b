import { flushActivity } from './activity.ts';
import { changeSocket, socketChanged } from './connection.ts';
import { type SocketEvent } from './events.ts';
import { learnDeadlines } from './knowledge.ts';
import { endOfReason } from './session-end.ts';
import { endSession } from './session-over.ts';
import { setTimer, type Step } from './step.ts';
import { requestToken } from './token-request.ts';

/** A policy change reaches every session of an account at once; their pages spread their checks over this time. */
const SPREAD_MS = 5_000;
/** Minimum interval between reconnects when the server rejects fresh tokens. */
const REOPEN_INTERVAL_MS = 30_000;

/** Takes in an event of the socket. */
export function receiveSocketEvent(step: Step, event: SocketEvent): void {
  switch (event.type) {
    case 'socket-changed':
      socketChanged(step, event.isConnected);
      return step.state.connection === 'live' ? flushActivity(step) : undefined;
    case 'socket-received':
      learnDeadlines(step, event.event);
      // The event carries the deadlines; the limits, from which the warning leads follow, have to be read.
      return event.event.kind === 'SHORTENED' ? setTimer(step, 'spread', 0, SPREAD_MS) : undefined;
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

/** The socket was refused, which says nothing about the session. A refresh finds out. */
function verifyToken(step: Step): void {
  const { refusedAt, token } = step.state.socket;
  const isRecent = Math.abs(step.at - refusedAt) < REOPEN_INTERVAL_MS;
  changeSocket(step, { refusedAt: step.at });
  requestToken(step, { kind: 'reopen', isRecent }, token);
}
