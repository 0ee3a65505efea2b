import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useDraft } from '../../lib/draft.ts';
import { errorsFromServer, type LimitErrors, type LimitName } from './limit-check.ts';
import {
  changesLimits,
  checkDraft,
  draftOf,
  inputOf,
  isEdited,
  type Policy,
  type PolicyDraft,
  type Preset,
} from './policy-draft.ts';
import { usePolicyImpact } from './use-policy-impact.ts';
import { usePolicySave } from './use-policy-save.ts';

interface PolicyFormOptions {
  policy: Policy;
  presets: Preset[];
  viewerId: string;
}

/** The state of the policy form: the draft, its errors and impact, and how it is saved. */
export function usePolicyForm({ policy, presets, viewerId }: PolicyFormOptions) {
  const [stored, store] = useDraft<PolicyDraft>(viewerId, 'policy');
  const [isRestored, setRestored] = useState(stored !== null);
  // An error is shown once its field has lost the focus, not while the user is still typing.
  const [visited, setVisited] = useState<LimitName | null>(stored && 'absoluteMinutes');
  const form = useRef<HTMLFormElement>(null);

  const reset = () => {
    store(null);
    setRestored(false);
    setVisited(null);
  };
  const save = usePolicySave(reset);

  const draft = stored ?? draftOf(policy);
  const check = checkDraft(draft, policy, presets);
  const isChanged =
    stored !== null && (draft.apply === 'ACTIVE_SESSIONS' || changesLimits(draft, check.limits, policy));
  const hasConflict = isChanged && draft.baseVersion !== policy.version && save.phase !== 'saving';
  const impact = usePolicyImpact(isChanged && check.limits ? inputOf(draft, check.limits, policy) : null);

  const failed = save.outcome?.kind === 'failed' ? save.outcome.problem : null;
  const refusal = failed ?? impact.refusal;
  const serverErrors = refusal && errorsFromServer(refusal, check.limits?.absoluteMinutes ?? null);
  const isShownElsewhere =
    serverErrors !== null ||
    hasConflict ||
    failed?.kind === 'session-over' ||
    failed?.kind === 'not-confirmed';

  const query = (selector: string) => form.current?.querySelector<HTMLElement>(selector);
  /** Moves the focus after the focused control has disappeared. */
  const focusChosenPreset = () => query('input[type=radio]:checked')?.focus();

  return {
    form,
    draft,
    limits: check.limits,
    errors: { ...visibleErrors(visited, check.errors), ...serverErrors },
    impact,
    save,
    isChanged,
    isRestored,
    hasConflict,
    /** A failed save whose message belongs to no field and no notice. */
    failure: isShownElsewhere ? null : failed,

    visit: (name: LimitName) => setVisited((last) => (last === 'absoluteMinutes' ? last : name)),

    edit(next: PolicyDraft) {
      save.clearOutcome();
      const edited = hasConflict ? next : { ...next, baseVersion: policy.version };
      store(isEdited(edited, policy) ? edited : null);
    },

    discard() {
      flushSync(reset);
      save.clearOutcome();
      focusChosenPreset();
    },

    /** Keeps the draft on top of the policy that was saved by someone else. */
    rebase() {
      flushSync(() => store({ ...draft, baseVersion: policy.version }));
      save.clearOutcome();
      focusChosenPreset();
    },

    submit(event: FormEvent) {
      event.preventDefault();
      if (!isChanged || save.phase !== 'ready') return;
      if (hasConflict) return query('[role=alert] button')?.focus();
      if (!check.limits) {
        flushSync(() => setVisited('absoluteMinutes'));
        return query('[aria-invalid=true]')?.focus();
      }
      const { apply } = draft;
      void save.submit({ ...inputOf(draft, check.limits, policy), apply, expectedVersion: policy.version });
    },
  };
}

/** The errors of the visited field and of the fields before it. */
function visibleErrors(visited: LimitName | null, errors: LimitErrors | null): LimitErrors {
  if (visited === null || errors === null) return {};
  return visited === 'absoluteMinutes' ? errors : { idleMinutes: errors.idleMinutes };
}
