import { Trans, useLingui } from '@lingui/react/macro';
import { Button, Stack } from '@mantine/core';
import { type FormEvent, type Ref, useImperativeHandle, useRef, useState } from 'react';
import type { WatchedUser } from '@curfew/client';
import { useReauthentication } from '@curfew/client/react';
import { Failure } from '../../components/failure.tsx';
import { PasswordField, type PasswordFieldHandle } from '../../components/password-field.tsx';
import { passwordFailure } from './words.ts';
import classes from './reauthentication.module.css';

interface PasswordFormProps {
  ref: Ref<{ focus(): void }>;
  user: WatchedUser;
  cancelLabel: string;
  onConfirmed(): void;
  onCancel(): void;
  /** Whether there is something in the field. */
  onTyping(isTyping: boolean): void;
}

/** Asks for the password. What is typed is in its field alone, until it was accepted or refused. */
export function PasswordForm({ ref, user, cancelLabel, onConfirmed, onCancel, onTyping }: PasswordFormProps) {
  const { t } = useLingui();
  const { reauthenticate } = useReauthentication();
  const field = useRef<PasswordFieldHandle>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }));

  function refuse(text: string): void {
    setError(text);
    field.current?.focus();
  }

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    setError(null);
    setFailure(null);
    const { hide, read, clear } = field.current!;
    hide();
    const password = read();
    if (password === '') return refuse(t`Enter your password.`);
    setBusy(true);
    try {
      await reauthenticate({ password });
      clear();
      onConfirmed();
    } catch (refusal) {
      setBusy(false);
      const found = passwordFailure(refusal);
      if (!found?.isOfField) return setFailure(found?.text ?? null);
      clear();
      onTyping(false);
      refuse(found.text);
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        {/* Tells password managers whose password it is. */}
        <input
          className={classes.username}
          type="text"
          name="username"
          autoComplete="username"
          value={user.email}
          readOnly
          tabIndex={-1}
          aria-hidden
        />
        <PasswordField ref={field} error={error} isReadOnly={isBusy} onTyping={onTyping} />
        {failure && <Failure text={failure} />}
        <div className={classes.actions}>
          <Button type="submit" aria-disabled={isBusy}>
            {isBusy ? <Trans>Confirming…</Trans> : <Trans>Confirm</Trans>}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {cancelLabel}
          </Button>
        </div>
      </Stack>
    </form>
  );
}
