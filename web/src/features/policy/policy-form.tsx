import { Button } from '@mantine/core';
import { CircleCheck, History } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { useDraft } from '../../lib/draft.ts';
import { sentenceFor } from '../../lib/problem.ts';
import { ApplyChoice } from './apply-choice.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { boundsOf, errorsFromServer, type LimitErrors, type LimitName, rangeInWords } from './limit-check.ts';
import { LimitInput } from './limit-input.tsx';
import {
  asksForOther,
  checkDraft,
  draftOf,
  fieldsShown,
  inputOf,
  isTouched,
  type Policy,
  type PolicyDraft,
  type Preset,
  withPreset,
} from './policy-draft.ts';
import { PolicyInForce } from './policy-in-force.tsx';
import { endingQuestion, endingWarning } from './policy-words.ts';
import { PresetChoice } from './preset-choice.tsx';
import { SessionTimeLine } from './session-time-line.tsx';
import { usePolicyImpact } from './use-policy-impact.ts';
import { usePolicySave } from './use-policy-save.ts';
import classes from './policy-form.module.css';

interface PolicyFormProps {
  policy: Policy;
  presets: Preset[];
  viewerId: string;
  onReload(): void;
}

export function PolicyForm({ policy, presets, viewerId, onReload }: PolicyFormProps) {
  const [kept, keep] = useDraft<PolicyDraft>(viewerId, 'policy');
  const [isRestored, setRestored] = useState(kept !== null);
  // Mistakes are named when somebody has left a field, not while they are still typing into it.
  const [visited, setVisited] = useState<LimitName | null>(kept && 'absoluteMinutes');
  const form = useRef<HTMLFormElement>(null);

  const startAfresh = () => {
    keep(null);
    setRestored(false);
    setVisited(null);
  };
  const save = usePolicySave(startAfresh);

  const draft = kept ?? draftOf(policy);
  const check = checkDraft(draft, policy, presets);
  const isChanged =
    kept !== null && (draft.apply === 'ACTIVE_SESSIONS' || asksForOther(draft, check.limits, policy));
  const hasConflict = isChanged && draft.baseVersion !== policy.version && save.phase !== 'saving';
  const impact = usePolicyImpact(isChanged && check.limits ? inputOf(draft, check.limits, policy) : null);

  const failed = save.outcome?.kind === 'failed' ? save.outcome.problem : null;
  const refusal = failed ?? impact.refusal;
  const serverErrors = refusal && errorsFromServer(refusal, check.limits?.absoluteMinutes ?? null);
  const errors = { ...errorsFrom(visited, check.errors), ...serverErrors };
  const isTold = serverErrors !== null || hasConflict || failed?.kind === 'session-over';

  const edit = (next: PolicyDraft) => {
    save.forget();
    const edited = hasConflict ? next : { ...next, baseVersion: policy.version };
    keep(isTouched(edited, policy) ? edited : null);
  };

  /** After something has gone from under the focus. */
  const focusChosen = () => form.current?.querySelector<HTMLElement>('input[type=radio]:checked')?.focus();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isChanged || save.phase !== 'ready') return;
    if (hasConflict) return form.current?.querySelector<HTMLElement>('[role=alert] button')?.focus();
    if (!check.limits) {
      flushSync(() => setVisited('absoluteMinutes'));
      return form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
    }
    const { apply } = draft;
    void save.submit({ ...inputOf(draft, check.limits, policy), apply, expectedVersion: policy.version });
  };

  const endingImpact = save.question?.impact;
  const fields = fieldsShown(draft, presets);
  const limitInput = (name: LimitName, label: string, meaning: string) => (
    <LimitInput
      label={label}
      description={`${meaning}: ${rangeInWords(...boundsOf(name, policy))}`}
      field={fields[name]}
      error={errors[name]}
      isDisabled={draft.preset !== 'CUSTOM'}
      onLeave={() => setVisited((before) => (before === 'absoluteMinutes' ? before : name))}
      onChange={(field) => edit({ ...draft, fields: { ...draft.fields, [name]: field }, isTyped: true })}
    />
  );

  return (
    <form ref={form} className={classes.form} onSubmit={submit} noValidate>
      <PolicyInForce policy={policy} viewerId={viewerId} />
      {isRestored && isChanged && (
        <Notice tone="cyan" icon={<History size={18} />}>
          You have unsaved changes from before. They are still here, and nothing is saved yet.
        </Notice>
      )}

      <PresetChoice
        presets={presets}
        policy={policy}
        chosen={draft.preset}
        onChoose={(preset) => edit(withPreset(draft, preset, presets))}
      >
        {limitInput('idleMinutes', 'Idle limit', 'Without activity')}
        {limitInput('absoluteMinutes', 'Absolute limit', 'Whatever happens')}
      </PresetChoice>

      <SessionTimeLine limits={check.limits} policy={policy} />

      <ApplyChoice apply={draft.apply} impact={impact} onChoose={(apply) => edit({ ...draft, apply })} />

      {hasConflict && (
        <ConflictNotice
          policy={policy}
          viewerId={viewerId}
          onUseTheirs={() => {
            flushSync(startAfresh);
            save.forget();
            focusChosen();
          }}
          onKeepMine={() => {
            flushSync(() => keep({ ...draft, baseVersion: policy.version }));
            save.forget();
            focusChosen();
          }}
        />
      )}
      {failed && !isTold && (
        <Failure
          text={sentenceFor(failed)}
          onRetry={failed.kind === 'refused' && failed.code === 'CONFLICT' ? onReload : undefined}
        />
      )}

      <div className={classes.actions}>
        <Button
          type="submit"
          aria-disabled={!isChanged || save.phase !== 'ready'}
          data-disabled={!isChanged || undefined}
        >
          {{ ready: 'Save', checking: 'Checking…', saving: 'Saving…' }[save.phase]}
        </Button>
        {isChanged && (
          <>
            <Button
              variant="default"
              onClick={() => {
                flushSync(startAfresh);
                save.forget();
                focusChosen();
              }}
            >
              Discard
            </Button>
            <span className={classes.unsaved}>You have unsaved changes.</span>
          </>
        )}
        <div role="status" className={classes.outcome}>
          {save.outcome?.kind === 'saved' && (
            <Notice tone="emerald" icon={<CircleCheck size={18} />}>
              {save.outcome.apply === 'NEXT_LOGIN'
                ? 'Saved. Whoever signs in from now on gets these limits.'
                : 'Saved, and applied to everyone signed in.'}
            </Notice>
          )}
        </div>
      </div>

      <ConfirmDialog
        opened={save.isAsking}
        title={endingImpact ? endingQuestion(endingImpact) : ''}
        confirmLabel={endingImpact?.endsViewerSession ? 'Save and sign me out' : 'Save and end them'}
        busyLabel="Saving…"
        isBusy={save.phase === 'saving'}
        isDangerous
        onConfirm={save.confirm}
        onClose={save.cancel}
      >
        {endingImpact && endingWarning(endingImpact)}
      </ConfirmDialog>
    </form>
  );
}

/** What may be named by now: the field that was left, and all that come before it. */
function errorsFrom(visited: LimitName | null, errors: LimitErrors | null): LimitErrors {
  if (visited === null || errors === null) return {};
  return visited === 'absoluteMinutes' ? errors : { idleMinutes: errors.idleMinutes };
}
