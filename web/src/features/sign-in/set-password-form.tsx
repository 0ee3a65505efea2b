import { useMutation } from '@apollo/client/react';
import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SetPasswordDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { problemOf } from '../../lib/problem.ts';
import { faultsOfPair, type PasswordPairFaults } from './password-pair.ts';
import { refusalOf } from './set-password-refusal.ts';

interface SetPasswordFormProps {
  token: string;
  onDone(email: string): void;
  /** `mayHaveWorked`: an earlier attempt got no answer and may have used the link up. */
  onLinkOver(mayHaveWorked: boolean): void;
}

export function SetPasswordForm({ token, onDone, onLinkOver }: SetPasswordFormProps) {
  const { watcher } = useSession();
  const [setPassword, { loading: isBusy }] = useMutation(SetPasswordDocument, { context: WITHOUT_TOKEN });
  const [isShown, setShown] = useState(false);
  const [faults, setFaults] = useState<PasswordPairFaults>({});
  const [failure, setFailure] = useState<string | null>(null);
  const answerLost = useRef(false);
  const password = useRef<HTMLInputElement>(null);
  const repeat = useRef<HTMLInputElement>(null);

  useEffect(() => password.current!.focus(), []);

  function show(found: PasswordPairFaults) {
    setFaults(found);
    if (found.password) password.current!.focus();
    else if (found.repeat) repeat.current!.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    const newPassword = password.current!.value;
    const found = faultsOfPair(newPassword, repeat.current!.value);
    show(found);
    if (found.password || found.repeat) return;
    try {
      const { data } = await setPassword({
        variables: { input: { token, newPassword, transport: 'COOKIE' } },
      });
      watcher.begin(data!.setPassword);
      onDone(data!.setPassword.user.email);
    } catch (error) {
      tell(error);
    }
  }

  function tell(error: unknown) {
    const refusal = refusalOf(problemOf(error));
    switch (refusal.kind) {
      case 'link-over':
        return onLinkOver(answerLost.current);
      case 'password-refused':
        return show({ password: refusal.message });
      case 'no-answer':
        answerLost.current = true;
        return setFailure('Curfew could not be reached. Check your connection and try again.');
      case 'failed':
        return setFailure(refusal.message);
    }
  }

  const fieldProps = {
    type: isShown ? 'text' : 'password',
    size: 'md',
    autoComplete: 'new-password',
    autoCapitalize: 'none',
    autoCorrect: 'off',
    spellCheck: false,
    required: true,
    withAsterisk: false,
  } as const;

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Text c="dimmed">It signs you in as well. The link that brought you here works once.</Text>
        {failure && <Failure text={failure} />}
        <TextInput
          {...fieldProps}
          ref={password}
          id="password"
          label="New password"
          description="12 to 128 characters, such as a few unrelated words."
          error={faults.password}
        />
        <TextInput
          {...fieldProps}
          ref={repeat}
          id="repeat"
          label="The same password again"
          error={faults.repeat}
        />
        <Checkbox
          size="md"
          label="Show the password"
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? 'Setting your password…' : 'Set password'}
        </Button>
      </Stack>
    </form>
  );
}
