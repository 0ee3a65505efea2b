import { useMutation } from '@apollo/client/react';
import { plural } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Stack, TextInput } from '@mantine/core';
import { CircleCheck, KeyRound } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { Failure } from '../../components/failure.tsx';
import { Notice } from '../../components/notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { AccountChangePasswordDocument } from '../../generated/account-operations.ts';
import { problemOf, problemMessage } from '../../lib/problem.ts';
import { passwordErrors, type PasswordErrors } from './password-errors.ts';
import classes from './change-password.module.css';

const ID = 'password';

/** The passwords exist only in the input fields: never in state, in a draft or in a rendered attribute. */
export function ChangePassword({ email }: { email: string }) {
  const { t } = useLingui();
  const [changePassword, { loading: isBusy }] = useMutation(AccountChangePasswordDocument, {
    refetchQueries: ['AccountSessions', 'AccountEndedSessions'],
  });
  const [isShown, setShown] = useState(false);
  const [errors, setErrors] = useState<PasswordErrors>({});
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

  function showErrors(found: PasswordErrors) {
    setErrors(found);
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
    const found = passwordErrors({ current, next, repeat: fields.repeat.current!.value }, email);
    showErrors(found);
    if (Object.keys(found).length > 0) return;
    try {
      const { data } = await changePassword({
        variables: { input: { currentPassword: current, newPassword: next } },
      });
      form.current!.reset();
      // Browsers may suggest the value of a visible field later.
      setShown(false);
      setEndedSessions(data!.changePassword.endedSessions);
    } catch (error) {
      showFailure(error);
    }
  }

  function showFailure(error: unknown) {
    const problem = problemOf(error);
    if (problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS') {
      showErrors({ current: t`That’s not your current password.` });
    } else if (problem.kind === 'refused' && problem.extensions.field === 'newPassword') {
      showErrors({ next: problem.message });
    } else if (problem.kind === 'unreachable') {
      setFailure(t`Couldn’t reach Curfew, so your password may or may not have changed. Try again.`);
    } else {
      setFailure(problemMessage(problem));
    }
  }

  const field = (name: keyof typeof fields) =>
    ({
      ref: fields[name],
      type: isShown ? 'text' : 'password',
      error: errors[name],
      autoCapitalize: 'none',
      autoCorrect: 'off',
      spellCheck: false,
      required: true,
      withAsterisk: false,
    }) as const;

  return (
    <div id={ID}>
      <Panel
        title={t`Change password`}
        icon={<KeyRound size={20} />}
        intro={<Trans>You’ll be signed out everywhere else, in case someone knows your old password.</Trans>}
      >
        <form ref={form} noValidate onSubmit={(event) => void submit(event)}>
          <Stack gap="md" maw="26rem">
            <div role="status" className={classes.done}>
              {endedSessions !== null && (
                <Notice tone="emerald" icon={<CircleCheck size={18} />}>
                  {doneInWords(endedSessions)}
                </Notice>
              )}
            </div>
            {failure && <Failure text={failure} />}
            {/* Password managers read the account name from this field. */}
            <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
            <TextInput
              {...field('current')}
              id="current-password"
              label={t`Current password`}
              autoComplete="current-password"
            />
            <TextInput
              {...field('next')}
              label={t`New password`}
              description={t`15 to 128 characters. A few unrelated words work well.`}
              autoComplete="new-password"
            />
            <TextInput {...field('repeat')} label={t`Confirm new password`} autoComplete="new-password" />
            <Checkbox
              label={t`Show passwords`}
              checked={isShown}
              onChange={(event) => setShown(event.currentTarget.checked)}
            />
            <div>
              <Button type="submit" aria-disabled={isBusy}>
                {isBusy ? <Trans>Changing password…</Trans> : <Trans>Change password</Trans>}
              </Button>
            </div>
          </Stack>
        </form>
      </Panel>
    </div>
  );
}

const doneInWords = (endedSessions: number): string =>
  plural(endedSessions, {
    0: 'Password changed. You weren’t signed in anywhere else.',
    one: 'Password changed. You were signed out of # other session.',
    other: 'Password changed. You were signed out of # other sessions.',
  });
