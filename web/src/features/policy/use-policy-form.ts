import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useDraft } from '../../lib/draft.ts';
import { useAfterClick } from '../../lib/use-after-click.ts';
import { errorsFromServer, type LimitErrors, type LimitName } from './limit-check.ts';
import { type MaximumDraft, maximumErrorFromServer } from './maximum-draft.ts';
import {
  checkDraft,
  draftOf,
  isEdited,
  maximumShown,
  type Policy,
  type PolicyDraft,
  type Preset,
  rulesShown,
  withMaximumDraft,
  withRules,
} from './policy-draft.ts';
import { type RuleErrors, ruleErrorsFromServer } from './rule-check.ts';
import type { RuleDraft } from './rule-drafts.ts';
import { usePolicyImpact } from '../policy-effect/use-policy-impact.ts';
import { usePolicySave } from './use-policy-save.ts';

interface PolicyFormOptions {
  policy: Policy;
  presets: Preset[];
  viewerId: string;
}

/** Where the user is typing: the id of a rule, or the maximum of sessions. */
type Typing = number | 'maximum' | null;

/** The state of the policy form: the draft, its errors and impact, and how it is saved. */
export function usePolicyForm({ policy, presets, viewerId }: PolicyFormOptions) {
  const [stored, store] = useDraft<PolicyDraft>(viewerId, 'policy');
  const [isRestored, setRestored] = useState(stored !== null);
  // An error is shown once its field has lost the focus, not while the user is still typing.
  const [visited, setVisited] = useState<LimitName | null>(stored && 'absoluteMinutes');
  const [typing, setTyping] = useState<Typing>(null);
  const form = useRef<HTMLFormElement>(null);
  const afterClick = useAfterClick();

  const reset = () => {
    store(null);
    setRestored(false);
    setVisited(null);
    setTyping(null);
  };
  const save = usePolicySave(reset);

  // A draft that an older version of this page has stored lacks some fields.
  const draft = { ...draftOf(policy), ...stored };
  const rules = rulesShown(draft, policy);
  const maximum = maximumShown(draft, policy);
  const check = checkDraft(draft, policy, presets);
  const isChanged = stored !== null && (draft.apply === 'ACTIVE_SESSIONS' || check.isChanged);
  const hasConflict = isChanged && draft.baseVersion !== policy.version && save.phase !== 'saving';
  const impact = usePolicyImpact(isChanged ? check.input : null);

  const failed = save.outcome?.kind === 'failed' ? save.outcome.problem : null;
  const refusal = failed ?? impact.refusal;
  const refusedLimits = refusal && errorsFromServer(refusal, check.limits?.absoluteMinutes ?? null);
  const refusedRule = refusal && ruleErrorsFromServer(refusal, rules, check.rules);
  const refusedMaximum = refusal && maximumErrorFromServer(refusal);
  const isAtItsField = refusedLimits !== null || refusedRule !== null || refusedMaximum !== null;
  const isShownElsewhere =
    isAtItsField || hasConflict || failed?.kind === 'session-over' || failed?.kind === 'not-confirmed';

  const query = (selector: string) => form.current?.querySelector<HTMLElement>(selector);
  /** Moves the focus after the focused control has disappeared. */
  const focusChosenPreset = () => query('input[type=radio]:checked')?.focus();

  function edit(next: PolicyDraft) {
    save.clearOutcome();
    const edited = hasConflict ? next : { ...next, baseVersion: policy.version };
    store(isEdited(edited, policy) ? edited : null);
  }

  return {
    form,
    draft,
    limits: check.limits,
    errors: { ...visibleErrors(visited, check.limitErrors), ...refusedLimits },
    rules: rules.map((rule, index) => ({
      rule,
      limits: check.rules[index]!.limits,
      errors: {
        ...visibleRuleErrors(rule.id === typing, check.rules[index]!.errors),
        ...(refusedRule?.id === rule.id && refusedRule.errors),
      },
    })),
    maximum,
    maximumError: refusedMaximum ?? (typing === 'maximum' ? null : check.maximum.error),
    impact,
    save,
    isChanged,
    isRestored,
    hasConflict,
    /** A failed save whose message belongs to no field and no notice. */
    failure: isShownElsewhere ? null : failed,

    visit: (name: LimitName) =>
      afterClick(() => setVisited((last) => (last === 'absoluteMinutes' ? last : name))),

    edit,

    /** `typedId`: the rule into which the user is typing. */
    editRules(changed: RuleDraft[], typedId: number | null) {
      setTyping(typedId);
      edit(withRules(draft, changed, policy));
    },

    editMaximum(changed: MaximumDraft, isTyping: boolean) {
      setTyping(isTyping ? 'maximum' : null);
      edit(withMaximumDraft(draft, changed, policy));
    },

    /** `ended`: where the field is that has lost the focus. */
    endTyping: (ended: Typing) =>
      afterClick(() => setTyping((current) => (current === ended ? null : current))),

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
      if (!check.input) {
        flushSync(() => {
          setVisited('absoluteMinutes');
          setTyping(null);
        });
        return query('[aria-invalid=true]')?.focus();
      }
      const { apply } = draft;
      void save.submit({ ...check.input, apply, expectedVersion: policy.version });
    },
  };
}

/** The errors of the visited field and of the fields before it. */
function visibleErrors(visited: LimitName | null, errors: LimitErrors): LimitErrors {
  if (visited === null) return {};
  return visited === 'absoluteMinutes' ? errors : { idleMinutes: errors.idleMinutes };
}

/** What a rule is for is chosen, not typed. */
const visibleRuleErrors = (isTyping: boolean, errors: RuleErrors): RuleErrors =>
  isTyping ? { kind: errors.kind } : errors;
