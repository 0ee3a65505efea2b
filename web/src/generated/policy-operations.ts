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

/** A rule of the new policy. Each is checked like a policy, with `field` `rules.0.idleMinutes` and so on. */
export type SessionPolicyRuleInput = {
  /** Absolute limit in minutes, within the bounds. */
  absoluteMinutes: number;
  /** The application type that it is for. */
  appType?: AppType | null | undefined;
  /** Idle limit in minutes, within the bounds and at most `absoluteMinutes`. */
  idleMinutes: number;
  /** The role that it is for. Without `appType` too: `BAD_USER_INPUT` with `field` `rules.0` and `reason` `REQUIRED`. */
  role?: Role | null | undefined;
};

/**
 * The whole new policy. The two limits replace both overrides, so leaving one out clears it. Rules and the maximum of
 * sessions stay as they are where they are absent.
 */
export type UpdateSessionPolicyInput = {
  /** Absolute limit in minutes, `absoluteMinutesMin` to `absoluteMinutesMax`. Null or absent clears the override. */
  absoluteMinutes?: number | null | undefined;
  /** Which sessions the new policy applies to. */
  apply?: PolicyApplication | null | undefined;
  /**
   * The `version` that this change is based on, 0 before the first. Another version is current: `CONFLICT`. Absent:
   * no check.
   */
  expectedVersion?: number | null | undefined;
  /** Idle limit in minutes, `idleMinutesMin` to `idleMinutesMax`. Null or absent clears the override. */
  idleMinutes?: number | null | undefined;
  /**
   * How many live sessions a user may have at once: 1 to 100, else `BAD_USER_INPUT` with `min` and `max`. Absent: it stays.
   * Null: no limit. A lower one ends nothing by itself.
   */
  maxSessionsPerUser?: number | null | undefined;
  /**
   * The rules, instead of all there were. Absent: they stay. Null or empty: there are none. Two for the same role and
   * application type: `BAD_USER_INPUT` with `field` of the later one and `reason` `DUPLICATE`.
   */
  rules?: Array<SessionPolicyRuleInput> | null | undefined;
  /** What happens to a sign-in beyond `maxSessionsPerUser`. Absent: it stays. Null: `DENY`. */
  sessionLimitAction?: SessionLimitAction | null | undefined;
};

/** How a policy compares with a standard, or with one requirement of it. */
export type Verdict =
  /** It is met. */
  | 'MEETS'
  /** It is not met. */
  | 'MISSES'
  /** It asks nothing of this policy. */
  | 'NOT_APPLICABLE';

export type PolicyImpactQueryVariables = Exact<{
  input: UpdateSessionPolicyInput;
}>;


export type PolicyImpactQuery = { sessionPolicyImpact: { activeSessions: number, endNow: number, endWithinHour: number, shortened: number, endsViewerSession: boolean, shortensViewerSession: boolean, standards: Array<{ id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> }>, byRule: Array<{ activeSessions: number, endNow: number, shortened: number, rule: { role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number } | null }> } };

export type PolicyStandardFragment = { id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> };

export type CurrentPolicyFragment = { idleMinutes: number | null, absoluteMinutes: number | null, effectiveIdleMinutes: number, effectiveAbsoluteMinutes: number, idleMinutesMin: number, idleMinutesMax: number, absoluteMinutesMin: number, absoluteMinutesMax: number, preset: SessionPolicyPreset, maxSessionsPerUser: number | null, sessionLimitAction: SessionLimitAction, warningSeconds: number, absoluteWarningSeconds: number, version: number, updatedAt: string | null, rules: Array<{ role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number }>, updatedBy: { id: string, name: string } | null };

export type PolicyCardQueryVariables = Exact<{ [key: string]: never; }>;


export type PolicyCardQuery = { sessionPolicy: { idleMinutes: number | null, absoluteMinutes: number | null, effectiveIdleMinutes: number, effectiveAbsoluteMinutes: number, idleMinutesMin: number, idleMinutesMax: number, absoluteMinutesMin: number, absoluteMinutesMax: number, preset: SessionPolicyPreset, maxSessionsPerUser: number | null, sessionLimitAction: SessionLimitAction, warningSeconds: number, absoluteWarningSeconds: number, version: number, updatedAt: string | null, standards: Array<{ id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> }>, rules: Array<{ role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number }>, updatedBy: { id: string, name: string } | null }, sessionPolicyPresets: Array<{ preset: SessionPolicyPreset, idleMinutes: number, absoluteMinutes: number, description: string, available: boolean }> };

export type PolicySaveMutationVariables = Exact<{
  input: UpdateSessionPolicyInput;
}>;


export type PolicySaveMutation = { updateSessionPolicy: { endedSessions: number, shortenedSessions: number, sessionPolicy: { idleMinutes: number | null, absoluteMinutes: number | null, effectiveIdleMinutes: number, effectiveAbsoluteMinutes: number, idleMinutesMin: number, idleMinutesMax: number, absoluteMinutesMin: number, absoluteMinutesMax: number, preset: SessionPolicyPreset, maxSessionsPerUser: number | null, sessionLimitAction: SessionLimitAction, warningSeconds: number, absoluteWarningSeconds: number, version: number, updatedAt: string | null, standards: Array<{ id: string, title: string, revision: string, url: string, verdict: Verdict, checks: Array<{ clause: string, text: string, level: RequirementLevel, subject: CheckSubject, limitMinutes: number | null, actualMinutes: number | null, verdict: Verdict }> }>, rules: Array<{ role: Role | null, appType: AppType | null, idleMinutes: number, absoluteMinutes: number }>, updatedBy: { id: string, name: string } | null } } };

export const PolicyStandardFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<PolicyStandardFragment, unknown>;
export const CurrentPolicyFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CurrentPolicy"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionPolicy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveIdleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAbsoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"preset"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"maxSessionsPerUser"}},{"kind":"Field","name":{"kind":"Name","value":"sessionLimitAction"}},{"kind":"Field","name":{"kind":"Name","value":"warningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<CurrentPolicyFragment, unknown>;
export const PolicyImpactDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PolicyImpact"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSessionPolicyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicyImpact"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"activeSessions"}},{"kind":"Field","name":{"kind":"Name","value":"endNow"}},{"kind":"Field","name":{"kind":"Name","value":"endWithinHour"}},{"kind":"Field","name":{"kind":"Name","value":"shortened"}},{"kind":"Field","name":{"kind":"Name","value":"endsViewerSession"}},{"kind":"Field","name":{"kind":"Name","value":"shortensViewerSession"}},{"kind":"Field","name":{"kind":"Name","value":"standards"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PolicyStandard"}}]}},{"kind":"Field","name":{"kind":"Name","value":"byRule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"rule"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"activeSessions"}},{"kind":"Field","name":{"kind":"Name","value":"endNow"}},{"kind":"Field","name":{"kind":"Name","value":"shortened"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<PolicyImpactQuery, PolicyImpactQueryVariables>;
export const PolicyCardDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PolicyCard"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CurrentPolicy"}},{"kind":"Field","name":{"kind":"Name","value":"standards"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PolicyStandard"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"sessionPolicyPresets"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preset"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"description"}},{"kind":"Field","name":{"kind":"Name","value":"available"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CurrentPolicy"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionPolicy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveIdleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAbsoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"preset"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"maxSessionsPerUser"}},{"kind":"Field","name":{"kind":"Name","value":"sessionLimitAction"}},{"kind":"Field","name":{"kind":"Name","value":"warningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<PolicyCardQuery, PolicyCardQueryVariables>;
export const PolicySaveDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"PolicySave"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateSessionPolicyInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateSessionPolicy"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sessionPolicy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"CurrentPolicy"}},{"kind":"Field","name":{"kind":"Name","value":"standards"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PolicyStandard"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"endedSessions"}},{"kind":"Field","name":{"kind":"Name","value":"shortenedSessions"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"CurrentPolicy"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SessionPolicy"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveIdleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"effectiveAbsoluteMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMin"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutesMax"}},{"kind":"Field","name":{"kind":"Name","value":"preset"}},{"kind":"Field","name":{"kind":"Name","value":"rules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"appType"}},{"kind":"Field","name":{"kind":"Name","value":"idleMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteMinutes"}}]}},{"kind":"Field","name":{"kind":"Name","value":"maxSessionsPerUser"}},{"kind":"Field","name":{"kind":"Name","value":"sessionLimitAction"}},{"kind":"Field","name":{"kind":"Name","value":"warningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"absoluteWarningSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"updatedAt"}},{"kind":"Field","name":{"kind":"Name","value":"updatedBy"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PolicyStandard"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StandardVerdict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"revision"}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}},{"kind":"Field","name":{"kind":"Name","value":"checks"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"clause"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"level"}},{"kind":"Field","name":{"kind":"Name","value":"subject"}},{"kind":"Field","name":{"kind":"Name","value":"limitMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"actualMinutes"}},{"kind":"Field","name":{"kind":"Name","value":"verdict"}}]}}]}}]} as unknown as DocumentNode<PolicySaveMutation, PolicySaveMutationVariables>;