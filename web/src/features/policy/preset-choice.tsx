import { useId, type ReactNode } from 'react';
import type { SessionPolicyPreset } from '../../generated/operations.ts';
import { inWords } from '../../lib/duration.ts';
import { PRESET_NAMES } from '../../lib/preset-names.ts';
import { ChoiceCard } from './choice-card.tsx';
import type { Policy, Preset } from './policy-draft.ts';
import { unavailableReason } from './policy-messages.ts';
import classes from './choice-card.module.css';

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
  return (
    <fieldset className={classes.group} role="radiogroup">
      <legend className={classes.legend}>How long people stay signed in</legend>
      <div className={classes.cards}>
        {presets.map((definition) => (
          <ChoiceCard
            key={definition.preset}
            name={name}
            label={PRESET_NAMES[definition.preset]}
            isChosen={chosen === definition.preset}
            isDisabled={!definition.available}
            onChoose={() => onChoose(definition.preset)}
            description={
              <>
                <p className={classes.limits}>
                  {inWords(definition.idleMinutes)} without activity, {inWords(definition.absoluteMinutes)} at
                  most
                </p>
                {definition.description}
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
          description="Choose your own limits."
        >
          <div className={classes.fields}>{children}</div>
        </ChoiceCard>
      </div>
    </fieldset>
  );
}
