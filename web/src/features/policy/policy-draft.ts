import type {
  PolicyApplication,
  PolicyCardQuery,
  CurrentPolicyFragment,
  SessionPolicyPreset,
  UpdateSessionPolicyInput,
} from '../../generated/policy-operations.ts';
import type { Limits } from '../policy-words/limits-in-words.ts';
import { limitsInForce } from './limit-bounds.ts';
import { checkFields, type LimitErrors, type LimitFields } from './limit-check.ts';
import {
  checkMaximum,
  type Maximum,
  type MaximumCheck,
  type MaximumDraft,
  maximumDraftOf,
} from './maximum-draft.ts';
import { type CheckedRule, checkRules, validRules } from './rule-check.ts';
import { fieldsOf, type Rule, type RuleDraft, ruleDraftsOf } from './rule-drafts.ts';
import { isSameKind } from './rule-for.ts';

export type Policy = CurrentPolicyFragment;
export type Preset = PolicyCardQuery['sessionPolicyPresets'][number];

/** An unsaved policy. Plain data, so that it survives a reload and a new sign-in. */
export interface PolicyDraft {
  preset: SessionPolicyPreset;
  /** The initial values of Custom: those of the last preset, until the user types. */
  fields: LimitFields;
  isTyped: boolean;
  /** Null: the rules stay as they are, also where someone else changes them. */
  rules: RuleDraft[] | null;
  /** Null: it stays as it is. */
  maximum: MaximumDraft | null;
  apply: PolicyApplication;
  /** The version of the policy on which the draft is based. */
  baseVersion: number;
}

/** The draft of an unedited form. */
export const draftOf = (policy: Policy): PolicyDraft => ({
  preset: policy.preset,
  fields: fieldsOf(currentLimits(policy)),
  isTyped: policy.preset === 'CUSTOM',
  rules: null,
  maximum: null,
  apply: 'NEXT_LOGIN',
  baseVersion: policy.version,
});

export function withPreset(draft: PolicyDraft, preset: SessionPolicyPreset, presets: Preset[]): PolicyDraft {
  const limits = presets.find((one) => one.preset === preset);
  // Moving through the presets with the arrow keys keeps typed values.
  const fields = limits && !draft.isTyped ? fieldsOf(limits) : draft.fields;
  return { ...draft, preset, fields };
}

/** The values of the two fields: the limits of the preset, or the typed ones. */
export function fieldsShown(draft: PolicyDraft, presets: Preset[]): LimitFields {
  const limits = presets.find(({ preset }) => preset === draft.preset);
  return limits ? fieldsOf(limits) : draft.fields;
}

/** The rules in the form: those of the draft, or the saved ones. */
export const rulesShown = ({ rules }: PolicyDraft, policy: Policy): RuleDraft[] =>
  rules ?? ruleDraftsOf(policy.rules);

export const maximumShown = ({ maximum }: PolicyDraft, policy: Policy): MaximumDraft =>
  maximum ?? maximumDraftOf(policy);

/** With these rules. Without any change they are not the draft's. */
export function withRules(draft: PolicyDraft, rules: RuleDraft[], policy: Policy): PolicyDraft {
  const isSaved = JSON.stringify(rules) === JSON.stringify(ruleDraftsOf(policy.rules));
  return { ...draft, rules: isSaved ? null : rules };
}

export function withMaximumDraft(draft: PolicyDraft, maximum: MaximumDraft, policy: Policy): PolicyDraft {
  const isSaved = JSON.stringify(maximum) === JSON.stringify(maximumDraftOf(policy));
  return { ...draft, maximum: isSaved ? null : maximum };
}

/** A draft that is checked: what is wrong with it, and what it changes. */
export interface DraftCheck {
  /** The account's two limits. Null: they have an error. */
  limits: Limits | null;
  limitErrors: LimitErrors;
  /** In the order of the rules in the form. */
  rules: CheckedRule[];
  maximum: MaximumCheck;
  /** Whether anything differs from the current policy. An error counts as a change. */
  isChanged: boolean;
  /** What to save. Null: there is an error. */
  input: PolicyInput | null;
}

export type PolicyInput = Pick<
  UpdateSessionPolicyInput,
  'idleMinutes' | 'absoluteMinutes' | 'rules' | 'maxSessionsPerUser' | 'sessionLimitAction'
>;

export function checkDraft(draft: PolicyDraft, policy: Policy, presets: Preset[]): DraftCheck {
  const { limits, errors } = checkLimits(draft, policy, presets);
  const rules = draft.rules ? checkRules(draft.rules, policy) : policy.rules.map(asSaved(policy));
  const maximum = checkMaximum(maximumShown(draft, policy));
  const ruleChange = changedRules(draft, rules, policy);
  const maximumChange = changedMaximum(draft, maximum, policy);
  const isLimitChange = changesLimits(draft, limits, policy);
  return {
    limits,
    limitErrors: errors ?? {},
    rules,
    maximum,
    isChanged: isLimitChange || ruleChange !== UNCHANGED || maximumChange !== UNCHANGED,
    input:
      limits && ruleChange && maximumChange
        ? { ...limitsToSave(draft, limits, policy), ...ruleChange, ...maximumChange }
        : null,
  };
}

/** What is absent stays as it is on the server. */
const UNCHANGED = {};

/** The limits of the draft, or their errors. Presets are valid because they come from the server. */
function checkLimits(draft: PolicyDraft, policy: Policy, presets: Preset[]) {
  const limits = presets.find(({ preset }) => preset === draft.preset);
  if (limits) return { limits, errors: null };
  return checkFields(draft.fields, policy);
}

/** A saved rule is not checked again; bounds that have become tighter cut it. */
const asSaved =
  (policy: Policy) =>
  (rule: Rule): CheckedRule => ({ limits: limitsInForce(rule, policy), errors: {} });

/** Null: a rule has an error. */
function changedRules(
  { rules: drafts }: PolicyDraft,
  checked: CheckedRule[],
  policy: Policy,
): Pick<PolicyInput, 'rules'> | null {
  if (drafts === null) return UNCHANGED;
  const rules = validRules(drafts, checked);
  if (rules === null) return null;
  return areSameRules(rules, policy.rules) ? UNCHANGED : { rules };
}

/** Null: it has an error. */
function changedMaximum(
  { maximum: draft }: PolicyDraft,
  { maximum }: MaximumCheck,
  policy: Policy,
): Partial<Maximum> | null {
  if (draft === null) return UNCHANGED;
  if (maximum === null) return null;
  const { maxSessionsPerUser, sessionLimitAction } = maximum;
  const isOther = maxSessionsPerUser !== policy.maxSessionsPerUser;
  // Without a limit there is nothing to do at it.
  const isOtherAction = maxSessionsPerUser !== null && sessionLimitAction !== policy.sessionLimitAction;
  if (!isOther && !isOtherAction) return UNCHANGED;
  return { ...(isOther && { maxSessionsPerUser }), ...(isOtherAction && { sessionLimitAction }) };
}

const areSameRules = (some: readonly Rule[], others: readonly Rule[]): boolean =>
  some.length === others.length &&
  some.every((rule, index) => isSameKind(rule, others[index]!) && isSame(rule, others[index]!));

/** Whether the draft differs from the current limits, by preset or by number. */
const changesLimits = (draft: PolicyDraft, limits: Limits | null, policy: Policy): boolean =>
  draft.preset !== policy.preset || limits === null || !isSame(limits, currentLimits(policy));

/** Whether the draft differs from an unedited form. */
export const isEdited = (draft: PolicyDraft, policy: Policy): boolean =>
  JSON.stringify(draft) !== JSON.stringify(draftOf(policy));

/** Strict follows the server's defaults; unchanged limits are sent as saved. */
function limitsToSave(
  draft: PolicyDraft,
  limits: Limits,
  policy: Policy,
): Pick<PolicyInput, 'idleMinutes' | 'absoluteMinutes'> {
  if (!changesLimits(draft, limits, policy))
    return {
      idleMinutes: policy.idleMinutes === null ? null : policy.effectiveIdleMinutes,
      absoluteMinutes: policy.absoluteMinutes === null ? null : policy.effectiveAbsoluteMinutes,
    };
  if (draft.preset === 'STRICT') return { idleMinutes: null, absoluteMinutes: null };
  return { idleMinutes: limits.idleMinutes, absoluteMinutes: limits.absoluteMinutes };
}

export const currentLimits = (policy: Policy): Limits => ({
  idleMinutes: policy.effectiveIdleMinutes,
  absoluteMinutes: policy.effectiveAbsoluteMinutes,
});

export const isSame = (a: Limits, b: Limits): boolean =>
  a.idleMinutes === b.idleMinutes && a.absoluteMinutes === b.absoluteMinutes;
