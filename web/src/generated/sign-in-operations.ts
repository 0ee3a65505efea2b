/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The kind of application that a session was created for. */
export type AppType =
  /** An application that manages an account, such as Curfew's dashboard. */
  | 'CONTROL_PANEL'
  /** An application of the account for its users. */
  | 'TENANT_APP';

/** The provider's answer. */
export type CompleteOAuthLoginInput = {
  /** The whole URL that the browser returned to, including the query. */
  callbackUrl: string;
  /** The `flowToken` of `startOAuthLogin`. Absent: the one in the cookie. */
  flowToken?: string | null | undefined;
  /**
   * Of a sign-in started with `reauthenticate`: the refresh token of that session. Absent: the one in the cookie if it is
   * of that session, or else none, and then the session's latest one is replaced.
   */
  refreshToken?: string | null | undefined;
  /** How the refresh token travels. */
  transport?: TokenTransport | null | undefined;
};

/** E-mail and password. */
export type LoginInput = {
  /** The kind of application. The session keeps it. */
  appType?: AppType | null | undefined;
  /**
   * The audience of the access token: `curfew` (the default, and the only one that Curfew accepts) or one of
   * `ACCESS_TOKEN_AUDIENCES`, else `BAD_USER_INPUT`.
   */
  audience?: string | null | undefined;
  /** The e-mail of the user. */
  email: string;
  /**
   * Sessions of this user to end (`SESSION_LIMIT`) where the account's policy asks (`ASK`) and the sign-in would pass its
   * maximum: ids from the `sessions` of `SESSION_LIMIT_REACHED`. Other ids are ignored. Where those ended are not enough,
   * the sign-in is refused again and nothing ends. At most 100, else `BAD_USER_INPUT` with `max`.
   */
  endSessionIds?: Array<string> | null | undefined;
  /** The password of the user. */
  password: string;
  /**
   * False: with `COOKIE`, every refresh cookie of this session lasts only until the browser is closed. Without `COOKIE` it
   * changes nothing.
   */
  persistent?: boolean | null | undefined;
  /** How the refresh token travels. */
  transport?: TokenTransport | null | undefined;
};

/** The permissions of a user. Each operation reads the current role; the one in an access token is only a copy. */
export type Role =
  /** Sees and ends their own sessions, changes their own password. */
  | 'MEMBER'
  /** Sets the policy, sees and ends every session of the account, manages its users, reads its audit trail. */
  | 'OWNER';

/** The token of a one-time link and the password to set. The session's `appType` is `CONTROL_PANEL`. */
export type SetPasswordInput = {
  /**
   * 15 to 128 characters and not easy to guess: not one of the 100,000 most common passwords, not a simple repetition
   * or sequence, and not made of the e-mail, the names of user and account, or the name of Curfew. There are no other
   * rules. Else `BAD_USER_INPUT` with `field` `newPassword` and `reason` `TOO_SHORT` or `TOO_LONG` (with `min` and
   * `max`) or `COMMON`.
   */
  newPassword: string;
  /** The token of the link: the part after `#token=`. */
  token: string;
  /** How the refresh token travels. */
  transport?: TokenTransport | null | undefined;
};

/** The provider to sign in at and the URI to return to. */
export type StartOAuthLoginInput = {
  /** As in `login`. Belongs to the started sign-in. Ignored with `reauthenticate`. */
  endSessionIds?: Array<string> | null | undefined;
  /** As in `login`. Belongs to the started sign-in. Ignored with `reauthenticate`. */
  persistent?: boolean | null | undefined;
  /** One of `authProviders`, else `NOT_FOUND`. With `reauthenticate`, one that the caller has signed in with. */
  providerId: string;
  /**
   * True: the caller proves again who they are. The provider is asked for a new sign-in (`prompt=login`, `max_age=0`), and
   * `completeOAuthLogin` authenticates the caller's session again, as `reauthenticate` does, if the person is the same one.
   * Needs a signed-in user, else `UNAUTHENTICATED`; a session-scoped token or a service key is `FORBIDDEN`.
   */
  reauthenticate?: boolean | null | undefined;
  /** Exactly one of `OIDC_REDIRECT_URIS`. By default that is `PUBLIC_URL/login/callback`, the dashboard's. */
  redirectUri: string;
  /**
   * How the sign-in is bound to the browser that started it: by an HttpOnly cookie with `COOKIE`, by the `flowToken`
   * with `BODY`.
   */
  transport?: TokenTransport | null | undefined;
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

export type RequestPasswordResetMutationVariables = Exact<{
  email: string;
}>;


export type RequestPasswordResetMutation = { requestPasswordReset: boolean };

export type BeginAtProviderMutationVariables = Exact<{
  input: StartOAuthLoginInput;
}>;


export type BeginAtProviderMutation = { startOAuthLogin: { authorizationUrl: string } };

export type CompleteAtProviderMutationVariables = Exact<{
  input: CompleteOAuthLoginInput;
}>;


export type CompleteAtProviderMutation = { completeOAuthLogin: { accessToken: string, accessTokenExpiresAt: string, serverTime: string, session: { id: string, authenticatedAt: string, lastActivityAt: string, idleExpiresAt: string, absoluteExpiresAt: string, idleMinutes: number, absoluteMinutes: number, idleWarningSeconds: number, absoluteWarningSeconds: number, canReauthenticate: boolean }, user: { id: string, name: string, email: string, role: Role, account: { id: string, name: string } } } };

export type OpenPasswordLinkMutationVariables = Exact<{
  token: string;
}>;


export type OpenPasswordLinkMutation = { openPasswordLink: { name: string, email: string, accountName: string, role: Role } };

export type SetPasswordMutationVariables = Exact<{
  input: SetPasswordInput;
}>;


export type SetPasswordMutation = { setPassword: { accessToken: string, accessTokenExpiresAt: string, serverTime: string, session: { id: string, authenticatedAt: string, lastActivityAt: string, idleExpiresAt: string, absoluteExpiresAt: string, idleMinutes: number, absoluteMinutes: number, idleWarningSeconds: number, absoluteWarningSeconds: number, canReauthenticate: boolean }, user: { id: string, name: string, email: string, role: Role, account: { id: string, name: string } } } };

export type AuthOptionsQueryVariables = Exact<{ [key: string]: never; }>;


export type AuthOptionsQuery = { authProviders: Array<{ id: string, name: string }>, signInOptions: { passwordResetByMail: boolean } };

export type SignInMutationVariables = Exact<{
  input: LoginInput;
}>;


export type SignInMutation = { login: { accessToken: string, accessTokenExpiresAt: string, serverTime: string, session: { id: string, authenticatedAt: string, lastActivityAt: string, idleExpiresAt: string, absoluteExpiresAt: string, idleMinutes: number, absoluteMinutes: number, idleWarningSeconds: number, absoluteWarningSeconds: number, canReauthenticate: boolean }, user: { id: string, name: string, email: string, role: Role, account: { id: string, name: string } } } };

export type AuthResultFragment = { accessToken: string, accessTokenExpiresAt: string, serverTime: string, session: { id: string, authenticatedAt: string, lastActivityAt: string, idleExpiresAt: string, absoluteExpiresAt: string, idleMinutes: number, absoluteMinutes: number, idleWarningSeconds: number, absoluteWarningSeconds: number, canReauthenticate: boolean }, user: { id: string, name: string, email: string, role: Role, account: { id: string, name: string } } };

export const AuthResultFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuthResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuthPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"serverTime"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authenticatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"canReauthenticate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<AuthResultFragment, unknown>;
export const RequestPasswordResetDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestPasswordReset"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"email"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestPasswordReset"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"email"},"value":{"kind":"Variable","name":{"kind":"Name","value":"email"}}}]}]}}]} as unknown as DocumentNode<RequestPasswordResetMutation, RequestPasswordResetMutationVariables>;
export const BeginAtProviderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BeginAtProvider"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"StartOAuthLoginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"startOAuthLogin"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authorizationUrl"}}]}}]}}]} as unknown as DocumentNode<BeginAtProviderMutation, BeginAtProviderMutationVariables>;
export const CompleteAtProviderDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CompleteAtProvider"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteOAuthLoginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"completeOAuthLogin"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AuthResult"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuthResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuthPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"serverTime"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authenticatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"canReauthenticate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<CompleteAtProviderMutation, CompleteAtProviderMutationVariables>;
export const OpenPasswordLinkDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"OpenPasswordLink"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"token"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"openPasswordLink"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"token"},"value":{"kind":"Variable","name":{"kind":"Name","value":"token"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"accountName"}},{"kind":"Field","name":{"kind":"Name","value":"role"}}]}}]}}]} as unknown as DocumentNode<OpenPasswordLinkMutation, OpenPasswordLinkMutationVariables>;
export const SetPasswordDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetPassword"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetPasswordInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setPassword"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AuthResult"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuthResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuthPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"serverTime"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authenticatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"canReauthenticate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<SetPasswordMutation, SetPasswordMutationVariables>;
export const AuthOptionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AuthOptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authProviders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"signInOptions"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"passwordResetByMail"}}]}}]}}]} as unknown as DocumentNode<AuthOptionsQuery, AuthOptionsQueryVariables>;
export const SignInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"LoginInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"login"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"AuthResult"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"AuthResult"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"AuthPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"accessTokenExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"serverTime"}},{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"authenticatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"lastActivityAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"canReauthenticate"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"account"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;