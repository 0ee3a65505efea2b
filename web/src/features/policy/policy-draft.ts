import type {
  PolicyApplication,
  PolicyCardQuery,
  CurrentPolicyFragment,
  SessionPolicyPreset,
  UpdateSessionPolicyInput,
} from '../../generated/operations.ts';
import { type Check, checkFields, type LimitFields, type Limits } from './limit-check.ts';
import { fieldOf } from './limit-field.ts';

export type Policy = CurrentPolicyFragment;
export type Preset = PolicyCardQuery['sessionPolicyPresets'][number];

/** An unsaved policy. Plain data, so that it survives a reload and a new sign-in. */
export interface PolicyDraft {
  preset: SessionPolicyPreset;
  /** The initial values of Custom: those of the last preset, until the user types. */
  fields: LimitFields;
  isTyped: boolean;
  apply: PolicyApplication;
  /** The version of the policy on which the draft is based. */
  baseVersion: number;
}

/** The draft of an unedited form. */
export const draftOf = (policy: Policy): PolicyDraft => ({
  preset: policy.preset,
  fields: fieldsOf(currentLimits(policy)),
  isTyped: policy.preset === 'CUSTOM',
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

/** The limits of the draft, or their errors. Presets are valid because they come from the server. */
export function checkDraft(draft: PolicyDraft, policy: Policy, presets: Preset[]): Check {
  const limits = presets.find(({ preset }) => preset === draft.preset);
  if (limits) return { limits, errors: null };
  return checkFields(draft.fields, policy);
}

/** Whether the draft differs from the current policy, by preset or by number. */
export function changesLimits(draft: PolicyDraft, limits: Limits | null, policy: Policy): boolean {
  return draft.preset !== policy.preset || limits === null || !isSame(limits, currentLimits(policy));
}

/** Whether the draft differs from an unedited form. */
export const isEdited = (draft: PolicyDraft, policy: Policy): boolean =>
  JSON.stringify(draft) !== JSON.stringify(draftOf(policy));

/** The limits as input of the mutation. Strict follows the server's defaults; unchanged limits are sent as saved. */
export function inputOf(
  draft: PolicyDraft,
  limits: Limits,
  policy: Policy,
): Pick<UpdateSessionPolicyInput, 'idleMinutes' | 'absoluteMinutes'> {
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

const fieldsOf = ({ idleMinutes, absoluteMinutes }: Limits): LimitFields => ({
  idleMinutes: fieldOf(idleMinutes),
  absoluteMinutes: fieldOf(absoluteMinutes),
});
