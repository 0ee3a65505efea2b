import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
import type { AccountReference } from '../users/account-reader.ts';
import type { ActiveUserView } from '../users/active-users.sql.ts';
import type { AuditEvent as AuditEventView, AuditPage } from '../audit/audit-event.ts';
import type { DeliveredTokenSet } from '../sessions/deliver-tokens.ts';
import type { ServiceKeyView, ServiceKeyPage } from '../service-api/owner-service-keys.ts';
import type { EventDeliveryView, EventDeliveryPage, EventStreamView } from '../event-streams/event-stream.ts';
import type { EventSourceView } from '../event-sources/event-source.ts';
import type { SessionView } from '../rules/session.ts';
import type { SessionPage } from '../sessions/session-list.sql.ts';
import type { ExpiryEvent } from '../expiry/delivery-state.ts';
import type { Account as AccountEntity } from '../accounts/account.entity.ts';
import type { PolicyAt } from '../policies/policy-at.ts';
import type { Explanation } from '../policies/explain-session.ts';
import type { PolicyVersion } from '../policies/policy-versions.sql.ts';
import type { PolicyVersionPage } from '../policies/policy-versions.ts';
import type { UserView } from '../rules/user.ts';
import type { UserPage } from '../users/user-list.sql.ts';
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
  /**
   * A time in RFC 3339 format, such as `2026-03-01T09:30:00.000Z`. Output is in UTC with milliseconds. Input may have
   * any offset, which is required, and must be in the years 0000 to 9999 UTC.
   */
  DateTime: { input: Date; output: Date; }
  /** A JSON object. */
  JSON: { input: Record<string, unknown>; output: Record<string, unknown>; }
};

/** An account (tenant). Its users share one session policy. */
export type Account = {
  __typename?: 'Account';
  /** Its id in the application that created it with `createAccount`. Null when it was created in another way. */
  externalId?: Maybe<Scalars['String']['output']>;
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** The name to show. */
  name: Scalars['String']['output'];
};

/** A change of a session of the account. */
export type AccountSessionEvent = {
  __typename?: 'AccountSessionEvent';
  /** The kind of change. */
  kind: AccountSessionEventKind;
  /** The current state of the session. */
  session: Session;
};

/** The kind of change of a session of the account. */
export type AccountSessionEventKind =
  /** A policy applied to live sessions changed its limits. Activity is not reported. */
  | 'CHANGED'
  /** The session ended, for any reason. */
  | 'ENDED'
  /** The session was created. */
  | 'STARTED';

/** A user with at least one live session. */
export type ActiveUser = {
  __typename?: 'ActiveUser';
  /** The e-mail that the user signs in with. */
  email: Scalars['String']['output'];
  /** Whether this is the caller. */
  isViewer: Scalars['Boolean']['output'];
  /** The latest sign-in. Null when none is recorded. */
  lastLoginAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name to show. */
  name: Scalars['String']['output'];
  /** What the user may do. */
  role: Role;
  /** How many live sessions the user has: at least 1. */
  sessionCount: Scalars['Int']['output'];
  /** The user's id. */
  userId: Scalars['ID']['output'];
};

/** The kind of application that a session was created for. */
export type AppType =
  /** An application that manages an account, such as Curfew's dashboard. */
  | 'CONTROL_PANEL'
  /** An application of the account for its users. */
  | 'TENANT_APP';

/**
 * One entry of the audit trail. Entries cannot be changed, or deleted before the end of their retention
 * (`AUDIT_RETENTION_DAYS`). Only the personal data of someone who was deleted is removed from them. They contain no
 * token and no password.
 */
export type AuditEvent = {
  __typename?: 'AuditEvent';
  /**
   * The action: `account.session_policy_update`, `account.sessions_revoked_bulk`, `session.started`,
   * `session.ended` (single ends, not bulk or expiry), `session.reauthenticated`, `session.refresh_reuse_detected`,
   * `user.sessions_revoked`, `login.failed` (of a known user), `user.invited`, `user.role_changed`, `user.renamed`,
   * `user.deactivated`, `user.reactivated`, `user.password_changed`, `user.created` (by a service key),
   * `user.identity_linked` (with an identity provider), `user.password_reset_requested` (by an owner),
   * `user.password_link_requested` (by anyone who knows the e-mail), `user.deleted`, `account.created`,
   * `account.renamed`, `account.deleted`, `service_key.created`, `service_key.revoked` or `export.created`.
   */
  action: Scalars['String']['output'];
  /** The user who did it. Null for a trusted back end and for Curfew itself. */
  actor?: Maybe<User>;
  /**
   * The name of the actor at that time: of a trusted back end, that of its service key. "Deleted user" when they were
   * deleted since.
   */
  actorName: Scalars['String']['output'];
  /** When it happened. */
  createdAt: Scalars['DateTime']['output'];
  /**
   * Details of the action, in snake_case. `account.session_policy_update`: `old`, `new`, `effective_old`,
   * `effective_new`, each with `idle_minutes` and `absolute_minutes`; `apply` (`next_login` or `active_sessions`),
   * and with it `ended_count` and `shortened_count`; `restored_from` where an earlier version was restored; where they changed, `old` and `new` also have `rules`,
   * `max_sessions_per_user` and `session_limit_action`. `user.role_changed`: `old`, `new`, `ended_count` and
   * `shortened_count`. `session.started`: `app_type`, and `new_device` where it is true.
   * `account.sessions_revoked_bulk`: `scope` (`all` or `others`) and `revoked_count`. `export.created`: `export`, `format`, `from` and `to`.
   */
  details: Scalars['JSON']['output'];
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** The IP address of the request. Null when unknown, and when the person was deleted since. */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** The id of the affected resource. */
  resourceId: Scalars['ID']['output'];
  /** The type of the affected resource, such as `account`, `user` or `session`. */
  resourceType: Scalars['String']['output'];
  /**
   * The affected user, or the user of the affected session. Null when the account is affected. A deleted one has the
   * name "Deleted user" and keeps their id.
   */
  subject?: Maybe<User>;
  /**
   * The name of the subject at that time, or their present one in an event from before names were stored. "Deleted user"
   * when they were deleted since.
   */
  subjectName?: Maybe<Scalars['String']['output']>;
};

/** A page of audit events. */
export type AuditEventConnection = {
  __typename?: 'AuditEventConnection';
  /** The page's events with their cursors, in order. */
  edges: Array<AuditEventEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many events the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** An audit event in a list. */
export type AuditEventEdge = {
  __typename?: 'AuditEventEdge';
  /** The event's position in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The event. */
  node: AuditEvent;
};

/** Tokens and the session they belong to. */
export type AuthPayload = {
  __typename?: 'AuthPayload';
  /** The absolute deadline. At or after it the session has ended. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** The access token: a JWT (ES256) to send as `Authorization: Bearer`. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires: never later than either deadline. */
  accessTokenExpiresAt: Scalars['DateTime']['output'];
  /** The idle deadline. At or after it the session has ended. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** The refresh token, valid for one rotation. Null when it travels in the cookie. */
  refreshToken?: Maybe<Scalars['String']['output']>;
  /** The server's clock. Compare the deadlines with it. */
  serverTime: Scalars['DateTime']['output'];
  /** The session that was created or refreshed. */
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

/** How a user signed in. */
export type AuthenticationMethod =
  /** At an identity provider, by OpenID Connect. */
  | 'OIDC'
  /** With e-mail and password. */
  | 'PASSWORD'
  /** With a one-time link that sets the password. */
  | 'PASSWORD_LINK'
  /** In an application, which created the session with its service key. */
  | 'SERVICE';

/** The current and the new password. */
export type ChangePasswordInput = {
  /** The current password. */
  currentPassword: Scalars['String']['input'];
  /**
   * 15 to 128 characters and not easy to guess: not one of the 100,000 most common passwords, not a simple repetition
   * or sequence, and not made of the e-mail, the names of user and account, or the name of Curfew. There are no other
   * rules. Else `BAD_USER_INPUT` with `field` `newPassword` and `reason` `TOO_SHORT` or `TOO_LONG` (with `min` and
   * `max`) or `COMMON`.
   */
  newPassword: Scalars['String']['input'];
};

/** The result of changing the password. */
export type ChangePasswordPayload = {
  __typename?: 'ChangePasswordPayload';
  /** How many other sessions of the user this call ended (`PASSWORD_CHANGED`). */
  endedSessions: Scalars['Int']['output'];
};

/** The part of a policy that a requirement is about. */
export type CheckSubject =
  /** The absolute limit. */
  | 'ABSOLUTE'
  /** The idle limit. */
  | 'IDLE'
  /** How many live sessions a user may have at once. */
  | 'SESSIONS_AT_ONCE'
  /** The warning before a session ends. */
  | 'WARNING';

/** The provider's answer. */
export type CompleteOAuthLoginInput = {
  /** The whole URL that the browser returned to, including the query. */
  callbackUrl: Scalars['String']['input'];
  /** The `flowToken` of `startOAuthLogin`. Absent: the one in the cookie. */
  flowToken?: InputMaybe<Scalars['String']['input']>;
  /**
   * Of a sign-in started with `reauthenticate`: the refresh token of that session. Absent: the one in the cookie if it is
   * of that session, or else none, and then the session's latest one is replaced.
   */
  refreshToken?: InputMaybe<Scalars['String']['input']>;
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

/** A transmitter to accept. */
export type CreateEventSourceInput = {
  /** The audience that its tokens must have, 1 to 500 characters. */
  audience: Scalars['String']['input'];
  /** The issuer of its tokens: an https address. */
  issuer: Scalars['String']['input'];
  /** The id of a sign-in provider, as in `authProviders`. Its users are named by the subjects of this source. */
  provider?: InputMaybe<Scalars['String']['input']>;
};

/** The event stream to create. */
export type CreateEventStreamInput = {
  /**
   * The audience of tokens for the receiver, 1 to 500 characters; for logout tokens the client id of the relying party. Absent
   * or null: the origin of the address, or for `SSF_POLL` the stream's id as a URN.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /** What it is for, at most 200 characters. */
  description?: InputMaybe<Scalars['String']['input']>;
  /**
   * The types to deliver. Of a webhook: `session.started`, `session.ended`, `session.refresh_reuse_detected`,
   * `policy.updated`, `user.deactivated`, `user.reactivated`, `user.password_changed`, `test`. Of security event tokens the
   * event URIs of CAEP `session-revoked`, `session-established` and `credential-change`, and of RISC `account-disabled` and
   * `account-enabled`. Of logout tokens `session.ended` only. Absent or null: all, of a webhook also those of later versions.
   */
  eventTypes?: InputMaybe<Array<Scalars['String']['input']>>;
  /** How events reach the receiver. */
  kind: EventStreamKind;
  /** How an event names whom it is about. */
  subjectFormat?: InputMaybe<SubjectFormat>;
  /** The receiver's address: https, public, at most 2000 characters. Every kind needs one but `SSF_POLL`, which has none. */
  url?: InputMaybe<Scalars['String']['input']>;
};

/** A new event stream. */
export type CreateEventStreamPayload = {
  __typename?: 'CreateEventStreamPayload';
  /**
   * Verifies the signatures of a webhook: `whsec_` and base64. This is the only time it is shown. Null: tokens, which are
   * verified with the keys at `/.well-known/jwks.json`.
   */
  secret?: Maybe<Scalars['String']['output']>;
  /** The stream's entry in the list. */
  stream: EventStream;
};

/** The key to create. */
export type CreateServiceKeyInput = {
  /** Days until it expires, 1 to 3650. Absent or null: never. */
  expiresInDays?: InputMaybe<Scalars['Int']['input']>;
  /** The name to show, 1 to 200 characters. It names the key in the audit trail. */
  name: Scalars['String']['input'];
  /** Limits the key. Absent or null: it may do everything that a service key may do in the account. */
  scope?: InputMaybe<ServiceKeyScope>;
};

/** A new service key. */
export type CreateServiceKeyPayload = {
  __typename?: 'CreateServiceKeyPayload';
  /** The key itself. Curfew stores only its SHA-256, so this is the only time it is shown. */
  key: Scalars['String']['output'];
  /** The key's entry in the list. */
  serviceKey: ServiceKey;
};

/** The user who has signed in, and their browser. */
export type CreateSessionInput = {
  /**
   * The latest absolute deadline: an earlier one by the policy stays. It holds after `reauthenticateSession` too. Not in the
   * future: `BAD_USER_INPUT`.
   */
  absoluteExpiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  /** The account's id in the calling application, as given to `createAccount`. */
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  /** With a key for all accounts: the account's id. Else give `accountExternalId`. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The kind of application. The session keeps it. */
  appType?: InputMaybe<AppType>;
  /** With `externalId`: a label to show, not necessarily unique. Required for a new user, else updated. */
  email?: InputMaybe<Scalars['String']['input']>;
  /** The user's id in the calling application, 1 to 200 characters, unique per account. */
  externalId?: InputMaybe<Scalars['String']['input']>;
  /** The IP address of the user's browser. Absent: null is stored, not the caller's address. */
  ipAddress?: InputMaybe<Scalars['String']['input']>;
  /** With `externalId`: the name to show. Required for a new user, else updated. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The `User-Agent` of the user's browser, cut at 500 characters. */
  userAgent?: InputMaybe<Scalars['String']['input']>;
  /** The user's id in Curfew. Else give `externalId` with `email` and `name`. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** What became of a delivery. */
export type DeliveryStatus =
  /** It was given up: 24 hours after its first attempt, or because its stream was disabled. `redeliver` makes it once more. */
  | 'DEAD'
  /** The receiver took it. */
  | 'DELIVERED'
  /** It waits for its first or another attempt. */
  | 'PENDING';

/** A service session to end. */
export type EndSessionInput = {
  /** The end reason of the session. */
  reason?: InputMaybe<ServiceEndReason>;
  /** The token that `createSession` returned. */
  sessionToken: Scalars['String']['input'];
};

/** The user whose sessions to end. */
export type EndUserSessionsInput = {
  /** The account's id in the calling application, as given to `createAccount`. */
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  /** With `externalId` and a key for all accounts: the account's id. Else give `accountExternalId`. */
  accountId?: InputMaybe<Scalars['ID']['input']>;
  /** The user's id in the calling application. */
  externalId?: InputMaybe<Scalars['String']['input']>;
  /** The end reason of the sessions. */
  reason?: InputMaybe<ServiceEndReason>;
  /** The user's id in Curfew. Else give `externalId`. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** An event on its way to one stream. */
export type EventDelivery = {
  __typename?: 'EventDelivery';
  /** How often it was tried since it was recorded, or since it was last made once more. */
  attempts: Scalars['Int']['output'];
  /** When the event was recorded. */
  createdAt: Scalars['DateTime']['output'];
  /** The type of the event, such as `session.ended`, or its event URI in a security event token. */
  eventType: Scalars['String']['output'];
  /** The same at every attempt. The header `webhook-id` of a webhook. */
  id: Scalars['ID']['output'];
  /** When it was last tried. Null: never so far. */
  lastAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** What the receiver answered to the last attempt, or why it did not. Null: nothing went wrong. */
  lastError?: Maybe<Scalars['String']['output']>;
  /** When it is tried again. Null: as soon as possible, or, where it does not wait, never. */
  nextAttemptAt?: Maybe<Scalars['DateTime']['output']>;
  /** The session that the event is about. Null: it is about none. */
  sessionId?: Maybe<Scalars['ID']['output']>;
  /** What became of it. */
  status: DeliveryStatus;
  /** The stream it belongs to. */
  stream: EventStream;
};

/** A page of deliveries. */
export type EventDeliveryConnection = {
  __typename?: 'EventDeliveryConnection';
  /** The page's deliveries with their cursors, in order. */
  edges: Array<EventDeliveryEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many deliveries the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A delivery in a page. */
export type EventDeliveryEdge = {
  __typename?: 'EventDeliveryEdge';
  /** The position of this delivery, for `after`. */
  cursor: Scalars['String']['output'];
  /** The delivery. */
  node: EventDelivery;
};

/** A transmitter whose security events end sessions of this account. */
export type EventSource = {
  __typename?: 'EventSource';
  /** The audience that its tokens must have. */
  audience: Scalars['String']['output'];
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
  /** Where it sends security event tokens, by push (RFC 8935). */
  endpointUrl: Scalars['String']['output'];
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** The issuer of its tokens. Its keys are found by discovery. */
  issuer: Scalars['String']['output'];
  /**
   * Why the last token that its issuer signed for this source was not taken, or could not reach everyone, or why the keys of the
   * issuer cannot be read. Null: nothing since the last one that was accepted.
   */
  lastError?: Maybe<Scalars['String']['output']>;
  /** When its last token was accepted. Null: never so far. */
  lastReceivedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * Why a token that is not shown to be the issuer's was refused since the last one that was accepted, such as one with another
   * audience or signature. Anyone may have sent it, and not every such token is written here. Null: there was none.
   */
  lastUnverifiedError?: Maybe<Scalars['String']['output']>;
  /**
   * The sign-in provider whose users its subjects name. Null: users are found by their identity at a provider with the same
   * issuer, and by e-mail address.
   */
  provider?: Maybe<Scalars['String']['output']>;
};

/** Where security events of an account are delivered to. */
export type EventStream = {
  __typename?: 'EventStream';
  /** The audience of tokens for the receiver. */
  audience: Scalars['String']['output'];
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
  /** What it is for, in an owner's words. */
  description?: Maybe<Scalars['String']['output']>;
  /** The types that are delivered. */
  eventTypes: Array<Scalars['String']['output']>;
  /** Since when no attempt has succeeded. Null: the last one did, or there was none. */
  failingSince?: Maybe<Scalars['DateTime']['output']>;
  /** Never changes. */
  id: Scalars['ID']['output'];
  /** How events reach the receiver. */
  kind: EventStreamKind;
  /** When the receiver last took an event, to the second. Null: never so far. */
  lastDeliveredAt?: Maybe<Scalars['DateTime']['output']>;
  /** Deliveries that wait: exact up to 10,000, then 10,000. */
  pendingCount: Scalars['Int']['output'];
  /** Whether it delivers. */
  status: EventStreamStatus;
  /** Why Curfew has disabled it, such as the receiver's answer 410. Null: an owner chose the status. */
  statusReason?: Maybe<Scalars['String']['output']>;
  /** How a security event token names whom it is about. */
  subjectFormat: SubjectFormat;
  /** The receiver's address. */
  url?: Maybe<Scalars['String']['output']>;
};

/** How events reach their receiver. */
export type EventStreamKind =
  /** Logout tokens of OpenID Connect are posted to an address, for each session that ends. */
  | 'BACK_CHANNEL_LOGOUT'
  /** The receiver fetches security event tokens (RFC 8936). */
  | 'SSF_POLL'
  /** Security event tokens are posted to an address (RFC 8935). */
  | 'SSF_PUSH'
  /** Signed JSON is posted to an address, as Standard Webhooks specifies it. */
  | 'WEBHOOK';

/** Whether a stream delivers. */
export type EventStreamStatus =
  /** Events are dropped. */
  | 'DISABLED'
  /** Events are delivered. */
  | 'ENABLED'
  /** Events are held, for `EVENT_RETENTION_DAYS` at most. */
  | 'PAUSED';

/** One of the two deadlines of a session. */
export type ExpiryReason =
  /** The absolute deadline: the absolute limit since sign-in. Nothing but a new sign-in moves it later. */
  | 'ABSOLUTE'
  /** The idle deadline: no activity for the idle limit. Activity moves it. */
  | 'IDLE';

/** The user to invite. */
export type InviteUserInput = {
  /**
   * The e-mail to sign in with. With `userId`, defaults to the user's e-mail. Taken by another user of the
   * installation: `CONFLICT` with `reason` `EMAIL_TAKEN`.
   */
  email?: InputMaybe<Scalars['String']['input']>;
  /** The name to show. With `userId`, defaults to the user's name. */
  name?: InputMaybe<Scalars['String']['input']>;
  /** The role once the link is used. */
  role?: InputMaybe<Role>;
  /** A user of the account who cannot sign in yet. Absent: a new user. */
  userId?: InputMaybe<Scalars['ID']['input']>;
};

/** A user and the link to set their password. */
export type InviteUserPayload = {
  __typename?: 'InviteUserPayload';
  /**
   * Whether the link is also on its way to the user by mail. False without `SMTP_URL`, for an inactive user, and for
   * a mailbox that has been sent five owners' links within an hour.
   */
  sentByMail: Scalars['Boolean']['output'];
  /** A link `PUBLIC_URL/set-password#token=...` to give to the user. Valid once and for 24 hours. Returned only here. */
  setPasswordUrl: Scalars['String']['output'];
  /** The user the link is for. */
  user: User;
};

/** A new user to invite with others. */
export type InviteUsersEntry = {
  /** The e-mail to sign in with. */
  email: Scalars['String']['input'];
  /** The name to show. */
  name: Scalars['String']['input'];
  /** The role once the link is used. */
  role?: InputMaybe<Role>;
};

/** What came of one entry of `inviteUsers`. */
export type InviteUsersResult = {
  __typename?: 'InviteUsersResult';
  /** Of a refused entry: the error code with which `inviteUser` would refuse it. */
  code?: Maybe<Scalars['String']['output']>;
  /** The e-mail as the entry has it. */
  email: Scalars['String']['output'];
  /** Of a refused entry: `email` or `name`. */
  field?: Maybe<Scalars['String']['output']>;
  /**
   * Of a refused entry: `MALFORMED`, `OUT_OF_BOUNDS`, `EMAIL_TAKEN`, or `DUPLICATE` when an earlier entry has the same
   * e-mail, in any case of its letters.
   */
  reason?: Maybe<Scalars['String']['output']>;
  /**
   * Whether the link is on its way to the user by mail. False unless `INVITED`, without `SMTP_URL`, and for a mailbox
   * that has been sent five owners' links within an hour.
   */
  sentByMail: Scalars['Boolean']['output'];
  /**
   * A link `PUBLIC_URL/set-password#token=...` to give to the user. Valid once and for 24 hours. Returned only here. Null
   * unless `INVITED`.
   */
  setPasswordUrl?: Maybe<Scalars['String']['output']>;
  /** Whether the user was invited. */
  status: InviteUsersStatus;
  /** The new user. Null unless `INVITED`. */
  user?: Maybe<User>;
};

/** What came of an entry. */
export type InviteUsersStatus =
  /** The user was invited. */
  | 'INVITED'
  /** No one was invited: see `reason`. */
  | 'REFUSED'
  /** With `dryRun`: the user would be invited. */
  | 'WOULD_INVITE';

/** E-mail and password. */
export type LoginInput = {
  /** The kind of application. The session keeps it. */
  appType?: InputMaybe<AppType>;
  /**
   * The audience of the access token: `curfew` (the default, and the only one that Curfew accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /** The e-mail of the user. */
  email: Scalars['String']['input'];
  /**
   * Sessions of this user to end (`SESSION_LIMIT`) where the account's policy asks (`ASK`) and the sign-in would pass its
   * maximum: ids from the `sessions` of `SESSION_LIMIT_REACHED`. Other ids are ignored. Where those ended are not enough,
   * the sign-in is refused again and nothing ends. At most 100, else `BAD_USER_INPUT` with `max`.
   */
  endSessionIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** The password of the user. */
  password: Scalars['String']['input'];
  /**
   * False: with `COOKIE`, every refresh cookie of this session lasts only until the browser is closed. Without `COOKIE` it
   * changes nothing.
   */
  persistent?: InputMaybe<Scalars['Boolean']['input']>;
  /** How the refresh token travels. */
  transport?: InputMaybe<TokenTransport>;
};

/** The result of signing out. */
export type LogoutPayload = {
  __typename?: 'LogoutPayload';
  /** Whether this call ended a session. False when it had already ended or none was found. */
  ended: Scalars['Boolean']['output'];
};

/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type Mutation = {
  __typename?: 'Mutation';
  /**
   * Changes the caller's password, ends the caller's other sessions (`PASSWORD_CHANGED`) and invalidates their
   * set-password links. Wrong current password: `INVALID_CREDENTIALS`. A new password that breaks the rules:
   * `BAD_USER_INPUT`. Too many failures: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  changePassword: ChangePasswordPayload;
  /**
   * Completes a sign-in at an identity provider. Creates a session under the account's current effective policy, as
   * `login` does. The user is the one linked to the provider's subject or, the first time, the one whose sign-in
   * e-mail the provider has verified. Creates no user. With `COOKIE`, ends the session of the live refresh cookie in
   * the request (`REPLACED`).
   *
   * Refusals are `INVALID_CREDENTIALS` with `reason`:
   * - `OAUTH_FLOW_INVALID`: started in another browser, started more than ten minutes ago, already used, or unknown.
   * - `PROVIDER_REFUSED`: the provider answered with an error (`providerError`, such as `access_denied`).
   * - `PROVIDER_ANSWER_INVALID`: the provider's code, ID token or a claim in it failed the checks.
   * - `NOT_INVITED`: no user matches, or the user may not sign in.
   * - `ANOTHER_PERSON`: of a sign-in started with `reauthenticate`: the provider authenticated someone else.
   * - `REAUTHENTICATION_REQUIRED`: the sign-in at the provider is older than the account's absolute limit. Send the
   *   browser to `authorizationUrl` (and keep `flowToken`) to sign in again at the provider. With `reauthenticate`: it is
   *   older than this flow, and there is neither of the two.
   *
   * A sign-in started with `reauthenticate` creates no session and ends none. It authenticates its own session again, as
   * `reauthenticate` does; the refresh token travels as the one came that it replaces, or else by `transport`. A caller of
   * another session: `OAUTH_FLOW_INVALID`. A refresh token of another session, or with `COOKIE` such a cookie:
   * `INVALID_REFRESH_TOKEN`. A session that has ended answers like `refreshSession`.
   *
   * The provider cannot be reached: `UNAVAILABLE`. Too many failures: `RATE_LIMITED` with `retryAfterSeconds`. As many live
   * sessions as `maxSessionsPerUser`: as in `login`. After `SESSION_LIMIT_REACHED` start again with `endSessionIds`.
   */
  completeOAuthLogin: AuthPayload;
  /**
   * Creates an account. Service key for all accounts, else `FORBIDDEN`. A repeat with the same `externalId` changes
   * nothing and returns the existing account.
   */
  createAccount: Account;
  /**
   * Lets a transmitter of security events end sessions of this account. Its tokens are accepted at `endpointUrl`, and its
   * requests at the global token revocation endpoint. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`.
   * `BAD_USER_INPUT` with `field`: an issuer that is not an https address (`reason` `MALFORMED`, `NOT_HTTPS`,
   * `PRIVATE_ADDRESS`), an empty audience, a provider that this server does not have (`reason` `UNKNOWN`), a source with the
   * same issuer and audience (`reason` `TAKEN`), or one beyond the 20 of an account (`reason` `TOO_MANY`).
   */
  createEventSource: EventSource;
  /**
   * Creates an event stream and returns its secret, which is not shown again. From now on every event of its types is
   * delivered to it, at least once, and the events of one session in order. Owner, else `FORBIDDEN`. Sensitive:
   * `REAUTHENTICATION_REQUIRED`. `BAD_USER_INPUT` with `field`: an address that is not https and public (`reason`
   * `MALFORMED`, `NOT_HTTPS`, `PRIVATE_ADDRESS`), none (`REQUIRED`) or one for a kind that has none (`NOT_ALLOWED`), an
   * unknown event type, or a stream beyond the 20 of an account (`reason` `TOO_MANY`).
   */
  createEventStream: CreateEventStreamPayload;
  /**
   * Creates a service key of the account, for an application that opens, checks and ends sessions in it, or for a receiver
   * of security events. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Not 1 to 200 characters in the name, or an expiry out of bounds:
   * `BAD_USER_INPUT` with `field`, `min` and `max`.
   */
  createServiceKey: CreateServiceKeyPayload;
  /**
   * Creates a session for a user whom the calling application has signed in, under the account's current effective
   * policy. Service key. With an unknown `externalId`, creates the user as a `MEMBER`, who cannot sign in at Curfew
   * until invited. An unknown user or account, or one outside the key's reach: `NOT_FOUND`. An inactive user:
   * `BAD_USER_INPUT` with `reason` `USER_INACTIVE`. As many live sessions as `maxSessionsPerUser`: as `sessionLimitAction`
   * says, with `ASK` as `DENY`.
   */
  createSession: ServiceSessionPayload;
  /**
   * Deletes the caller's account for good, with all its users, as `deleteUser` does. Every session ends at once
   * (`USER_DEACTIVATED`), the caller's too; its service keys are revoked; no user of it can sign in any more
   * (`INVALID_CREDENTIALS`). Its name and its external id are removed. Personal data of a large account is removed within
   * minutes after the answer. Its audit trail stays until the retention is over, for the operator of the installation, and
   * ends with one event `account.deleted`. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. A wrong name:
   * `BAD_USER_INPUT` with `field` `confirmName`, and nothing changes.
   */
  deleteAccount: Scalars['Boolean']['output'];
  /**
   * Stops accepting events of a source. Sessions that it ended stay ended, and a user it disabled can sign in again. Owner,
   * else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown source, or one of another account: `NOT_FOUND`.
   */
  deleteEventSource: Scalars['Boolean']['output'];
  /**
   * Deletes an event stream for good. What waits for it is not delivered. Owner, else `FORBIDDEN`. Sensitive:
   * `REAUTHENTICATION_REQUIRED`. Unknown stream, or one of another account: `NOT_FOUND`.
   */
  deleteEventStream: Scalars['Boolean']['output'];
  /**
   * Deletes a user for good. Their sessions end at once (`USER_DEACTIVATED`), and their links and identities are gone.
   * Name, e-mail, external id and password are removed, and so are the addresses, user agents and labels that sessions
   * and audit events hold of them; of very many of these, within minutes after the answer. What happened stays in the
   * audit trail until its retention is over, with the user's id as a pseudonym and the name "Deleted user". The e-mail
   * and the external id are free again: a new user with one of them is another person. Writes one audit event
   * `user.deleted`.
   *
   * Owner of the account, or service key. Sensitive for an owner: `REAUTHENTICATION_REQUIRED`. Unknown user, one of
   * another account or outside the key's reach, and a repeat: `NOT_FOUND`. Neither `userId` nor `externalId`, or both:
   * `BAD_USER_INPUT` with `field`. The last active owner can only be deleted with the account: `BAD_USER_INPUT` with
   * `reason` `LAST_OWNER`.
   */
  deleteUser: Scalars['Boolean']['output'];
  /**
   * Ends a service session. True when this call ended it. False when it had already ended, is unknown, or is outside
   * the key's reach. Service key.
   */
  endSession: Scalars['Boolean']['output'];
  /**
   * Ends every live session of one user, including those of Curfew's own sign-in. Service key. A repeat counts 0. An
   * unknown user, or one outside the key's reach: `NOT_FOUND`.
   */
  endUserSessions: RevokeSessionsPayload;
  /**
   * Invites a user. Returns a link with which the user sets a password. Without `userId`, creates a new user, even
   * when the e-mail is already the label of a user created by `createSession`. With `userId`, invites that user: one
   * created by `createSession`, or one invited before who has not signed in yet (their older link becomes invalid).
   * The role applies once the link is used. Until then a new user is a `MEMBER`; an existing user keeps their role
   * and their sessions, which end when the link is used.
   *
   * Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown `userId`, or one of another account:
   * `NOT_FOUND`. A user who can already sign in: `CONFLICT` with `field` `userId` and `reason` `HAS_SIGN_IN` (see
   * `resetUserPassword`). An inactive user: `BAD_USER_INPUT` with `reason` `USER_INACTIVE`. Sign-in e-mails are unique per
   * installation: `CONFLICT` with `reason` `EMAIL_TAKEN`. Malformed e-mail or name, or a new user without one (`reason`
   * `REQUIRED`): `BAD_USER_INPUT`.
   */
  inviteUser: InviteUserPayload;
  /**
   * Invites new users, as `inviteUser` does each without `userId`, in one transaction. An entry that `inviteUser` would
   * refuse is reported and invites no one; the others are invited. The answers are in the order of the entries. Owner,
   * else `FORBIDDEN`. Sensitive, but for a dry run: `REAUTHENTICATION_REQUIRED`. Fewer than 1 or more than 500 entries:
   * `BAD_USER_INPUT` with `min` and `max`.
   */
  inviteUsers: Array<InviteUsersResult>;
  /**
   * Issues a session-scoped token: an access token with which the browser of a service session's user may call
   * `currentSession`, `touchSession`, `logout`, `sessionExpiry` and `serverTime`. Any other operation is `FORBIDDEN`,
   * including those that need no token. The token carries `scope` `session`, `sub` and `sid`, but no `account_id`,
   * `role` or `auth_time`: other APIs must refuse it. Service key. A session token that is unknown or outside the
   * key's reach, or whose session has ended: `NOT_FOUND`.
   */
  issueSessionAccessToken: SessionAccessToken;
  /**
   * Signs a user in with e-mail and password. Creates a session under the account's current effective policy. With
   * `COOKIE`, ends the session of the live refresh cookie in the request (`REPLACED`), no matter which user's.
   * Unknown user, wrong password and inactive user: `INVALID_CREDENTIALS`, with one text and timing for all. Too
   * many failures for the e-mail, the address or both: `RATE_LIMITED` with `retryAfterSeconds`. Right credentials, and as
   * many live sessions as `maxSessionsPerUser`: as `sessionLimitAction` says. The session that is replaced does not count.
   */
  login: AuthPayload;
  /**
   * Signs out: ends the session of the access token or, without a usable one, of the refresh cookie (`LOGOUT`), and
   * clears that cookie. Gives no error when the session has already ended or no token is presented.
   */
  logout: LogoutPayload;
  /**
   * Tells for whom a one-time link is, without using it up. A mutation, so that no address contains the token, and
   * because a wrong one counts as a failed attempt. A link that `setPassword` would not take: `INVALID_CREDENTIALS`.
   * Too many failures: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  openPasswordLink: PasswordLink;
  /**
   * Authenticates the caller again with their password, without a new session. `authenticatedAt` becomes now, the account's
   * policy of this moment becomes the session's, both deadlines count from now, and the refresh token is rotated; the
   * session keeps its id. Every subscription of `sessionExpiry` gets `EXTENDED`. The new refresh token travels as the old
   * one did.
   *
   * The presented refresh token is refused from then on, and counts as reused only after `REFRESH_REUSE_GRACE_SECONDS`.
   * Earlier access tokens stay valid. Writes one audit event `session.reauthenticated`. Wrong password:
   * `INVALID_CREDENTIALS`, counted like a sign-in's; nothing changes. Too many failures: `RATE_LIMITED` with
   * `retryAfterSeconds`. A refresh token of another session: `INVALID_REFRESH_TOKEN`. A session that has ended answers
   * like `refreshSession`. A user without a password authenticates at their provider (`startOAuthLogin` with
   * `reauthenticate`): `INVALID_CREDENTIALS` here.
   */
  reauthenticate: AuthPayload;
  /**
   * Records that the calling application has just authenticated the user of a session again. Service key. Returns a new
   * token; the one presented is `NOT_FOUND` from then on. The session keeps its id and the limit of `absoluteExpiresAt`;
   * `authenticatedAt` becomes now, the account's policy of this moment becomes the session's, and both deadlines count from
   * now. Unknown token, one outside the key's reach, and a session that has ended: `NOT_FOUND`.
   */
  reauthenticateSession: ServiceSessionPayload;
  /**
   * Makes a delivery once more, with the id of before, for another 24 hours. It may come after later events of its session.
   * Owner, else `FORBIDDEN`. Unknown delivery, or one of another account or of a deleted stream: `NOT_FOUND`. Of a disabled
   * stream: `BAD_USER_INPUT` with `reason` `DISABLED`.
   */
  redeliver: EventDelivery;
  /**
   * Makes every dead delivery of a stream once more, at most 10,000 with one call, the earliest first, and returns how many
   * these are. Owner, else `FORBIDDEN`. Unknown stream, or one of another account: `NOT_FOUND`. A disabled one:
   * `BAD_USER_INPUT` with `reason` `DISABLED`.
   */
  redeliverDead: Scalars['Int']['output'];
  /**
   * Rotates a refresh token: returns its one successor and a new access token. Moves the idle deadline unless
   * `userActive` is false. The absolute deadline stays. The new token travels as the old one did: in the body or in
   * the cookie.
   *
   * At or after the idle deadline: `SESSION_EXPIRED_IDLE`, every time. At or after the absolute deadline, alone or
   * with the idle one: `SESSION_EXPIRED_ABSOLUTE` once; then the token is consumed. Anything else (no token,
   * malformed, bad signature, wrong type, consumed, session ended otherwise, user inactive or deleted):
   * `INVALID_REFRESH_TOKEN`, with `endReason` when known.
   *
   * A replay of the token that was just replaced, within `REFRESH_REUSE_GRACE_SECONDS` (10 by default) or with the
   * same `requestId` until the successor is used, returns the identical successor and moves nothing. An older token
   * that was itself replaced within the grace is refused, without further effect. After the grace, either ends the
   * session (`REFRESH_TOKEN_REUSED`), no matter how recently the live token was rotated.
   *
   * A request handled after `notAfter` is refused with `INVALID_REFRESH_TOKEN` (`reason` TOO_LATE) and has no other
   * effect. A request whose client has closed the connection by then ends no session.
   */
  refreshSession: AuthPayload;
  /**
   * Renames the caller's account. The name that it has already: changes nothing and is not audited. Owner, else
   * `FORBIDDEN`. Not 1 to 200 characters, or with control characters: `BAD_USER_INPUT` with `field` `name`.
   */
  renameAccount: Account;
  /**
   * Changes the name of a user. Owner, else `FORBIDDEN`. Unknown user, or one of another account: `NOT_FOUND`. A name
   * that is not 1 to 200 characters without control characters: `BAD_USER_INPUT`. An application that creates the user's
   * sessions with a `name` changes it again.
   */
  renameUser: User;
  /**
   * Sends a link to set a password to the user who signs in with this e-mail, if there is one who is active and does
   * not sign in at an identity provider only. Always true, with one timing for all: it does not tell whether there is
   * such a user. Older links stay valid. The link keeps the role of an open invitation. At most three such mails an
   * hour, and one in three minutes, for each user. Without `SMTP_URL`: `BAD_USER_INPUT` with `reason`
   * `MAIL_NOT_CONFIGURED` (see `signInOptions`). A malformed e-mail: `BAD_USER_INPUT` with `reason` `MALFORMED`. Too
   * many requests from one network: `RATE_LIMITED` with `retryAfterSeconds`.
   */
  requestPasswordReset: Scalars['Boolean']['output'];
  /**
   * Creates a one-time link with which the user sets a password. Ends no session before the link is used. Replaces an open
   * invitation and keeps its role. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown user, or one
   * of another account: `NOT_FOUND`. A user created by `createSession` and not invited yet: `BAD_USER_INPUT` with `field`
   * `userId` and `reason` `NOT_INVITED`.
   */
  resetUserPassword: InviteUserPayload;
  /**
   * Saves the whole policy of an earlier version as a new version. Checked, applied and audited like `updateSessionPolicy`:
   * limits that the server's bounds no longer allow are `BAD_USER_INPUT`. Owner, else `FORBIDDEN`. Sensitive:
   * `REAUTHENTICATION_REQUIRED`. Unknown version, and 0: `NOT_FOUND`. Another owner saved first: `CONFLICT`.
   */
  restoreSessionPolicy: UpdateSessionPolicyPayload;
  /**
   * Ends several sessions in one step, each as `revokeSession` ends it. One that is unknown, of another account or, for a
   * member, a colleague's: `NOT_FOUND`, and none ends. One that has already ended counts 0, and one that is named twice
   * counts once. Each that this call ends is one audit event `session.ended`.
   */
  revokeSelectedSessions: RevokeSessionsPayload;
  /**
   * Revokes a service key of the account, for good. From then on every call with it answers `UNAUTHENTICATED`, and its
   * sockets close within seconds. Sessions that it opened go on until their limits. A repeat changes nothing. Owner, else
   * `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown key, one of another account or one for all accounts:
   * `NOT_FOUND`.
   */
  revokeServiceKey: ServiceKey;
  /**
   * Ends one session: any of the account for an owner, their own for a member. `REVOKED_BY_USER` when it is the
   * caller's own, else `REVOKED_BY_OWNER`. A session that has already ended counts 0. An unknown session, one of
   * another account and, for a member, a colleague's: `NOT_FOUND`.
   */
  revokeSession: RevokeSessionsPayload;
  /**
   * Ends the live sessions of the whole account (`REVOKED_BY_OWNER`). Owner, else `FORBIDDEN`. Sensitive:
   * `REAUTHENTICATION_REQUIRED`. A repeat counts 0. After `ALL` the caller is signed out too, so their own repeat is
   * `UNAUTHENTICATED`. Every call writes one audit event `account.sessions_revoked_bulk`.
   */
  revokeSessions: RevokeSessionsPayload;
  /**
   * Ends every live session of one user: any user of the account for an owner, themselves for a member. Includes the
   * session of the call. `REVOKED_BY_USER` when they are the caller's own, else `REVOKED_BY_OWNER`. A repeat counts
   * 0. An unknown user, one of another account and, for a member, a colleague: `NOT_FOUND`.
   */
  revokeUserSessions: RevokeSessionsPayload;
  /**
   * Gives a webhook a new secret, which is not shown again. The one of before signs beside it for 24 hours. Owner, else
   * `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown stream, or one of another account: `NOT_FOUND`. One of
   * another kind: `BAD_USER_INPUT` with `reason` `NOT_ALLOWED`.
   */
  rotateEventStreamSecret: RotateEventStreamSecretPayload;
  /**
   * Sends an event of type `test` to a webhook, and a verification event to a stream of security event tokens. Owner, else
   * `FORBIDDEN`. Unknown stream, or one of another account: `NOT_FOUND`. A disabled one: `BAD_USER_INPUT` with `reason`
   * `DISABLED`. Logout tokens have no test: `NOT_AVAILABLE`. Ten such events of the stream wait: `RATE_LIMITED`.
   */
  sendTestEvent: EventDelivery;
  /**
   * Sets a password with the token of a one-time link, assigns the role of the invitation, ends the user's sessions
   * (`PASSWORD_CHANGED`) and signs the user in. A link becomes invalid when it is used or replaced, after 24 hours,
   * and through `changePassword`, `setUserRole` or `setUserActive(isActive: false)`. Invalid token, unknown token and
   * inactive user: `INVALID_CREDENTIALS`. With `COOKIE`, ends the session of the live refresh cookie in the request
   * (`REPLACED`). A password that breaks the rules: `BAD_USER_INPUT`; the link stays valid. Too many failures:
   * `RATE_LIMITED` with `retryAfterSeconds`.
   */
  setPassword: AuthPayload;
  /**
   * Deactivates or reactivates a user. Deactivating ends all their sessions (`USER_DEACTIVATED`) and invalidates their
   * set-password links. Reactivating restores no session. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`.
   * Unknown user, or one of another account: `NOT_FOUND`. `BAD_USER_INPUT` with `reason`: the last active owner cannot be
   * deactivated (`LAST_OWNER`), and a user whom an event source has disabled cannot be reactivated before the source enables
   * them or is deleted (`DISABLED_BY_EVENT_SOURCE`).
   */
  setUserActive: User;
  /**
   * Sets the role of a user of the account and invalidates their set-password links. Another role counts like
   * `ACTIVE_SESSIONS` for that user: their live sessions are shortened to the policy's limits for the role, never lengthened,
   * and those already past them end (`POLICY_CHANGED`). Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`.
   * Unknown user, or one of another account: `NOT_FOUND`. The last active owner must stay an owner: `BAD_USER_INPUT` with
   * `reason` `LAST_OWNER`.
   */
  setUserRole: User;
  /**
   * Starts a sign-in at an identity provider (OpenID Connect: authorization code, PKCE, state and nonce). Send the
   * browser to `authorizationUrl`; it returns to `redirectUri`. Unknown provider: `NOT_FOUND`. A `redirectUri` that
   * is not one of `OIDC_REDIRECT_URIS`: `BAD_USER_INPUT`. The provider cannot be reached: `UNAVAILABLE`.
   */
  startOAuthLogin: StartOAuthLoginPayload;
  /**
   * Records activity on the caller's session: the idle deadline becomes now plus the session's idle limit, but not
   * later than the absolute deadline. Returns the session with its new deadlines.
   */
  touchSession: Session;
  /**
   * Changes an event stream: what is absent stays. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Unknown
   * stream, or one of another account: `NOT_FOUND`. `BAD_USER_INPUT` as for `createEventStream`.
   */
  updateEventStream: EventStream;
  /**
   * Replaces the account's session policy. Owner, else `FORBIDDEN`. Sensitive: `REAUTHENTICATION_REQUIRED`. Every accepted
   * call creates a new version, even when nothing changed, and one audit event `account.session_policy_update`.
   *
   * Checks in this order: each field against its bounds (`BAD_USER_INPUT`, `reason` `OUT_OF_BOUNDS`, with `field`,
   * `min`, `max`), then effective idle limit <= effective absolute limit (`BAD_USER_INPUT`, `reason`
   * `IDLE_EXCEEDS_ABSOLUTE`, `field` `idleMinutes`). Writes nothing on failure. Another owner saved first:
   * `CONFLICT`.
   */
  updateSessionPolicy: UpdateSessionPolicyPayload;
  /**
   * Checks whether a service session is live, and until when. Counts as activity unless `touch` is false. Service
   * key. A token that is no longer valid is not an error: the answer gives the reason.
   */
  validateSession: SessionValidation;
  /** Checks 1 to 1000 tokens at once, else `BAD_USER_INPUT`. The answers are in the order of the tokens. */
  validateSessions: Array<SessionValidation>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationChangePasswordArgs = {
  input: ChangePasswordInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCompleteOAuthLoginArgs = {
  input: CompleteOAuthLoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCreateAccountArgs = {
  input: CreateAccountInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCreateEventSourceArgs = {
  input: CreateEventSourceInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCreateEventStreamArgs = {
  input: CreateEventStreamInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCreateServiceKeyArgs = {
  input: CreateServiceKeyInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationCreateSessionArgs = {
  input: CreateSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationDeleteAccountArgs = {
  confirmName: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationDeleteEventSourceArgs = {
  sourceId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationDeleteEventStreamArgs = {
  streamId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationDeleteUserArgs = {
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  accountId?: InputMaybe<Scalars['ID']['input']>;
  externalId?: InputMaybe<Scalars['String']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationEndSessionArgs = {
  input: EndSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationEndUserSessionsArgs = {
  input: EndUserSessionsInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationInviteUserArgs = {
  input: InviteUserInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationInviteUsersArgs = {
  dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  input: Array<InviteUsersEntry>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationIssueSessionAccessTokenArgs = {
  audience?: InputMaybe<Scalars['String']['input']>;
  sessionToken: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationLoginArgs = {
  input: LoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationOpenPasswordLinkArgs = {
  token: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationReauthenticateArgs = {
  input: ReauthenticateInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationReauthenticateSessionArgs = {
  sessionToken: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRedeliverArgs = {
  deliveryId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRedeliverDeadArgs = {
  streamId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRefreshSessionArgs = {
  input?: InputMaybe<RefreshSessionInput>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRenameAccountArgs = {
  name: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRenameUserArgs = {
  name: Scalars['String']['input'];
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRequestPasswordResetArgs = {
  email: Scalars['String']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationResetUserPasswordArgs = {
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRestoreSessionPolicyArgs = {
  apply?: InputMaybe<PolicyApplication>;
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  version: Scalars['Int']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRevokeSelectedSessionsArgs = {
  sessionIds: Array<Scalars['ID']['input']>;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRevokeServiceKeyArgs = {
  keyId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRevokeSessionArgs = {
  sessionId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRevokeSessionsArgs = {
  scope?: RevokeScope;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRevokeUserSessionsArgs = {
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationRotateEventStreamSecretArgs = {
  streamId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationSendTestEventArgs = {
  streamId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationSetPasswordArgs = {
  input: SetPasswordInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationSetUserActiveArgs = {
  isActive: Scalars['Boolean']['input'];
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationSetUserRoleArgs = {
  role: Role;
  userId: Scalars['ID']['input'];
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationStartOAuthLoginArgs = {
  input: StartOAuthLoginInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationUpdateEventStreamArgs = {
  input: UpdateEventStreamInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationUpdateSessionPolicyArgs = {
  input: UpdateSessionPolicyInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationValidateSessionArgs = {
  input: ValidateSessionInput;
};


/**
 * Changes. Each needs a signed-in user, or a service key where it says so, else `UNAUTHENTICATED`. Only `login`,
 * `requestPasswordReset`, `openPasswordLink`, `setPassword`, `startOAuthLogin`, `completeOAuthLogin`,
 * `refreshSession` and `logout` need neither. Every field of a document is checked on its own: after the session has ended or the key was revoked, by an earlier field or by
 * another caller, each later field answers `UNAUTHENTICATED` and changes nothing. An audit event is written in the
 * transaction of its change.
 */
export type MutationValidateSessionsArgs = {
  input: Array<ValidateSessionInput>;
};

/** The position of a page in its list. Lists are paged forward, with `first` and `after`. */
export type PageInfo = {
  __typename?: 'PageInfo';
  /** The cursor of the last item, to pass as `after`. Null on an empty page. */
  endCursor?: Maybe<Scalars['String']['output']>;
  /** Whether more items follow this page. */
  hasNextPage: Scalars['Boolean']['output'];
  /** Whether items come before this page: true when `after` was given. */
  hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first item. Null on an empty page. */
  startCursor?: Maybe<Scalars['String']['output']>;
};

/** A one-time link to set a password, as the user who opens it sees it. */
export type PasswordLink = {
  __typename?: 'PasswordLink';
  /** The name of the user's account. */
  accountName: Scalars['String']['output'];
  /** The e-mail of the user. */
  email: Scalars['String']['output'];
  /** When the link stops working. It works before this moment. */
  expiresAt: Scalars['DateTime']['output'];
  /** The name of the user. */
  name: Scalars['String']['output'];
  /** The user's role once the link is used. */
  role: Role;
};

/** The sessions that a new policy applies to. */
export type PolicyApplication =
  /**
   * Live sessions too, at once: each gets the lower of its own limit and the new one. Sessions already past it end
   * (`POLICY_CHANGED`).
   */
  | 'ACTIVE_SESSIONS'
  /** Only sessions created later. Live sessions keep their limits. */
  | 'NEXT_LOGIN';

/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type Query = {
  __typename?: 'Query';
  /** The account's audit trail, newest first. Owner, else `FORBIDDEN`. */
  auditEvents: AuditEventConnection;
  /**
   * The identity providers for signing in, in the configured order. Needs no token; one that is no longer valid
   * gives `UNAUTHENTICATED`.
   */
  authProviders: Array<AuthProvider>;
  /** The session that the access token belongs to. */
  currentSession: Session;
  /**
   * The deliveries of an event stream, newest first, kept for `EVENT_RETENTION_DAYS`. Owner, else `FORBIDDEN`. Unknown
   * stream, or one of another account: `NOT_FOUND`.
   */
  eventDeliveries: EventDeliveryConnection;
  /** The event sources of the account, oldest first. Owner, else `FORBIDDEN`. */
  eventSources: Array<EventSource>;
  /** The event streams of the account, oldest first. Owner, else `FORBIDDEN`. */
  eventStreams: Array<EventStream>;
  /**
   * Why a session ends when it does, or why it has ended: the version of the policy whose limits it lives by, a sentence, and
   * its time line. Owner, or the session's user, else `NOT_FOUND`, like an unknown session.
   */
  explainSession: SessionExplanation;
  /**
   * What the caller did, and what was done to them, newest first. Owner or member. Shows the names of others, and neither
   * their e-mails nor their addresses: `actor` and `subject` are null where they are not the caller.
   */
  ownActivity: AuditEventConnection;
  /**
   * How the caller can authenticate again without a new session. Neither by password nor at a provider where
   * `canReauthenticate` of their session is false.
   */
  reauthenticationOptions: ReauthenticationOptions;
  /**
   * The server's clock. Compare every deadline with it. Needs no token; one that is no longer valid gives
   * `UNAUTHENTICATED`.
   */
  serverTime: Scalars['DateTime']['output'];
  /**
   * The service keys of the account, newest first, with those that were revoked or have expired. Keys for all accounts are
   * the operator's and in no list. Owner, else `FORBIDDEN`.
   */
  serviceKeys: ServiceKeyConnection;
  /**
   * The former name of `sessionExpiryForecast`.
   * @deprecated Use sessionExpiryForecast.
   */
  sessionEndings: Array<SessionExpiryForecastBucket>;
  /**
   * When the live sessions of the account will end without further activity: the next `hours` in 24 periods of
   * equal length, in order, empty ones included. A session is counted in the period of its nearer deadline; one
   * that ends after the last period is in none. Owner, else `FORBIDDEN`.
   */
  sessionExpiryForecast: Array<SessionExpiryForecastBucket>;
  /** The account's session policy. Owner, else `FORBIDDEN`. */
  sessionPolicy: SessionPolicy;
  /**
   * The account's policy at a moment: limits, rules and the maximum of sessions, as the audit trail has them. Owner, else `FORBIDDEN`. A moment
   * more than a minute in the future, or before the account was created: `BAD_USER_INPUT` with `reason` `OUT_OF_BOUNDS`.
   */
  sessionPolicyAt: SessionPolicyAt;
  /**
   * What `updateSessionPolicy` with `ACTIVE_SESSIONS` would do to the live sessions now. Writes nothing. Refuses
   * the limits that `updateSessionPolicy` refuses. Owner, else `FORBIDDEN`.
   */
  sessionPolicyImpact: SessionPolicyImpact;
  /** The presets with their limits: all but `CUSTOM`. Owner or member. */
  sessionPolicyPresets: Array<SessionPolicyPresetDefinition>;
  /**
   * Every version of the account's session policy, newest first. Version 0, which no one has saved, is not among them. Kept
   * as long as the account. Owner, else `FORBIDDEN`.
   */
  sessionPolicyVersions: SessionPolicyVersionConnection;
  /**
   * Sessions: all of the account for an owner, their own for a member. Latest sign-in first, unless `orderBy` says
   * otherwise.
   */
  sessions: SessionConnection;
  /** What the sign-in page offers. Needs no token; one that is no longer valid gives `UNAUTHENTICATED`. */
  signInOptions: SignInOptions;
  /**
   * The live sessions of one user, latest sign-in first. Service key. An unknown user, or one outside the key's
   * reach: `NOT_FOUND`. Neither `userId` nor `externalId`, or both: `BAD_USER_INPUT`.
   */
  userSessions: Array<Session>;
  /**
   * The users of the account by name, without regard to the case of ASCII letters. Deleted users are left out. Owner,
   * else `FORBIDDEN`.
   */
  users: UserConnection;
  /** The signed-in user. Null when no token is presented. A token that is no longer valid gives `UNAUTHENTICATED`. */
  viewer?: Maybe<User>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryAuditEventsArgs = {
  action?: InputMaybe<Scalars['String']['input']>;
  actions?: InputMaybe<Array<Scalars['String']['input']>>;
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  from?: InputMaybe<Scalars['DateTime']['input']>;
  to?: InputMaybe<Scalars['DateTime']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryEventDeliveriesArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  status?: InputMaybe<DeliveryStatus>;
  streamId: Scalars['ID']['input'];
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryExplainSessionArgs = {
  sessionId: Scalars['ID']['input'];
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryOwnActivityArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryServiceKeysArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionEndingsArgs = {
  hours?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionExpiryForecastArgs = {
  hours?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionPolicyAtArgs = {
  at: Scalars['DateTime']['input'];
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionPolicyImpactArgs = {
  input: UpdateSessionPolicyInput;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionPolicyVersionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QuerySessionsArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  orderBy?: InputMaybe<SessionOrder>;
  search?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<SessionStatus>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryUserSessionsArgs = {
  accountExternalId?: InputMaybe<Scalars['String']['input']>;
  accountId?: InputMaybe<Scalars['ID']['input']>;
  externalId?: InputMaybe<Scalars['String']['input']>;
  userId?: InputMaybe<Scalars['ID']['input']>;
};


/**
 * Reads. Each needs a signed-in user (`userSessions`: a service key), else `UNAUTHENTICATED`. Only `viewer`,
 * `serverTime`, `authProviders` and `signInOptions` also answer without a token. A read is not activity: it moves no deadline.
 */
export type QueryUsersArgs = {
  after?: InputMaybe<Scalars['String']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<UserStatus>;
};

/** The proof that the caller is still the same person. */
export type ReauthenticateInput = {
  /**
   * The audience of the access token: `curfew` (the default, and the only one that Curfew accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /** The password of the caller. */
  password: Scalars['String']['input'];
  /** The refresh token of the caller's session. Takes precedence over the cookie. Absent: the token in the cookie. */
  refreshToken?: InputMaybe<Scalars['String']['input']>;
  /**
   * 16 to 128 characters, else `BAD_USER_INPUT`. Chosen at random by the client for this one call and kept until the answer
   * is stored. A repeat with the same `requestId`, until the new refresh token is used, checks the password again and
   * returns the identical successor, so a client whose answer was lost is not signed out.
   */
  requestId?: InputMaybe<Scalars['String']['input']>;
};

/** How the caller can authenticate again. */
export type ReauthenticationOptions = {
  __typename?: 'ReauthenticationOptions';
  /** With their password (`reauthenticate`). */
  password: Scalars['Boolean']['output'];
  /**
   * The configured identity providers at which they have signed in (`startOAuthLogin` with `reauthenticate`), in the
   * configured order.
   */
  providers: Array<AuthProvider>;
};

/** A refresh token to rotate. */
export type RefreshSessionInput = {
  /**
   * The audience of the access token: `curfew` (the default, and the only one that Curfew accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: InputMaybe<Scalars['String']['input']>;
  /**
   * How long the client waits for the answer: a time at most a minute ahead by the server's clock, else
   * `BAD_USER_INPUT` (`reason` OUT_OF_BOUNDS). A request handled later, on a paused node or behind a slow network, has
   * no effect, so a client that gave up and refreshed elsewhere does not trigger reuse detection. Set it to
   * `serverTime` plus the client's own timeout.
   */
  notAfter?: InputMaybe<Scalars['DateTime']['input']>;
  /** The refresh token. Takes precedence over the cookie. Absent: the token in the cookie. */
  refreshToken?: InputMaybe<Scalars['String']['input']>;
  /**
   * 16 to 128 characters, else `BAD_USER_INPUT`. Chosen at random by the client for this one refresh and kept until
   * the answer is stored. A replay of the token with its `requestId` returns the identical successor at any time
   * until the successor is used, so a client whose answer was lost is not signed out.
   */
  requestId?: InputMaybe<Scalars['String']['input']>;
  /**
   * Whether the user is active. False refreshes without moving the idle deadline, so a page that refreshes in the
   * background still reaches it.
   */
  userActive?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How much a standard insists. */
export type RequirementLevel =
  /** It should be met. A policy that does not still meets the standard. */
  | 'RECOMMENDED'
  /** It has to be met ("shall"). */
  | 'REQUIRED';

/** The sessions to end. */
export type RevokeScope =
  /** Every live session of the account, including the caller's. */
  | 'ALL'
  /** Every live session of the account except the caller's. All sessions of the caller stay. */
  | 'OTHERS';

/** The result of ending sessions. */
export type RevokeSessionsPayload = {
  __typename?: 'RevokeSessionsPayload';
  /** How many sessions this call ended. Sessions that had already ended do not count. */
  revokedCount: Scalars['Int']['output'];
};

/** The permissions of a user. Each operation reads the current role; the one in an access token is only a copy. */
export type Role =
  /** Sees and ends their own sessions, changes their own password. */
  | 'MEMBER'
  /** Sets the policy, sees and ends every session of the account, manages its users, reads its audit trail. */
  | 'OWNER';

/** An event stream with a new secret. */
export type RotateEventStreamSecretPayload = {
  __typename?: 'RotateEventStreamSecretPayload';
  /** Verifies the signatures of the stream: `whsec_` and base64. This is the only time it is shown. */
  secret: Scalars['String']['output'];
  /** The stream. */
  stream: EventStream;
};

/** The end reasons that a trusted back end can give. */
export type ServiceEndReason =
  /** The user signed out. */
  | 'LOGOUT'
  /** The user's password was changed in the calling application. */
  | 'PASSWORD_CHANGED'
  /** A trusted back end ended it. */
  | 'REVOKED_BY_SERVICE'
  /** The user was deactivated in the calling application. */
  | 'USER_DEACTIVATED';

/** The credential of a trusted application. The key itself is shown once, by `createServiceKey`, and not stored. */
export type ServiceKey = {
  __typename?: 'ServiceKey';
  /** When it was created. */
  createdAt: Scalars['DateTime']['output'];
  /** The owner who created it. Null: an operator, at the command line. */
  createdBy?: Maybe<User>;
  /** When it expires. Null: never. */
  expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** Never changes. With HTTP Basic it is the user name. */
  id: Scalars['ID']['output'];
  /** Whether it is valid: neither revoked nor expired. */
  isActive: Scalars['Boolean']['output'];
  /** When it was last used, to the minute. Null: never so far. */
  lastUsedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name to show. */
  name: Scalars['String']['output'];
  /** When it was revoked. Null: it was not. */
  revokedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The only thing that it may do. Null: everything that a service key may do in the account. */
  scope?: Maybe<ServiceKeyScope>;
  /**
   * The live sessions that were opened with it: exact up to 1,000, then 1,000. Sessions from before Curfew stored their key
   * are not counted.
   */
  sessionCount: Scalars['Int']['output'];
};

/** A page of service keys. */
export type ServiceKeyConnection = {
  __typename?: 'ServiceKeyConnection';
  /** The page's keys with their cursors, in order. */
  edges: Array<ServiceKeyEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many keys the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A service key in a page. */
export type ServiceKeyEdge = {
  __typename?: 'ServiceKeyEdge';
  /** The position of this key, for `after`. */
  cursor: Scalars['String']['output'];
  /** The key. */
  node: ServiceKey;
};

/** What a service key is limited to. Wherever it is presented else, it is refused: with `FORBIDDEN` in GraphQL. */
export type ServiceKeyScope =
  /**
   * Over HTTP only: creates, reads, changes, polls and deletes the SSF streams of its account. It opens, checks and ends no
   * session.
   */
  | 'SSF';

/** A session and its token. */
export type ServiceSessionPayload = {
  __typename?: 'ServiceSessionPayload';
  /** The session that was created. */
  session: Session;
  /** 256 random bits in base64url. Returned only here; Curfew stores its SHA-256. */
  sessionToken: Scalars['String']['output'];
};

/**
 * A signed-in session. It ends at its nearer deadline, to the millisecond (a deadline equal to now has passed), or
 * earlier when it is revoked.
 */
export type Session = {
  __typename?: 'Session';
  /** The absolute deadline: `authenticatedAt` plus the absolute limit. Nothing but a new sign-in moves it later. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** The absolute limit of this session in minutes: as of its sign-in, or shortened since. */
  absoluteMinutes: Scalars['Int']['output'];
  /**
   * Seconds from the warning to the absolute deadline of this session: the policy's `absoluteWarningSeconds`, at most
   * half the session's absolute limit.
   */
  absoluteWarningSeconds: Scalars['Int']['output'];
  /** The kind of application that it was created for. */
  appType: AppType;
  /** When the user signed in. Refreshing does not move it. */
  authenticatedAt: Scalars['DateTime']['output'];
  /**
   * How the user signed in. Null for a session from before this was stored, and for one that was imported from another
   * application.
   */
  authenticationMethod?: Maybe<AuthenticationMethod>;
  /** With `OIDC`: the name of the identity provider, or its id when it is no longer configured. Null for the other methods. */
  authenticationProvider?: Maybe<Scalars['String']['output']>;
  /**
   * Whether its user can authenticate again without a new session (`reauthenticate`, or `startOAuthLogin` with
   * `reauthenticate`): they have a password, or have signed in at a configured identity provider. False for a session that
   * an application created (see `reauthenticateSession`), for an imported one before its first rotation, and for one that
   * has ended.
   */
  canReauthenticate: Scalars['Boolean']['output'];
  /** Browser and operating system, read from the user agent. Null when it names neither. */
  device?: Maybe<Scalars['String']['output']>;
  /** Why it ended. Null while it is live. */
  endReason?: Maybe<SessionEndReason>;
  /** When it ended: the deadline itself when it expired. Null while it is live. */
  endedAt?: Maybe<Scalars['DateTime']['output']>;
  /**
   * The owner who ended it, where `endReason` is `REVOKED_BY_OWNER`. Null for other ends, after the retention of the audit
   * trail, and for callers who are not owners.
   */
  endedBy?: Maybe<User>;
  /** The nearer of the two deadlines. */
  expiresAt: Scalars['DateTime']['output'];
  /** The nearer deadline. `ABSOLUTE` when they are equal. */
  expiryReason: ExpiryReason;
  /** Never changes. The `sid` of the access token. */
  id: Scalars['ID']['output'];
  /** The idle deadline: `lastActivityAt` plus the idle limit, never later than the absolute deadline. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** The idle limit of this session in minutes: as of its sign-in, or shortened since. */
  idleMinutes: Scalars['Int']['output'];
  /**
   * Seconds from the warning to the idle deadline of this session: the policy's `warningSeconds`, at most half the
   * session's idle limit.
   */
  idleWarningSeconds: Scalars['Int']['output'];
  /** The IP address of the sign-in. Null when unknown. */
  ipAddress?: Maybe<Scalars['String']['output']>;
  /** Whether it is the caller's session. True in an `AuthPayload`. */
  isCurrent: Scalars['Boolean']['output'];
  /**
   * Whether it was signed in from a browser and a network that were not seen together for this user in the 90 days before.
   * The browser counts by its `device`, the network by the IPv4 address or the /64 of an IPv6 address. False where either is
   * not known. Looks back at most as far as ended sessions are kept (`SESSION_RETENTION_DAYS`).
   */
  isNewDevice: Scalars['Boolean']['output'];
  /**
   * The latest activity: sign-in, `touchSession`, `refreshSession` with `userActive`, or `validateSession` with
   * `touch`. Other requests are not activity.
   */
  lastActivityAt: Scalars['DateTime']['output'];
  /** The signed-in user. */
  user: User;
  /** The `User-Agent` of the sign-in, cut at 500 characters. Null when unknown. */
  userAgent?: Maybe<Scalars['String']['output']>;
};

/** A token with which a browser follows the expiry of its service session. */
export type SessionAccessToken = {
  __typename?: 'SessionAccessToken';
  /** The access token: a JWT (ES256) to send as `Authorization: Bearer`. */
  accessToken: Scalars['String']['output'];
  /** When the access token expires: never later than either deadline. */
  expiresAt: Scalars['DateTime']['output'];
};

/** A page of sessions. */
export type SessionConnection = {
  __typename?: 'SessionConnection';
  /** The page's sessions with their cursors, in order. */
  edges: Array<SessionEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many sessions the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A session in a list. */
export type SessionEdge = {
  __typename?: 'SessionEdge';
  /** The session's position in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The session. */
  node: Session;
};

/** Why a session ended. */
export type SessionEndReason =
  /** The absolute deadline passed, alone or with the idle deadline. */
  | 'ABSOLUTE_TIMEOUT'
  /** The idle deadline passed. */
  | 'IDLE_TIMEOUT'
  /** The user signed out. */
  | 'LOGOUT'
  /** The user's password was changed or reset. */
  | 'PASSWORD_CHANGED'
  /** A new policy was applied to live sessions, and this one was already past its limits. */
  | 'POLICY_CHANGED'
  /** A replaced refresh token was presented again: someone may have copied it. */
  | 'REFRESH_TOKEN_REUSED'
  /** A new sign-in in the same browser replaced it. */
  | 'REPLACED'
  /** An owner ended it, alone or with others. */
  | 'REVOKED_BY_OWNER'
  /** A trusted back end ended it. */
  | 'REVOKED_BY_SERVICE'
  /** The user ended it from their list of sessions. */
  | 'REVOKED_BY_USER'
  /** An identity provider reported a security event about the user. */
  | 'SECURITY_EVENT'
  /** The user signed in elsewhere and had reached the account's maximum number of sessions. */
  | 'SESSION_LIMIT'
  /** The user was deactivated, or deleted alone or with the account. */
  | 'USER_DEACTIVATED';

/**
 * A change of the deadlines of the caller's session. The deadlines are absolute times; compare them with
 * `serverTime`.
 */
export type SessionExpiryEvent = {
  __typename?: 'SessionExpiryEvent';
  /** The absolute deadline. */
  absoluteExpiresAt: Scalars['DateTime']['output'];
  /** Whether activity moves that deadline: true only for the idle deadline of a live session. */
  canExtend: Scalars['Boolean']['output'];
  /**
   * Whether authenticating again moves both deadlines, also where `canExtend` is false (`reauthenticate`). False once the
   * session has ended.
   */
  canReauthenticate: Scalars['Boolean']['output'];
  /**
   * Why the session ended: `IDLE_TIMEOUT` or `ABSOLUTE_TIMEOUT` with `EXPIRED`, any other reason with `REVOKED`. Null
   * with the other kinds.
   */
  endReason?: Maybe<SessionEndReason>;
  /**
   * With `WARNING` the deadline warned of, with `EXTENDED` and `SHORTENED` the current nearer deadline, with `EXPIRED`
   * the deadline that has passed, with `REVOKED` the time when the session ended.
   */
  expiresAt: Scalars['DateTime']['output'];
  /** The idle deadline. */
  idleExpiresAt: Scalars['DateTime']['output'];
  /** The kind of event. */
  kind: SessionExpiryEventKind;
  /** The deadline that `expiresAt` gives. Null with `REVOKED`. */
  reason?: Maybe<ExpiryReason>;
  /** Whole seconds from `serverTime` to `expiresAt`, rounded down. 0 with `EXPIRED` and `REVOKED`. */
  secondsRemaining: Scalars['Int']['output'];
  /** The server's clock when the event was created. */
  serverTime: Scalars['DateTime']['output'];
  /** The session. */
  sessionId: Scalars['ID']['output'];
};

/** The kind of change of a session's deadlines. */
export type SessionExpiryEventKind =
  /** A deadline has passed, at most 2 seconds ago. The last event. */
  | 'EXPIRED'
  /**
   * The deadline that was warned of moved later. The new one gets its own warning. Sent to every subscription when the user
   * authenticated again.
   */
  | 'EXTENDED'
  /** The session ended for another reason than a deadline. The last event. */
  | 'REVOKED'
  /** A policy applied to live sessions moved the deadline nearer. A `WARNING` follows when it is due. */
  | 'SHORTENED'
  /**
   * A deadline is near. Sent once per subscription and deadline, at its warning lead before it, or at once to a later
   * subscription. When both are due, the nearer one.
   */
  | 'WARNING';

/**
 * One period of the forecast and how many live sessions end in it: those whose nearer deadline is after
 * `startsAt` and not after `endsAt`.
 */
export type SessionExpiryForecastBucket = {
  __typename?: 'SessionExpiryForecastBucket';
  /** Sessions that end at their absolute deadline, also when both are equal. Only a new sign-in moves it later. */
  absolute: Scalars['Int']['output'];
  /** End of the period. */
  endsAt: Scalars['DateTime']['output'];
  /** Sessions that end at their idle deadline. Activity moves it later. */
  idle: Scalars['Int']['output'];
  /** Start of the period: now for the first one, else the end of the previous one. */
  startsAt: Scalars['DateTime']['output'];
};

/** Why a session ends when it does, or why it has ended. */
export type SessionExplanation = {
  __typename?: 'SessionExplanation';
  /** Where its absolute limit is from, likewise. */
  absoluteLimitSource: SessionLimitSource;
  /** A sentence to show. It names the length of the limit, or who ended the session. */
  endsBecause: Scalars['String']['output'];
  /**
   * Where its idle limit is from: `policyVersion` and `rule`, or an earlier version where that one made only the absolute
   * limit shorter.
   */
  idleLimitSource: SessionLimitSource;
  /**
   * The version of the policy whose limits the session lives by: the one at its latest authentication, or a later one that
   * was applied to live sessions and made a limit shorter. 0: the server's own limits, or those of an imported token.
   */
  policyVersion: Scalars['Int']['output'];
  /** The rule of that version that gave the limits, as it was set. Null: the account's two limits did. */
  rule?: Maybe<SessionPolicyRule>;
  /** The session. */
  session: Session;
  /** What happened to the session, from its sign-in to its end, in order. The end and its warning may be ahead. */
  timeline: Array<SessionTimelineEntry>;
};

/** Why a service session is not valid. */
export type SessionInvalidReason =
  /** The absolute deadline has passed, alone or with the idle one. */
  | 'ABSOLUTE'
  /** The idle deadline has passed. */
  | 'IDLE'
  /** No such token, or one outside the key's reach. */
  | 'NOT_FOUND'
  /** It was ended before its deadlines. `session.endReason` says why. */
  | 'REVOKED';

/** What happens to a sign-in beyond the account's maximum of sessions. */
export type SessionLimitAction =
  /**
   * It is refused with the list of the user's sessions, and `login` with `endSessionIds` ends those chosen. `createSession`
   * is refused without a list, as with `DENY`.
   */
  | 'ASK'
  /** It is refused: `SESSION_LIMIT_REACHED`. */
  | 'DENY'
  /** The least recently active sessions of the user end (`SESSION_LIMIT`), as many as it takes. */
  | 'END_OLDEST';

/** Where a limit of a session is from. */
export type SessionLimitSource = {
  __typename?: 'SessionLimitSource';
  /** The version of the policy. 0: the server's own limits, or those of an imported token. */
  policyVersion: Scalars['Int']['output'];
  /** The rule of that version that gave the limit, as it was set. Null: the account's own limit did. */
  rule?: Maybe<SessionPolicyRule>;
};

/** The order of a list of sessions. */
export type SessionOrder =
  /** Latest end first. */
  | 'ENDED_AT'
  /** Latest sign-in first. */
  | 'SIGN_IN';

/**
 * The account's session policy: its overrides and the effective limits. An effective limit is the override or the
 * system default, clamped to the bounds; the effective idle limit is then at most the absolute one. A sign-in stores
 * the effective limits in its session.
 */
export type SessionPolicy = {
  __typename?: 'SessionPolicy';
  /** The account's absolute limit in minutes. Null: the system default. */
  absoluteMinutes?: Maybe<Scalars['Int']['output']>;
  /** The maximum absolute limit in minutes (`SESSION_ABSOLUTE_MINUTES_MAX`). */
  absoluteMinutesMax: Scalars['Int']['output'];
  /** The minimum absolute limit in minutes (`SESSION_ABSOLUTE_MINUTES_MIN`). */
  absoluteMinutesMin: Scalars['Int']['output'];
  /**
   * Seconds from the warning to the absolute deadline (`SESSION_ABSOLUTE_WARNING_SECONDS`). For a session at most
   * half its absolute limit.
   */
  absoluteWarningSeconds: Scalars['Int']['output'];
  /** How many users of the account have at least one live session. */
  activeUserCount: Scalars['Int']['output'];
  /** Users with at least one live session, last sign-in first. */
  activeUsers: Array<ActiveUser>;
  /** The absolute limit in minutes for the next sign-in. */
  effectiveAbsoluteMinutes: Scalars['Int']['output'];
  /** The idle limit in minutes for the next sign-in. */
  effectiveIdleMinutes: Scalars['Int']['output'];
  /** The account's idle limit in minutes. Null: the system default. */
  idleMinutes?: Maybe<Scalars['Int']['output']>;
  /** The maximum idle limit in minutes (`SESSION_IDLE_MINUTES_MAX`). */
  idleMinutesMax: Scalars['Int']['output'];
  /** The minimum idle limit in minutes (`SESSION_IDLE_MINUTES_MIN`). */
  idleMinutesMin: Scalars['Int']['output'];
  /** How many live sessions a user may have at once. Null: no limit. */
  maxSessionsPerUser?: Maybe<Scalars['Int']['output']>;
  /** The preset whose two limits equal the effective ones, else `CUSTOM`. */
  preset: SessionPolicyPreset;
  /**
   * Limits for some sign-ins, in the order in which they were given. A session takes the most specific rule that fits its
   * user's role and its application type: one with both, then role, then application type, then the two limits above.
   */
  rules: Array<SessionPolicyRule>;
  /** What happens to a sign-in beyond `maxSessionsPerUser`. `DENY` until it is set. */
  sessionLimitAction: SessionLimitAction;
  /** What standards say about this policy. Each limit counts by its greatest value over the two limits and every rule. */
  standards: Array<StandardVerdict>;
  /** When the policy was last updated. Null before the first update. */
  updatedAt?: Maybe<Scalars['DateTime']['output']>;
  /** The user who last updated the policy. Null before the first update. */
  updatedBy?: Maybe<User>;
  /** Increases by one with every accepted update. 0 before the first. */
  version: Scalars['Int']['output'];
  /**
   * Seconds from the warning to the idle deadline (`SESSION_WARNING_SECONDS`). For a session at most half its idle
   * limit.
   */
  warningSeconds: Scalars['Int']['output'];
};


/**
 * The account's session policy: its overrides and the effective limits. An effective limit is the override or the
 * system default, clamped to the bounds; the effective idle limit is then at most the absolute one. A sign-in stores
 * the effective limits in its session.
 */
export type SessionPolicyActiveUserCountArgs = {
  search?: InputMaybe<Scalars['String']['input']>;
};


/**
 * The account's session policy: its overrides and the effective limits. An effective limit is the override or the
 * system default, clamped to the bounds; the effective idle limit is then at most the absolute one. A sign-in stores
 * the effective limits in its session.
 */
export type SessionPolicyActiveUsersArgs = {
  after?: InputMaybe<Scalars['ID']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  search?: InputMaybe<Scalars['String']['input']>;
};

/** An account's policy at a moment in the past. */
export type SessionPolicyAt = {
  __typename?: 'SessionPolicyAt';
  /** The moment that was asked for. */
  at: Scalars['DateTime']['output'];
  /** The absolute limit in minutes that applied to sign-ins at that moment. */
  effectiveAbsoluteMinutes: Scalars['Int']['output'];
  /** The idle limit in minutes that applied to sign-ins at that moment. */
  effectiveIdleMinutes: Scalars['Int']['output'];
  /** Whether an owner had set these two limits. False: those of the server applied. */
  isCustomised: Scalars['Boolean']['output'];
  /** How many live sessions a user could have at once at that moment. Null: no limit. */
  maxSessionsPerUser?: Maybe<Scalars['Int']['output']>;
  /** The rules at that moment, as they were set. */
  rules: Array<SessionPolicyRule>;
  /** What happened at that moment to a sign-in beyond `maxSessionsPerUser`. */
  sessionLimitAction: SessionLimitAction;
  /** Who set it. Null for the server's own limits, for an operator, and where the trail no longer says. */
  setBy?: Maybe<User>;
  /** The name of who set it, at that time. Null where `since` is null. */
  setByName?: Maybe<Scalars['String']['output']>;
  /** Since when this policy applied. Null: since the account was created, or since a change that the trail no longer has. */
  since?: Maybe<Scalars['DateTime']['output']>;
};

/** The effect of applying a policy to the live sessions of the account now. Counts are of sessions. */
export type SessionPolicyImpact = {
  __typename?: 'SessionPolicyImpact';
  /** Live sessions of the account. */
  activeSessions: Scalars['Int']['output'];
  /** The same counts for the sessions of each rule, in the order of the rules, then for those that no rule fits. */
  byRule: Array<SessionPolicyRuleImpact>;
  /** Those that would end at once because they are already past the new limits. */
  endNow: Scalars['Int']['output'];
  /** Those that would stay live, but end within the hour without activity. */
  endWithinHour: Scalars['Int']['output'];
  /** Whether the caller's session is among `endNow`. */
  endsViewerSession: Scalars['Boolean']['output'];
  /** Those that would stay live with an earlier deadline. */
  shortened: Scalars['Int']['output'];
  /** Whether the caller's session is among `shortened`. */
  shortensViewerSession: Scalars['Boolean']['output'];
  /** What standards would say about the policy that is tried. */
  standards: Array<StandardVerdict>;
};

/**
 * A named pair of limits. A policy's preset is the one whose two limits equal its effective limits. `STRICT` takes
 * precedence over another preset with equal limits.
 */
export type SessionPolicyPreset =
  /** Any other pair. */
  | 'CUSTOM'
  /**
   * FedRAMP Rev 5 Moderate, IA-11, the time limits only: idle 30 minutes, absolute 720 (12 hours), both required.
   * These are the limits of NIST SP 800-63B revision 3 at AAL2.
   */
  | 'FEDRAMP_MODERATE'
  /**
   * NIST SP 800-63B-4 (revision 4, 2025) at AAL2, the time limits only: idle 60 minutes, absolute 1440 (24 hours), both
   * recommended.
   */
  | 'NIST_AAL2'
  /**
   * NIST SP 800-63B-4 (revision 4, 2025) at AAL3, the time limits only: idle 15 minutes (recommended), absolute 720
   * (12 hours, required).
   */
  | 'NIST_AAL3'
  /**
   * PCI DSS 4.0.1, requirement 8.2.8, the time limits only: idle 15 minutes (required), absolute 1440 (24 hours,
   * Curfew's own choice).
   */
  | 'PCI_DSS'
  /**
   * Curfew's own choice, the time limits only: idle 10080 minutes (7 days), absolute 43200 (30 days, the maximum that
   * NIST SP 800-63B-4 recommends at AAL1).
   */
  | 'STANDARD'
  /** The configured system defaults: idle 4320 and absolute 20160 minutes unless set otherwise. */
  | 'STRICT';

/** A preset and its limits. */
export type SessionPolicyPresetDefinition = {
  __typename?: 'SessionPolicyPresetDefinition';
  /** Its absolute limit in minutes. */
  absoluteMinutes: Scalars['Int']['output'];
  /** Whether both limits are within the bounds. If not, `updateSessionPolicy` refuses them. */
  available: Scalars['Boolean']['output'];
  /** A text to show: the source of the limits, its revision, and which limits it requires or recommends. */
  description: Scalars['String']['output'];
  /** Its idle limit in minutes. */
  idleMinutes: Scalars['Int']['output'];
  /** The preset. */
  preset: SessionPolicyPreset;
  /** The revision of that standard. Null: no standard's. */
  revision?: Maybe<Scalars['String']['output']>;
  /** The `id` of the `StandardVerdict` whose limits they are. Null: no standard's. */
  standardId?: Maybe<Scalars['String']['output']>;
  /** Where that standard is published. Null: no standard's. */
  url?: Maybe<Scalars['String']['output']>;
};

/** Limits for the sessions of a role, of an application type, or of both. At least one of them is set. */
export type SessionPolicyRule = {
  __typename?: 'SessionPolicyRule';
  /** The absolute limit in minutes, as it was set. It is clamped to the bounds at the sign-in. */
  absoluteMinutes: Scalars['Int']['output'];
  /** The application type that it is for. Null: every type. */
  appType?: Maybe<AppType>;
  /** The idle limit in minutes, as it was set. It is clamped to the bounds at the sign-in, and to the absolute limit. */
  idleMinutes: Scalars['Int']['output'];
  /** The role that it is for. Null: every role. */
  role?: Maybe<Role>;
};

/** The effect of a policy on the sessions that take one of its rules. */
export type SessionPolicyRuleImpact = {
  __typename?: 'SessionPolicyRuleImpact';
  /** Live sessions that take the rule. */
  activeSessions: Scalars['Int']['output'];
  /** Those that would end at once because they are already past its limits. */
  endNow: Scalars['Int']['output'];
  /** The rule. Null: the sessions that no rule fits. */
  rule?: Maybe<SessionPolicyRule>;
  /** Those that would stay live with an earlier deadline. */
  shortened: Scalars['Int']['output'];
};

/** A rule of the new policy. Each is checked like a policy, with `field` `rules.0.idleMinutes` and so on. */
export type SessionPolicyRuleInput = {
  /** Absolute limit in minutes, within the bounds. */
  absoluteMinutes: Scalars['Int']['input'];
  /** The application type that it is for. */
  appType?: InputMaybe<AppType>;
  /** Idle limit in minutes, within the bounds and at most `absoluteMinutes`. */
  idleMinutes: Scalars['Int']['input'];
  /** The role that it is for. Without `appType` too: `BAD_USER_INPUT` with `field` `rules.0` and `reason` `REQUIRED`. */
  role?: InputMaybe<Role>;
};

/** A saved version of the account's session policy. It never changes. */
export type SessionPolicyVersion = {
  __typename?: 'SessionPolicyVersion';
  /** The account's absolute limit in minutes. Null: the system default. */
  absoluteMinutes?: Maybe<Scalars['Int']['output']>;
  /** Which sessions it was applied to. */
  apply: PolicyApplication;
  /** When it was saved. */
  createdAt: Scalars['DateTime']['output'];
  /** Who saved it. Null for an operator, and where the trail no longer said when the version was carried over. */
  createdBy?: Maybe<User>;
  /** The absolute limit in minutes that was in force with it. */
  effectiveAbsoluteMinutes: Scalars['Int']['output'];
  /** The idle limit in minutes that was in force with it. */
  effectiveIdleMinutes: Scalars['Int']['output'];
  /** Sessions that ended because they were already past its limits (`POLICY_CHANGED`). 0 for `NEXT_LOGIN`. */
  endedSessions: Scalars['Int']['output'];
  /** The account's idle limit in minutes. Null: the system default. */
  idleMinutes?: Maybe<Scalars['Int']['output']>;
  /** How many live sessions a user could have at once. Null: no limit. */
  maxSessionsPerUser?: Maybe<Scalars['Int']['output']>;
  /** The version that it restored. Null: it was saved with limits of its own. */
  restoredFrom?: Maybe<Scalars['Int']['output']>;
  /** Its rules, as they were set. */
  rules: Array<SessionPolicyRule>;
  /** What happened to a sign-in beyond `maxSessionsPerUser`. */
  sessionLimitAction: SessionLimitAction;
  /** Sessions that stayed live with an earlier deadline. 0 for `NEXT_LOGIN`. */
  shortenedSessions: Scalars['Int']['output'];
  /** 1 for the first one that was saved, then one more for each. */
  version: Scalars['Int']['output'];
};

/** A page of versions. */
export type SessionPolicyVersionConnection = {
  __typename?: 'SessionPolicyVersionConnection';
  /** The page's versions with their cursors, in order. */
  edges: Array<SessionPolicyVersionEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many versions the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A version in a list. */
export type SessionPolicyVersionEdge = {
  __typename?: 'SessionPolicyVersionEdge';
  /** The version's position in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The version. */
  node: SessionPolicyVersion;
};

/** Whether a session is live. */
export type SessionStatus =
  /** Not ended, and before both deadlines. */
  | 'ACTIVE'
  /** Ended, or past a deadline. */
  | 'ENDED';

/** A moment in the life of a session. */
export type SessionTimelineEntry = {
  __typename?: 'SessionTimelineEntry';
  /** When it happened, or will. */
  at: Scalars['DateTime']['output'];
  /**
   * `SIGNED_IN`, `REAUTHENTICATED`, `POLICY_APPLIED`, `POLICY_SAVED` (for new sessions only), `ROLE_CHANGED`,
   * `LAST_ACTIVITY`, `WARNING`, `ENDS` or `ENDED`. A later version may add others.
   */
  kind: Scalars['String']['output'];
  /**
   * The version of the policy that it is about: of `POLICY_APPLIED`, `POLICY_SAVED` and `ROLE_CHANGED`, for pages that say it
   * in another language. Null for others, and where a later authentication has replaced what the change did.
   */
  policyVersion?: Maybe<Scalars['Int']['output']>;
  /** A sentence to show. */
  text: Scalars['String']['output'];
};

/** The result of checking a service session. */
export type SessionValidation = {
  __typename?: 'SessionValidation';
  /** Whole seconds to the absolute deadline. Null once it has ended. */
  absoluteSecondsRemaining?: Maybe<Scalars['Int']['output']>;
  /** Why it is not live, identical in every check. Null while it is live. */
  reason?: Maybe<SessionInvalidReason>;
  /** Whole seconds to the nearer deadline, after the touch. Null once it has ended. */
  secondsRemaining?: Maybe<Scalars['Int']['output']>;
  /** The session. Null only with `NOT_FOUND`. */
  session?: Maybe<Session>;
  /** Whether it is live. */
  valid: Scalars['Boolean']['output'];
  /** Whether the nearer deadline is within its warning time. False once it has ended. */
  warning: Scalars['Boolean']['output'];
};

/** The token of a one-time link and the password to set. The session's `appType` is `CONTROL_PANEL`. */
export type SetPasswordInput = {
  /**
   * 15 to 128 characters and not easy to guess: not one of the 100,000 most common passwords, not a simple repetition
   * or sequence, and not made of the e-mail, the names of user and account, or the name of Curfew. There are no other
   * rules. Else `BAD_USER_INPUT` with `field` `newPassword` and `reason` `TOO_SHORT` or `TOO_LONG` (with `min` and
   * `max`) or `COMMON`.
   */
  newPassword: Scalars['String']['input'];
  /** The token of the link: the part after `#token=`. */
  token: Scalars['String']['input'];
  /** How the refresh token travels. */
  transport?: InputMaybe<TokenTransport>;
};

/** What the sign-in page offers. */
export type SignInOptions = {
  __typename?: 'SignInOptions';
  /** Whether `requestPasswordReset` sends mails. False: an owner of the account makes a link (`resetUserPassword`). */
  passwordResetByMail: Scalars['Boolean']['output'];
};

/** One requirement of a standard, and how the policy compares with it. */
export type StandardCheck = {
  __typename?: 'StandardCheck';
  /**
   * The policy's greatest limit, in minutes. For `SESSIONS_AT_ONCE` the policy's number of sessions, and null for no limit.
   * Null for `WARNING`.
   */
  actualMinutes?: Maybe<Scalars['Int']['output']>;
  /** Where the standard says it, such as `2.2.3` or `AC-12(3)`. */
  clause: Scalars['String']['output'];
  /** Whether the standard requires or recommends it. */
  level: RequirementLevel;
  /**
   * The greatest limit that meets it, in minutes. For `SESSIONS_AT_ONCE` a number of sessions. Null: any limit meets it, and
   * for `WARNING`.
   */
  limitMinutes?: Maybe<Scalars['Int']['output']>;
  /** Which part of the policy it is about. */
  subject: CheckSubject;
  /** What it asks, as a sentence to show. */
  text: Scalars['String']['output'];
  /** Whether the policy meets it. A limit equal to the greatest one does. */
  verdict: Verdict;
};

/** What a standard says about a policy. It is about the limits of sessions only, as the title says. */
export type StandardVerdict = {
  __typename?: 'StandardVerdict';
  /** What the standard says about the limits, one by one. */
  checks: Array<StandardCheck>;
  /** Never changes, such as `NIST_800_63B_4_AAL2`. */
  id: Scalars['String']['output'];
  /** The revision of the standard that the checks are from. */
  revision: Scalars['String']['output'];
  /** A name to show. It ends with "(time limits only)". */
  title: Scalars['String']['output'];
  /** Where the standard is published. */
  url: Scalars['String']['output'];
  /** `MISSES` where a required check misses. Recommended checks decide nothing. */
  verdict: Verdict;
};

/** The provider to sign in at and the URI to return to. */
export type StartOAuthLoginInput = {
  /** As in `login`. Belongs to the started sign-in. Ignored with `reauthenticate`. */
  endSessionIds?: InputMaybe<Array<Scalars['ID']['input']>>;
  /** As in `login`. Belongs to the started sign-in. Ignored with `reauthenticate`. */
  persistent?: InputMaybe<Scalars['Boolean']['input']>;
  /** One of `authProviders`, else `NOT_FOUND`. With `reauthenticate`, one that the caller has signed in with. */
  providerId: Scalars['ID']['input'];
  /**
   * True: the caller proves again who they are. The provider is asked for a new sign-in (`prompt=login`, `max_age=0`), and
   * `completeOAuthLogin` authenticates the caller's session again, as `reauthenticate` does, if the person is the same one.
   * Needs a signed-in user, else `UNAUTHENTICATED`; a session-scoped token or a service key is `FORBIDDEN`.
   */
  reauthenticate?: InputMaybe<Scalars['Boolean']['input']>;
  /** Exactly one of `OIDC_REDIRECT_URIS`. By default that is `PUBLIC_URL/login/callback`, the dashboard's. */
  redirectUri: Scalars['String']['input'];
  /**
   * How the sign-in is bound to the browser that started it: by an HttpOnly cookie with `COOKIE`, by the `flowToken`
   * with `BODY`.
   */
  transport?: InputMaybe<TokenTransport>;
};

/** A started sign-in. It can be completed once, within ten minutes. */
export type StartOAuthLoginPayload = {
  __typename?: 'StartOAuthLoginPayload';
  /** The URL to send the browser to. */
  authorizationUrl: Scalars['String']['output'];
  /** A secret to keep in the browser that started the sign-in and to pass to `completeOAuthLogin`. Null with `COOKIE`. */
  flowToken?: Maybe<Scalars['String']['output']>;
};

/** How a security event token names whom it is about. The other kinds of streams have fields of their own for that. */
export type SubjectFormat =
  /** The session, its user and its account. */
  | 'COMPLEX'
  /** The user, by their e-mail address at that time; a deleted user by issuer and id. As ISS_SUB otherwise. */
  | 'EMAIL'
  /**
   * The user, by issuer and id. The end of a session is told when the user has no other: a receiver ends all that the user
   * has there.
   */
  | 'ISS_SUB';

/**
 * Events, over the WebSocket only (`graphql-transport-ws`), authenticated by `connectionParams: { accessToken }`, or
 * `{ serviceKey }` for `accountSessions`. The socket belongs to the session, not to the token: it outlives the token
 * and is closed (4401) when the session ends, or when the key is revoked or expires. A node that could not read the
 * sessions for five seconds closes its sockets, and new ones, with 1013: reconnect with increasing delays. An
 * eleventh subscription on a socket: `RATE_LIMITED`. A subscription is not activity.
 */
export type Subscription = {
  __typename?: 'Subscription';
  /**
   * Reports sessions of the account as they start, change and end, in at most one batch a second. Owner or service
   * key, else `FORBIDDEN`. The subscription ends when the owner loses the role, or when the key is revoked or expires.
   * A service key's subscription also ends when more than 10,000 sessions end at once, because their events would take
   * minutes: discard what you know, check sessions again, and resubscribe.
   *
   * Silence alone does not prove that no session has ended. Send `ping` messages of the protocol: `completeMsAgo` in
   * the payload of the `pong` is the time in milliseconds since this socket's events were complete. Every end committed
   * before that moment has been sent. It is absent until the sessions were first read. Rely only on events that were
   * complete within the last five seconds.
   */
  accountSessions: AccountSessionEvent;
  /**
   * Reports each sign-in of the caller's user from a new device (`Session.isNewDevice`) as it happens, to all their other
   * live sessions; never to the session that signed in. A user's token, else `FORBIDDEN`. The subscription completes when
   * the caller's session ends.
   *
   * Of several sign-ins at once only the latest may be reported, and one is not reported while the server cannot read its
   * database. `isNewDevice` still marks them in `sessions`.
   */
  newDeviceSignIns: Session;
  /**
   * Reports changes of the deadlines of the caller's session. `EXPIRED` or `REVOKED` is the last event; then the
   * subscription completes and the socket closes.
   */
  sessionExpiry: SessionExpiryEvent;
};


/**
 * Events, over the WebSocket only (`graphql-transport-ws`), authenticated by `connectionParams: { accessToken }`, or
 * `{ serviceKey }` for `accountSessions`. The socket belongs to the session, not to the token: it outlives the token
 * and is closed (4401) when the session ends, or when the key is revoked or expires. A node that could not read the
 * sessions for five seconds closes its sockets, and new ones, with 1013: reconnect with increasing delays. An
 * eleventh subscription on a socket: `RATE_LIMITED`. A subscription is not activity.
 */
export type SubscriptionAccountSessionsArgs = {
  accountId?: InputMaybe<Scalars['ID']['input']>;
};

/** How the refresh token travels. */
export type TokenTransport =
  /** In `refreshToken` of the answer. The client stores it. */
  | 'BODY'
  /**
   * In an HttpOnly, SameSite=Strict cookie that lasts until the absolute deadline. For browsers on Curfew's own
   * site.
   */
  | 'COOKIE';

/** What changes of an event stream. An absent field stays as it is. */
export type UpdateEventStreamInput = {
  /** What it is for. Null: nothing. */
  description?: InputMaybe<Scalars['String']['input']>;
  /** The types to deliver from now on. Null: all. */
  eventTypes?: InputMaybe<Array<Scalars['String']['input']>>;
  /** Whether it delivers. DISABLED gives up what waits. Null: as it is. */
  status?: InputMaybe<EventStreamStatus>;
  /** A stream of the account. */
  streamId: Scalars['ID']['input'];
  /** How an event names whom it is about. Null: as it is. */
  subjectFormat?: InputMaybe<SubjectFormat>;
  /** The receiver's new address. Null: as it is. */
  url?: InputMaybe<Scalars['String']['input']>;
};

/**
 * The whole new policy. The two limits replace both overrides, so leaving one out clears it. Rules and the maximum of
 * sessions stay as they are where they are absent.
 */
export type UpdateSessionPolicyInput = {
  /** Absolute limit in minutes, `absoluteMinutesMin` to `absoluteMinutesMax`. Null or absent clears the override. */
  absoluteMinutes?: InputMaybe<Scalars['Int']['input']>;
  /** Which sessions the new policy applies to. */
  apply?: InputMaybe<PolicyApplication>;
  /**
   * The `version` that this change is based on, 0 before the first. Another version is current: `CONFLICT`. Absent:
   * no check.
   */
  expectedVersion?: InputMaybe<Scalars['Int']['input']>;
  /** Idle limit in minutes, `idleMinutesMin` to `idleMinutesMax`. Null or absent clears the override. */
  idleMinutes?: InputMaybe<Scalars['Int']['input']>;
  /**
   * How many live sessions a user may have at once: 1 to 100, else `BAD_USER_INPUT` with `min` and `max`. Absent: it stays.
   * Null: no limit. A lower one ends nothing by itself.
   */
  maxSessionsPerUser?: InputMaybe<Scalars['Int']['input']>;
  /**
   * The rules, instead of all there were. Absent: they stay. Null or empty: there are none. Two for the same role and
   * application type: `BAD_USER_INPUT` with `field` of the later one and `reason` `DUPLICATE`.
   */
  rules?: InputMaybe<Array<SessionPolicyRuleInput>>;
  /** What happens to a sign-in beyond `maxSessionsPerUser`. Absent: it stays. Null: `DENY`. */
  sessionLimitAction?: InputMaybe<SessionLimitAction>;
};

/** The result of updating the policy. */
export type UpdateSessionPolicyPayload = {
  __typename?: 'UpdateSessionPolicyPayload';
  /** Sessions that ended because they were already past the new limits (`POLICY_CHANGED`). 0 for `NEXT_LOGIN`. */
  endedSessions: Scalars['Int']['output'];
  /** The updated policy. */
  sessionPolicy: SessionPolicy;
  /** Sessions that stay live with an earlier deadline. 0 for `NEXT_LOGIN`. */
  shortenedSessions: Scalars['Int']['output'];
};

/** A user of one account. */
export type User = {
  __typename?: 'User';
  /** The account the user belongs to. */
  account: Account;
  /**
   * The e-mail that the user signs in with. For a user created by `createSession` and not invited yet, it is only a
   * label. Empty for a deleted user.
   */
  email: Scalars['String']['output'];
  /** Their id in the application that creates their sessions. Null when they only sign in at Curfew. */
  externalId?: Maybe<Scalars['String']['output']>;
  /** Never changes. */
  id: Scalars['ID']['output'];
  /**
   * Whether the user may sign in. False: an owner has deactivated them, or an event source has disabled them. An inactive
   * user has no live session.
   */
  isActive: Scalars['Boolean']['output'];
  /** The latest sign-in. Null before the first. */
  lastLoginAt?: Maybe<Scalars['DateTime']['output']>;
  /** When their open set-password link expires. Null when there is none. An owner of the account, else `FORBIDDEN`. */
  linkExpiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** The name to show: "Deleted user" for a deleted one, whom sessions and audit events still refer to. */
  name: Scalars['String']['output'];
  /** The user's role in the account. */
  role: Role;
  /** Their live sessions now. An owner of the account, or the user, else `FORBIDDEN`. */
  sessionCount: Scalars['Int']['output'];
  /** Whether the user can sign in, and why not. `DEACTIVATED` for a deleted user. */
  status: UserStatus;
};

/** A page of users. */
export type UserConnection = {
  __typename?: 'UserConnection';
  /** The page's users with their cursors, in order. */
  edges: Array<UserEdge>;
  /** The position of the page in the list. */
  pageInfo: PageInfo;
  /** How many users the whole list has: exact up to 10,000, then 10,000. */
  totalCount: Scalars['Int']['output'];
};

/** A user in a list. */
export type UserEdge = {
  __typename?: 'UserEdge';
  /** The user's position in the list, to pass as `after`. */
  cursor: Scalars['String']['output'];
  /** The user. */
  node: User;
};

/** Whether a user can sign in. */
export type UserStatus =
  /** Has set a password, or is linked with an identity provider. */
  | 'ACTIVE'
  /** Was deactivated, or disabled by an event source, in whichever state before. Has no live session. */
  | 'DEACTIVATED'
  /** Known from an application only (`createSession`): the e-mail is a label, and the user cannot sign in at Curfew. */
  | 'EXTERNAL'
  /** Was invited, and has neither set a password nor signed in with an identity provider yet. */
  | 'INVITED';

/** A session token to check. */
export type ValidateSessionInput = {
  /** The token that `createSession` returned. */
  sessionToken: Scalars['String']['input'];
  /** Whether this counts as activity of the user, which moves the idle deadline. */
  touch?: InputMaybe<Scalars['Boolean']['input']>;
};

/** How a policy compares with a standard, or with one requirement of it. */
export type Verdict =
  /** It is met. */
  | 'MEETS'
  /** It is not met. */
  | 'MISSES'
  /** It asks nothing of this policy. */
  | 'NOT_APPLICABLE';



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
  Account: ResolverTypeWrapper<AccountReference>;
  AccountSessionEvent: ResolverTypeWrapper<Omit<AccountSessionEvent, 'session'> & { session: ResolversTypes['Session'] }>;
  AccountSessionEventKind: AccountSessionEventKind;
  ActiveUser: ResolverTypeWrapper<ActiveUserView>;
  AppType: AppType;
  AuditEvent: ResolverTypeWrapper<AuditEventView>;
  AuditEventConnection: ResolverTypeWrapper<AuditPage>;
  AuditEventEdge: ResolverTypeWrapper<Omit<AuditEventEdge, 'node'> & { node: ResolversTypes['AuditEvent'] }>;
  AuthPayload: ResolverTypeWrapper<DeliveredTokenSet>;
  AuthProvider: ResolverTypeWrapper<AuthProvider>;
  AuthenticationMethod: AuthenticationMethod;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ResolverTypeWrapper<ChangePasswordPayload>;
  CheckSubject: CheckSubject;
  CompleteOAuthLoginInput: CompleteOAuthLoginInput;
  CreateAccountInput: CreateAccountInput;
  CreateEventSourceInput: CreateEventSourceInput;
  CreateEventStreamInput: CreateEventStreamInput;
  CreateEventStreamPayload: ResolverTypeWrapper<Omit<CreateEventStreamPayload, 'stream'> & { stream: ResolversTypes['EventStream'] }>;
  CreateServiceKeyInput: CreateServiceKeyInput;
  CreateServiceKeyPayload: ResolverTypeWrapper<Omit<CreateServiceKeyPayload, 'serviceKey'> & { serviceKey: ResolversTypes['ServiceKey'] }>;
  CreateSessionInput: CreateSessionInput;
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  DeliveryStatus: DeliveryStatus;
  EndSessionInput: EndSessionInput;
  EndUserSessionsInput: EndUserSessionsInput;
  EventDelivery: ResolverTypeWrapper<EventDeliveryView>;
  EventDeliveryConnection: ResolverTypeWrapper<EventDeliveryPage>;
  EventDeliveryEdge: ResolverTypeWrapper<Omit<EventDeliveryEdge, 'node'> & { node: ResolversTypes['EventDelivery'] }>;
  EventSource: ResolverTypeWrapper<EventSourceView>;
  EventStream: ResolverTypeWrapper<EventStreamView>;
  EventStreamKind: EventStreamKind;
  EventStreamStatus: EventStreamStatus;
  ExpiryReason: ExpiryReason;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  InviteUserInput: InviteUserInput;
  InviteUserPayload: ResolverTypeWrapper<Omit<InviteUserPayload, 'user'> & { user: ResolversTypes['User'] }>;
  InviteUsersEntry: InviteUsersEntry;
  InviteUsersResult: ResolverTypeWrapper<Omit<InviteUsersResult, 'user'> & { user?: Maybe<ResolversTypes['User']> }>;
  InviteUsersStatus: InviteUsersStatus;
  JSON: ResolverTypeWrapper<Scalars['JSON']['output']>;
  LoginInput: LoginInput;
  LogoutPayload: ResolverTypeWrapper<LogoutPayload>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  PasswordLink: ResolverTypeWrapper<PasswordLink>;
  PolicyApplication: PolicyApplication;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ReauthenticateInput: ReauthenticateInput;
  ReauthenticationOptions: ResolverTypeWrapper<ReauthenticationOptions>;
  RefreshSessionInput: RefreshSessionInput;
  RequirementLevel: RequirementLevel;
  RevokeScope: RevokeScope;
  RevokeSessionsPayload: ResolverTypeWrapper<RevokeSessionsPayload>;
  Role: Role;
  RotateEventStreamSecretPayload: ResolverTypeWrapper<Omit<RotateEventStreamSecretPayload, 'stream'> & { stream: ResolversTypes['EventStream'] }>;
  ServiceEndReason: ServiceEndReason;
  ServiceKey: ResolverTypeWrapper<ServiceKeyView>;
  ServiceKeyConnection: ResolverTypeWrapper<ServiceKeyPage>;
  ServiceKeyEdge: ResolverTypeWrapper<Omit<ServiceKeyEdge, 'node'> & { node: ResolversTypes['ServiceKey'] }>;
  ServiceKeyScope: ServiceKeyScope;
  ServiceSessionPayload: ResolverTypeWrapper<Omit<ServiceSessionPayload, 'session'> & { session: ResolversTypes['Session'] }>;
  Session: ResolverTypeWrapper<SessionView>;
  SessionAccessToken: ResolverTypeWrapper<SessionAccessToken>;
  SessionConnection: ResolverTypeWrapper<SessionPage>;
  SessionEdge: ResolverTypeWrapper<Omit<SessionEdge, 'node'> & { node: ResolversTypes['Session'] }>;
  SessionEndReason: SessionEndReason;
  SessionExpiryEvent: ResolverTypeWrapper<ExpiryEvent>;
  SessionExpiryEventKind: SessionExpiryEventKind;
  SessionExpiryForecastBucket: ResolverTypeWrapper<SessionExpiryForecastBucket>;
  SessionExplanation: ResolverTypeWrapper<Explanation>;
  SessionInvalidReason: SessionInvalidReason;
  SessionLimitAction: SessionLimitAction;
  SessionLimitSource: ResolverTypeWrapper<SessionLimitSource>;
  SessionOrder: SessionOrder;
  SessionPolicy: ResolverTypeWrapper<AccountEntity>;
  SessionPolicyAt: ResolverTypeWrapper<PolicyAt>;
  SessionPolicyImpact: ResolverTypeWrapper<SessionPolicyImpact>;
  SessionPolicyPreset: SessionPolicyPreset;
  SessionPolicyPresetDefinition: ResolverTypeWrapper<SessionPolicyPresetDefinition>;
  SessionPolicyRule: ResolverTypeWrapper<SessionPolicyRule>;
  SessionPolicyRuleImpact: ResolverTypeWrapper<SessionPolicyRuleImpact>;
  SessionPolicyRuleInput: SessionPolicyRuleInput;
  SessionPolicyVersion: ResolverTypeWrapper<PolicyVersion>;
  SessionPolicyVersionConnection: ResolverTypeWrapper<PolicyVersionPage>;
  SessionPolicyVersionEdge: ResolverTypeWrapper<Omit<SessionPolicyVersionEdge, 'node'> & { node: ResolversTypes['SessionPolicyVersion'] }>;
  SessionStatus: SessionStatus;
  SessionTimelineEntry: ResolverTypeWrapper<SessionTimelineEntry>;
  SessionValidation: ResolverTypeWrapper<Omit<SessionValidation, 'session'> & { session?: Maybe<ResolversTypes['Session']> }>;
  SetPasswordInput: SetPasswordInput;
  SignInOptions: ResolverTypeWrapper<SignInOptions>;
  StandardCheck: ResolverTypeWrapper<StandardCheck>;
  StandardVerdict: ResolverTypeWrapper<StandardVerdict>;
  StartOAuthLoginInput: StartOAuthLoginInput;
  StartOAuthLoginPayload: ResolverTypeWrapper<StartOAuthLoginPayload>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  SubjectFormat: SubjectFormat;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  TokenTransport: TokenTransport;
  UpdateEventStreamInput: UpdateEventStreamInput;
  UpdateSessionPolicyInput: UpdateSessionPolicyInput;
  UpdateSessionPolicyPayload: ResolverTypeWrapper<Omit<UpdateSessionPolicyPayload, 'sessionPolicy'> & { sessionPolicy: ResolversTypes['SessionPolicy'] }>;
  User: ResolverTypeWrapper<UserView>;
  UserConnection: ResolverTypeWrapper<UserPage>;
  UserEdge: ResolverTypeWrapper<Omit<UserEdge, 'node'> & { node: ResolversTypes['User'] }>;
  UserStatus: UserStatus;
  ValidateSessionInput: ValidateSessionInput;
  Verdict: Verdict;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  Account: AccountReference;
  AccountSessionEvent: Omit<AccountSessionEvent, 'session'> & { session: ResolversParentTypes['Session'] };
  ActiveUser: ActiveUserView;
  AuditEvent: AuditEventView;
  AuditEventConnection: AuditPage;
  AuditEventEdge: Omit<AuditEventEdge, 'node'> & { node: ResolversParentTypes['AuditEvent'] };
  AuthPayload: DeliveredTokenSet;
  AuthProvider: AuthProvider;
  Boolean: Scalars['Boolean']['output'];
  ChangePasswordInput: ChangePasswordInput;
  ChangePasswordPayload: ChangePasswordPayload;
  CompleteOAuthLoginInput: CompleteOAuthLoginInput;
  CreateAccountInput: CreateAccountInput;
  CreateEventSourceInput: CreateEventSourceInput;
  CreateEventStreamInput: CreateEventStreamInput;
  CreateEventStreamPayload: Omit<CreateEventStreamPayload, 'stream'> & { stream: ResolversParentTypes['EventStream'] };
  CreateServiceKeyInput: CreateServiceKeyInput;
  CreateServiceKeyPayload: Omit<CreateServiceKeyPayload, 'serviceKey'> & { serviceKey: ResolversParentTypes['ServiceKey'] };
  CreateSessionInput: CreateSessionInput;
  DateTime: Scalars['DateTime']['output'];
  EndSessionInput: EndSessionInput;
  EndUserSessionsInput: EndUserSessionsInput;
  EventDelivery: EventDeliveryView;
  EventDeliveryConnection: EventDeliveryPage;
  EventDeliveryEdge: Omit<EventDeliveryEdge, 'node'> & { node: ResolversParentTypes['EventDelivery'] };
  EventSource: EventSourceView;
  EventStream: EventStreamView;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  InviteUserInput: InviteUserInput;
  InviteUserPayload: Omit<InviteUserPayload, 'user'> & { user: ResolversParentTypes['User'] };
  InviteUsersEntry: InviteUsersEntry;
  InviteUsersResult: Omit<InviteUsersResult, 'user'> & { user?: Maybe<ResolversParentTypes['User']> };
  JSON: Scalars['JSON']['output'];
  LoginInput: LoginInput;
  LogoutPayload: LogoutPayload;
  Mutation: Record<PropertyKey, never>;
  PageInfo: PageInfo;
  PasswordLink: PasswordLink;
  Query: Record<PropertyKey, never>;
  ReauthenticateInput: ReauthenticateInput;
  ReauthenticationOptions: ReauthenticationOptions;
  RefreshSessionInput: RefreshSessionInput;
  RevokeSessionsPayload: RevokeSessionsPayload;
  RotateEventStreamSecretPayload: Omit<RotateEventStreamSecretPayload, 'stream'> & { stream: ResolversParentTypes['EventStream'] };
  ServiceKey: ServiceKeyView;
  ServiceKeyConnection: ServiceKeyPage;
  ServiceKeyEdge: Omit<ServiceKeyEdge, 'node'> & { node: ResolversParentTypes['ServiceKey'] };
  ServiceSessionPayload: Omit<ServiceSessionPayload, 'session'> & { session: ResolversParentTypes['Session'] };
  Session: SessionView;
  SessionAccessToken: SessionAccessToken;
  SessionConnection: SessionPage;
  SessionEdge: Omit<SessionEdge, 'node'> & { node: ResolversParentTypes['Session'] };
  SessionExpiryEvent: ExpiryEvent;
  SessionExpiryForecastBucket: SessionExpiryForecastBucket;
  SessionExplanation: Explanation;
  SessionLimitSource: SessionLimitSource;
  SessionPolicy: AccountEntity;
  SessionPolicyAt: PolicyAt;
  SessionPolicyImpact: SessionPolicyImpact;
  SessionPolicyPresetDefinition: SessionPolicyPresetDefinition;
  SessionPolicyRule: SessionPolicyRule;
  SessionPolicyRuleImpact: SessionPolicyRuleImpact;
  SessionPolicyRuleInput: SessionPolicyRuleInput;
  SessionPolicyVersion: PolicyVersion;
  SessionPolicyVersionConnection: PolicyVersionPage;
  SessionPolicyVersionEdge: Omit<SessionPolicyVersionEdge, 'node'> & { node: ResolversParentTypes['SessionPolicyVersion'] };
  SessionTimelineEntry: SessionTimelineEntry;
  SessionValidation: Omit<SessionValidation, 'session'> & { session?: Maybe<ResolversParentTypes['Session']> };
  SetPasswordInput: SetPasswordInput;
  SignInOptions: SignInOptions;
  StandardCheck: StandardCheck;
  StandardVerdict: StandardVerdict;
  StartOAuthLoginInput: StartOAuthLoginInput;
  StartOAuthLoginPayload: StartOAuthLoginPayload;
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  UpdateEventStreamInput: UpdateEventStreamInput;
  UpdateSessionPolicyInput: UpdateSessionPolicyInput;
  UpdateSessionPolicyPayload: Omit<UpdateSessionPolicyPayload, 'sessionPolicy'> & { sessionPolicy: ResolversParentTypes['SessionPolicy'] };
  User: UserView;
  UserConnection: UserPage;
  UserEdge: Omit<UserEdge, 'node'> & { node: ResolversParentTypes['User'] };
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
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
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
  subjectName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
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

export type CreateEventStreamPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CreateEventStreamPayload'] = ResolversParentTypes['CreateEventStreamPayload']> = {
  secret?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  stream?: Resolver<ResolversTypes['EventStream'], ParentType, ContextType>;
};

export type CreateServiceKeyPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['CreateServiceKeyPayload'] = ResolversParentTypes['CreateServiceKeyPayload']> = {
  key?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  serviceKey?: Resolver<ResolversTypes['ServiceKey'], ParentType, ContextType>;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<ResolversTypes['DateTime'], any> {
  name: 'DateTime';
}

export type EventDeliveryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventDelivery'] = ResolversParentTypes['EventDelivery']> = {
  attempts?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  eventType?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  lastAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  nextAttemptAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  sessionId?: Resolver<Maybe<ResolversTypes['ID']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['DeliveryStatus'], ParentType, ContextType>;
  stream?: Resolver<ResolversTypes['EventStream'], ParentType, ContextType>;
};

export type EventDeliveryConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventDeliveryConnection'] = ResolversParentTypes['EventDeliveryConnection']> = {
  edges?: Resolver<Array<ResolversTypes['EventDeliveryEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type EventDeliveryEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventDeliveryEdge'] = ResolversParentTypes['EventDeliveryEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['EventDelivery'], ParentType, ContextType>;
};

export type EventSourceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventSource'] = ResolversParentTypes['EventSource']> = {
  audience?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  endpointUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  issuer?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  lastError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  lastReceivedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  lastUnverifiedError?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  provider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type EventStreamResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['EventStream'] = ResolversParentTypes['EventStream']> = {
  audience?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  description?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  eventTypes?: Resolver<Array<ResolversTypes['String']>, ParentType, ContextType>;
  failingSince?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['EventStreamKind'], ParentType, ContextType>;
  lastDeliveredAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  pendingCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['EventStreamStatus'], ParentType, ContextType>;
  statusReason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  subjectFormat?: Resolver<ResolversTypes['SubjectFormat'], ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type InviteUserPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['InviteUserPayload'] = ResolversParentTypes['InviteUserPayload']> = {
  sentByMail?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  setPasswordUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  user?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
};

export type InviteUsersResultResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['InviteUsersResult'] = ResolversParentTypes['InviteUsersResult']> = {
  code?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  field?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  sentByMail?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  setPasswordUrl?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['InviteUsersStatus'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
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
  createEventSource?: Resolver<ResolversTypes['EventSource'], ParentType, ContextType, RequireFields<MutationCreateEventSourceArgs, 'input'>>;
  createEventStream?: Resolver<ResolversTypes['CreateEventStreamPayload'], ParentType, ContextType, RequireFields<MutationCreateEventStreamArgs, 'input'>>;
  createServiceKey?: Resolver<ResolversTypes['CreateServiceKeyPayload'], ParentType, ContextType, RequireFields<MutationCreateServiceKeyArgs, 'input'>>;
  createSession?: Resolver<ResolversTypes['ServiceSessionPayload'], ParentType, ContextType, RequireFields<MutationCreateSessionArgs, 'input'>>;
  deleteAccount?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteAccountArgs, 'confirmName'>>;
  deleteEventSource?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteEventSourceArgs, 'sourceId'>>;
  deleteEventStream?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationDeleteEventStreamArgs, 'streamId'>>;
  deleteUser?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, Partial<MutationDeleteUserArgs>>;
  endSession?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationEndSessionArgs, 'input'>>;
  endUserSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationEndUserSessionsArgs, 'input'>>;
  inviteUser?: Resolver<ResolversTypes['InviteUserPayload'], ParentType, ContextType, RequireFields<MutationInviteUserArgs, 'input'>>;
  inviteUsers?: Resolver<Array<ResolversTypes['InviteUsersResult']>, ParentType, ContextType, RequireFields<MutationInviteUsersArgs, 'dryRun' | 'input'>>;
  issueSessionAccessToken?: Resolver<ResolversTypes['SessionAccessToken'], ParentType, ContextType, RequireFields<MutationIssueSessionAccessTokenArgs, 'sessionToken'>>;
  login?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationLoginArgs, 'input'>>;
  logout?: Resolver<ResolversTypes['LogoutPayload'], ParentType, ContextType>;
  openPasswordLink?: Resolver<ResolversTypes['PasswordLink'], ParentType, ContextType, RequireFields<MutationOpenPasswordLinkArgs, 'token'>>;
  reauthenticate?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationReauthenticateArgs, 'input'>>;
  reauthenticateSession?: Resolver<ResolversTypes['ServiceSessionPayload'], ParentType, ContextType, RequireFields<MutationReauthenticateSessionArgs, 'sessionToken'>>;
  redeliver?: Resolver<ResolversTypes['EventDelivery'], ParentType, ContextType, RequireFields<MutationRedeliverArgs, 'deliveryId'>>;
  redeliverDead?: Resolver<ResolversTypes['Int'], ParentType, ContextType, RequireFields<MutationRedeliverDeadArgs, 'streamId'>>;
  refreshSession?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, Partial<MutationRefreshSessionArgs>>;
  renameAccount?: Resolver<ResolversTypes['Account'], ParentType, ContextType, RequireFields<MutationRenameAccountArgs, 'name'>>;
  renameUser?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationRenameUserArgs, 'name' | 'userId'>>;
  requestPasswordReset?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType, RequireFields<MutationRequestPasswordResetArgs, 'email'>>;
  resetUserPassword?: Resolver<ResolversTypes['InviteUserPayload'], ParentType, ContextType, RequireFields<MutationResetUserPasswordArgs, 'userId'>>;
  restoreSessionPolicy?: Resolver<ResolversTypes['UpdateSessionPolicyPayload'], ParentType, ContextType, RequireFields<MutationRestoreSessionPolicyArgs, 'apply' | 'version'>>;
  revokeSelectedSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeSelectedSessionsArgs, 'sessionIds'>>;
  revokeServiceKey?: Resolver<ResolversTypes['ServiceKey'], ParentType, ContextType, RequireFields<MutationRevokeServiceKeyArgs, 'keyId'>>;
  revokeSession?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionArgs, 'sessionId'>>;
  revokeSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeSessionsArgs, 'scope'>>;
  revokeUserSessions?: Resolver<ResolversTypes['RevokeSessionsPayload'], ParentType, ContextType, RequireFields<MutationRevokeUserSessionsArgs, 'userId'>>;
  rotateEventStreamSecret?: Resolver<ResolversTypes['RotateEventStreamSecretPayload'], ParentType, ContextType, RequireFields<MutationRotateEventStreamSecretArgs, 'streamId'>>;
  sendTestEvent?: Resolver<ResolversTypes['EventDelivery'], ParentType, ContextType, RequireFields<MutationSendTestEventArgs, 'streamId'>>;
  setPassword?: Resolver<ResolversTypes['AuthPayload'], ParentType, ContextType, RequireFields<MutationSetPasswordArgs, 'input'>>;
  setUserActive?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationSetUserActiveArgs, 'isActive' | 'userId'>>;
  setUserRole?: Resolver<ResolversTypes['User'], ParentType, ContextType, RequireFields<MutationSetUserRoleArgs, 'role' | 'userId'>>;
  startOAuthLogin?: Resolver<ResolversTypes['StartOAuthLoginPayload'], ParentType, ContextType, RequireFields<MutationStartOAuthLoginArgs, 'input'>>;
  touchSession?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  updateEventStream?: Resolver<ResolversTypes['EventStream'], ParentType, ContextType, RequireFields<MutationUpdateEventStreamArgs, 'input'>>;
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

export type PasswordLinkResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['PasswordLink'] = ResolversParentTypes['PasswordLink']> = {
  accountName?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
};

export type QueryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query']> = {
  auditEvents?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryAuditEventsArgs, 'first'>>;
  authProviders?: Resolver<Array<ResolversTypes['AuthProvider']>, ParentType, ContextType>;
  currentSession?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  eventDeliveries?: Resolver<ResolversTypes['EventDeliveryConnection'], ParentType, ContextType, RequireFields<QueryEventDeliveriesArgs, 'first' | 'streamId'>>;
  eventSources?: Resolver<Array<ResolversTypes['EventSource']>, ParentType, ContextType>;
  eventStreams?: Resolver<Array<ResolversTypes['EventStream']>, ParentType, ContextType>;
  explainSession?: Resolver<ResolversTypes['SessionExplanation'], ParentType, ContextType, RequireFields<QueryExplainSessionArgs, 'sessionId'>>;
  ownActivity?: Resolver<ResolversTypes['AuditEventConnection'], ParentType, ContextType, RequireFields<QueryOwnActivityArgs, 'first'>>;
  reauthenticationOptions?: Resolver<ResolversTypes['ReauthenticationOptions'], ParentType, ContextType>;
  serverTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  serviceKeys?: Resolver<ResolversTypes['ServiceKeyConnection'], ParentType, ContextType, RequireFields<QueryServiceKeysArgs, 'first'>>;
  sessionEndings?: Resolver<Array<ResolversTypes['SessionExpiryForecastBucket']>, ParentType, ContextType, RequireFields<QuerySessionEndingsArgs, 'hours'>>;
  sessionExpiryForecast?: Resolver<Array<ResolversTypes['SessionExpiryForecastBucket']>, ParentType, ContextType, RequireFields<QuerySessionExpiryForecastArgs, 'hours'>>;
  sessionPolicy?: Resolver<ResolversTypes['SessionPolicy'], ParentType, ContextType>;
  sessionPolicyAt?: Resolver<ResolversTypes['SessionPolicyAt'], ParentType, ContextType, RequireFields<QuerySessionPolicyAtArgs, 'at'>>;
  sessionPolicyImpact?: Resolver<ResolversTypes['SessionPolicyImpact'], ParentType, ContextType, RequireFields<QuerySessionPolicyImpactArgs, 'input'>>;
  sessionPolicyPresets?: Resolver<Array<ResolversTypes['SessionPolicyPresetDefinition']>, ParentType, ContextType>;
  sessionPolicyVersions?: Resolver<ResolversTypes['SessionPolicyVersionConnection'], ParentType, ContextType, RequireFields<QuerySessionPolicyVersionsArgs, 'first'>>;
  sessions?: Resolver<ResolversTypes['SessionConnection'], ParentType, ContextType, RequireFields<QuerySessionsArgs, 'first' | 'orderBy' | 'status'>>;
  signInOptions?: Resolver<ResolversTypes['SignInOptions'], ParentType, ContextType>;
  userSessions?: Resolver<Array<ResolversTypes['Session']>, ParentType, ContextType, Partial<QueryUserSessionsArgs>>;
  users?: Resolver<ResolversTypes['UserConnection'], ParentType, ContextType, RequireFields<QueryUsersArgs, 'first'>>;
  viewer?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
};

export type ReauthenticationOptionsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ReauthenticationOptions'] = ResolversParentTypes['ReauthenticationOptions']> = {
  password?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  providers?: Resolver<Array<ResolversTypes['AuthProvider']>, ParentType, ContextType>;
};

export type RevokeSessionsPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RevokeSessionsPayload'] = ResolversParentTypes['RevokeSessionsPayload']> = {
  revokedCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type RotateEventStreamSecretPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['RotateEventStreamSecretPayload'] = ResolversParentTypes['RotateEventStreamSecretPayload']> = {
  secret?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  stream?: Resolver<ResolversTypes['EventStream'], ParentType, ContextType>;
};

export type ServiceKeyResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServiceKey'] = ResolversParentTypes['ServiceKey']> = {
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastUsedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revokedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  scope?: Resolver<Maybe<ResolversTypes['ServiceKeyScope']>, ParentType, ContextType>;
  sessionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ServiceKeyConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServiceKeyConnection'] = ResolversParentTypes['ServiceKeyConnection']> = {
  edges?: Resolver<Array<ResolversTypes['ServiceKeyEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type ServiceKeyEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['ServiceKeyEdge'] = ResolversParentTypes['ServiceKeyEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ServiceKey'], ParentType, ContextType>;
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
  authenticationMethod?: Resolver<Maybe<ResolversTypes['AuthenticationMethod']>, ParentType, ContextType>;
  authenticationProvider?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  canReauthenticate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  device?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['SessionEndReason']>, ParentType, ContextType>;
  endedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  endedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  expiryReason?: Resolver<ResolversTypes['ExpiryReason'], ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  idleExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idleWarningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  ipAddress?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  isCurrent?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  isNewDevice?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
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

export type SessionExpiryEventResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionExpiryEvent'] = ResolversParentTypes['SessionExpiryEvent']> = {
  absoluteExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  canExtend?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  canReauthenticate?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  endReason?: Resolver<Maybe<ResolversTypes['SessionEndReason']>, ParentType, ContextType>;
  expiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idleExpiresAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['SessionExpiryEventKind'], ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['ExpiryReason']>, ParentType, ContextType>;
  secondsRemaining?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  serverTime?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  sessionId?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
};

export type SessionExpiryForecastBucketResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionExpiryForecastBucket'] = ResolversParentTypes['SessionExpiryForecastBucket']> = {
  absolute?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  idle?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  startsAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type SessionExplanationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionExplanation'] = ResolversParentTypes['SessionExplanation']> = {
  absoluteLimitSource?: Resolver<ResolversTypes['SessionLimitSource'], ParentType, ContextType>;
  endsBecause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  idleLimitSource?: Resolver<ResolversTypes['SessionLimitSource'], ParentType, ContextType>;
  policyVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rule?: Resolver<Maybe<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
  session?: Resolver<ResolversTypes['Session'], ParentType, ContextType>;
  timeline?: Resolver<Array<ResolversTypes['SessionTimelineEntry']>, ParentType, ContextType>;
};

export type SessionLimitSourceResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionLimitSource'] = ResolversParentTypes['SessionLimitSource']> = {
  policyVersion?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rule?: Resolver<Maybe<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
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
  maxSessionsPerUser?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  preset?: Resolver<ResolversTypes['SessionPolicyPreset'], ParentType, ContextType>;
  rules?: Resolver<Array<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
  sessionLimitAction?: Resolver<ResolversTypes['SessionLimitAction'], ParentType, ContextType>;
  standards?: Resolver<Array<ResolversTypes['StandardVerdict']>, ParentType, ContextType>;
  updatedAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  updatedBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  warningSeconds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyAtResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyAt'] = ResolversParentTypes['SessionPolicyAt']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  effectiveAbsoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  effectiveIdleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isCustomised?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  maxSessionsPerUser?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  rules?: Resolver<Array<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
  sessionLimitAction?: Resolver<ResolversTypes['SessionLimitAction'], ParentType, ContextType>;
  setBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  setByName?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  since?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
};

export type SessionPolicyImpactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyImpact'] = ResolversParentTypes['SessionPolicyImpact']> = {
  activeSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  byRule?: Resolver<Array<ResolversTypes['SessionPolicyRuleImpact']>, ParentType, ContextType>;
  endNow?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endWithinHour?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endsViewerSession?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  shortened?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  shortensViewerSession?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  standards?: Resolver<Array<ResolversTypes['StandardVerdict']>, ParentType, ContextType>;
};

export type SessionPolicyPresetDefinitionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyPresetDefinition'] = ResolversParentTypes['SessionPolicyPresetDefinition']> = {
  absoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  available?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  description?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  idleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  preset?: Resolver<ResolversTypes['SessionPolicyPreset'], ParentType, ContextType>;
  revision?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  standardId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  url?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SessionPolicyRuleResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyRule'] = ResolversParentTypes['SessionPolicyRule']> = {
  absoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  appType?: Resolver<Maybe<ResolversTypes['AppType']>, ParentType, ContextType>;
  idleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  role?: Resolver<Maybe<ResolversTypes['Role']>, ParentType, ContextType>;
};

export type SessionPolicyRuleImpactResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyRuleImpact'] = ResolversParentTypes['SessionPolicyRuleImpact']> = {
  activeSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endNow?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  rule?: Resolver<Maybe<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
  shortened?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyVersionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyVersion'] = ResolversParentTypes['SessionPolicyVersion']> = {
  absoluteMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  apply?: Resolver<ResolversTypes['PolicyApplication'], ParentType, ContextType>;
  createdAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  createdBy?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  effectiveAbsoluteMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  effectiveIdleMinutes?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  endedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  idleMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  maxSessionsPerUser?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  restoredFrom?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  rules?: Resolver<Array<ResolversTypes['SessionPolicyRule']>, ParentType, ContextType>;
  sessionLimitAction?: Resolver<ResolversTypes['SessionLimitAction'], ParentType, ContextType>;
  shortenedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  version?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyVersionConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyVersionConnection'] = ResolversParentTypes['SessionPolicyVersionConnection']> = {
  edges?: Resolver<Array<ResolversTypes['SessionPolicyVersionEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type SessionPolicyVersionEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionPolicyVersionEdge'] = ResolversParentTypes['SessionPolicyVersionEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['SessionPolicyVersion'], ParentType, ContextType>;
};

export type SessionTimelineEntryResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionTimelineEntry'] = ResolversParentTypes['SessionTimelineEntry']> = {
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
  kind?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  policyVersion?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type SessionValidationResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SessionValidation'] = ResolversParentTypes['SessionValidation']> = {
  absoluteSecondsRemaining?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  reason?: Resolver<Maybe<ResolversTypes['SessionInvalidReason']>, ParentType, ContextType>;
  secondsRemaining?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  session?: Resolver<Maybe<ResolversTypes['Session']>, ParentType, ContextType>;
  valid?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  warning?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type SignInOptionsResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['SignInOptions'] = ResolversParentTypes['SignInOptions']> = {
  passwordResetByMail?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
};

export type StandardCheckResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StandardCheck'] = ResolversParentTypes['StandardCheck']> = {
  actualMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  clause?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  level?: Resolver<ResolversTypes['RequirementLevel'], ParentType, ContextType>;
  limitMinutes?: Resolver<Maybe<ResolversTypes['Int']>, ParentType, ContextType>;
  subject?: Resolver<ResolversTypes['CheckSubject'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['Verdict'], ParentType, ContextType>;
};

export type StandardVerdictResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StandardVerdict'] = ResolversParentTypes['StandardVerdict']> = {
  checks?: Resolver<Array<ResolversTypes['StandardCheck']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  revision?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  title?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  url?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  verdict?: Resolver<ResolversTypes['Verdict'], ParentType, ContextType>;
};

export type StartOAuthLoginPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['StartOAuthLoginPayload'] = ResolversParentTypes['StartOAuthLoginPayload']> = {
  authorizationUrl?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  flowToken?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type SubscriptionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription']> = {
  accountSessions?: SubscriptionResolver<ResolversTypes['AccountSessionEvent'], "accountSessions", ParentType, ContextType, Partial<SubscriptionAccountSessionsArgs>>;
  newDeviceSignIns?: SubscriptionResolver<ResolversTypes['Session'], "newDeviceSignIns", ParentType, ContextType>;
  sessionExpiry?: SubscriptionResolver<ResolversTypes['SessionExpiryEvent'], "sessionExpiry", ParentType, ContextType>;
};

export type UpdateSessionPolicyPayloadResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UpdateSessionPolicyPayload'] = ResolversParentTypes['UpdateSessionPolicyPayload']> = {
  endedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  sessionPolicy?: Resolver<ResolversTypes['SessionPolicy'], ParentType, ContextType>;
  shortenedSessions?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User']> = {
  account?: Resolver<ResolversTypes['Account'], ParentType, ContextType>;
  email?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  externalId?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  isActive?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  lastLoginAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  linkExpiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  role?: Resolver<ResolversTypes['Role'], ParentType, ContextType>;
  sessionCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  status?: Resolver<ResolversTypes['UserStatus'], ParentType, ContextType>;
};

export type UserConnectionResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserConnection'] = ResolversParentTypes['UserConnection']> = {
  edges?: Resolver<Array<ResolversTypes['UserEdge']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
  totalCount?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
};

export type UserEdgeResolvers<ContextType = GraphQLContext, ParentType extends ResolversParentTypes['UserEdge'] = ResolversParentTypes['UserEdge']> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['User'], ParentType, ContextType>;
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
  CreateEventStreamPayload?: CreateEventStreamPayloadResolvers<ContextType>;
  CreateServiceKeyPayload?: CreateServiceKeyPayloadResolvers<ContextType>;
  DateTime?: GraphQLScalarType;
  EventDelivery?: EventDeliveryResolvers<ContextType>;
  EventDeliveryConnection?: EventDeliveryConnectionResolvers<ContextType>;
  EventDeliveryEdge?: EventDeliveryEdgeResolvers<ContextType>;
  EventSource?: EventSourceResolvers<ContextType>;
  EventStream?: EventStreamResolvers<ContextType>;
  InviteUserPayload?: InviteUserPayloadResolvers<ContextType>;
  InviteUsersResult?: InviteUsersResultResolvers<ContextType>;
  JSON?: GraphQLScalarType;
  LogoutPayload?: LogoutPayloadResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  PasswordLink?: PasswordLinkResolvers<ContextType>;
  Query?: QueryResolvers<ContextType>;
  ReauthenticationOptions?: ReauthenticationOptionsResolvers<ContextType>;
  RevokeSessionsPayload?: RevokeSessionsPayloadResolvers<ContextType>;
  RotateEventStreamSecretPayload?: RotateEventStreamSecretPayloadResolvers<ContextType>;
  ServiceKey?: ServiceKeyResolvers<ContextType>;
  ServiceKeyConnection?: ServiceKeyConnectionResolvers<ContextType>;
  ServiceKeyEdge?: ServiceKeyEdgeResolvers<ContextType>;
  ServiceSessionPayload?: ServiceSessionPayloadResolvers<ContextType>;
  Session?: SessionResolvers<ContextType>;
  SessionAccessToken?: SessionAccessTokenResolvers<ContextType>;
  SessionConnection?: SessionConnectionResolvers<ContextType>;
  SessionEdge?: SessionEdgeResolvers<ContextType>;
  SessionExpiryEvent?: SessionExpiryEventResolvers<ContextType>;
  SessionExpiryForecastBucket?: SessionExpiryForecastBucketResolvers<ContextType>;
  SessionExplanation?: SessionExplanationResolvers<ContextType>;
  SessionLimitSource?: SessionLimitSourceResolvers<ContextType>;
  SessionPolicy?: SessionPolicyResolvers<ContextType>;
  SessionPolicyAt?: SessionPolicyAtResolvers<ContextType>;
  SessionPolicyImpact?: SessionPolicyImpactResolvers<ContextType>;
  SessionPolicyPresetDefinition?: SessionPolicyPresetDefinitionResolvers<ContextType>;
  SessionPolicyRule?: SessionPolicyRuleResolvers<ContextType>;
  SessionPolicyRuleImpact?: SessionPolicyRuleImpactResolvers<ContextType>;
  SessionPolicyVersion?: SessionPolicyVersionResolvers<ContextType>;
  SessionPolicyVersionConnection?: SessionPolicyVersionConnectionResolvers<ContextType>;
  SessionPolicyVersionEdge?: SessionPolicyVersionEdgeResolvers<ContextType>;
  SessionTimelineEntry?: SessionTimelineEntryResolvers<ContextType>;
  SessionValidation?: SessionValidationResolvers<ContextType>;
  SignInOptions?: SignInOptionsResolvers<ContextType>;
  StandardCheck?: StandardCheckResolvers<ContextType>;
  StandardVerdict?: StandardVerdictResolvers<ContextType>;
  StartOAuthLoginPayload?: StartOAuthLoginPayloadResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  UpdateSessionPolicyPayload?: UpdateSessionPolicyPayloadResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  UserConnection?: UserConnectionResolvers<ContextType>;
  UserEdge?: UserEdgeResolvers<ContextType>;
};

