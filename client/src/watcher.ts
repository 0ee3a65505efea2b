import { type BrowserEnv } from './browser-env.ts';
import { type SessionAccessToken } from './session-access-token.ts';
import { type Grant, type SessionState } from './session-state.ts';

export interface WatcherOptions {
  /** Curfew's GraphQL endpoint: an absolute URL, or a path on the page's own origin. */
  url: string;
  /** Absent: the same endpoint with `ws:` or `wss:`. */
  socketUrl?: string;
  /**
   * For an application with a sign-in of its own: asks its back end for an access token of the session that it opened
   * with `createSession`, which has it from `issueSessionAccessToken`. Absent: Curfew's own cookie is the source, and
   * the page is on Curfew's site.
   *
   * Null is taken at its word: nobody is signed in there, or the session is over; Curfew is asked how it ended. Whatever
   * keeps the application from knowing is to reject: that, another answer than these two, and none within 15 seconds is
   * tried again like a server that cannot be reached, and signs nobody out. Asked at the start, and then only when a
   * token is needed and the last has run out, by one tab for all. `signal` tells that the answer is no longer awaited.
   */
  getSessionAccessToken?(options: { signal: AbortSignal }): Promise<SessionAccessToken | null>;
  /**
   * Part of `signOut`, once Curfew has ended the session: the application forgets it, such as by clearing its cookie.
   * The state turns `over` when this has settled, 15 seconds later at the most.
   */
  onSignOut?(): void | Promise<void>;
  /** Another user signed in in another tab. Absent: the page is loaded anew. */
  onOtherUser?(): void;
  env?: Partial<BrowserEnv>;
}

/** A message between the tabs of one application, such as `{ kind: 'policy-changed' }`. */
export interface TabMessage {
  kind: string;
  [key: string]: unknown;
}

export interface SessionWatcher {
  getState(): SessionState;
  subscribe(listener: () => void): () => void;
  /** The server's clock in milliseconds, by the last word of the server. */
  now(): number;
  /** The same moment on this computer's clock: what to show to somebody whose clock is wrong. */
  toLocal(serverMs: number): Date;
  /** Finds the session, of the cookie or of the application, and follows it. Idempotent. */
  start(): void;
  /**
   * The application itself has just signed somebody in; the other tabs are told. Without a grant, because the sign-in
   * was the application's own, the session is looked for anew, as at the start.
   */
  begin(grant?: Grant): void;
  /**
   * An access token that is good for at least 15 seconds, renewed where needed. `refused`: the token that the server
   * has just called UNAUTHENTICATED, so that only another one helps. Rejects with `SessionOverError`, or with what
   * kept the server from being reached.
   */
  getAccessToken(options?: { refused?: string }): Promise<string>;
  /** Somebody said so, by click or key: extends the idle deadline. The notice goes when the server has agreed. */
  stay(): Promise<void>;
  /** Puts the warning of this absolute deadline away, here and in the other tabs. */
  dismiss(): void;
  /** Asks the server now. */
  check(): Promise<void>;
  /**
   * Signs out, here and in the other tabs: at Curfew, then by `onSignOut`. Rejects, and changes nothing, when Curfew
   * could not be reached. Rejects with an `UnreachableError`, too, when `onSignOut` failed or hung: the session is over
   * by then, in the state as at Curfew, and what the application still holds of it is good for nothing.
   */
  signOut(): Promise<void>;
  /**
   * The user is about to end this session by another way than `signOut`, such as an owner who signs everybody out: an
   * end that is heard of from now on is their own doing, in every tab. What is returned takes that back.
   */
  leaving(): () => void;
  /** The session is known to be over by the user's own doing; the server is not asked. */
  leave(): void;
  /** Tells the other tabs something of the application's own. */
  announce(message: TabMessage): void;
  onMessage(listener: (message: TabMessage) => void): () => void;
  /** Leaves no timer, listener, lock, channel or socket behind. */
  stop(): void;
}
