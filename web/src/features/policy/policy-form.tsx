import { Trans, useLingui } from '@lingui/react/macro';
import { History } from 'lucide-react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { inWords } from '../../lib/duration.ts';
import { problemMessage } from '../../lib/problem.ts';
import { ApplyChoice } from '../policy-effect/apply-choice.tsx';
import { ConflictNotice } from './conflict-notice.tsx';
import { CurrentPolicy } from './current-policy.tsx';
import { boundsOf, type LimitName } from './limit-check.ts';
import { LimitInput, type LimitInputProps } from './limit-input.tsx';
import { MaximumSection } from './maximum-section.tsx';
import { currentLimits, fieldsShown, type Policy, type Preset, withPreset } from './policy-draft.ts';
import { PolicyFormActions } from './policy-form-actions.tsx';
import { ImpactByRule } from '../policy-effect/impact-by-rule.tsx';
import { endNowWarning } from '../policy-effect/impact-messages.ts';
import type { Standard } from '../policy-effect/verdict-changes.ts';
import { endNowQuestion } from './policy-messages.ts';
import { PresetChoice } from './preset-choice.tsx';
import { RulesSection } from './rules-section.tsx';
import { SessionTimeline } from './session-timeline.tsx';
import { usePolicyForm } from './use-policy-form.ts';
import classes from './policy-form.module.css';

export interface PolicyFormProps {
  policy: Policy;
  /** What standards say about it. */
  standards: readonly Standard[];
  presets: Preset[];
  viewerId: string;
  onReload(): void;
}

export function PolicyForm({ policy, standards, presets, viewerId, onReload }: PolicyFormProps) {
  const state = usePolicyForm({ policy, presets, viewerId });
  const { draft, save, failure } = state;
  const confirmedImpact = save.question?.impact;
  const fields = fieldsShown(draft, presets);
  const { t } = useLingui();
  const range = (name: LimitName) => {
    const [min, max] = boundsOf(name, policy);
    return { min: inWords(min), max: inWords(max) };
  };
  const [idle, absolute] = [range('idleMinutes'), range('absoluteMinutes')];
  const limitInput = (
    name: LimitName,
    words: Pick<LimitInputProps, 'label' | 'unitLabel' | 'description'>,
  ) => (
    <LimitInput
      {...words}
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
          <Trans>You have unsaved changes from before. Save or discard them.</Trans>
        </Notice>
      )}

      <PresetChoice
        presets={presets}
        policy={policy}
        chosen={draft.preset}
        onChoose={(preset) => state.edit(withPreset(draft, preset, presets))}
      >
        {limitInput('idleMinutes', {
          label: t`Idle limit`,
          unitLabel: t`Unit of the idle limit`,
          description: t`Without activity: ${idle.min} to ${idle.max}`,
        })}
        {limitInput('absoluteMinutes', {
          label: t`Absolute limit`,
          unitLabel: t`Unit of the absolute limit`,
          description: t`Since sign-in: ${absolute.min} to ${absolute.max}`,
        })}
      </PresetChoice>

      <SessionTimeline limits={state.limits} policy={policy} hasRules={state.rules.length > 0} />

      <RulesSection
        rules={state.rules}
        limits={state.limits}
        initialLimits={state.limits ?? currentLimits(policy)}
        presets={presets}
        onChange={state.editRules}
        onLeave={state.endTyping}
      />

      <MaximumSection
        maximum={state.maximum}
        error={state.maximumError}
        onChange={state.editMaximum}
        onLeave={() => state.endTyping('maximum')}
      />

      <ApplyChoice
        apply={draft.apply}
        impact={state.impact}
        standards={standards}
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
        confirmLabel={confirmedImpact?.endsViewerSession ? t`Save and sign me out` : t`Save and end them`}
        busyLabel={t`Saving…`}
        isBusy={save.phase === 'saving'}
        isDangerous
        onConfirm={save.confirm}
        onClose={save.cancel}
      >
        {confirmedImpact && (
          <>
            <span>{endNowWarning(confirmedImpact)}</span>
            <ImpactByRule impact={confirmedImpact} title={t`By rule`} />
          </>
        )}
      </ConfirmDialog>
    </form>
  );
}
