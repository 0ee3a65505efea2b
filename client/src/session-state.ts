/** What a sign-in or a renewal brings: the fields of Curfew's `AuthPayload` that the watcher needs. Times are RFC 3339. */
export interface Grant {
  accessToken: string;
  accessTokenExpiresAt: string;
  serverTime: string;
  session: SessionFacts;
  user: WatchedUser;
}

/** A session as the server describes it. Times are RFC 3339, limits in minutes, leads of the warnings in seconds. */
export interface SessionFacts {
  id: string;
  authenticatedAt: string;
  lastActivityAt: string;
  idleExpiresAt: string;
  absoluteExpiresAt: string;
  idleMinutes: number;
  absoluteMinutes: number;
  idleWarningSeconds: number;
  absoluteWarningSeconds: number;
}

export interface WatchedUser {
  id: string;
  name: string;
  email: string;
  role: 'OWNER' | 'MEMBER';
  account: { id: string; name: string };
}

/** The same session with its moments as milliseconds on the server's clock. */
export interface WatchedSession {
  id: string;
  authenticatedAt: number;
  lastActivityAt: number;
  idleExpiresAt: number;
  absoluteExpiresAt: number;
  idleMinutes: number;
  absoluteMinutes: number;
  idleWarningSeconds: number;
  absoluteWarningSeconds: number;
}

export type SessionEnding =
  /** A deadline has passed. */
  | { kind: 'expired'; limit: 'idle' | 'absolute' }
  /** Somebody or something else ended it, and the server said how: `REVOKED_BY_OWNER`, `PASSWORD_CHANGED`, ... */
  | { kind: 'ended'; endReason: string }
  /** Signed out in this browser, in whichever tab. */
  | { kind: 'left' }
  /** The server refused the session and did not say why. */
  | { kind: 'refused' };

/** An immutable snapshot: the same object as long as nothing changed. */
export interface SessionState {
  /**
   * `starting`: the server is being asked for the session of the cookie · `active` · `unconfirmed`: past the last
   * known idle deadline, and the server cannot be asked · `none`: nobody was signed in at the start · `over`: it ended
   * while it was watched, see `ending`.
   */
  status: 'starting' | 'active' | 'unconfirmed' | 'none' | 'over';
  /** Kept while `over`, so that a page can still say whose session that was. */
  session: WatchedSession | null;
  user: WatchedUser | null;
  /** `now`: the last 60 seconds. */
  warning: 'none' | 'soon' | 'now';
  /** Which deadline is warned of. */
  reason: 'IDLE' | 'ABSOLUTE' | null;
  /** The deadline warned of, in milliseconds on the server's clock. */
  expiresAt: number | null;
  /** Whether `stay` still moves that deadline. */
  canExtend: boolean;
  /** The warning of this very absolute deadline was dismissed, also before a reload. */
  isDismissed: boolean;
  /** `stay` is under way, or could not reach the server. */
  extending: 'no' | 'yes' | 'failed';
  /**
   * `live`: the socket is up, or nothing is known to be wrong yet · `polling`: it is down and HTTP works · `offline`:
   * neither does.
   */
  connection: 'live' | 'polling' | 'offline';
  ending: SessionEnding | null;
}

export const INITIAL_STATE: SessionState = Object.freeze({
  status: 'starting',
  session: null,
  user: null,
  warning: 'none',
  reason: null,
  expiresAt: null,
  canExtend: false,
  isDismissed: false,
  extending: 'no',
  connection: 'live',
  ending: null,
});
