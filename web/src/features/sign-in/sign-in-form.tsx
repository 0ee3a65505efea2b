import { useMutation } from '@apollo/client/react';
import { t } from '@lingui/core/macro';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Stack, UnstyledButton } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SignInDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { beginSession } from '../../lib/cookies.ts';
import { forgetSignIn, keepUnremembered, type LastSignIn } from '../../lib/last-sign-in.ts';
import { type Problem, problemOf, problemMessage } from '../../lib/problem.ts';
import { EmailField } from './email-field.tsx';
import { ForgottenPasswordLink } from './forgotten-password-link.tsx';
import { deniedMessage, hasChoices, sessionLimitOf } from './session-limit.ts';
import { SharedComputer } from './shared-computer.tsx';
import { useLimitDialog } from './use-limit-dialog.tsx';
import { SessionLengthHint } from './session-length-hint.tsx';
import { PasswordField, type PasswordFieldHandle } from '../../components/password-field.tsx';
import classes from './sign-in-form.module.css';

interface SignInFormProps {
  remembered: LastSignIn | null;
  /** True when signed in already, while the next page loads. */
  isSignedIn: boolean;
  /** False: the focus is elsewhere on the page. */
  isFocused: boolean;
  /** Null until it is known whether Curfew sends mails. */
  passwordResetByMail: boolean | null;
  isShared: boolean;
  onShare(isShared: boolean): void;
  'aria-labelledby': string;
  'aria-describedby'?: string;
}

/** The fields that are empty. */
interface FieldErrors {
  email?: boolean;
  password?: boolean;
}

export function SignInForm({
  remembered: initial,
  isSignedIn,
  isFocused,
  passwordResetByMail,
  isShared,
  onShare,
  ...aria
}: SignInFormProps) {
  const { t } = useLingui();
  const { watcher } = useSession();
  const [signIn, { loading }] = useMutation(SignInDocument, { context: WITHOUT_TOKEN });
  const [remembered, setRemembered] = useState(initial);
  const [email, setEmail] = useState(initial?.email ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<Problem | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<PasswordFieldHandle>(null);

  useEffect(() => {
    if (!isFocused) return;
    if (initial) passwordField.current!.focus();
    else emailField.current!.focus();
  }, [initial, isFocused]);

  const isBusy = loading || isSignedIn;
  const isRemembered = remembered !== null && sameAddress(email, remembered.email);

  function forget() {
    forgetSignIn();
    setRemembered(null);
    setEmail('');
    setErrors({});
    setFailure(null);
    passwordField.current!.clear();
    emailField.current!.focus();
  }

  /** Checks for empty fields before the request. */
  function isComplete(values: { email: string; password: string }): boolean {
    const found: FieldErrors = {
      ...(values.email === '' && { email: true }),
      ...(values.password === '' && { password: true }),
    };
    setErrors(found);
    if (found.email) emailField.current!.focus();
    else if (found.password) passwordField.current!.focus();
    return !found.email && !found.password;
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    passwordField.current!.hide();
    if (isComplete(readFields())) void attempt();
  }

  /** Read from the fields: password managers may fill them without an event. */
  const readFields = () => ({
    email: emailField.current!.value.trim(),
    password: passwordField.current!.read(),
  });

  /** `endSessionIds`: chosen in the dialog, which lies over the form and its password. */
  async function attempt(endSessionIds?: string[]) {
    try {
      const input = { ...readFields(), persistent: !isShared, endSessionIds, transport: 'COOKIE' } as const;
      const { data } = await signIn({ variables: { input } });
      if (isShared) keepUnremembered(data!.login.session.id);
      await beginSession(watcher, data!.login);
    } catch (error) {
      await showFailure(problemOf(error));
    }
  }

  const limitDialog = useLimitDialog(isBusy, (endSessionIds) => void attempt(endSessionIds));

  async function showFailure(problem: Problem) {
    const limit = sessionLimitOf(problem);
    if (limit && hasChoices(limit) && (await limitDialog.show(limit))) return;
    if (limitDialog.isOpen && problem.kind === 'unreachable') return limitDialog.showFailure(problem);
    limitDialog.close();
    setFailure(problem);
    if (!isWrong(problem)) return;
    passwordField.current?.clear();
    passwordField.current?.focus();
  }

  return (
    <form noValidate onSubmit={submit} {...aria}>
      <Stack gap="md">
        {failure && <Failure text={failureMessage(failure)} />}
        <div className={classes.email}>
          <EmailField ref={emailField} value={email} onChange={setEmail} isWrong={errors.email ?? false} />
          {isRemembered && (
            <UnstyledButton className={classes.forget} onClick={forget}>
              <Trans>Not you?</Trans>
            </UnstyledButton>
          )}
        </div>
        <PasswordField ref={passwordField} error={errors.password ? t`Enter your password.` : null} />
        <SharedComputer isShared={isShared} onShare={onShare} />
        <SessionLengthHint known={isRemembered ? remembered : null} />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
        </Button>
        <ForgottenPasswordLink isByMail={passwordResetByMail} email={email} />
      </Stack>
      {limitDialog.element}
    </form>
  );
}

function failureMessage(problem: Problem): string {
  if (isWrong(problem)) return t`Wrong e-mail or password.`;
  const limit = sessionLimitOf(problem);
  return limit ? deniedMessage(limit) : problemMessage(problem);
}

const isWrong = (problem: Problem): boolean =>
  problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS';

const sameAddress = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
