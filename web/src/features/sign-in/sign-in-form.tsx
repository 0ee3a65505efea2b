import { useMutation } from '@apollo/client/react';
import { Button, Stack, TextInput, UnstyledButton } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SignInDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { forgetSignIn, type LastSignIn } from '../../lib/last-sign-in.ts';
import { problemOf, sentenceFor } from '../../lib/problem.ts';
import { Outlook } from './outlook.tsx';
import { PasswordField, type PasswordFieldHandle } from './password-field.tsx';
import classes from './sign-in-form.module.css';

interface SignInFormProps {
  remembered: LastSignIn | null;
  /** Signed in already; the next page is being loaded. */
  isLeaving: boolean;
  'aria-labelledby': string;
  'aria-describedby'?: string;
}

interface Faults {
  email?: string;
  password?: string;
}

export function SignInForm({ remembered: initial, isLeaving, ...aria }: SignInFormProps) {
  const { watcher } = useSession();
  const [signIn, { loading }] = useMutation(SignInDocument, { context: WITHOUT_TOKEN });
  const [remembered, setRemembered] = useState(initial);
  const [email, setEmail] = useState(initial?.email ?? '');
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState<string | null>(null);
  const emailField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<PasswordFieldHandle>(null);

  useEffect(() => {
    if (initial) passwordField.current!.focus();
    else emailField.current!.focus();
  }, [initial]);

  const isBusy = loading || isLeaving;
  const isRemembered = remembered !== null && sameAddress(email, remembered.email);

  function forget() {
    forgetSignIn();
    setRemembered(null);
    setEmail('');
    setFaults({});
    setFailure(null);
    passwordField.current!.clear();
    emailField.current!.focus();
  }

  /** The server decides; this only spares a round trip. */
  function areFilledIn(values: { email: string; password: string }): boolean {
    const found: Faults = {
      ...(values.email === '' && { email: 'Enter your e-mail address.' }),
      ...(values.password === '' && { password: 'Enter your password.' }),
    };
    setFaults(found);
    if (found.email) emailField.current!.focus();
    else if (found.password) passwordField.current!.focus();
    return !found.email && !found.password;
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    passwordField.current!.hide();
    // From the fields themselves: what a password manager put there may not have been reported.
    const values = { email: emailField.current!.value.trim(), password: passwordField.current!.read() };
    if (!areFilledIn(values)) return;
    try {
      const { data } = await signIn({ variables: { input: { ...values, transport: 'COOKIE' } } });
      watcher.begin(data!.login);
    } catch (error) {
      tell(error);
    }
  }

  function tell(error: unknown) {
    const problem = problemOf(error);
    if (problem.kind === 'unreachable') {
      setFailure('Curfew could not be reached. Check your connection and try again.');
    } else if (problem.kind === 'refused' && problem.code === 'INVALID_CREDENTIALS') {
      setFailure('This e-mail and password do not go together. Check both and try again.');
      passwordField.current?.clear();
      passwordField.current?.focus();
    } else {
      setFailure(sentenceFor(problem));
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
            error={faults.email}
          />
          {isRemembered && (
            <UnstyledButton className={classes.forget} onClick={forget}>
              Not you?
            </UnstyledButton>
          )}
        </div>
        <PasswordField ref={passwordField} error={faults.password ?? null} />
        <Outlook known={isRemembered ? remembered : null} />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? 'Signing in…' : 'Sign in'}
        </Button>
      </Stack>
    </form>
  );
}

const sameAddress = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();
