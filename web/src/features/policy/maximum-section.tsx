import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { useId, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { SessionLimitAction } from '../../generated/policy-operations.ts';
import { ChoiceCard } from '../policy-effect/choice-card.tsx';
import { type MaximumDraft, withMaximum } from './maximum-draft.ts';
import choice from '../policy-effect/choice-card.module.css';
import classes from './maximum-section.module.css';
import rules from './rules.module.css';

interface MaximumSectionProps {
  maximum: MaximumDraft;
  error: string | null;
  onChange(maximum: MaximumDraft, isTyping: boolean): void;
  onLeave(): void;
}

/** How many sessions a person may have at once. One line while there is no limit. */
export function MaximumSection({ maximum, error, onChange, onLeave }: MaximumSectionProps) {
  const { t } = useLingui();
  const section = useRef<HTMLFieldSetElement>(null);
  const focus = (selector: string) => section.current?.querySelector<HTMLElement>(selector)?.focus();

  function setLimit() {
    flushSync(() => onChange(withMaximum(maximum), false));
    focus('input');
  }

  function removeLimit() {
    flushSync(() => onChange({ ...maximum, amount: null }, false));
    focus('button');
  }

  return (
    <fieldset ref={section} className={choice.group}>
      <legend className={choice.legend}>
        <Trans>Sessions at once</Trans>
      </legend>
      {maximum.amount === null ? (
        <div className={rules.unused}>
          <p className={rules.intro}>
            <Trans>No limit. A person may be signed in on any number of devices.</Trans>
          </p>
          <Button variant="default" size="xs" onClick={setLimit}>
            <Trans>Set a limit</Trans>
          </Button>
        </div>
      ) : (
        <>
          <div className={classes.number}>
            <TextInput
              label={t`Sessions per person`}
              description={t`1 to 100. Browsers, phones and applications all count.`}
              inputMode="numeric"
              autoComplete="off"
              value={maximum.amount}
              error={error}
              onChange={({ currentTarget }) => onChange({ ...maximum, amount: currentTarget.value }, true)}
              onBlur={onLeave}
            />
            <Button variant="default" size="xs" onClick={removeLimit}>
              <Trans>Remove the limit</Trans>
            </Button>
          </div>
          <ActionChoice
            action={maximum.action}
            onChoose={(action) => onChange({ ...maximum, action }, false)}
          />
          <p className={classes.note}>
            <Trans>
              A lower limit ends nothing by itself, also when the policy applies now: it counts at the next
              sign-in.
            </Trans>
          </p>
        </>
      )}
    </fieldset>
  );
}

interface ActionChoiceProps {
  action: SessionLimitAction;
  onChoose(action: SessionLimitAction): void;
}

/** What happens to one more sign-in. */
function ActionChoice({ action, onChoose }: ActionChoiceProps) {
  const name = useId();
  const { t } = useLingui();
  const card = (value: SessionLimitAction, label: string, description: string) => (
    <ChoiceCard
      name={name}
      label={label}
      description={description}
      isChosen={action === value}
      onChoose={() => onChoose(value)}
    />
  );
  return (
    <fieldset className={choice.group} role="radiogroup">
      <legend className={classes.question}>
        <Trans>What happens to one more sign-in</Trans>
      </legend>
      <div className={choice.cards}>
        {card(
          'DENY',
          t`Refuse the new sign-in`,
          t`The person has to sign out somewhere first. An application gets no new session for them either.`,
        )}
        {card(
          'END_OLDEST',
          t`Sign out the session that was used least recently`,
          t`The new sign-in works at once, also in an application. Unsaved work in the old session may be lost.`,
        )}
        {card(
          'ASK',
          t`Let the person choose which to sign out`,
          t`The sign-in page lists their sessions. An application can’t ask: it gets no new session for them.`,
        )}
      </div>
    </fieldset>
  );
}
