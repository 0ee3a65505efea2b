/** The result of a sign-in or a refresh: the fields of Curfew's `AuthPayload` that the watcher needs. Times are RFC 3339. */
export interface TokenSet {
  accessToken: string;
  accessTokenExpiresAt: string;
  serverTime: string;
  session: SessionFacts;
  user: WatchedUser;
}

/** @deprecated Use `TokenSet`. */
export type Grant = TokenSet;

/** A session as the server describes it. Times are RFC 3339, limits in minutes, warning leads in seconds. */
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
  /** Absent: as it was known before, and at first not possible. */
  canReauthenticate?: boolean;
}

export interface WatchedUser {
  id: string;
  name: string;
  email: string;
  role: 'OWNER' | 'MEMBER';
  account: { id: string; name: string };
}

/** A session with its times in milliseconds on the server's clock. */
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
  /** Whether its user can authenticate again at Curfew. False for a session that an application created. */
  canReauthenticate: boolean;
}

/** How a session ended. */
export type SessionEnd =
  /** A deadline has passed. */
  | { kind: 'expired'; limit: 'idle' | 'absolute' }
  /** The session was revoked, for the reason that the server gave: `REVOKED_BY_OWNER`, `PASSWORD_CHANGED`, ... */
  | { kind: 'ended'; endReason: string }
  /** The user signed out in this browser, in any tab. */
  | { kind: 'left' }
  /** The server refused the session without a reason. */
  | { kind: 'refused' };

/** @deprecated Use `SessionEnd`. */
export type SessionEnding = SessionEnd;

/** An immutable snapshot. The object changes only when one of its values does. */
export interface SessionState {
  /**
   * `starting`: looking for a session · `active` · `unconfirmed`: past the last known idle deadline, while the server
   * cannot be reached · `none`: no session was found at the start · `over`: the session has ended, see `ending`.
   */
  status: 'starting' | 'active' | 'unconfirmed' | 'none' | 'over';
  /** Kept while `over`, so that a page can still name the user. */
  session: WatchedSession | null;
  user: WatchedUser | null;
  /** `now`: the last 60 seconds. */
  warning: 'none' | 'soon' | 'now';
  /** The deadline that the warning is about. */
  reason: 'IDLE' | 'ABSOLUTE' | null;
  /** The time of that deadline, in milliseconds on the server's clock. */
  expiresAt: number | null;
  /** Whether `stay` moves that deadline. */
  canExtend: boolean;
  /** The warning of this absolute deadline was dismissed, possibly before a reload. */
  isDismissed: boolean;
  /** `yes`: `stay` is in progress · `failed`: it could not reach the server. */
  extending: 'no' | 'yes' | 'failed';
  /**
   * Whether the user can authenticate again, which starts both deadlines again, also where `canExtend` is false ·
   * `pending`: a call of this tab is in progress.
   */
  reauthentication: 'impossible' | 'possible' | 'pending';
  /**
   * `live`: the socket is up, or no fault is known yet · `polling`: the socket is down and HTTP works · `offline`:
   * neither works.
   */
  connection: 'live' | 'polling' | 'offline';
  ending: SessionEnd | null;
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
  reauthentication: 'impossible',
  connection: 'live',
  ending: null,
});
