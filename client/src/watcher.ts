import { type BrowserEnv } from './browser-env.ts';
import { type Grant, type SessionState } from './session-state.ts';

export interface WatcherOptions {
  /** Curfew's GraphQL endpoint: an absolute URL, or a path on the page's own origin. */
  url: string;
  /** Absent: the same endpoint with `ws:` or `wss:`. */
  socketUrl?: string;
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
  /** Finds the session of the cookie and follows it. Idempotent. */
  start(): void;
  /** The application itself has just signed somebody in. The other tabs are told. */
  begin(grant: Grant): void;
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
  /** Signs out, here and in the other tabs. Rejects, and changes nothing, when the server could not be reached. */
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
