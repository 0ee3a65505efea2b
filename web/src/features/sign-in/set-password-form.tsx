import { useMutation } from '@apollo/client/react';
import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSession } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { SetPasswordDocument } from '../../generated/sign-in-operations.ts';
import { WITHOUT_TOKEN } from '../../lib/apollo.ts';
import { beginSession } from '../../lib/cookies.ts';
import { type NewPasswordErrors, newPasswordErrors } from '../../lib/new-password.ts';
import { problemOf } from '../../lib/problem.ts';
import { refusalText, setPasswordRefusalOf, type SetPasswordRefusal } from './set-password-refusal.ts';

interface SetPasswordFormProps {
  token: string;
  onDone(email: string): void;
  /** `mayHaveWorked`: an earlier attempt got no response and may have used the link. */
  onLinkInvalid(mayHaveWorked: boolean): void;
}

export function SetPasswordForm({ token, onDone, onLinkInvalid }: SetPasswordFormProps) {
  const { t } = useLingui();
  const { watcher } = useSession();
  const [setPassword, { loading: isBusy }] = useMutation(SetPasswordDocument, { context: WITHOUT_TOKEN });
  const [isShown, setShown] = useState(false);
  const [errors, setErrors] = useState<NewPasswordErrors>({});
  const [failure, setFailure] = useState<SetPasswordRefusal | null>(null);
  const isResponseLost = useRef(false);
  const password = useRef<HTMLInputElement>(null);
  const repeat = useRef<HTMLInputElement>(null);

  useEffect(() => password.current!.focus(), []);

  function showErrors(found: NewPasswordErrors) {
    setErrors(found);
    if (found.password) password.current!.focus();
    else if (found.repeat) repeat.current!.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    const newPassword = password.current!.value;
    const found = newPasswordErrors(newPassword, repeat.current!.value);
    showErrors(found);
    if (found.password || found.repeat) return;
    try {
      const { data } = await setPassword({
        variables: { input: { token, newPassword, transport: 'COOKIE' } },
      });
      await beginSession(watcher, data!.setPassword);
      onDone(data!.setPassword.user.email);
    } catch (error) {
      showFailure(error);
    }
  }

  function showFailure(error: unknown) {
    const refusal = setPasswordRefusalOf(problemOf(error));
    switch (refusal.kind) {
      case 'link-invalid':
        return onLinkInvalid(isResponseLost.current);
      case 'password-refused':
        return showErrors({ password: refusalText(refusal) });
      case 'no-response':
        isResponseLost.current = true;
        return setFailure(refusal);
      case 'failed':
        return setFailure(refusal);
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
        <Text c="dimmed">
          <Trans>You’ll be signed in right away. This link works once.</Trans>
        </Text>
        {failure && <Failure text={refusalText(failure)} />}
        <TextInput
          {...fieldProps}
          ref={password}
          id="password"
          label={t`New password`}
          description={t`15 to 128 characters. A few unrelated words work well.`}
          error={errors.password}
        />
        <TextInput
          {...fieldProps}
          ref={repeat}
          id="repeat"
          label={t`Confirm new password`}
          error={errors.repeat}
        />
        <Checkbox
          size="md"
          label={t`Show passwords`}
          checked={isShown}
          onChange={(event) => setShown(event.currentTarget.checked)}
        />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? <Trans>Setting your password…</Trans> : <Trans>Set password</Trans>}
        </Button>
      </Stack>
    </form>
  );
}
