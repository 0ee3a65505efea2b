import { useState } from 'react';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { problemOf, sentenceFor } from '../../lib/problem.ts';
import { type Question, questionFor, type SignOut } from './sign-out-words.ts';
import { useSignOut } from './use-sign-out.ts';

const NOTHING_ASKED: Question = { title: '', body: '', confirm: '' };

interface SignOutDialogProps {
  /** Whom to sign out; null: nothing is asked. */
  signOut: SignOut | null;
  onDone(): void;
  onClose(): void;
}

/** Asks, signs out, and says where that failed. */
export function SignOutDialog({ signOut, onDone, onClose }: SignOutDialogProps) {
  const carryOut = useSignOut();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  // The words stay while the dialog goes.
  const [last, setLast] = useState(signOut);
  if (signOut !== null && signOut !== last) setLast(signOut);

  const close = () => {
    setFailure(null);
    onClose();
  };
  async function confirm(asked: SignOut): Promise<void> {
    setBusy(true);
    setFailure(null);
    try {
      await carryOut(asked);
      onDone();
      close();
    } catch (error) {
      setFailure(sentenceFor(problemOf(error)));
    } finally {
      setBusy(false);
    }
  }

  // There before it is opened: only so does it know where the focus came from.
  const { title, body, confirm: confirmLabel } = last ? questionFor(last) : NOTHING_ASKED;
  return (
    <ConfirmDialog
      opened={signOut !== null}
      title={title}
      confirmLabel={confirmLabel}
      busyLabel="Signing out"
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
