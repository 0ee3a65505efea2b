import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { Account as AccountEntity } from '../accounts/account.entity.ts';
import type { ActiveUserView } from '../sessions/active-user.lists.ts';
import type { AuditEvent as AuditEventEntity } from '../audit/audit.entity.ts';
import type { AuditPage } from '../audit/audit.ts';
import type { DeliveredGrant } from '../sessions/session.delivery.ts';
import type { SessionView } from '../sessions/session.ts';
import type { SessionPage } from '../sessions/session.lists.ts';
import type { ExpiryEvent } from '../expiry/expiry.ts';
import type { User as UserEntity } from '../accounts/user.entity.ts';
import type { GraphQLContext } from '../graphql/context.ts';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  /** A moment as RFC 3339 in UTC with milliseconds, such as `2026-03-01T09:30:00.000Z`. */
  DateTime: { input: Date; output: Date; }
  /** A JSON object. */
  JSON: { input: Record<string, unknown>; output: Record<string, unknown>; }
};

/** An account (tenant): its users share one session policy. */
export type Account = {
  __typename?: 'Account';
  /** Its id in the application that created it with `createAccount`; null where it came about in another way. */
  externalId?: Maybe<Scalars['String']['output']>;
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** The name to show. */
  name: Scalars['String']['output'];
};

/** What happened to a session of the account. */
export type AccountSessionEvent = {
  __typename?: 'AccountSessionEvent';
  /** What happened. */
  kind: AccountSessionEventKind;
  /** The session as it is now. */
  session: Session;
};

/** What happened to a session of the account. */
export type AccountSessionEventKind =
  /** A policy applied to live sessions changed its limits. Activity is not reported. */
  | 'CHANGED'
  /** It ended, for whatever reason. */
  | 'ENDED'
  /** It started. */
  | 'STARTED';

/** A user with at least one live session. */
export type ActiveUser = {
  __typename?: 'ActiveUser';
  /** The e-mail the user signs in with. */
  email: Scalars['String']['output'];
  /** Whether this is the caller. */
  isViewer: Scalars['Boolean']['output'];
  /** The latest sign-in; null where none is recorded. */
  lastLoginAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name to show. */
  name: Scalars['String']['output'];
  /** How many live sessions the user has; at least 1. */
  sessionCount: Scalars['Int']['output'];
  /** The user's id. */
  userId: Scalars['ID']['output'];
};

/** The kind of application that a session was started from. */
export type AppType =
  /** Where an account is managed, such as Curfew's dashboard. */
  | 'CONTROL_PANEL'
  /** An application that an account runs for its users. */
  | 'TENANT_APP';

/**
 * One entry of the audit trail. Entries cannot be changed, nor deleted before their retention
 * (`AUDIT_RETENTION_DAYS`) is over. They hold no token and no password.
 */
export type AuditEvent = {
  __typename?: 'AuditEvent';
  /**
   * What happened: `account.session_policy_update`, `account.sessions_revoked_bulk`, `session.started`,
   * `session.ended` (single ends, neither bulk nor timeouts), `session.refresh_reuse_detected`,
   * `user.sessions_revoked`, `login.failed` (of a known user), `user.invited`, `user.role_changed`,
   * `user.deactivated`, `user.reactivated`, `user.password_changed`, `user.created` (by a service key),
   * `user.identity_linked` (with an identity provider), `user.password_reset_requested`, `account.created`,
   * `service_key.created` or `service_key.revoked`.
   */
  action: Scalars['String']['output'];
  /** Who did it; null for a trusted back end and for Curfew itself. */
  actor?: Maybe<User>;
  /** The name of who did it, as it was then. */
  actorName: Scalars['String']['output'];
  /** When it was done. */
  createdAt: Scalars['DateTime']['output'];
  /**
   * What belongs to the action, in snake_case. `account.session_policy_update`: `old`, `new`, `effective_old`,
   * `effective_new`, each with `idle_minutes` and `absolute_minutes`. `account.sessions_revoked_bulk`: `scope`
   * (`all` or `others`) and `revoked_count`.
   */
  details: Scalars['JSON']['output'];
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** The address it was done from; null where unknown. */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** The id of the thing it was done to. */
  resourceId: Scalars['ID']['output'];
  /** The kind of thing it was done to, such as `account`, `user` or `session`. */
  resourceType: Scalars['String']['output'];
  /** The user it was done to, or whose session it was; null where it was done to the account. */
  subject?: Maybe<User>;
};

/** A page of audit events. */
export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  /** The page's events with their cursors, in order. */
  edges: Array<AuditEventEdge>;
  /** Where the page lies in the list. */
  pageInfo: PageInfo;
  /** How many events the whole list has; exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** An audit event in a list. */
export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  /** The event's place in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: AuditEvent;
};

/** Tokens and the session they belong to. */
export type AuthPayload = {
  __typename?: 'AuthPayload';
  /** The absolute deadline; at or after it the session is over. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** The access token: a JWT (ES256) to send as `Authorization: Bearer`. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires; never later than either deadline. */
  accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** The idle deadline; at or after it the session is over. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** The refresh token, good for one rotation; null where it travels in the cookie. */
  refreshToken?: Maybe<Scalars['String']['output']>;
  /** The server's clock, against which the deadlines are to be read. */
  serverTime: Scalars['DateTime']['output'];
  /** The session that was started or renewed. */
  session: Session;
  /** The user who is signed in. */
  user: User;
};

/** An identity provider to sign in with. */
export type AuthProvider = {
  __typename?: 'AuthProvider';
  /** To pass to `startOAuthLogin`. */
  id: Scalars['ID']['output'];
  /** The name to show on the button. */
  name: Scalars['String']['output'];
};

/** The current and the new password. */
export type ChangePasswordInput = {
  /** The password until now. */
  currentPassword: Scalars['String']['input'];
  /**
   * 12 to 128 characters and not the e-mail; nothing else is asked of it. Else `BAD_USER_INPUT` with `field`
   * `newPassword`.
   */
  newPassword: Scalars['String']['input'];
};

/** The outcome of a change of password. */
export type ChangePasswordPayload = {
  __typename?: 'ChangePasswordPayload';
  /** How many other sessions of the user were ended (`PASSWORD_CHANGED`). */
  endedSessions: Scalars['Int']['output'];
};

/** What came back from the provider. */
export type CompleteOAuthLoginInput = {
  /** The whole URL at which the browser came back, query included. */
  callbackUrl: Scalars['String']['input'];
  /** The `flowToken` of `startOAuthLogin`; absent: the cookie. */
  flowToken?: InputMaybe<Scalars['String']['input']>;
  /** How the refresh token travels. */
  transport?: InputMaybe<TokenTransport>;
};

/** An account to create. */
export type CreateAccountInput = {
  /** Its id in the calling application, 1 to 200 characters, else `BAD_USER_INPUT`. Unique per installation. */
  externalId: Scalars['String']['input'];
  /** The name to show, 1 to 200 characters, else `BAD_USER_INPUT`. */
  name: Scalars['String']['input'];
};

/** Who has signed in, and from where. */
export type CreateSessionInput = {
  /** The account's id in the calling application, as given to `createAccount`. */
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  /** With a key for all accounts: the account's id, or else `accountExternalId`. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The kind of application that signs in; the session keeps it. */
  appType?: InputMaybe<AppType>;
  /** With `externalId`: a label to show, which need not be unique. Needed on first sight, kept up to date after. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** The user's id in the calling application, 1 to 200 characters, unique per account. */
  externalId?: InputMaybe<Scalars['String']['input']>;
  /** The address of the user's browser; else null is kept, not the caller's own. */
  ipAddress?: InputMaybe<Scalars['String']['input']>;
  /** With `externalId`: the name to show. Needed on first sight, kept up to date after. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The `User-Agent` of the user's browser, cut at 500 characters. */
  userAgent?: InputMaybe<Scalars['String']['input']>;
  /** The user's id in Curfew; or else `externalId` with `email` and `name`. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A service session to end. */
export type EndSessionInput = {
  /** What the session will say about its end. */
  reason?: InputMaybe<ServiceEndReason>;
  /** The token that `createSession` returned. */
  sessionToken: Scalars['String']['input'];
};

/** The user whose sessions are to end. */
export type EndUserSessionsInput = {
  /** The account's id in the calling application, as given to `createAccount`. */
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  /** With `externalId` and a key for all accounts: the account's id, or else `accountExternalId`. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The user's id in the calling application. */
  externalId?: InputMaybe<Scalars['String']['input']>;
  /** What the sessions will say about their end. */
  reason?: InputMaybe<ServiceEndReason>;
  /** The user's id in Curfew; or else `externalId`. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** One of the two deadlines of a session. */
export type ExpiryReason =
  /** The absolute deadline: the absolute limit since sign-in. Nothing but a new sign-in moves it later. */
  | 'ABSOLUTE'
  /** The idle deadline: no activity for the idle limit. Activity moves it. */
  | 'IDLE';

/** Whom to invite. */
export type InviteUserInput = {
  /** The e-mail to sign in with. Taken by any user of the installation: `CONFLICT` with `reason` `EMAIL_TAKEN`. */
  email: Scalars['String']['input'];
  /** The name to show. */
  name: Scalars['String']['input'];
  /** The role from the start. */
  role?: InputMaybe<Role>;
};

/** A user and the way to a password. */
export type InviteUserPayload = {
  __typename?: 'InviteUserPayload';
  /**
   * A link `PUBLIC_URL/set-password#token=...`, good once and for 24 hours, to hand to the user. Shown only
   * here.
   */
  setPasswordUrl: Scalars['String']['output'];
  /** The user the link is for. */
  user: User;
};

/** E-mail and password. */
export type LoginInput = {
  /** The kind of application that signs in; the session keeps it. */
  appType?: InputMaybe<AppType>;
  /**
   * Whom the access token is for: `curfew` (the default, and the only one Curfew itself accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /** The e-mail of the user. */
  email: Scalars['String']['input'];
  /** The password of the user. */
  password: Scalars['String']['input'];
  /** How the refresh token travels. */
  transport?: InputMaybe<TokenTransport>;
};

/** The outcome of a sign-out. */
export type LogoutPayload = {
  __typename?: 'LogoutPayload';
  /** Whether this call ended a session; false where it had already ended or none was found. */
  ended: Scalars['Boolean']['output'];
};

/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Changes the caller's password and ends the caller's other sessions (`PASSWORD_CHANGED`). Wrong current
   * password: `INVALID_CREDENTIALS`. New password outside the rules: `BAD_USER_INPUT`. Too many failures:
   * `RATE_LIMITED` with `retryAfterSeconds`.
   */
  changePassword: ChangePasswordPayload;
  /**
   * Completes a sign-in at an identity provider: a new session under the account's effective policy of this
   * moment, as with `login`. The user is the one whom this provider's subject was linked with before or, the first
   * time, the one who signs in with an e-mail that the provider says it verified; nobody is created.
   *
   * Refusals are `INVALID_CREDENTIALS` with `reason`:
   * - `OAUTH_FLOW_INVALID`: begun in another browser, more than ten minutes ago, used already, or never.
   * - `PROVIDER_REFUSED`: the provider answered with an error (`providerError`, such as `access_denied`).
   * - `PROVIDER_ANSWER_INVALID`: its code, its ID token or a claim in it did not pass the checks.
   * - `NOT_INVITED`: nobody here is that person, or they may not sign in.
   * - `REAUTHENTICATION_REQUIRED`: they signed in at the provider longer ago than the account's absolute limit
   *   allows. With `authorizationUrl` (and `flowToken`) the provider can be asked to let them sign in anew.
   *
   * The provider cannot be reached: `UNAVAILABLE`. Too many failures: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  completeOAuthLogin: AuthPayload;
  /**
   * Creates an account for an installation that serves many. Service key for all accounts, else `FORBIDDEN`.
   * Repeated with the same `externalId` it changes nothing and returns the account as it is.
   */
  createAccount: Account;
  /**
   * Opens a session for a user whom the calling application has signed in, under the account's effective policy of
   * this moment. Service key. With `externalId` the user is created on first sight, as a `MEMBER` who cannot sign
   * in at Curfew until invited. An unknown user or account, and one outside the key's reach: `NOT_FOUND`. An
   * inactive user: `BAD_USER_INPUT` with `reason` `USER_INACTIVE`.
   */
  createSession: ServiceSessionPayload;
  /**
   * Ends a service session. True when this call ended it; false when it was over already, unknown, or outside the
   * key's reach. Service key.
   */
  endSession: Scalars['Boolean']['output'];
  /**
   * Ends every live session of one user, however it was started. Service key. A repeat counts 0. An unknown user,
   * and one outside the key's reach: `NOT_FOUND`.
   */
  endUserSessions: RevokeSessionsPayload;
  /**
   * Adds a user to the account, without a password; the link that is returned lets them set one. Somebody whom
   * `createSession` brought here and who alone has this e-mail as their label, among the active users of the account
   * whom nobody has invited yet, is that user: they get the sign-in e-mail, the name and the role, and keep their
   * sessions. Owner, else `FORBIDDEN`. Sign-in e-mails are unique per installation: `CONFLICT` with `reason`
   * `EMAIL_TAKEN`. Malformed e-mail or name: `BAD_USER_INPUT`.
   */
  inviteUser: InviteUserPayload;
  /**
   * An access token with which the browser of a service session's user may call `currentSession`, `touchSession`,
   * `logout` and `sessionExpiry`, and nothing else (`FORBIDDEN`). Service key. A session token that is unknown,
   * over, or outside the key's reach: `NOT_FOUND`.
   */
  issueSessionAccessToken: SessionAccessToken;
  /**
   * Signs a user in with e-mail and password: a new session under the account's effective policy of this moment.
   * Unknown user, wrong password and inactive user: `INVALID_CREDENTIALS`, alike in text and time. Too many
   * failures for the e-mail, the address or both: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  login: AuthPayload;
  /**
   * Signs out: ends the session of the access token or, without a usable one, of the refresh cookie (`LOGOUT`),
   * and clears that cookie. No error when the session has already ended or no token is presented.
   */
  logout: LogoutPayload;
  /**
   * Trades a refresh token for its one successor and a fresh access token, and moves the idle deadline unless
   * `userActive` is false. The absolute deadline stays. The new token travels the way the old one came: in the
   * body or in the cookie.
   *
   * At or past the idle deadline: `SESSION_EXPIRED_IDLE`, however often it is presented. At or past the absolute
   * deadline, alone or with the idle one: `SESSION_EXPIRED_ABSOLUTE` once, after which the token is consumed.
   * Anything else (no token, malformed, bad signature, wrong type, consumed, session ended otherwise, user
   * inactive or gone): `INVALID_REFRESH_TOKEN`, with `endReason` when known.
   *
   * Repeating the token that was just replaced, within the grace of `REFRESH_REUSE_GRACE_SECONDS` (10 by
   * default) or with the same `requestId` until the successor is used, returns the identical successor and moves
   * nothing. An older token within that grace is refused and nothing else. Any other older token ends the
   * session with `REFRESH_TOKEN_REUSED`.
   */
  refreshSession: AuthPayload;
  /**
   * Makes a new one-time link with which the user sets a password. Ends no session before the link is used.
   * Owner, else `FORBIDDEN`. Unknown user, or one of another account: `NOT_FOUND`. Somebody whom `createSession`
   * brought here and whom nobody has invited yet: `BAD_USER_INPUT` with `field` `userId` and `reason` `NOT_INVITED`.
   */
  resetUserPassword: InviteUserPayload;
  /**
   * Ends one session: an owner any of the account, a member their own. `REVOKED_BY_USER` where it is the
   * caller's own, else `REVOKED_BY_OWNER`. A session that has already ended counts 0. An unknown session, one of
   * another account and, for a member, a colleague's: `NOT_FOUND`.
   */
  revokeSession: RevokeSessionsPayload;
  /**
   * Ends the live sessions of the whole account (`REVOKED_BY_OWNER`). Owner, else `FORBIDDEN`. A repeat counts
   * 0; after `ALL` the caller is signed out too, so its own repeat is `UNAUTHENTICATED`. Every call writes one
   * audit event `account.sessions_revoked_bulk`.
   */
  revokeSessions: RevokeSessionsPayload;
  /**
   * Ends every live session of one user: an owner those of any user of the account, a member their own, the
   * session of the call included. `REVOKED_BY_USER` where they are the caller's own, else `REVOKED_BY_OWNER`. A
   * repeat counts 0. An unknown user, one of another account and, for a member, a colleague: `NOT_FOUND`.
   */
  revokeUserSessions: RevokeSessionsPayload;
  /**
   * Sets a password with the token of a one-time link, ends the sessions that the user has (`PASSWORD_CHANGED`)
   * and signs the user in. A token that is unknown, used or older than 24 hours, and an inactive user:
   * `INVALID_CREDENTIALS`. A password outside the rules: `BAD_USER_INPUT`; the link stays usable. Too many
   * failures: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  setPassword: AuthPayload;
  /**
   * Deactivates a user, which ends every session of theirs (`USER_DEACTIVATED`), or lets them sign in again,
   * which revives no session. Owner, else `FORBIDDEN`. Unknown user, or one of another account: `NOT_FOUND`. The
   * last active owner cannot be deactivated: `BAD_USER_INPUT` with `reason` `LAST_OWNER`.
   */
  setUserActive: User;
  /**
   * Gives a user of the account a role. Owner, else `FORBIDDEN`. Unknown user, or one of another account:
   * `NOT_FOUND`. The last active owner must stay one: `BAD_USER_INPUT` with `reason` `LAST_OWNER`.
   */
  setUserRole: User;
  /**
   * Begins a sign-in at an identity provider (OpenID Connect: authorization code, PKCE, state and nonce). Send the
   * browser to `authorizationUrl`; it comes back to `redirectUri`. Unknown provider: `NOT_FOUND`. A `redirectUri`
   * that is not one of `OIDC_REDIRECT_URIS`: `BAD_USER_INPUT`. The provider cannot be reached: `UNAVAILABLE`.
   */
  startOAuthLogin: StartOAuthLoginPayload;
  /**
   * Records activity on the caller's session: the idle deadline becomes now plus the session's idle limit, at
   * most the absolute deadline. Returns the session with its new deadlines.
   */
  touchSession: Session;
  /**
   * Replaces the account's session policy. Owner, else `FORBIDDEN`. Every accepted call is a new version, also
   * when nothing changed, with one audit event `account.session_policy_update`.
   *
   * Checked in this order, and nothing is written on failure: each field against its bounds (`BAD_USER_INPUT`,
   * `reason` `OUT_OF_BOUNDS`, with `field`, `min`, `max`), then effective idle limit <= effective absolute limit
   * (`BAD_USER_INPUT`, `reason` `IDLE_EXCEEDS_ABSOLUTE`, `field` `idleMinutes`). Another owner saved first:
   * `CONFLICT`.
   */
  updateSessionPolicy: UpdateSessionPolicyPayload;
  /**
   * Whether a service session lives, and until when. Counts as activity unless `touch` is false. Service key. Never
   * an error for a token that is no longer good: the answer says why.
   */
  validateSession: SessionValidation;
  /** The same for 1 to 1000 tokens at once, else `BAD_USER_INPUT`; the answers come in the order of the tokens. */
  validateSessions: Array<SessionValidation>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationCompleteOAuthLoginArgs = {
  input: CompleteOAuthLoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationCreateAccountArgs = {
  input: CreateAccountInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationCreateSessionArgs = {
  input: CreateSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationEndSessionArgs = {
  input: EndSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationEndUserSessionsArgs = {
  input: EndUserSessionsInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationInviteUserArgs = {
  input: InviteUserInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationIssueSessionAccessTokenArgs = {
  audience?: InputMaybe<Scalars['String']['input']>;
  sessionToken: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationLoginArgs = {
  input: LoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationRefreshSessionArgs = {
  input?: InputMaybe<RefreshSessionInput>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationResetUserPasswordArgs = {
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationRevokeSessionArgs = {
  sessionId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationRevokeSessionsArgs = {
  scope?: RevokeScope;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationRevokeUserSessionsArgs = {
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationSetPasswordArgs = {
  input: SetPasswordInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationSetUserActiveArgs = {
  isActive: Scalars['Boolean']['input'];
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationSetUserRoleArgs = {
  role: Role;
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationStartOAuthLoginArgs = {
  input: StartOAuthLoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationUpdateSessionPolicyArgs = {
  input: UpdateSessionPolicyInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationValidateSessionArgs = {
  input: ValidateSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`; only `login`,
 * `setPassword`, `startOAuthLogin`, `completeOAuthLogin`, `refreshSession` and `logout` do without. An audit event
 * is written in the transaction of its change.
 */
export type MutationValidateSessionsArgs = {
  input: Array<ValidateSessionInput>;
};

/** Where a page lies in its list. Lists are paged forward, with `first` and `after`. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last item, to pass as `after`; null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more items follow this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether items come before this page: true where `after` was given. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item; null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** Which sessions a new policy reaches. */
export type PolicyApplication =
  /**
   * Live ones too, at once: each gets the lesser of its limit and the new one, never a longer one; those already
   * past it end (`POLICY_CHANGED`).
   */
  | 'ACTIVE_SESSIONS'
  /** Only sessions that start later; live ones keep their limits. */
  | 'NEXT_LOGIN';

/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type Query = {
  __typename?: 'Query';
  /** The account's audit trail, newest first. Owner, else `FORBIDDEN`. */
  auditEvents: AuditEventConnection;
  /**
   * The identity providers that people can sign in with, in the order in which they are configured. Needs no
   * token; one that is no longer good gives `UNAUTHENTICATED`.
   */
  authProviders: Array<AuthProvider>;
  /** The session that the access token belongs to. */
  currentSession: Session;
  /**
   * The server's clock, against which every deadline is to be read. Needs no token; one that is no longer good
   * gives `UNAUTHENTICATED`.
   */
  serverTime: Scalars['DateTime']['output'];
  /**
   * When the live sessions of the account will end if nobody does anything more: the time from now on in 24
   * slices of equal length, in order, empty ones included. A session is counted in the slice of its nearer
   * deadline; one that ends after the last slice is in none. Owner, else `FORBIDDEN`.
   */
  sessionEndings: Array<SessionEndingsBucket>;
  /** The account's session policy. Owner, else `FORBIDDEN`. */
  sessionPolicy: SessionPolicy;
  /**
   * What `updateSessionPolicy` with `ACTIVE_SESSIONS` would do to the live sessions at this moment. Writes
   * nothing. Owner, else `FORBIDDEN`. Refuses limits like `updateSessionPolicy` does.
   */
  sessionPolicyImpact: SessionPolicyImpact;
  /** The named policies with their limits: every preset but `CUSTOM`. Owner or member. */
  sessionPolicyPresets: Array<SessionPolicyPresetDefinition>;
  /** Sessions, latest sign-in first. For an owner those of the account, for a member their own. */
  sessions: SessionConnection;
  /**
   * The live sessions of one user, latest sign-in first. Service key. An unknown user, and one outside the key's
   * reach: `NOT_FOUND`. Neither `userId` nor `externalId`, or both: `BAD_USER_INPUT`.
   */
  userSessions: Array<Session>;
  /**
   * The signed-in user; null only where no token is presented. A token that is no longer good gives
   * `UNAUTHENTICATED`.
   */
  viewer?: Maybe<User>;
};


/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryAuditEventsArgs = {
  action?: InputMaybe<Scalars['String']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionEndingsArgs = {
  hours?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionPolicyImpactArgs = {
  input: UpdateSessionPolicyInput;
};


/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<SessionStatus>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Reads. Each needs a signed-in user, `userSessions` a service key, else `UNAUTHENTICATED`; only `viewer`,
 * `serverTime` and `authProviders` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryUserSessionsArgs = {
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  accountId?: InputMaybe<Scalars['ID']['input']>;
  externalId?: InputMaybe<Scalars['String']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A refresh token to trade for its successor. */
export type RefreshSessionInput = {
  /**
   * Whom the access token is for: `curfew` (the default, and the only one Curfew itself accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /** The refresh token; absent: the one in the cookie. It wins over the cookie. */
  refreshToken?: InputMaybe<Scalars['String']['input']>;
  /**
   * 16 to 128 characters, else `BAD_USER_INPUT`; chosen at random by the client for this one refresh and kept
   * until its answer is stored. Repeating the token with the same id returns the identical successor at any time
   * until the successor is used, so a client whose answer was lost is not signed out.
   */
  requestId?: InputMaybe<Scalars['String']['input']>;
  /**
   * Whether the user is active. False renews without moving the idle deadline, so a page that renews in the
   * background still idles out.
   */
  userActive?: InputMaybe<Scalars['Boolean']['input']>;
};

/** Whose sessions to end. */
export type RevokeScope =
  /** Every live session of the account, the caller's included. */
  | 'ALL'
  /** Every live session of the account but the caller's: all sessions of the caller stay. */
  | 'OTHERS';

/** The outcome of ending sessions. */
export type RevokeSessionsPayload = {
  __typename?: 'RevokeSessionsPayload';
  /** How many sessions this call ended; those that had ended before do not count. */
  revokedCount: Scalars['Int']['output'];
};

/** What a user may do. The role is read anew for each operation; the one in an access token is only a copy. */
export type Role =
  /** Sees and ends their own sessions, changes their own password. */
  | 'MEMBER'
  /** Sets the policy, sees and ends every session of the account, manages its users, reads its audit trail. */
  | 'OWNER';

/** The ends that a trusted back end can decide. */
export type ServiceEndReason =
  /** The user signed out. */
  | 'LOGOUT'
  /** The user's password was changed there. */
  | 'PASSWORD_CHANGED'
  /** A trusted back end ended it. */
  | 'REVOKED_BY_SERVICE'
  /** The user was deactivated there. */
  | 'USER_DEACTIVATED';

/** A session and the token that stands for it. */
export type ServiceSessionPayload = {
  __typename?: 'ServiceSessionPayload';
  /** The session that was started. */
  session: Session;
  /** 256 random bits in base64url. Shown only here; Curfew keeps its SHA-256. */
  sessionToken: Scalars['String']['output'];
};

/**
 * A signed-in session. It is over at its nearer deadline, to the millisecond (a deadline equal to now has
 * passed), or when something ends it before.
 */
export type Session = {
  __typename?: 'Session';
  /** The absolute deadline: `authenticatedAt` plus the absolute limit. Nothing but a new sign-in moves it later. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** The absolute limit in minutes that this session lives by, as of its sign-in or shortened since. */
  absoluteMinutes: Scalars['Int']['output'];
  /**
   * How many seconds before its absolute deadline this session is warned: the policy's `absoluteWarningSeconds`,
   * at most half the session's absolute limit.
   */
  absoluteWarningSeconds: Scalars['Int']['output'];
  /** The kind of application it was started from. */
  appType: AppType;
  /** When the user signed in; renewal does not move it. */
  authenticatedAt: Scalars['DateTime']['output'];
  /** Browser and system in words, read from the user agent; null where it tells neither. */
  device?: Maybe<Scalars['String']['output']>;
  /** How it ended; null while it lives. */
  endReason?: Maybe<SessionEndReason>;
  /** When it ended, for a timeout the deadline itself; null while it lives. */
  endedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The nearer of the two deadlines. */
  expiresAt: Scalars['DateTime']['output'];
  /** Which deadline is the nearer; `ABSOLUTE` where they are equal. */
  expiryReason: ExpiryReason;
  /** Never changes; the access token's `sid`. */
  id: Scalars['ID']['output'];
  /** The idle deadline: `lastActivityAt` plus the idle limit, never later than the absolute deadline. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** The idle limit in minutes that this session lives by, as of its sign-in or shortened since. */
  idleMinutes: Scalars['Int']['output'];
  /**
   * How many seconds before its idle deadline this session is warned: the policy's `warningSeconds`, at most half
   * the session's idle limit.
   */
  idleWarningSeconds: Scalars['Int']['output'];
  /** The address the session was started from; null where unknown. */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** Whether it is the caller's session; true in an `AuthPayload`. */
  isCurrent: Scalars['Boolean']['output'];
  /**
   * The latest activity: sign-in, `touchSession`, `refreshSession` with `userActive`, or `validateSession` with
   * `touch`. Other requests are not activity.
   */
  lastActivityAt: Scalars['DateTime']['output'];
  /** Who is signed in. */
  user: User;
  /** The `User-Agent` the session was started with, cut at 500 characters; null where unknown. */
  userAgent?: Maybe<Scalars['String']['output']>;
};

/** What a browser needs to follow the end of its service session. */
export type SessionAccessToken = {
  __typename?: 'SessionAccessToken';
  /** The access token: a JWT (ES256) to send as `Authorization: Bearer`. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires; never later than either deadline. */
  expiresAt: Scalars['DateTime']['output'];
};

/** A page of sessions. */
export type SessionConnection = {
  __typename?: 'SessionConnection';
  /** The page's sessions with their cursors, in order. */
  edges: Array<SessionEdge>;
  /** Where the page lies in the list. */
  pageInfo: PageInfo;
  /** How many sessions the whole list has; exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A session in a list. */
export type SessionEdge = {
  __typename?: 'SessionEdge';
  /** The session's place in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The session. */
  node: Session;
};

/** How a session ended. */
export type SessionEndReason =
  /** The absolute deadline passed, alone or with the idle deadline. */
  | 'ABSOLUTE_TIMEOUT'
  /** The idle deadline passed. */
  | 'IDLE_TIMEOUT'
  /** The user signed out. */
  | 'LOGOUT'
  /** The user's password was changed or set anew. */
  | 'PASSWORD_CHANGED'
  /** A new policy was applied to live sessions, and this one was already past it. */
  | 'POLICY_CHANGED'
  /** A refresh token replaced before was presented again: somebody may hold a copy. */
  | 'REFRESH_TOKEN_REUSED'
  /** An owner ended it, alone or with all others. */
  | 'REVOKED_BY_OWNER'
  /** A trusted back end ended it. */
  | 'REVOKED_BY_SERVICE'
  /** The user ended it from the list of their sessions. */
  | 'REVOKED_BY_USER'
  /** The user was deactivated. */
  | 'USER_DEACTIVATED';

/**
 * One slice of the time ahead, and how many live sessions end in it: those with their nearer deadline after
 * `startsAt` and not after `endsAt`.
 */
export type SessionEndingsBucket = {
  __typename?: 'SessionEndingsBucket';
  /** How many end at their absolute deadline, also where the two are equal. Only a new sign-in helps. */
  absolute: Scalars['Int']['output'];
  /** Where the slice ends. */
  endsAt: Scalars['DateTime']['output'];
  /** How many end at their idle deadline. Activity would move them later. */
  idle: Scalars['Int']['output'];
  /** Where the slice begins: for the first one now, else where the one before ends. */
  startsAt: Scalars['DateTime']['output'];
};

/**
 * What happened to the deadlines of the caller's session. The deadlines are absolute; read them against
 * `serverTime`.
 */
export type SessionExpiryEvent = {
  __typename?: 'SessionExpiryEvent';
  /** The absolute deadline. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** Whether activity still moves that deadline: true only for the idle deadline of a live session. */
  canExtend: Scalars['Boolean']['output'];
  /**
   * How the session ended: `IDLE_TIMEOUT` or `ABSOLUTE_TIMEOUT` with `EXPIRED`, any other reason with `REVOKED`;
   * null with the other kinds.
   */
  endReason?: Maybe<SessionEndReason>;
  /**
   * With `WARNING` the deadline warned of, with `EXTENDED` and `SHORTENED` the nearer deadline as it is now,
   * with `EXPIRED` the deadline that has passed, with `REVOKED` when the session ended.
   */
  expiresAt: Scalars['DateTime']['output'];
  /** The idle deadline. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** What happened. */
  kind: SessionExpiryEventKind;
  /** Which deadline `expiresAt` is; null with `REVOKED`. */
  reason?: Maybe<ExpiryReason>;
  /** Whole seconds from `serverTime` to `expiresAt`, rounded down; 0 with `EXPIRED` and `REVOKED`. */
  secondsRemaining: Scalars['Int']['output'];
  /** The server's clock when the event was made. */
  serverTime: Scalars['DateTime']['output'];
  /** The session. */
  sessionId: Scalars['ID']['output'];
};

/** What happened to the deadlines of a session. */
export type SessionExpiryEventKind =
  /** A deadline has passed, at most 2 seconds ago. The last event. */
  | 'EXPIRED'
  /** The deadline that was warned of moved later; the next one is warned of anew. */
  | 'EXTENDED'
  /** The session ended for another cause than a deadline. The last event. */
  | 'REVOKED'
  /** A policy applied to live sessions moved the deadline nearer; a `WARNING` follows where it is due. */
  | 'SHORTENED'
  /**
   * A deadline is near: once per subscription and deadline, its lead time before it (at once where subscribed
   * later). With both due, the nearer.
   */
  | 'WARNING';

/** Why a service session is not valid. */
export type SessionInvalidReason =
  /** The absolute deadline has passed, alone or with the idle one. */
  | 'ABSOLUTE'
  /** The idle deadline has passed. */
  | 'IDLE'
  /** No such token, or one outside the key's reach. */
  | 'NOT_FOUND'
  /** It was ended before its deadlines; `session.endReason` says by what. */
  | 'REVOKED';

/**
 * The account's session policy: overrides and what follows from them. The effective limit is the override or the
 * system default, clamped into the bounds; then the idle limit is at most the absolute one. A sign-in stores the
 * effective limits in its session.
 */
export type SessionPolicy = {
  __typename?: 'SessionPolicy';
  /** The account's absolute limit in minutes; null: the system default. */
  absoluteMinutes?: Maybe<Scalars['Int']['output']>;
  /** The greatest absolute limit in minutes that is accepted (`SESSION_ABSOLUTE_MINUTES_MAX`). */
  absoluteMinutesMax: Scalars['Int']['output'];
  /** The least absolute limit in minutes that is accepted (`SESSION_ABSOLUTE_MINUTES_MIN`). */
  absoluteMinutesMin: Scalars['Int']['output'];
  /**
   * Seconds before the absolute deadline at which the warning comes (`SESSION_ABSOLUTE_WARNING_SECONDS`); for a
   * session at most half its absolute limit.
   */
  absoluteWarningSeconds: Scalars['Int']['output'];
  /** How many users of the account have at least one live session. */
  activeUserCount: Scalars['Int']['output'];
  /** Users with at least one live session, last sign-in first. */
  activeUsers: Array<ActiveUser>;
  /** The absolute limit in minutes that the next sign-in gets. */
  effectiveAbsoluteMinutes: Scalars['Int']['output'];
  /** The idle limit in minutes that the next sign-in gets. */
  effectiveIdleMinutes: Scalars['Int']['output'];
  /** The account's idle limit in minutes; null: the system default. */
  idleMinutes?: Maybe<Scalars['Int']['output']>;
  /** The greatest idle limit in minutes that is accepted (`SESSION_IDLE_MINUTES_MAX`). */
  idleMinutesMax: Scalars['Int']['output'];
  /** The least idle limit in minutes that is accepted (`SESSION_IDLE_MINUTES_MIN`). */
  idleMinutesMin: Scalars['Int']['output'];
  /** The preset whose two limits equal the effective ones, else `CUSTOM`. */
  preset: SessionPolicyPreset;
  /** When the policy was last updated; null before the first update. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** Who last updated the policy; null before the first update. */
  updatedBy?: Maybe<User>;
  /** Grows by one with every accepted update; 0 before the first. */
  version: Scalars['Int']['output'];
  /**
   * Seconds before the idle deadline at which the warning comes (`SESSION_WARNING_SECONDS`); for a session at
   * most half its idle limit.
   */
  warningSeconds: Scalars['Int']['output'];
};


/**
 * The account's session policy: overrides and what follows from them. The effective limit is the override or the
 * system default, clamped into the bounds; then the idle limit is at most the absolute one. A sign-in stores the
 * effective limits in its session.
 */
export type SessionPolicyActiveUserCountArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
};


/**
 * The account's session policy: overrides and what follows from them. The effective limit is the override or the
 * system default, clamped into the bounds; then the idle limit is at most the absolute one. A sign-in stores the
 * effective limits in its session.
 */
export type SessionPolicyActiveUsersArgs = {
  after?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
};

/** What applying a policy to the live sessions of the account would do now. Counts are of sessions. */
export type SessionPolicyImpact = {
  __typename?: 'SessionPolicyImpact';
  /** Live sessions of the account. */
  activeSessions: Scalars['Int']['output'];
  /** Those that would end at once, already past the new limits. */
  endNow: Scalars['Int']['output'];
  /** Of those that would live on: the ones that end within the hour without activity. */
  endWithinHour: Scalars['Int']['output'];
  /** Whether the caller's session is among `endNow`. */
  endsViewerSession: Scalars['Boolean']['output'];
  /** Those that would live on with an earlier deadline. */
  shortened: Scalars['Int']['output'];
};

/**
 * A named pair of limits. A policy's preset is the one whose two limits equal its effective limits; `STRICT`
 * wins where it equals another.
 */
export type SessionPolicyPreset =
  /** Any other pair. */
  | 'CUSTOM'
  /** The time limits of NIST SP 800-63B AAL2, and only those: idle 30 minutes, absolute 720 (12 hours). */
  | 'NIST_AAL2'
  /** The time limits of NIST SP 800-63B AAL3, and only those: idle 15 minutes, absolute 720 (12 hours). */
  | 'NIST_AAL3'
  /** Idle 10080 minutes (7 days), absolute 43200 (30 days). */
  | 'STANDARD'
  /** The system defaults, whatever they are: idle 4320, absolute 20160 minutes unless configured otherwise. */
  | 'STRICT';

/** A preset with its limits. */
export type SessionPolicyPresetDefinition = {
  __typename?: 'SessionPolicyPresetDefinition';
  /** Its absolute limit in minutes. */
  absoluteMinutes: Scalars['Int']['output'];
  /** Whether both limits lie inside the bounds; if not, `updateSessionPolicy` refuses them. */
  available: Scalars['Boolean']['output'];
  /** What it is for, in a sentence to show. */
  description: Scalars['String']['output'];
  /** Its idle limit in minutes. */
  idleMinutes: Scalars['Int']['output'];
  /** Which preset. */
  preset: SessionPolicyPreset;
};

/** Whether a session lives. */
export type SessionStatus =
  /** Not ended, and before both deadlines. */
  | 'ACTIVE'
  /** Ended, or past a deadline. */
  | 'ENDED';

/** Whether a service session lives. */
export type SessionValidation = {
  __typename?: 'SessionValidation';
  /** Whole seconds to the absolute deadline; null once it is over. */
  absoluteSecondsRemaining?: Maybe<Scalars['Int']['output']>;
  /** Why not, the same every time it is asked; null while it lives. */
  reason?: Maybe<SessionInvalidReason>;
  /** Whole seconds to the nearer deadline, after the touch; null once it is over. */
  secondsRemaining?: Maybe<Scalars['Int']['output']>;
  /** The session; null only with `NOT_FOUND`. */
  session?: Maybe<Session>;
  /** Whether it lives. */
  valid: Scalars['Boolean']['output'];
  /** Whether the nearer deadline is within its warning time; false once it is over. */
  warning: Scalars['Boolean']['output'];
};

/** A one-time link's token and the password to set. The session is one of `CONTROL_PANEL`. */
export type SetPasswordInput = {
  /**
   * 12 to 128 characters and not the e-mail; nothing else is asked of it. Else `BAD_USER_INPUT` with `field`
   * `newPassword`.
   */
  newPassword: Scalars['String']['input'];
  /** The token of the link: what follows `#token=`. */
  token: Scalars['String']['input'];
  /** How the refresh token travels. */
  transport?: InputMaybe<TokenTransport>;
};

/** Where to sign in, and where to come back to. */
export type StartOAuthLoginInput = {
  /** One of `authProviders`. */
  providerId: Scalars['ID']['input'];
  /** Exactly one of `OIDC_REDIRECT_URIS`; by default `PUBLIC_URL/login/callback`, the dashboard's. */
  redirectUri: Scalars['String']['input'];
  /**
   * What binds the sign-in to the browser that began it: with `COOKIE` an HttpOnly cookie, with `BODY` the
   * `flowToken`.
   */
  transport?: InputMaybe<TokenTransport>;
};

/** A sign-in that has begun; it has to be completed within ten minutes, once. */
export type StartOAuthLoginPayload = {
  __typename?: 'StartOAuthLoginPayload';
  /** Where to send the browser. */
  authorizationUrl: Scalars['String']['output'];
  /**
   * To keep in the browser that began the sign-in, and to pass to `completeOAuthLogin`; null with `COOKIE`. A
   * secret until then.
   */
  flowToken?: Maybe<Scalars['String']['output']>;
};

/**
 * Events, over the WebSocket only (`graphql-transport-ws`), signed in by `connectionParams: { accessToken }`, or
 * `{ serviceKey }` for `accountSessions`. The socket belongs to the session, not to the token: it outlives the
 * token and is closed (4401) when the session ends, or the key is revoked or expires. An eleventh subscription on a socket: `RATE_LIMITED`. A subscription is not activity.
 */
export type Subscription = {
  __typename?: 'Subscription';
  /**
   * Sessions of the account as they start, change and end; at most one batch a second. Owner or service key, else
   * `FORBIDDEN`; it ends when the owner loses the role, or the key is revoked or expires. A service key's also ends when
   * more than 10,000 sessions end at once, which are told one by one only within the next minutes: believe nothing that
   * you knew, ask, and subscribe again.
   */
  accountSessions: AccountSessionEvent;
  /**
   * What happens to the deadlines of the caller's session. `EXPIRED` or `REVOKED` is the last event; then the
   * subscription completes and the socket closes.
   */
  sessionExpiry: SessionExpiryEvent;
};


/**
 * Events, over the WebSocket only (`graphql-transport-ws`), signed in by `connectionParams: { accessToken }`, or
 * `{ serviceKey }` for `accountSessions`. The socket belongs to the session, not to the token: it outlives the
 * token and is closed (4401) when the session ends, or the key is revoked or expires. An eleventh subscription on a socket: `RATE_LIMITED`. A subscription is not activity.
 */
export type SubscriptionAccountSessionsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
};

/** How the refresh token travels. */
export type TokenTransport =
  /** In the answer's `refreshToken`; the client keeps it. */
  | 'BODY'
  /**
   * In an HttpOnly, SameSite=Strict cookie that lasts until the absolute deadline. For browsers on Curfew's own
   * site.
   */
  | 'COOKIE';

/** The whole new policy: the two limits replace both overrides, so leaving one out clears it. */
export type UpdateSessionPolicyInput = {
  /** Absolute limit in minutes, `absoluteMinutesMin` to `absoluteMinutesMax`; null or absent clears the override. */
  absoluteMinutes?: InputMaybe<Scalars['Int']['input']>;
  /** Whether live sessions feel it. */
  apply?: InputMaybe<PolicyApplication>;
  /**
   * The `version` this change is based on, 0 before the first. Another version is in force: `CONFLICT`. Absent:
   * no check.
   */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Idle limit in minutes, `idleMinutesMin` to `idleMinutesMax`; null or absent clears the override. */
  idleMinutes?: InputMaybe<Scalars['Int']['input']>;
};

/** The outcome of an update of the policy. */
export type UpdateSessionPolicyPayload = {
  __typename?: 'UpdateSessionPolicyPayload';
  /** The policy as it is now. */
  sessionPolicy: SessionPolicy;
};

/** A person of one account. */
export type User = {
  __typename?: 'User';
  /** The account the user belongs to. */
  account: Account;
  /**
   * The e-mail the user signs in with. For a user whom `createSession` created, and nobody has invited yet, only a
   * label.
   */
  email: Scalars['String']['output'];
  /** Their id in the application that opens their sessions; null where Curfew's own sign-in is the only one. */
  externalId?: Maybe<Scalars['String']['output']>;
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** Whether the user may sign in. A user who may not has no live session. */
  isActive: Scalars['Boolean']['output'];
  /** The latest sign-in; null before the first. */
  lastLoginAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name to show. */
  name: Scalars['String']['output'];
  /** What the user may do in the account. */
  role: Role;
};

/** A session token to check. */
export type ValidateSessionInput = {
  /** The token that `createSession` returned. */
  sessionToken: Scalars['String']['input'];
  /** Whether this is activity of the user, which moves the idle deadline. */
  touch?: InputMaybe<Scalars['Boolean']['input']>;
};



export type ResolverTypeWrapper<T> = Promise<T> | T;


export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<TResult, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = ResolverFn<TResult, TParent, TContext, TArgs> | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<TResult, TKey extends string, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<TResult, TKey extends string, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<TTypes, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<T = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<TResult = Record<PropertyKey, never>, TParent = Record<PropertyKey, never>, TContext = Record<PropertyKey, never>, TArgs = Record<PropertyKey, never>> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo
) => TResult | Promise<TResult>;





/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  Account: ResolverTypeWrapper<AccountEntity>;
  AccountSessionEvent: ResolverTypeWrapper<Omit<AccountSessionEvent, 'session'> & { session: ResolversTypes['Session'] }>;
  AccountSessionEventKind: AccountSessionEventKind;
  ActiveUser: ResolverTypeWrapper<ActiveUserView>;
  AppType: AppType;
  AuditEvent: ResolverTypeWrapper<AuditEventEntity>;
  AuditEventConnection: ResolverTypeWrapper<AuditPage>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuthPayload: ResolverTypeWrapper<DeliveredGrant>;
  AuthProvider: ResolverTypeWrapper<AuthProvider>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ResolverTypeWrapper<ChangePasswordPayload>;
  CompleteOAuthLoginInput: CompleteOAuthLoginInput;
  CreateAccountInput: CreateAccountInput;
  CreateSessionInput: CreateSessionInput;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  EndSessionInput: EndSessionInput;
  EndUserSessionsInput: EndUserSessionsInput;
  ExpiryReason: ExpiryReason;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  InviteUserInput: InviteUserInput;
  InviteUserPayload: ResolverTypeWrapper<Omit<InviteUserPayload, 'user'> & { user: ResolversTypes['User'] }>;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  LoginInput: LoginInput;
  LogoutPayload: ResolverTypeWrapper<LogoutPayload>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PolicyApplication: PolicyApplication;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  RefreshSessionInput: RefreshSessionInput;
  RevokeScope: RevokeScope;
  RevokeSessionsPayload: ResolverTypeWrapper<RevokeSessionsPayload>;
  Role: Role;
  ServiceEndReason: ServiceEndReason;
  ServiceSessionPayload: ResolverTypeWrapper<Omit<ServiceSessionPayload, 'session'> & { session: ResolversTypes['Session'] }>;
  Session: ResolverTypeWrapper<SessionView>;
  SessionAccessToken: ResolverTypeWrapper<SessionAccessToken>;
  SessionConnection: ResolverTypeWrapper<SessionPage>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SessionEndReason: SessionEndReason;
  SessionEndingsBucket: ResolverTypeWrapper<SessionEndingsBucket>;
  SessionExpiryEvent: ResolverTypeWrapper<ExpiryEvent>;
  SessionExpiryEventKind: SessionExpiryEventKind;
  SessionInvalidReason: SessionInvalidReason;
  SessionPolicy: ResolverTypeWrapper<AccountEntity>;
  SessionPolicyImpact: ResolverTypeWrapper<SessionPolicyImpact>;
  SessionPolicyPreset: SessionPolicyPreset;
  SessionPolicyPresetDefinition: ResolverTypeWrapper<SessionPolicyPresetDefinition>;
  SessionStatus: SessionStatus;
  SessionValidation: ResolverTypeWrapper<Omit<SessionValidation, 'session'> & { session?: Maybe<ResolversTypes['Session']> }>;
  SetPasswordInput: SetPasswordInput;
  StartOAuthLoginInput: StartOAuthLoginInput;
  StartOAuthLoginPayload: ResolverTypeWrapper<StartOAuthLoginPayload>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TokenTransport: TokenTransport;
  UpdateSessionPolicyInput: UpdateSessionPolicyInput;
  UpdateSessionPolicyPayload: ResolverTypeWrapper<Omit<UpdateSessionPolicyPayload, 'sessionPolicy'> & { sessionPolicy: ResolversTypes['SessionPolicy'] }>;
  User: ResolverTypeWrapper<UserEntity>;
  ValidateSessionInput: ValidateSessionInput;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: AccountEntity;
  AccountSessionEvent: Omit<AccountSessionEvent, 'session'> & { session: ResolversParentTypes['Session'] };
  ActiveUser: ActiveUserView;
  AuditEvent: AuditEventEntity;
  AuditEventConnection: AuditPage;
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuthPayload: DeliveredGrant;
  AuthProvider: AuthProvider;
  Boolean: Scalars['Boolean']['output'];
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ChangePasswordPayload;
  CompleteOAuthLoginInput: CompleteOAuthLoginInput;
  CreateAccountInput: CreateAccountInput;
  CreateSessionInput: CreateSessionInput;
  DateTime: Scalars['DateTime']['output'];
  EndSessionInput: EndSessionInput;
  EndUserSessionsInput: EndUserSessionsInput;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  InviteUserInput: InviteUserInput;
  InviteUserPayload: Omit<InviteUserPayload, 'user'> & { user: ResolversParentTypes['User'] };
  JSON: Scalars['JSON']['output'];
  LoginInput: LoginInput;
  LogoutPayload: LogoutPayload;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  Query: Record<PropertyKey, never>;
  RefreshSessionInput: RefreshSessionInput;
  RevokeSessionsPayload: RevokeSessionsPayload;
  ServiceSessionPayload: Omit<ServiceSessionPayload, 'session'> & { session: ResolversParentTypes['Session'] };
  Session: SessionView;
  SessionAccessToken: SessionAccessToken;
  SessionConnection: SessionPage;
  SessionEdge: Omit<SessionEdge, 'node'> & { node: ResolversParentTypes['Session'] };
  SessionEndingsBucket: SessionEndingsBucket;
  SessionExpiryEvent: ExpiryEvent;
  SessionPolicy: AccountEntity;
  SessionPolicyImpact: SessionPolicyImpact;
  SessionPolicyPresetDefinition: SessionPolicyPresetDefinition;
  SessionValidation: Omit<SessionValidation, 'session'> & { session?: Maybe<ResolversParentTypes['Session']> };
  SetPasswordInput: SetPasswordInput;
  StartOAuthLoginInput: StartOAuthLoginInput;
  StartOAuthLoginPayload: StartOAuthLoginPayload;
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  UpdateSessionPolicyInput: UpdateSessionPolicyInput;
  UpdateSessionPolicyPayload: Omit<UpdateSessionPolicyPayload, 'sessionPolicy'> & { sessionPolicy: ResolversParentTypes['SessionPolicy'] };
  User: UserEntity;
  ValidateSessionInput: ValidateSessionInput;
};

export type AccountResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Account'] = ResolversParentTypes['Account']> = {
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type AccountSessionEventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AccountSessionEvent'] = ResolversParentTypes['AccountSessionEvent']> = {
  kind?: Resolver<ResolversTypes['AccountSessionEventKind'], ParentType, ContextType>;
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
};

export type ActiveUserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ActiveUser'] = ResolversParentTypes['ActiveUser']> = {
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  isViewer?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastLoginAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sessionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  userId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type AuditEventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AuditEvent'] = ResolversParentTypes['AuditEvent']> = {
  action?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  actor?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  actorName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  details?: Resolver<ResolversTypes['JSON'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  resourceId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  resourceType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  subject?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type AuditEventConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AuditEventConnection'] = ResolversParentTypes['AuditEventConnection']> = {
  edges?: Resolver<Array<ResolversTypes['AuditEventEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type AuditEventEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AuditEventEdge'] = ResolversParentTypes['AuditEventEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['AuditEvent'], ParentType, ContextType>;
};

export type AuthPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AuthPayload'] = ResolversParentTypes['AuthPayload']> = {
  absoluteExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  accessTokenExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  refreshToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  serverTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type AuthProviderResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['AuthProvider'] = ResolversParentTypes['AuthProvider']> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type ChangePasswordPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ChangePasswordPayload'] = ResolversParentTypes['ChangePasswordPayload']> = {
  endedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type InviteUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['InviteUserPayload'] = ResolversParentTypes['InviteUserPayload']> = {
  setPasswordUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export interface JsonScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['JSON'], any> {
  name: 'JSON';
}

export type LogoutPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['LogoutPayload'] = ResolversParentTypes['LogoutPayload']> = {
  ended?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type MutationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation']> = {
  changePassword?: Resolver<ResolversTypes['ChangePasswordPayload'], ParentType, ContextType, RequireFields<MutationChangePasswordArgs, 'input'>>;
  completeOAuthLogin?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationCompleteOAuthLoginArgs, 'input'>>;
  createAccount?: Resolver<ResolversTypes['Account'], ParentType, ContextType, RequireFields<MutationCreateAccountArgs, 'input'>>;
  createSession?: Resolver<ResolversTypes['ServiceSessionPayload'], ParentType, ContextType, RequireFields<MutationCreateSessionArgs, 'input'>>;
  endSession?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationEndSessionArgs, 'input'>>;
  endUserSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationEndUserSessionsArgs, 'input'>>;
  inviteUser?: Resolver<ResolversTypes['InviteUserPayload'], ParentType, ContextType, RequireFields<MutationInviteUserArgs, 'input'>>;
  issueSessionAccessToken?: Resolver<ResolversTypes['SessionAccessToken'], ParentType, ContextType, RequireFields<MutationIssueSessionAccessTokenArgs, 'sessionToken'>>;
  login?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  logout?: Resolver<ResolversTypes['LogoutPayload'], ParentType, ContextType>;
  refreshSession?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, Partial<MutationRefreshSessionArgs>>;
  resetUserPassword?: Resolver<ResolversTypes['InviteUserPayload'], ParentType, ContextType, RequireFields<MutationResetUserPasswordArgs, 'userId'>>;
  revokeSession?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'sessionId'>>;
  revokeSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionsArgs, 'scope'>>;
  revokeUserSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeUserSessionsArgs, 'userId'>>;
  setPassword?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationSetPasswordArgs, 'input'>>;
  setUserActive?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationSetUserActiveArgs, 'isActive' | 'userId'>>;
  setUserRole?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationSetUserRoleArgs, 'role' | 'userId'>>;
  startOAuthLogin?: Resolver<ResolversTypes['StartOAuthLoginPayload'], ParentType, ContextType, RequireFields<MutationStartOAuthLoginArgs, 'input'>>;
  touchSession?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  updateSessionPolicy?: Resolver<ResolversTypes['UpdateSessionPolicyPayload'], ParentType, ContextType, RequireFields<MutationUpdateSessionPolicyArgs, 'input'>>;
  validateSession?: Resolver<ResolversTypes['SessionValidation'], ParentType, ContextType, RequireFields<MutationValidateSessionArgs, 'input'>>;
  validateSessions?: Resolver<Array<ResolversTypes['SessionValidation']>, ParentType, ContextType, RequireFields<MutationValidateSessionsArgs, 'input'>>;
};

export type PageInfoResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo']> = {
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryAuditEventsArgs, 'first'>>;
  authProviders?: Resolver<Array<ResolversTypes['AuthProvider']>, ParentType, ContextType>;
  currentSession?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  serverTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessionEndings?: Resolver<Array<ResolversTypes['SessionEndingsBucket']>, ParentType, ContextType, RequireFields<QuerySessionEndingsArgs, 'hours'>>;
  sessionPolicy?: Resolver<ResolversTypes['SessionPolicy'], ParentType, ContextType>;
  sessionPolicyImpact?: Resolver<ResolversTypes['SessionPolicyImpact'], ParentType, ContextType, RequireFields<QuerySessionPolicyImpactArgs, 'input'>>;
  sessionPolicyPresets?: Resolver<Array<ResolversTypes['SessionPolicyPresetDefinition']>, ParentType, ContextType>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, RequireFields<QuerySessionsArgs, 'first' | 'status'>>;
  userSessions?: Resolver<Array<ResolversTypes['Session']>, ParentType, ContextType, Partial<QueryUserSessionsArgs>>;
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type RevokeSessionsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RevokeSessionsPayload'] = ResolversParentTypes['RevokeSessionsPayload']> = {
  revokedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ServiceSessionPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServiceSessionPayload'] = ResolversParentTypes['ServiceSessionPayload']> = {
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  sessionToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SessionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Session'] = ResolversParentTypes['Session']> = {
  absoluteExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  absoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  absoluteWarningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  appType?: Resolver<ResolversTypes['AppType'], ParentType, ContextType>;
  authenticatedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['SessionEndReason']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiryReason?: Resolver<ResolversTypes['ExpiryReason'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  idleExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idleWarningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isCurrent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastActivityAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
  userAgent?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SessionAccessTokenResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionAccessToken'] = ResolversParentTypes['SessionAccessToken']> = {
  accessToken?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SessionConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionConnection'] = ResolversParentTypes['SessionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SessionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionEdge'] = ResolversParentTypes['SessionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
};

export type SessionEndingsBucketResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionEndingsBucket'] = ResolversParentTypes['SessionEndingsBucket']> = {
  absolute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idle?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SessionExpiryEventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionExpiryEvent'] = ResolversParentTypes['SessionExpiryEvent']> = {
  absoluteExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  canExtend?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['SessionEndReason']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SessionExpiryEventKind'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['ExpiryReason']>, ParentType, ContextType>;
  secondsRemaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  serverTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type SessionPolicyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicy'] = ResolversParentTypes['SessionPolicy']> = {
  absoluteMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  absoluteMinutesMax?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  absoluteMinutesMin?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  absoluteWarningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  activeUserCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType, Partial<SessionPolicyActiveUserCountArgs>>;
  activeUsers?: Resolver<Array<ResolversTypes['ActiveUser']>, ParentType, ContextType, RequireFields<SessionPolicyActiveUsersArgs, 'first'>>;
  effectiveAbsoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  effectiveIdleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idleMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  idleMinutesMax?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idleMinutesMin?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  preset?: Resolver<ResolversTypes['SessionPolicyPreset'], ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  updatedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  warningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyImpactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyImpact'] = ResolversParentTypes['SessionPolicyImpact']> = {
  activeSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endNow?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endWithinHour?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endsViewerSession?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  shortened?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyPresetDefinitionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyPresetDefinition'] = ResolversParentTypes['SessionPolicyPresetDefinition']> = {
  absoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  idleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  preset?: Resolver<ResolversTypes['SessionPolicyPreset'], ParentType, ContextType>;
};

export type SessionValidationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionValidation'] = ResolversParentTypes['SessionValidation']> = {
  absoluteSecondsRemaining?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['SessionInvalidReason']>, ParentType, ContextType>;
  secondsRemaining?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  valid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  warning?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type StartOAuthLoginPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StartOAuthLoginPayload'] = ResolversParentTypes['StartOAuthLoginPayload']> = {
  authorizationUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  flowToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  accountSessions?: SubscriptionResolver<ResolversTypes['AccountSessionEvent'], "accountSessions", ParentType, ContextType, Partial<SubscriptionAccountSessionsArgs>>;
  sessionExpiry?: SubscriptionResolver<ResolversTypes['SessionExpiryEvent'], "sessionExpiry", ParentType, ContextType>;
};

export type UpdateSessionPolicyPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateSessionPolicyPayload'] = ResolversParentTypes['UpdateSessionPolicyPayload']> = {
  sessionPolicy?: Resolver<ResolversTypes['SessionPolicy'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastLoginAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
};

export type Resolvers<ContextType = GraphQLContext> = {
  Account?: AccountResolvers<ContextType>;
  AccountSessionEvent?: AccountSessionEventResolvers<ContextType>;
  ActiveUser?: ActiveUserResolvers<ContextType>;
  AuditEvent?: AuditEventResolvers<ContextType>;
  AuditEventConnection?: AuditEventConnectionResolvers<ContextType>;
  AuditEventEdge?: AuditEventEdgeResolvers<ContextType>;
  AuthPayload?: AuthPayloadResolvers<ContextType>;
  AuthProvider?: AuthProviderResolvers<ContextType>;
  ChangePasswordPayload?: ChangePasswordPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  InviteUserPayload?: InviteUserPayloadResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  RevokeSessionsPayload?: RevokeSessionsPayloadResolvers<ContextType>;
  ServiceSessionPayload?: ServiceSessionPayloadResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionAccessToken?: SessionAccessTokenResolvers<ContextType>;
  SessionConnection?: SessionConnectionResolvers<ContextType>;
  SessionEdge?: SessionEdgeResolvers<ContextType>;
  SessionEndingsBucket?: SessionEndingsBucketResolvers<ContextType>;
  SessionExpiryEvent?: SessionExpiryEventResolvers<ContextType>;
  SessionPolicy?: SessionPolicyResolvers<ContextType>;
  SessionPolicyImpact?: SessionPolicyImpactResolvers<ContextType>;
  SessionPolicyPresetDefinition?: SessionPolicyPresetDefinitionResolvers<ContextType>;
  SessionValidation?: SessionValidationResolvers<ContextType>;
  StartOAuthLoginPayload?: StartOAuthLoginPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  UpdateSessionPolicyPayload?: UpdateSessionPolicyPayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
};

