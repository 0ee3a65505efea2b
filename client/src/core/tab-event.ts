import { type SessionEnd, type SessionFacts } from './session-state.ts';

/** Names a session without granting access to it. Each tab fetches an access token for itself. */
export interface AnnouncedSession {
  sessionId: string;
  userId: string;
  /** Milliseconds on the server's clock. */
  authenticatedAt: number;
}

/**
 * Events between the tabs of one application, sent over a channel and never through storage. Any script of the origin
 * can read and forge them: no event carries a token or causes more than a request to the server, a change of what is
 * shown, or a page load.
 */
export type TabEvent =
  /** A tab without a session came into view. */
  | { kind: 'who-is-here' }
  /** The answer to `who-is-here`. */
  | ({ kind: 'session-here' } & AnnouncedSession)
  /** A tab signed in, or found a session when it was opened. */
  | ({ kind: 'signed-in' } & AnnouncedSession)
  /** The session as of `knownAt`, after activity, `stay` or a refresh. */
  | { kind: 'extended'; session: SessionFacts; knownAt: number }
  | { kind: 'dismissed'; sessionId: string; deadline: number }
  | { kind: 'over'; sessionId: string; ending: SessionEnd }
  /** Whether the user is about to end this session. */
  | { kind: 'leaving'; sessionId: string; isLeaving: boolean }
  /** A message of the application. */
  | { kind: 'app'; message: TabMessage };

/** A message between the tabs of one application, such as `{ kind: 'policy-changed' }`. */
export interface TabMessage {
  kind: string;
  [key: string]: unknown;
}
