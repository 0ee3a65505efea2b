import { type SessionExpiryEvent } from './session-expiry-event.ts';
import { type SessionFacts, type TokenSet } from './session-state.ts';
import { type Dismissal, type ExtensionPurpose } from './state.ts';
import { type TabEvent, type TabMessage } from './tab-event.ts';

/** Timers by name: setting one that is pending replaces it. */
export type TimerName = 'heartbeat' | 'find' | 'hold' | 'blink' | 'poll' | 'spread' | 'activity';

/** Local times of a request and its answer, in milliseconds. */
export interface RoundTrip {
  sentAt: number;
  receivedAt: number;
}

/** Calls of the application. `call` is the id of the promise that it waits for. */
export type ApplicationEvent =
  | { type: 'start'; dismissal: Dismissal | null }
  /** Null: the application signed the user in, and the session has yet to be found. */
  | { type: 'sign-in'; tokens: TokenSet | null; dismissal: Dismissal | null }
  | { type: 'stop' }
  /** `refused`: a token that the server has just refused. */
  | { type: 'token-requested'; call: number; refused?: string }
  | { type: 'stay-requested'; call: number }
  | { type: 'check-requested'; call: number }
  | { type: 'reauthentication-requested'; call: number }
  | { type: 'sign-out-requested'; call: number }
  | { type: 'sign-out-expected'; sessionId: string; isExpected: boolean }
  | { type: 'sign-out-confirmed' }
  | { type: 'warning-dismissed' }
  | { type: 'message-announced'; message: TabMessage };

export type PageEvent =
  /** The page came to the front or back from the cache, or the computer is back online. */
  | { type: 'page-returned' }
  /** The user did something, as the page has seen or the application reports. */
  | { type: 'user-active' }
  /** The user turned the wheel. */
  | { type: 'user-reading' };

/** Answers to requests. `id` is that of the effect that asked. */
export type ServerEvent =
  /** Any request ended: with an answer or without. */
  | { type: 'request-settled'; isReached: boolean }
  | ({ type: 'clock-measured'; serverTime: string } & RoundTrip)
  /** `isReplay`: the answer to a request of a closed tab, fetched again. */
  | ({ type: 'refreshed'; id: number; tokens: TokenSet; isReplay: boolean } & RoundTrip)
  | { type: 'refresh-failed'; id: number; error: unknown }
  | ({ type: 'reauthenticated'; id: number; tokens: TokenSet } & RoundTrip)
  | { type: 'reauthentication-failed'; id: number; error: unknown }
  | ({ type: 'session-read'; id: number; session: SessionFacts; serverTime: string } & RoundTrip)
  | { type: 'session-read-failed'; id: number; error: unknown }
  | { type: 'touched'; purpose: ExtensionPurpose; id: number; session: SessionFacts }
  | { type: 'touch-failed'; purpose: ExtensionPurpose; id: number; error: unknown }
  | { type: 'signed-out' }
  | { type: 'sign-out-failed'; error: unknown }
  | { type: 'application-signed-out' }
  | { type: 'application-sign-out-failed'; error: unknown };

export type SocketEvent =
  | { type: 'socket-changed'; isConnected: boolean }
  | { type: 'socket-received'; event: SessionExpiryEvent }
  /** `reason`: the session's end reason, or UNAUTHENTICATED. */
  | { type: 'socket-over'; reason: string }
  | { type: 'socket-token-requested'; call: number; isRefused: boolean };

/** Everything that can happen to a watcher. */
export type Occurrence =
  | ApplicationEvent
  | PageEvent
  | ServerEvent
  | SocketEvent
  | { type: 'tab-received'; event: TabEvent }
  | { type: 'timer'; timer: TimerName };

/** An occurrence with its circumstances, which make the reducer independent of clock and page. */
export type WatcherEvent = Occurrence & {
  /** Milliseconds on this computer's clock. */
  at: number;
  /** Whether the page is visible. */
  isVisible: boolean;
};
