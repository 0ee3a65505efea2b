import { type TimerName } from './events.ts';
import { type SessionEnd } from './session-state.ts';
import { type Dismissal, type ExtensionPurpose } from './state.ts';
import { type TabEvent, type TabMessage } from './tab-event.ts';

/** The reason for which a call of the application is rejected. */
export type Failure =
  | { kind: 'over'; ending: SessionEnd | null }
  | { kind: 'unreachable'; message: string }
  /** The user was not authenticated again. */
  | { kind: 'not-authenticated'; code: string; message: string; retryAfterSeconds: number | null }
  /** Passed on as it came. */
  | { kind: 'error'; error: unknown };

/** A request of the reducer to the runtime. Answers come back as events. */
export type Effect =
  /** Opens the channel between tabs and listens to the page. */
  | { type: 'attach' }
  /** Releases everything: listeners, channel, socket, timers and requests. */
  | { type: 'detach' }
  /** After a random time between the two bounds, in milliseconds. */
  | { type: 'set-timer'; timer: TimerName; minMs: number; maxMs: number }
  | { type: 'clear-timer'; timer: TimerName }
  /** Follows the session, in place of a socket that is open. */
  | { type: 'open-socket' }
  | { type: 'close-socket' }
  | { type: 'refresh'; id: number; userActive: boolean }
  /** Ignores the refresh in flight. With `forgetsRequest` its request id is not used again either. */
  | { type: 'drop-refresh'; forgetsRequest: boolean }
  /** Authenticates the user again, with the credentials of the call. They are no part of the state. */
  | { type: 'reauthenticate'; id: number; call: number; token: string }
  /** Stops waiting for other tabs. An answer on its way is still taken in. */
  | { type: 'drop-reauthentication' }
  | { type: 'read-session'; id: number; token: string }
  | { type: 'touch-session'; purpose: ExtensionPurpose; id: number; token: string }
  | { type: 'sign-out'; token: string | undefined }
  | { type: 'sign-out-application' }
  | { type: 'abort-requests' }
  | { type: 'post'; event: TabEvent }
  | { type: 'deliver'; message: TabMessage }
  | { type: 'store-dismissal'; dismissal: Dismissal | null }
  | { type: 'resolve'; call: number; value?: string }
  | { type: 'reject'; call: number; failure: Failure }
  /** Another user has signed in in this browser. */
  | { type: 'replace-page' };
