import { useApolloClient } from '@apollo/client/react';
import { Trans } from '@lingui/react/macro';
import { Button, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'react-router';
import { Failure } from '../../components/failure.tsx';
import { RequestPasswordResetDocument } from '../../generated/sign-in-operations.ts';
import { type Problem, problemMessage, problemOf } from '../../lib/problem.ts';
import { ask } from './ask.ts';
import { EmailField } from './email-field.tsx';
import { ToSignIn } from './to-sign-in.tsx';

interface ForgottenPasswordFormProps {
  onSent(): void;
  /** Curfew sends no mails here. */
  onNoMail(): void;
}

export function ForgottenPasswordForm({ onSent, onNoMail }: ForgottenPasswordFormProps) {
  const client = useApolloClient();
  const [email, setEmail] = useState(useTypedEmail());
  const [isBusy, setBusy] = useState(false);
  const [isMalformed, setMalformed] = useState(false);
  const [failure, setFailure] = useState<Problem | null>(null);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => field.current!.focus(), []);

  function showMalformed() {
    setMalformed(true);
    field.current!.focus();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setFailure(null);
    setMalformed(false);
    // Read from the field: a password manager may fill it without an event.
    const given = field.current!.value.trim();
    if (given === '') return showMalformed();
    setBusy(true);
    try {
      await ask(client, RequestPasswordResetDocument, { email: given });
      onSent();
    } catch (error) {
      setBusy(false);
      showFailure(problemOf(error));
    }
  }

  function showFailure(problem: Problem) {
    const isInput = problem.kind === 'refused' && problem.code === 'BAD_USER_INPUT';
    if (!isInput) setFailure(problem);
    else if (problem.extensions.reason === 'MAIL_NOT_CONFIGURED') onNoMail();
    else showMalformed();
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Title order={1}>
          <Trans>Forgot your password?</Trans>
        </Title>
        <Text c="dimmed">
          <Trans>We’ll send you a link with which you set a new one.</Trans>
        </Text>
        {failure && <Failure text={problemMessage(failure)} />}
        <EmailField ref={field} value={email} onChange={setEmail} isWrong={isMalformed} />
        <Button type="submit" size="md" fullWidth aria-disabled={isBusy}>
          {isBusy ? <Trans>Sending…</Trans> : <Trans>Send link</Trans>}
        </Button>
        <ToSignIn />
      </Stack>
    </form>
  );
}

/** The e-mail that was typed on the sign-in page. It travels beside the address, not in it. */
function useTypedEmail(): string {
  const state: unknown = useLocation().state;
  const { email } = (state ?? {}) as { email?: unknown };
  return typeof email === 'string' ? email : '';
}
