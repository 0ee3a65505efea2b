import { useMutation } from '@apollo/client/react';
import { Button, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SignInDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { forgetSignIn, type LastSignIn } from '../../lib/last-sign-in.ts';
import { problemOf, problemMessage } from '../../lib/problem.ts';
import { SessionLengthHint } from './session-length-hint.tsx';
import { PasswordField, type PasswordFieldHandle } from './password-field.tsx';
import classes from './sign-in-form.module.css';

interface SignInFormProps {
  remembered: LastSignIn | null;
  /** True when signed in already, while the next page loads. */
  isSignedIn: boolean;
  'aria-labelledby': string;
  'aria-describedby'?: string;
}

interface FieldErrors {
  email?: string;
  password?: string;
}

export function SignInForm({ remembered: initial, isSignedIn, ...aria }: SignInFormProps) {
  const { watcher } = useSession();
  const [signIn, { loading }] = useMutation(SignInDocument, { context: WITHOUT_TOKEN });
  const [remembered, setRemembered] = useState(initial);
  const [email, setEmail] = useState(initial?.email ?? '');
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<PasswordFieldHandle>(null);

  useEffect(() => {
    if (initial) passwordField.current!.focus();
    else emailField.current!.focus();
  }, [initial]);

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
      ...(values.email === '' && { email: 'Enter your e-mail address.' }),
      ...(values.password === '' && { password: 'Enter your password.' }),
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
    if (problem.kind === 'unreachable') {
      setFailure('Couldn’t reach Curfew. Check your connection and try again.');
    } else if (problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS') {
      setFailure('Wrong e-mail or password.');
      passwordField.current?.clear();
      passwordField.current?.focus();
    } else {
      setFailure(problemMessage(problem));
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} {...aria}>
      <Stack gap="md">
        {failure && <Failure text={failure} />}
        <div className={classes.email}>
          <TextInput
            ref={emailField}
            name="email"
            label="E-mail"
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
            error={errors.email}
          />
          {isRemembered && (
            <UnstyledButton className={classes.forget} onClick={forget}>
              Not you?
            </UnstyledButton>
          )}
        </div>
        <PasswordField ref={passwordField} error={errors.password ?? null} />
        <SessionLengthHint known={isRemembered ? remembered : null} />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

const sameAddress = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
