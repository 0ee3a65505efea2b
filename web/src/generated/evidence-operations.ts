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

/** One of the two deadlines of a session. */
export type ExpiryReason =
  /** The absolute deadline: the absolute limit since sign-in. Nothing but a new sign-in moves it later. */
  | 'ABSOLUTE'
  /** The idle deadline: no activity for the idle limit. Activity moves it. */
  | 'IDLE';

/** The sessions that a new policy applies to. */
export type PolicyApplication =
  /**
   * Live sessions too, at once: each gets the lower of its own limit and the new one. Sessions already past it end
   * (`POLICY_CHANGED`).
   */
  | 'ACTIVE_SESSIONS'
  /** Only sessions created later. Live sessions keep their limits. */
  | 'NEXT_LOGIN';

/** How much a standard insists. */
export type RequirementLevel =
  /** It should be met. A policy that does not still meets the standard. */
  | 'RECOMMENDED'
  /** It has to be met ("shall"). */
  | 'REQUIRED';

/** The permissions of a user. Each operation reads the current role; the one in an access token is only a copy. */
export type Role =
  /** Sees and ends their own sessions, changes their own password. */
  | 'MEMBER'
  /** Sets the policy, sees and ends every session of the account, manages its users, reads its audit trail. */
  | 'OWNER';

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

/** How a policy compares with a standard, or with one requirement of it. */
export type Verdict =
  /** It is met. */
  | 'MEETS'
  /** It is not met. */
  | 'MISSES'
  /** It asks nothing of this policy. */
  | 'NOT_APPLICABLE';

export type EvidenceVersionFragment = { version: number, createdAt: string, idleMinutes: number | null, absoluteMinutes: number | null, effectiveIdleMinutes: number, effectiveAbsoluteMinutes: number, maxSessionsPerUser: number | null, sessionLimitAction: SessionLimitAction, apply: PolicyApplication, endedSessions: number, shortenedSessions: number, restoredFrom: number | null, createdBy: { id: string, name: string } | null, rules: Array<{ role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number }> };

export type EvidenceStandardsQueryVariables = Exact<{ [key: string]: never; }>;


export type EvidenceStandardsQuery = { sessionPolicy: { version: number, updatedAt: string | null, updatedBy: { id: string, name: string } | null, standards: Array<{ id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> }> } };

export type EvidenceVersionsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type EvidenceVersionsQuery = { sessionPolicyVersions: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { version: number, createdAt: string, idleMinutes: number | null, absoluteMinutes: number | null, effectiveIdleMinutes: number, effectiveAbsoluteMinutes: number, maxSessionsPerUser: number | null, sessionLimitAction: SessionLimitAction, apply: PolicyApplication, endedSessions: number, shortenedSessions: number, restoredFrom: number | null, createdBy: { id: string, name: string } | null, rules: Array<{ role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number }> } }> } };

export type EvidenceRestoreMutationVariables = Exact<{
  version: number;
  apply: PolicyApplication;
  expectedVersion: number;
}>;


export type EvidenceRestoreMutation = { restoreSessionPolicy: { endedSessions: number, shortenedSessions: number, sessionPolicy: { version: number } } };

export type SessionExplanationQueryVariables = Exact<{
  sessionId: string;
}>;


export type SessionExplanationQuery = { explainSession: { endsBecause: string, session: { id: string, device: string | null, authenticatedAt: string, absoluteExpiresAt: string, idleMinutes: number, absoluteMinutes: number, expiryReason: ExpiryReason, endedAt: string | null, endReason: SessionEndReason | null, endedBy: { id: string, name: string } | null, user: { id: string, name: string } }, idleLimitSource: { policyVersion: number, rule: { role: Role | null, appType: AppType | null } | null }, absoluteLimitSource: { policyVersion: number, rule: { role: Role | null, appType: AppType | null } | null }, timeline: Array<{ at: string, kind: string, text: string, policyVersion: number | null }> } };

export type LimitSourceFragment = { policyVersion: number, rule: { role: Role | null, appType: AppType | null } | null };

export type PolicyStandardFragment = { id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> };

export const EvidenceVersionFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EvidenceVersion"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionPolicyVersion"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveIdleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAbsoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"maxSessionsPerUser"}},{"kind":"Field","name":{"kind":"Name","value":"sessionLimitAction"}},{"kind":"Field","name":{"kind":"Name","value":"apply"}},{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"shortenedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"restoredFrom"}}]}}]} as unknown as DocumentNode<EvidenceVersionFragment, unknown>;
export const LimitSourceFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LimitSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionLimitSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"policyVersion"}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}}]}}]}}]} as unknown as DocumentNode<LimitSourceFragment, unknown>;
export const PolicyStandardFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<PolicyStandardFragment, unknown>;
export const EvidenceStandardsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EvidenceStandards"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"standards"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PolicyStandard"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<EvidenceStandardsQuery, EvidenceStandardsQueryVariables>;
export const EvidenceVersionsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"EvidenceVersions"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicyVersions"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"totalCount"}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"EvidenceVersion"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"EvidenceVersion"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionPolicyVersion"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"createdBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveIdleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAbsoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"maxSessionsPerUser"}},{"kind":"Field","name":{"kind":"Name","value":"sessionLimitAction"}},{"kind":"Field","name":{"kind":"Name","value":"apply"}},{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"shortenedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"restoredFrom"}}]}}]} as unknown as DocumentNode<EvidenceVersionsQuery, EvidenceVersionsQueryVariables>;
export const EvidenceRestoreDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EvidenceRestore"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"version"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"apply"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"PolicyApplication"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"expectedVersion"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"restoreSessionPolicy"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"version"},"value":{"kind":"Variable","name":{"kind":"Name","value":"version"}}},{"kind":"Argument","name":{"kind":"Name","value":"apply"},"value":{"kind":"Variable","name":{"kind":"Name","value":"apply"}}},{"kind":"Argument","name":{"kind":"Name","value":"expectedVersion"},"value":{"kind":"Variable","name":{"kind":"Name","value":"expectedVersion"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"shortenedSessions"}}]}}]}}]} as unknown as DocumentNode<EvidenceRestoreMutation, EvidenceRestoreMutationVariables>;
export const SessionExplanationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"SessionExplanation"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"sessionId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"explainSession"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"sessionId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"sessionId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"device"}},{"kind":"Field","name":{"kind":"Name","value":"authenticatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteExpiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"expiryReason"}},{"kind":"Field","name":{"kind":"Name","value":"endedAt"}},{"kind":"Field","name":{"kind":"Name","value":"endReason"}},{"kind":"Field","name":{"kind":"Name","value":"endedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}},{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"idleLimitSource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LimitSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"absoluteLimitSource"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"LimitSource"}}]}},{"kind":"Field","name":{"kind":"Name","value":"endsBecause"}},{"kind":"Field","name":{"kind":"Name","value":"timeline"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"policyVersion"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"LimitSource"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionLimitSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"policyVersion"}},{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}}]}}]}}]} as unknown as DocumentNode<SessionExplanationQuery, SessionExplanationQueryVariables>;