import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { problemMessage, problemOf } from '../../lib/problem.ts';
import { type Confirmation, confirmationFor, type SignOutTarget } from './sign-out-messages.ts';
import { useRevokeSessions } from './use-revoke-sessions.ts';

const EMPTY: Confirmation = { title: '', body: '', confirm: '' };

interface SignOutDialogProps {
  /** Null while the dialog is closed. */
  target: SignOutTarget | null;
  onDone(target: SignOutTarget): void;
  onClose(): void;
}

/** Asks for confirmation, revokes the sessions and shows a failure. */
export function SignOutDialog({ target, onDone, onClose }: SignOutDialogProps) {
  const { t } = useLingui();
  const revoke = useRevokeSessions();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  // Keeps the text while the dialog fades out.
  const [last, setLast] = useState(target);
  if (target !== null && target !== last) setLast(target);

  const close = () => {
    setFailure(null);
    onClose();
  };
  async function confirm(confirmed: SignOutTarget): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      await revoke(confirmed);
      onDone(confirmed);
      close();
    } catch (error) {
      setFailure(problemMessage(problemOf(error)));
    } finally {
      setBusy(false);
    }
  }

  // Mounted before it opens: only then can it return the focus to where it was.
  const { title, body, confirm: confirmLabel } = last ? confirmationFor(last) : EMPTY;
  return (
    <ConfirmDialog
      opened={target !== null}
      title={title}
      confirmLabel={confirmLabel}
      busyLabel={t`Signing out…`}
      isBusy={isBusy}
      isDangerous
      failure={failure}
      onConfirm={() => last && void confirm(last)}
      onClose={close}
    >
      {body}
    </ConfirmDialog>
  );
}
