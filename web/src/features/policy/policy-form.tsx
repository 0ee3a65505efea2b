import { History } from 'lucide-react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { problemMessage } from '../../lib/problem.ts';
import { ApplyChoice } from './apply-choice.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { CurrentPolicy } from './current-policy.tsx';
import { boundsOf, type LimitName, rangeInWords } from './limit-check.ts';
import { LimitInput } from './limit-input.tsx';
import { fieldsShown, type Policy, type Preset, withPreset } from './policy-draft.ts';
import { PolicyFormActions } from './policy-form-actions.tsx';
import { endNowQuestion, endNowWarning } from './policy-messages.ts';
import { PresetChoice } from './preset-choice.tsx';
import { SessionTimeline } from './session-timeline.tsx';
import { usePolicyForm } from './use-policy-form.ts';
import classes from './policy-form.module.css';

export interface PolicyFormProps {
  policy: Policy;
  presets: Preset[];
  viewerId: string;
  onReload(): void;
}

export function PolicyForm({ policy, presets, viewerId, onReload }: PolicyFormProps) {
  const state = usePolicyForm({ policy, presets, viewerId });
  const { draft, save, failure } = state;
  const confirmedImpact = save.question?.impact;
  const fields = fieldsShown(draft, presets);
  const limitInput = (name: LimitName, label: string, meaning: string) => (
    <LimitInput
      label={label}
      description={`${meaning}: ${rangeInWords(...boundsOf(name, policy))}`}
      field={fields[name]}
      error={state.errors[name]}
      isDisabled={draft.preset !== 'CUSTOM'}
      onLeave={() => state.visit(name)}
      onChange={(field) =>
        state.edit({ ...draft, fields: { ...draft.fields, [name]: field }, isTyped: true })
      }
    />
  );

  return (
    <form ref={state.form} className={classes.form} onSubmit={state.submit} noValidate>
      <CurrentPolicy policy={policy} viewerId={viewerId} />
      {state.isRestored && state.isChanged && (
        <Notice tone="cyan" icon={<History size={18} />}>
          You have unsaved changes from before. Save or discard them.
        </Notice>
      )}

      <PresetChoice
        presets={presets}
        policy={policy}
        chosen={draft.preset}
        onChoose={(preset) => state.edit(withPreset(draft, preset, presets))}
      >
        {limitInput('idleMinutes', 'Idle limit', 'Without activity')}
        {limitInput('absoluteMinutes', 'Absolute limit', 'Since sign-in')}
      </PresetChoice>

      <SessionTimeline limits={state.limits} policy={policy} />

      <ApplyChoice
        apply={draft.apply}
        impact={state.impact}
        onChoose={(apply) => state.edit({ ...draft, apply })}
      />

      {state.hasConflict && (
        <ConflictNotice
          policy={policy}
          viewerId={viewerId}
          onUseTheirs={state.discard}
          onKeepMine={state.rebase}
        />
      )}
      {failure && (
        <Failure
          text={problemMessage(failure)}
          onRetry={failure.kind === 'refused' && failure.code === 'CONFLICT' ? onReload : undefined}
        />
      )}

      <PolicyFormActions isChanged={state.isChanged} save={save} onDiscard={state.discard} />

      <ConfirmDialog
        opened={save.isAsking}
        title={confirmedImpact ? endNowQuestion(confirmedImpact) : ''}
        confirmLabel={confirmedImpact?.endsViewerSession ? 'Save and sign me out' : 'Save and end them'}
        busyLabel="Saving…"
        isBusy={save.phase === 'saving'}
        isDangerous
        onConfirm={save.confirm}
        onClose={save.cancel}
      >
        {confirmedImpact && endNowWarning(confirmedImpact)}
      </ConfirmDialog>
    </form>
  );
}
