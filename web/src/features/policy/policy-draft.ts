import type {
  PolicyApplication,
  PolicyCardQuery,
  PolicyInForceFragment,
  SessionPolicyPreset,
  UpdateSessionPolicyInput,
} from '../../generated/operations.ts';
import { type Check, checkFields, type LimitFields, type Limits } from './limit-check.ts';
import { fieldOf } from './limit-field.ts';

export type Policy = PolicyInForceFragment;
export type Preset = PolicyCardQuery['sessionPolicyPresets'][number];

/** A policy that is being thought about and not saved yet. Plain data: it is kept over a reload and a new sign-in. */
export interface PolicyDraft {
  preset: SessionPolicyPreset;
  /** What Custom starts from: the preset looked at last, until somebody types. */
  fields: LimitFields;
  isTyped: boolean;
  apply: PolicyApplication;
  /** The version that the owner was looking at when they began. */
  baseVersion: number;
}

/** The form as long as nobody has touched it. */
export const draftOf = (policy: Policy): PolicyDraft => ({
  preset: policy.preset,
  fields: fieldsOf(limitsInForce(policy)),
  isTyped: policy.preset === 'CUSTOM',
  apply: 'NEXT_LOGIN',
  baseVersion: policy.version,
});

export function withPreset(draft: PolicyDraft, preset: SessionPolicyPreset, presets: Preset[]): PolicyDraft {
  const limits = presets.find((one) => one.preset === preset);
  // Passing Custom with the arrow keys does not cost what was typed into it.
  const fields = limits && !draft.isTyped ? fieldsOf(limits) : draft.fields;
  return { ...draft, preset, fields };
}

/** What the two fields show: the chosen preset's limits, or what was typed. */
export function fieldsShown(draft: PolicyDraft, presets: Preset[]): LimitFields {
  const limits = presets.find(({ preset }) => preset === draft.preset);
  return limits ? fieldsOf(limits) : draft.fields;
}

/** The draft's limits, or what is wrong with them. A preset's are the server's own. */
export function checkDraft(draft: PolicyDraft, policy: Policy, presets: Preset[]): Check {
  const limits = presets.find(({ preset }) => preset === draft.preset);
  if (limits) return { limits, errors: null };
  return checkFields(draft.fields, policy);
}

/** Whether the draft asks for other limits than the policy in force, by name or by number. */
export function asksForOther(draft: PolicyDraft, limits: Limits | null, policy: Policy): boolean {
  return draft.preset !== policy.preset || limits === null || !isSame(limits, limitsInForce(policy));
}

/** Whether somebody would miss the draft: it is not the form as it comes. */
export const isTouched = (draft: PolicyDraft, policy: Policy): boolean =>
  JSON.stringify(draft) !== JSON.stringify(draftOf(policy));

/** The limits as the server takes them. Strict follows the installation's defaults; what stays stays as it was saved. */
export function inputOf(
  draft: PolicyDraft,
  limits: Limits,
  policy: Policy,
): Pick<UpdateSessionPolicyInput, 'idleMinutes' | 'absoluteMinutes'> {
  if (!asksForOther(draft, limits, policy))
    return {
      idleMinutes: policy.idleMinutes === null ? null : policy.effectiveIdleMinutes,
      absoluteMinutes: policy.absoluteMinutes === null ? null : policy.effectiveAbsoluteMinutes,
    };
  if (draft.preset === 'STRICT') return { idleMinutes: null, absoluteMinutes: null };
  return { idleMinutes: limits.idleMinutes, absoluteMinutes: limits.absoluteMinutes };
}

export const limitsInForce = (policy: Policy): Limits => ({
  idleMinutes: policy.effectiveIdleMinutes,
  absoluteMinutes: policy.effectiveAbsoluteMinutes,
});

export const isSame = (a: Limits, b: Limits): boolean =>
  a.idleMinutes === b.idleMinutes && a.absoluteMinutes === b.absoluteMinutes;

const fieldsOf = ({ idleMinutes, absoluteMinutes }: Limits): LimitFields => ({
  idleMinutes: fieldOf(idleMinutes),
  absoluteMinutes: fieldOf(absoluteMinutes),
});
