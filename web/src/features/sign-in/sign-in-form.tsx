import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SignInDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { forgetSignIn, type LastSignIn } from '../../lib/last-sign-in.ts';
import { type Problem, problemOf, problemMessage } from '../../lib/problem.ts';
import { ForgottenPasswordLink } from './forgotten-password-link.tsx';
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

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    passwordField.current!.hide();
    // Read from the fields: password managers may fill them without an event.
    const values = { email: emailField.current!.value.trim(), password: passwordField.current!.read() };
    if (!isComplete(values)) return;
    try {
      const { data } = await signIn({ variables: { input: { ...values, transport: 'COOKIE' } } });
      watcher.begin(data!.login);
    } catch (error) {
      showFailure(error);
    }
  }

  function showFailure(error: unknown) {
    const problem = problemOf(error);
    setFailure(problem);
    if (!isWrong(problem)) return;
    passwordField.current?.clear();
    passwordField.current?.focus();
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} {...aria}>
      <Stack gap="md">
        {failure && (
          <Failure text={isWrong(failure) ? t`Wrong e-mail or password.` : problemMessage(failure)} />
        )}
        <div className={classes.email}>
          <TextInput
            ref={emailField}
            name="email"
            label={t`E-mail`}
            size="md"
            type="email"
            inputMode="email"
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={errors.email && t`Enter your e-mail address.`}
          />
          {isRemembered && (
            <UnstyledButton className={classes.forget} onClick={forget}>
              <Trans>Not you?</Trans>
            </UnstyledButton>
          )}
        </div>
        <PasswordField ref={passwordField} error={errors.password ? t`Enter your password.` : null} />
        <SessionLengthHint known={isRemembered ? remembered : null} />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
        </Button>
        <ForgottenPasswordLink isByMail={passwordResetByMail} email={email} />
      </Stack>
    </form>
  );
}

const isWrong = (problem: Problem): boolean =>
  problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS';

const sameAddress = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
