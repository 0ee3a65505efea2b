import { Trans, useLingui } from '@lingui/react/macro';
import { useId, type ReactNode } from 'react';
import type { SessionPolicyPreset } from '../../generated/policy-operations.ts';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { BothLimits } from '../policy-words/both-limits.tsx';
import { ChoiceCard } from '../policy-effect/choice-card.tsx';
import { byStrictness, presetLabel, presetSource } from './preset-words.ts';
import type { Policy, Preset } from './policy-draft.ts';
import { unavailableReason } from './policy-messages.ts';
import classes from '../policy-effect/choice-card.module.css';

interface PresetChoiceProps {
  presets: Preset[];
  policy: Policy;
  chosen: SessionPolicyPreset;
  onChoose(preset: SessionPolicyPreset): void;
  /** The two input fields of Custom. */
  children: ReactNode;
}

export function PresetChoice({ presets, policy, chosen, onChoose, children }: PresetChoiceProps) {
  const name = useId();
  const { t } = useLingui();
  return (
    <fieldset className={classes.group} role="radiogroup">
      <legend className={classes.legend}>
        <Trans>How long people stay signed in</Trans>
      </legend>
      <div className={classes.cards}>
        {byStrictness(presets).map((definition) => (
          <ChoiceCard
            key={definition.preset}
            name={name}
            label={presetLabel(definition)}
            isChosen={chosen === definition.preset}
            isDisabled={!definition.available}
            onChoose={() => onChoose(definition.preset)}
            description={
              <>
                <p className={classes.limits}>
                  <span>{PRESET_NAMES[definition.preset]}</span>
                  <span>
                    <BothLimits {...definition} />
                  </span>
                </p>
                <p className={classes.source}>{presetSource(definition)}</p>
                {!definition.available && (
                  <p className={classes.unavailable}>{unavailableReason(definition, policy)}</p>
                )}
              </>
            }
          />
        ))}
        <ChoiceCard
          name={name}
          label={PRESET_NAMES.CUSTOM}
          isChosen={chosen === 'CUSTOM'}
          isWide
          onChoose={() => onChoose('CUSTOM')}
          description={t`Choose your own limits.`}
        >
          <div className={classes.fields}>{children}</div>
        </ChoiceCard>
      </div>
    </fieldset>
  );
}
