import { type AccessToken } from './access-token.ts';
import { type Failure } from './effects.ts';
import { type Deadline } from './expiry-state.ts';
import { type ServerClock, UNKNOWN_CLOCK } from './server-clock.ts';
import { INITIAL_STATE, type SessionState } from './session-state.ts';
import { type AnnouncedSession } from './tab-event.ts';

export interface WatcherConfig {
  /** Whether a refresh consumes its credential, and can be activity. See `TokenSource`. */
  readonly isRotating: boolean;
  /** Whether the application takes part in a sign-out. */
  readonly hasApplicationSignOut: boolean;
  /** Who authenticates the user again. */
  readonly reauthenticatesAt: 'curfew' | 'application' | 'nowhere';
}

/** The dismissed warning of an absolute deadline. */
export interface Dismissal {
  readonly sessionId: string;
  readonly deadline: number;
}

/** Knowledge of the session. */
export interface SessionKnowledge extends Pick<SessionState, 'status' | 'session' | 'user' | 'ending'> {
  readonly token: AccessToken | null;
  /** When the server read this session, on its clock, so that an older answer does not undo a newer one. */
  readonly knownAt: number;
  /** The answer to a new authentication was lost: both deadlines may have moved later. */
  readonly isAuthenticationUnanswered: boolean;
  /** The deadline of the warning that is shown. */
  readonly raised: Deadline | null;
  readonly dismissal: Dismissal | null;
  /** The session whose end is the user's own sign-out. */
  readonly expectedSignOut: string | null;
}

/** The continuation of a refresh. */
export type RefreshWaiter =
  | { readonly kind: 'find'; readonly id: number }
  | { readonly kind: 'check'; readonly id: number }
  | { readonly kind: 'token'; readonly request: TokenRequest }
  | { readonly kind: 'extension'; readonly purpose: ExtensionPurpose; readonly id: number };

export interface Refresh {
  readonly id: number;
  readonly userActive: boolean;
  /** The first one started it; the others share its token. */
  readonly waiters: readonly RefreshWaiter[];
}

export type TokenPurpose =
  /** For the application. */
  | { readonly kind: 'call'; readonly call: number }
  | { readonly kind: 'socket'; readonly call: number }
  /** To learn whether the session still exists after the socket was refused. */
  | { readonly kind: 'reopen'; readonly isRecent: boolean }
  | { readonly kind: 'touch'; readonly purpose: ExtensionPurpose; readonly id: number }
  | { readonly kind: 'reauthentication'; readonly id: number };

export interface TokenRequest {
  readonly purpose: TokenPurpose;
  readonly refused: string | undefined;
  /** From 1 on. */
  readonly attempt: number;
}

export type TokenResult = { readonly token: string } | { readonly failure: Failure };

/** The search for a session that is not known yet. */
export interface Find {
  /** Null: none is in progress. */
  readonly id: number | null;
  readonly failures: number;
  readonly tokenRequests: readonly TokenRequest[];
  /** Sign-ins of other tabs, looked at when the search is done. */
  readonly signIns: readonly AnnouncedSession[];
}

export type CheckWaiter =
  { readonly kind: 'call'; readonly call: number } | { readonly kind: 'poll' | 'blink' };

/** A status check: at most one is in progress. */
export interface StatusCheck {
  readonly id: number;
  readonly stage: 'finding' | 'reading' | 'refreshing';
  readonly sessionId: string | null;
  /** On this computer's clock. */
  readonly startedAt: number;
  /** The view is held until it is done. */
  readonly isAwaited: boolean;
  /** Another one follows: this one began before the page returned. */
  readonly isRepeated: boolean;
  readonly waiters: readonly CheckWaiter[];
}

export type ExtensionPurpose = 'stay' | 'activity';

/** A request to move the idle deadline. */
export interface Extension {
  readonly id: number;
  /** The session of the touch that is in flight. */
  readonly sessionId: string | null;
  /** Whether a refresh may follow a refused touch. */
  readonly canRefresh: boolean;
}

/** A new authentication in progress. Its credentials are kept with the first call, outside the state. */
export interface Reauthentication {
  readonly id: number;
  readonly calls: readonly number[];
  /** The session of the request that is in flight. Null: it waits for a token. */
  readonly sessionId: string | null;
  /** Whether a refresh may follow a refusal that is about the token alone. */
  readonly canRetry: boolean;
}

export interface Activity {
  /** The latest activity that the server does not know of. Milliseconds on this computer's clock, like the others. */
  readonly unsent: number | null;
  /** The activity that is being sent. */
  readonly sending: number | null;
  readonly sentAt: number;
  readonly isTimerSet: boolean;
}

/** `urgent`: the answer decides whether there is a session · `never`: the page is hidden. */
export type PollNeed = 'urgent' | 'warned' | 'usual' | 'never';

export interface Socket {
  readonly isFollowing: boolean;
  readonly isUp: boolean;
  /** When it last came up. Changes just before may not have been sent. */
  readonly upAt: number;
  /** Whether the last request reached the server. */
  readonly isReached: boolean;
  /** The socket went down so recently that the view does not show it. */
  readonly isBlink: boolean;
  /** Requests in a row that did not reach the server. */
  readonly failures: number;
  readonly followedAt: number;
  readonly token: string | undefined;
  readonly refusedAt: number;
  readonly plannedFor: PollNeed | null;
}

export interface Heartbeat {
  readonly plannedAt: number;
  readonly expectedAt: number;
  readonly hasSlept: boolean;
}

export interface SignOut {
  readonly sessionId: string | null;
  readonly calls: readonly number[];
  /** An end that was received during the sign-out; it is applied afterwards. */
  readonly heldEnd: {
    readonly ending: NonNullable<SessionState['ending']>;
    readonly isFromTab: boolean;
    readonly sessionId: string | null;
  } | null;
}

/** The complete state of a watcher. Local times are milliseconds on this computer's clock. */
export interface WatcherState extends SessionKnowledge {
  readonly config: WatcherConfig;
  readonly isRunning: boolean;
  readonly clock: ServerClock;
  /** The state for the application. */
  readonly view: SessionState;
  readonly extending: SessionState['extending'];
  readonly connection: SessionState['connection'];
  /** The view does not change with time until a status check is done. */
  readonly isHeld: boolean;
  /** Local time of the last answer about the session. */
  readonly answeredAt: number;
  readonly refresh: Refresh | null;
  readonly find: Find;
  readonly check: StatusCheck | null;
  readonly extensions: Readonly<Record<ExtensionPurpose, Extension | null>>;
  readonly stayCalls: readonly number[];
  readonly reauthentication: Reauthentication | null;
  readonly activity: Activity;
  readonly socket: Socket;
  readonly heartbeat: Heartbeat | null;
  readonly signOut: SignOut | null;
  /** The last id given to a request. */
  readonly lastId: number;
}

export const NO_ACTIVITY: Activity = { unsent: null, sending: null, sentAt: -Infinity, isTimerSet: false };

export const NO_FIND: Find = { id: null, failures: 0, tokenRequests: [], signIns: [] };

const NO_SOCKET: Socket = {
  isFollowing: false,
  isUp: false,
  upAt: -Infinity,
  isReached: true,
  isBlink: false,
  failures: 0,
  followedAt: -Infinity,
  token: undefined,
  refusedAt: -Infinity,
  plannedFor: null,
};

export const initialState = (config: WatcherConfig): WatcherState => ({
  config,
  isRunning: false,
  clock: UNKNOWN_CLOCK,
  status: 'starting',
  session: null,
  user: null,
  token: null,
  ending: null,
  knownAt: 0,
  isAuthenticationUnanswered: false,
  raised: null,
  dismissal: null,
  expectedSignOut: null,
  view: INITIAL_STATE,
  extending: 'no',
  connection: INITIAL_STATE.connection,
  isHeld: false,
  answeredAt: -Infinity,
  refresh: null,
  find: NO_FIND,
  check: null,
  extensions: { stay: null, activity: null },
  stayCalls: [],
  reauthentication: null,
  activity: NO_ACTIVITY,
  socket: NO_SOCKET,
  heartbeat: null,
  signOut: null,
  lastId: 0,
});

export const hasSession = ({ status }: Pick<WatcherState, 'status'>): boolean =>
  status === 'active' || status === 'unconfirmed';

/** Whether a session that is not known yet is being looked for. */
export const isLooking = ({ isRunning, status }: WatcherState): boolean => isRunning && status === 'starting';
