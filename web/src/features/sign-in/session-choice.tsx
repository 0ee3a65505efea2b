import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { DeviceIcon } from '../../components/device-icon.tsx';
import { Failure } from '../../components/failure.tsx';
import { Ago } from '../../components/moment.tsx';
import { Notice } from '../../components/notice.tsx';
import { appTypeInWords } from '../../lib/app-type.ts';
import { deviceInWords } from '../../lib/device.ts';
import { type LimitedSession, neededEnds, type SessionChoices, suggestedEnds } from './session-limit.ts';
import classes from './session-choice.module.css';

interface SessionChoiceProps {
  /** A new object is a new list: what was chosen before and is still in it stays chosen. */
  choices: SessionChoices;
  /** The list of before was not enough. */
  isRepeated: boolean;
  failure: string | null;
  isBusy: boolean;
  busyLabel: string;
  cancelLabel: string;
  onContinue(sessionIds: string[]): void;
  onCancel(): void;
}

/** Lets a person choose which of their sessions to end, so that they can sign in here. */
export function SessionChoice({ choices, isRepeated, failure, isBusy, ...props }: SessionChoiceProps) {
  const { t } = useLingui();
  const [shown, setShown] = useState(choices);
  const [chosen, setChosen] = useState(() => suggestedEnds(choices, new Set()));
  const [isTooFew, setTooFew] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  if (choices !== shown) {
    setShown(choices);
    setChosen(suggestedEnds(choices, chosen));
  }

  const missing = neededEnds(choices) - chosen.size;

  function choose(id: string, isChosen: boolean) {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
    setTooFew(false);
  }

  function submit() {
    if (isBusy) return;
    setTooFew(missing > 0);
    if (missing > 0) list.current?.querySelector<HTMLInputElement>('input:not(:checked)')?.focus();
    else props.onContinue([...chosen]);
  }

  return (
    <Stack gap="md">
      {isRepeated && (
        <Notice tone="amber" role="alert">
          <Trans>Your sessions have changed since, so these were not enough. Choose again.</Trans>
        </Notice>
      )}
      <Text>
        <Plural
          value={choices.limit}
          one="Your account allows # session at a time. Choose what to sign out. Unsaved work there may be lost."
          other="Your account allows # sessions at a time. Choose what to sign out. Unsaved work there may be lost."
        />
      </Text>
      <ul ref={list} className={classes.list} aria-label={t`Your sessions`}>
        {choices.sessions.map((session, index) => (
          <Session
            key={session.id}
            session={session}
            isFirst={index === 0}
            isChosen={chosen.has(session.id)}
            onChoose={(isChosen) => choose(session.id, isChosen)}
          />
        ))}
      </ul>
      <Text role="status" size="sm" fw={550} c={isTooFew ? 'var(--curfew-red-text)' : undefined}>
        {missing > 0 ? (
          <Plural value={missing} one="Choose # more." other="Choose # more." />
        ) : (
          <Plural
            value={chosen.size}
            one="# session will be signed out."
            other="# sessions will be signed out."
          />
        )}
      </Text>
      {failure && <Failure text={failure} />}
      <div className={classes.actions}>
        <Button variant="default" onClick={props.onCancel} aria-disabled={isBusy}>
          {props.cancelLabel}
        </Button>
        <Button onClick={submit} aria-disabled={isBusy}>
          {isBusy ? props.busyLabel : <Trans>Sign out and continue</Trans>}
        </Button>
      </div>
    </Stack>
  );
}

interface SessionProps {
  session: LimitedSession;
  isFirst: boolean;
  isChosen: boolean;
  onChoose(isChosen: boolean): void;
}

function Session({
  session: { device, appType, lastActivityAt },
  isFirst,
  isChosen,
  onChoose,
}: SessionProps) {
  return (
    <li>
      <Checkbox
        size="md"
        classNames={{ root: classes.session, body: classes.body, labelWrapper: classes.label }}
        checked={isChosen}
        data-autofocus={isFirst || undefined}
        onChange={(event) => onChoose(event.currentTarget.checked)}
        label={
          <span className={classes.what}>
            <span className={classes.icon}>
              <DeviceIcon appType={appType} device={device} />
            </span>
            <span>
              <strong className={classes.device}>{deviceInWords(device)}</strong>
              <span className={classes.facts}>
                <span>{`${appTypeInWords(appType)} ·`}</span>{' '}
                <Trans>
                  Last active <Ago at={lastActivityAt} />
                </Trans>
              </span>
            </span>
          </span>
        }
      />
    </li>
  );
}
