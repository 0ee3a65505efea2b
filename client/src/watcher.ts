import { type BrowserEnv } from './browser/browser-env.ts';
import { type SessionState, type TokenSet } from './core/session-state.ts';
import { type TabMessage } from './core/tab-event.ts';
import { type SessionAccessToken } from './tokens/session-access-token.ts';
import { type Credentials } from './tokens/token-source.ts';

export { type TabMessage };

export interface WatcherOptions {
  /**
   * Curfew's GraphQL endpoint: an absolute URL, or a path on the page's own origin, which `start` resolves. So a server
   * can render the page; there `start` throws a TypeError for a path.
   */
  url: string;
  /** Default: the same endpoint with `ws:` or `wss:`. */
  socketUrl?: string | undefined;
  /**
   * For an application with its own sign-in: asks its back end for an access token of the session that it created with
   * `createSession`. The back end gets it from `issueSessionAccessToken`. Without this option Curfew's own cookie is
   * the source, and the page has to be on Curfew's site.
   *
   * Return null only when no user is signed in or the session is over; Curfew is then asked how it ended. Reject when the
   * application does not know. A rejection, any other value, and no answer within 15 seconds are retried like an
   * unreachable server and do not sign the user out. Called at the start, and then only when a token is needed and the last one
   * has expired: by each tab for itself, one tab at a time. `signal` aborts when the answer is no longer needed.
   */
  getSessionAccessToken?:
    ((options: { signal: AbortSignal }) => Promise<SessionAccessToken | null>) | undefined;
  /**
   * For an application with its own sign-in, whose users can authenticate again in their session: sends the credentials
   * that `reauthenticate` was called with to the application's back end, which checks them, calls Curfew's
   * `reauthenticateSession`, keeps the new session token in place of the old, and answers with a session access token
   * of it. Without this option `reauthentication` is `impossible` for such an application.
   *
   * Return null when the credentials are wrong. Throw a `ReauthenticationError` to pass on another reason, such as
   * `new ReauthenticationError('RATE_LIMITED', { retryAfterSeconds: 60 })`; any other rejection, and no answer within 15
   * seconds, count as an unreachable application. Other tabs ask for no access token during it.
   */
  onReauthenticate?:
    | ((credentials: Credentials, options: { signal: AbortSignal }) => Promise<SessionAccessToken | null>)
    | undefined;
  /**
   * Part of `signOut`, called once Curfew has ended the session: the application forgets its own session, such as by
   * clearing its cookie. The state turns `over` when this has settled, after 15 seconds at most.
   */
  onSignOut?: (() => void | Promise<void>) | undefined;
  /** Another user signed in in another tab. Default: reloads the page. */
  onOtherUser?: (() => void) | undefined;
  env?: Partial<BrowserEnv> | undefined;
}

export interface SessionWatcher {
  getState(): SessionState;
  /** Calls the listener after each change of the state. Returns a function that unsubscribes. */
  subscribe(listener: () => void): () => void;
  /** The server's clock in milliseconds, as last measured. */
  now(): number;
  /** Converts a time of the server to this computer's clock, for display. */
  toLocal(serverMs: number): Date;
  /**
   * Finds the session, of the cookie or of the application, and follows it. Idempotent. @throws TypeError for a `url` that
   * is invalid, or a path where there is no page
   */
  start(): void;
  /**
   * Begins the session of a sign-in that the application has just made, and informs the other tabs. Without a token set,
   * for an application with its own sign-in, the session is searched for, as at the start.
   */
  begin(tokens?: TokenSet): void;
  /**
   * Returns an access token that is good for at least 15 seconds, after a refresh if needed. `refused`: the token that
   * the server has just called UNAUTHENTICATED, so that another one is returned. Rejects with `SessionOverError`, or
   * with an `UnreachableError` if the server cannot be reached.
   */
  getAccessToken(options?: { refused?: string | undefined }): Promise<string>;
  /** Extends the idle deadline, on an explicit click or key of the user. The warning goes when the server has agreed. */
  stay(): Promise<void>;
  /**
   * Reports activity of the user that the page cannot see, such as in a frame of another origin, in a window of its own or
   * at a device. Counts like a click: in a visible page, not in the last minute, and sent at most once a minute. Call it
   * only for what the user did, never from a timer, for a request or for a message of a server: those would keep a
   * session alive whose user has left.
   */
  active(): void;
  /** Dismisses the warning of this absolute deadline, here and in the other tabs. */
  dismiss(): void;
  /**
   * Authenticates the user again, in the same session: by their password at Curfew, or by `onReauthenticate`. Resolves
   * when the new deadlines are in the state. Nothing of the state is lost by a failure; rejects with
   * `ReauthenticationError` (wrong password, too many failures) · `SessionOverError`: the session is over, as the state
   * says by then · `UnreachableError`: no answer came. Call again then: it is repeated as the same request, so it does
   * no harm if the server had carried it out. The credentials are kept in memory during the call, and nowhere else.
   * Of a call during another one only the outcome is shared.
   */
  reauthenticate(credentials: Credentials): Promise<void>;
  /** Asks the server about the session now, such as after a sign-in at a provider in another window. Never rejects. */
  check(): Promise<void>;
  /**
   * Signs out, here and in the other tabs: at Curfew, then by `onSignOut`. Rejects without any change if Curfew cannot
   * be reached. Also rejects with an `UnreachableError` if `onSignOut` failed or hung: the session is over by then, in
   * the state and at Curfew, and the application's own remains of it are useless.
   */
  signOut(): Promise<void>;
  /**
   * Announces that the user is about to end this session by a way other than `signOut`, such as an owner who signs
   * everyone out: an end from now on counts as their own sign-out, in every tab. The returned function withdraws this.
   */
  expectSignOut(): () => void;
  /** Ends the session as the user's own sign-out, without asking the server. */
  confirmSignOut(): void;
  /** @deprecated Use `expectSignOut`. */
  leaving(): () => void;
  /** @deprecated Use `confirmSignOut`. */
  leave(): void;
  /** Sends a message of the application to the other tabs. */
  announce(message: TabMessage): void;
  onMessage(listener: (message: TabMessage) => void): () => void;
  /** Leaves no timer, listener, lock, channel or socket behind. */
  stop(): void;
}
