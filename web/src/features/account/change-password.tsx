import { useMutation } from '@apollo/client/react';
import { Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { CircleCheck, KeyRound } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { AccountChangePasswordDocument } from '../../generated/operations.ts';
import { problemOf, sentenceFor } from '../../lib/problem.ts';
import { faultsOf, type PasswordFaults } from './password-rules.ts';
import classes from './change-password.module.css';

const ID = 'password';

/** The passwords are in the fields and nowhere else: in no state, no draft, no re-rendered attribute. */
export function ChangePassword({ email }: { email: string }) {
  const [changePassword, { loading: isBusy }] = useMutation(AccountChangePasswordDocument, {
    refetchQueries: ['AccountSessions', 'AccountEndedSessions'],
  });
  const [isShown, setShown] = useState(false);
  const [faults, setFaults] = useState<PasswordFaults>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [endedSessions, setEndedSessions] = useState<number | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const fields = {
    current: useRef<HTMLInputElement>(null),
    next: useRef<HTMLInputElement>(null),
    repeat: useRef<HTMLInputElement>(null),
  };

  const { hash } = useLocation();
  useEffect(() => {
    if (hash !== `#${ID}`) return;
    document.getElementById(ID)?.scrollIntoView();
    document.getElementById('current-password')?.focus({ preventScroll: true });
  }, [hash]);

  function show(found: PasswordFaults) {
    setFaults(found);
    (['current', 'next', 'repeat'] as const).find((name) => {
      if (found[name]) fields[name].current!.focus();
      return found[name];
    });
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    setEndedSessions(null);
    const current = fields.current.current!.value;
    const next = fields.next.current!.value;
    const found = faultsOf({ current, next, repeat: fields.repeat.current!.value }, email);
    show(found);
    if (Object.keys(found).length > 0) return;
    try {
      const { data } = await changePassword({
        variables: { input: { currentPassword: current, newPassword: next } },
      });
      form.current!.reset();
      // Browsers may offer what a visible field held as a suggestion.
      setShown(false);
      setEndedSessions(data!.changePassword.endedSessions);
    } catch (error) {
      tellFailure(error);
    }
  }

  function tellFailure(error: unknown) {
    const problem = problemOf(error);
    if (problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS') {
      show({ current: 'This is not your current password.' });
    } else if (problem.kind === 'refused' && problem.extensions.field === 'newPassword') {
      show({ next: problem.message });
    } else if (problem.kind === 'unreachable') {
      setFailure('Curfew could not be reached, so the password may or may not have changed. Try again.');
    } else {
      setFailure(sentenceFor(problem));
    }
  }

  const field = (name: keyof typeof fields) =>
    ({
      ref: fields[name],
      type: isShown ? 'text' : 'password',
      error: faults[name],
      autoCapitalize: 'none',
      autoCorrect: 'off',
      spellCheck: false,
      required: true,
      withAsterisk: false,
    }) as const;

  return (
    <div id={ID}>
      <Panel
        title="Change password"
        icon={<KeyRound size={20} />}
        intro="Everywhere else you are signed out, in case somebody else knows the old one."
      >
        <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
          <Stack gap="md" maw="26rem">
            <div role="status" className={classes.done}>
              {endedSessions !== null && (
                <Notice tone="emerald" icon={<CircleCheck size={18} />}>
                  Password changed. {elsewhere(endedSessions)}
                </Notice>
              )}
            </div>
            {failure && <Failure text={failure} />}
            {/* For password managers: whose password it is. */}
            <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
            <TextInput
              {...field('current')}
              id="current-password"
              label="Current password"
              autoComplete="current-password"
            />
            <TextInput
              {...field('next')}
              label="New password"
              description="12 to 128 characters. A few unrelated words do well."
              autoComplete="new-password"
            />
            <TextInput {...field('repeat')} label="The new password again" autoComplete="new-password" />
            <Checkbox
              label="Show the passwords"
              checked={isShown}
              onChange={(event) => setShown(event.currentTarget.checked)}
            />
            <div>
              <Button type="submit" aria-disabled={isBusy}>
                {isBusy ? 'Changing password…' : 'Change password'}
              </Button>
            </div>
          </Stack>
        </form>
      </Panel>
    </div>
  );
}

function elsewhere(endedSessions: number): string {
  if (endedSessions === 0) return 'You were signed in nowhere else.';
  return `You were signed out in ${endedSessions} other ${endedSessions === 1 ? 'place' : 'places'}.`;
}
